// Package filetext reads the words of a file that somebody wants to send: plain text, PDF and DOCX, told apart by what is in them and
// not by their names. Files come from anywhere, so that reading one has limits of size and time, and one that breaks the reader is a
// file that was not read.
//
// What it does not see: words in a picture, and whatever is drawn rather than written. A page without any words is therefore a file
// that was not read, and so are encrypted ones, those with another file or a form in them, and those with a mark that turns letters
// around. A page of the web and an RTF are none of the kinds.
package filetext

import (
	"bytes"
	"errors"
	"strings"
	"time"
)

// The kinds of files that are taken.
const (
	Plain = "text"
	PDF   = "pdf"
	DOCX  = "docx"
)

// The limits of reading one file.
const (
	MaxSize  = 10 << 20 // of the file, in bytes
	maxWords = 4 << 20  // of its words, in bytes
	maxParts = 40 << 20 // of what is packed in it, in bytes
	maxPages = 300
	patience = 10 * time.Second
)

// ErrKind says that a file is none of the kinds that are taken.
var ErrKind = errors.New("no plain text, PDF or DOCX")

// errUnread says that a file could not be read to its end.
var errUnread = errors.New("not read")

// File is a file with its words.
type File struct {
	Kind   string
	Data   []byte
	Words  string // as far as they were read
	Unread bool   // there may be words that were not read
}

// MIME is the media type of a kind.
func MIME(kind string) string {
	switch kind {
	case PDF:
		return "application/pdf"
	case DOCX:
		return "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
	}
	return "text/plain; charset=utf-8"
}

// Read reads a file; one of another kind is [ErrKind].
func Read(data []byte) (File, error) {
	f := File{Data: data}
	var read func([]byte) (string, error)
	switch {
	case bytes.HasPrefix(data, []byte("%PDF-")):
		f.Kind, read = PDF, readPDF
	case bytes.HasPrefix(data, []byte("PK\x03\x04")):
		if !isDOCX(data) {
			return File{}, ErrKind
		}
		f.Kind, read = DOCX, readDOCX
	case isPlain(data):
		f.Kind, f.Words = Plain, strings.TrimPrefix(string(data), "\ufeff")
		f.Unread = turned(f.Words)
		return f, nil
	default:
		return File{}, ErrKind
	}
	words, err := within(patience, func() (string, error) { return read(data) })
	f.Words, f.Unread = words, err != nil || strings.TrimSpace(words) == "" || turned(words)
	return f, nil
}

// within reads for so long and no longer. A reader that breaks, or does not come back, has not read: what it goes on with is thrown
// away when it ends.
func within(most time.Duration, read func() (string, error)) (string, error) {
	type result struct {
		words string
		err   error
	}
	done := make(chan result, 1)
	go func() {
		r := result{err: errUnread}
		defer func() {
			if recover() != nil {
				r.err = errUnread
			}
			done <- r
		}()
		r.words, r.err = read()
	}()
	timer := time.NewTimer(most)
	defer timer.Stop()
	select {
	case r := <-done:
		return r.words, r.err
	case <-timer.C:
		return "", errUnread
	}
}
