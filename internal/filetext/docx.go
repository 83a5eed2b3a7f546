package filetext

import (
	"archive/zip"
	"bytes"
	"encoding/xml"
	"errors"
	"io"
	"strings"
)

const docxMain = "word/document.xml"

func isDOCX(data []byte) bool {
	z, err := zip.NewReader(bytes.NewReader(data), int64(len(data)))
	if err != nil {
		return false
	}
	for _, f := range z.File {
		if f.Name == docxMain {
			return true
		}
	}
	return false
}

// readDOCX reads every part with words: the text, heads and feet, notes, comments, and what stands about the author.
func readDOCX(data []byte) (string, error) {
	z, err := zip.NewReader(bytes.NewReader(data), int64(len(data)))
	if err != nil {
		return "", err
	}
	var b strings.Builder
	left, whole := int64(maxParts), true
	for _, f := range z.File {
		switch {
		case strings.HasPrefix(f.Name, "word/embeddings/"), strings.HasPrefix(f.Name, "word/media/"), strings.HasSuffix(f.Name, "vbaProject.bin"), strings.Contains(f.Name, "afchunk"):
			whole = false // another file, or a picture: nobody has read it
			continue
		case !strings.HasSuffix(f.Name, ".xml") && !strings.HasSuffix(f.Name, ".rels"):
			continue
		}
		r, err := f.Open()
		if err != nil {
			return b.String(), err
		}
		counted := &io.LimitedReader{R: r, N: left}
		err = partWords(&b, counted)
		_ = r.Close()
		if left = counted.N; err != nil || left <= 0 || b.Len() > maxWords {
			return b.String(), errUnread // a bomb, or no XML
		}
	}
	if !whole {
		return b.String(), errUnread
	}
	return b.String(), nil
}

// partWords adds the words of a part, a line for each paragraph. Words that a part splits for the sake of their looks stand together.
// Addresses of links stand in attributes.
func partWords(b *strings.Builder, r io.Reader) error {
	d := xml.NewDecoder(r)
	for {
		t, err := d.Token()
		if errors.Is(err, io.EOF) {
			b.WriteByte('\n')
			return nil
		}
		if err != nil {
			return err
		}
		switch t := t.(type) {
		case xml.CharData:
			b.Write(t)
		case xml.StartElement:
			switch t.Name.Local {
			case "tab", "br", "cr":
				b.WriteByte(' ')
			}
			for _, a := range t.Attr {
				if a.Name.Local == "Target" || a.Name.Local == "descr" || a.Name.Local == "title" {
					b.WriteString("\n" + a.Value + "\n")
				}
			}
		case xml.EndElement:
			if n := t.Name.Local; n == "p" || n == "tc" || n == "title" || n == "creator" || n == "description" || n == "subject" || n == "keywords" {
				b.WriteByte('\n')
			}
		}
		if b.Len() > maxWords {
			return errUnread
		}
	}
}
