package filetext

import (
	"bytes"
	"io"
	"strings"

	"github.com/ledongthuc/pdf"
)

// readPDF reads the words of every page, row by row, and what stands about the file.
func readPDF(data []byte) (string, error) {
	r, err := pdf.NewReader(bytes.NewReader(data), int64(len(data)))
	if err != nil { // encrypted, or broken
		return "", err
	}
	root := r.Trailer().Key("Root")
	whole := root.Key("AcroForm").IsNull() && root.Key("Names").Key("EmbeddedFiles").IsNull() && r.Trailer().Key("Encrypt").IsNull()
	var b strings.Builder
	info := r.Trailer().Key("Info")
	for _, k := range info.Keys() {
		b.WriteString(info.Key(k).Text() + "\n")
	}
	pages := r.NumPage()
	if pages == 0 || pages > maxPages {
		return b.String(), errUnread
	}
	for i := 1; i <= pages; i++ {
		page := r.Page(i)
		if !light(page.V.Key("Contents")) {
			return b.String(), errUnread
		}
		before := b.Len()
		text, err := page.GetPlainText(nil)
		if err != nil {
			return b.String(), err
		}
		b.WriteString(text + "\n")
		notes := page.V.Key("Annots")
		for j := 0; j < notes.Len(); j++ {
			b.WriteString(notes.Index(j).Key("Contents").Text() + "\n" + notes.Index(j).Key("A").Key("URI").Text() + "\n")
		}
		if strings.TrimSpace(text) == "" || strings.ContainsRune(b.String()[before:], '\ufffd') {
			whole = false // a picture of a page, or letters that stand for others
		}
		if b.Len() > maxWords {
			return b.String(), errUnread
		}
	}
	if !whole {
		return b.String(), errUnread
	}
	return b.String(), nil
}

// light reports whether what a page draws is no larger unpacked than a page may be: a bomb is not read.
func light(content pdf.Value) bool {
	parts := []pdf.Value{content}
	if content.Kind() == pdf.Array {
		parts = nil
		for i := 0; i < content.Len(); i++ {
			parts = append(parts, content.Index(i))
		}
	}
	for _, part := range parts {
		if part.Kind() != pdf.Stream {
			continue
		}
		r := part.Reader()
		n, err := io.Copy(io.Discard, io.LimitReader(r, maxWords+1))
		_ = r.Close()
		if err != nil || n > maxWords {
			return false
		}
	}
	return true
}
