// Package filemake makes small files for tests: PDF and DOCX as an office would write them.
package filemake

import (
	"archive/zip"
	"bytes"
	"compress/zlib"
	"fmt"
	"maps"
	"slices"
	"strings"

	"golang.org/x/text/encoding/charmap"
)

// PDF makes a file with a page for each text; an empty one is a page without words. More are further entries of its root.
func PDF(more string, pages ...string) []byte {
	var b bytes.Buffer
	var at []int
	object := func(body string) {
		at = append(at, b.Len())
		fmt.Fprintf(&b, "%d 0 obj\n%s\nendobj\n", len(at), body)
	}
	b.WriteString("%PDF-1.4\n")
	var kids []string
	for i := range pages {
		kids = append(kids, fmt.Sprintf("%d 0 R", 4+2*i))
	}
	object("<< /Type /Catalog /Pages 2 0 R " + more + " >>")
	object(fmt.Sprintf("<< /Type /Pages /Kids [%s] /Count %d >>", strings.Join(kids, " "), len(pages)))
	object("<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica /Encoding /WinAnsiEncoding >>")
	for i, text := range pages {
		var draw strings.Builder
		if text != "" {
			draw.WriteString("BT /F1 12 Tf 72 720 Td 14 TL\n")
			for _, line := range strings.Split(text, "\n") {
				ansi, err := charmap.Windows1252.NewEncoder().String(line)
				if err != nil {
					panic(err) // a text of a test
				}
				fmt.Fprintf(&draw, "(%s) Tj T*\n", strings.NewReplacer(`\`, `\\`, "(", `\(`, ")", `\)`).Replace(ansi))
			}
			draw.WriteString("ET")
		}
		object(fmt.Sprintf("<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Resources << /Font << /F1 3 0 R >> >> /Contents %d 0 R >>", 5+2*i))
		packed := Deflate([]byte(draw.String()))
		object(fmt.Sprintf("<< /Length %d /Filter /FlateDecode >>\nstream\n%s\nendstream", len(packed), packed))
	}
	start := b.Len()
	fmt.Fprintf(&b, "xref\n0 %d\n0000000000 65535 f \n", len(at)+1)
	for _, n := range at {
		fmt.Fprintf(&b, "%010d 00000 n \n", n)
	}
	fmt.Fprintf(&b, "trailer\n<< /Size %d /Root 1 0 R >>\nstartxref\n%d\n%%%%EOF\n", len(at)+1, start)
	return b.Bytes()
}

// Deflate packs.
func Deflate(data []byte) []byte {
	var b bytes.Buffer
	w := zlib.NewWriter(&b)
	_, _ = w.Write(data) // a buffer takes everything
	_ = w.Close()
	return b.Bytes()
}

// DOCX makes a file with a paragraph for each line of a text, its words split into runs as word processors do; parts are further
// entries by name.
func DOCX(text string, parts map[string]string) []byte {
	var doc strings.Builder
	doc.WriteString(`<?xml version="1.0"?><w:document xmlns:w="w"><w:body>`)
	for _, line := range strings.Split(text, "\n") {
		doc.WriteString("<w:p>")
		for len(line) > 0 {
			n := min(len(line), 7)
			for n < len(line) && line[n]&0xc0 == 0x80 {
				n++
			}
			doc.WriteString("<w:r><w:t>" + line[:n] + "</w:t></w:r>")
			line = line[n:]
		}
		doc.WriteString("</w:p>")
	}
	doc.WriteString("</w:body></w:document>")
	return Zip(map[string]string{"word/document.xml": doc.String(), "[Content_Types].xml": "<Types/>"}, parts)
}

// Zip packs files by name.
func Zip(all ...map[string]string) []byte {
	var b bytes.Buffer
	z := zip.NewWriter(&b)
	for _, files := range all {
		for _, name := range slices.Sorted(maps.Keys(files)) {
			body := files[name]
			w, err := z.Create(name)
			if err != nil {
				panic(err) // a buffer takes everything
			}
			_, _ = w.Write([]byte(body))
		}
	}
	_ = z.Close()
	return b.Bytes()
}
