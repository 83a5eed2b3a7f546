package filetext_test

import (
	"errors"
	"slices"
	"strings"
	"testing"

	"samspil/internal/filetext"
	"samspil/internal/filetext/filemake"
	"samspil/internal/leakguard"
)

func TestTheGuardReadsWhatIsAttached(t *testing.T) {
	t.Parallel()
	guard := leakguard.New([]leakguard.Fact{{Kind: "address", Value: "Skovtroldevej 12 B, 2. tv."}, {Kind: "phone", Value: "00 12 34 56"}})
	const letter = "Kære kollega\nHun bor på Skovtroldevej 12 nu.\nRing på 00 12 34 56, så åbner hun."
	for what, tr := range map[string]struct {
		kind string
		data []byte
		hits int
	}{
		"plain text":                    {filetext.Plain, []byte(letter), 2},
		"PDF":                           {filetext.PDF, filemake.PDF("", "Intet her", letter), 2},
		"DOCX":                          {filetext.DOCX, filemake.DOCX(letter, nil), 2},
		"the head of a DOCX":            {filetext.DOCX, filemake.DOCX("Intet her", map[string]string{"word/header1.xml": "<h><p>Skovtroldevej 12</p></h>"}), 1},
		"a comment in a DOCX":           {filetext.DOCX, filemake.DOCX("Intet her", map[string]string{"word/comments.xml": "<h><p>Skovtroldevej 12</p></h>"}), 1},
		"what is said of a DOCX":        {filetext.DOCX, filemake.DOCX("Intet her", map[string]string{"docProps/core.xml": "<h><title>Skovtroldevej 12</title></h>"}), 1},
		"where a link of it leads":      {filetext.DOCX, filemake.DOCX("Intet her", map[string]string{"word/_rels/document.xml.rels": `<R><Relationship Target="tel:00123456"/></R>`}), 1},
		"an encoded link of it":         {filetext.DOCX, filemake.DOCX("Intet her", map[string]string{"word/_rels/document.xml.rels": `<R><Relationship Target="https://kort.test/Skovtroldevej%2012"/></R>`}), 1},
		"an address of mail and a sign": {filetext.Plain, []byte("Skriv til <mette@ellehoej.test>, hvis 3 < 4 & b > a."), 0},
		"a clean PDF":                   {filetext.PDF, filemake.PDF("", "Hun bor et sikkert sted på Østergade."), 0},
		"a clean DOCX":                  {filetext.DOCX, filemake.DOCX("Hun bor et sikkert sted på Østergade.", nil), 0},
	} {
		f, err := filetext.Read(tr.data)
		if err != nil || f.Kind != tr.kind || f.Unread {
			t.Errorf("%s: %s, unread %t, %v: %q", what, f.Kind, f.Unread, err, f.Words)
			continue
		}
		var facts []int
		for _, h := range guard.Scan(f.Words) {
			if !slices.Contains(facts, h.Fact) {
				facts = append(facts, h.Fact)
			}
		}
		if len(facts) != tr.hits {
			t.Errorf("%s: %d facts, not %d, in %q", what, len(facts), tr.hits, f.Words)
		}
	}
}

func TestWhatCannotBeReadSaysSo(t *testing.T) {
	t.Parallel()
	whole := filemake.PDF("", "Hun bor et sikkert sted")
	for what, data := range map[string][]byte{
		"a page that is a picture":      filemake.PDF("", "Se næste side", ""),
		"only pictures":                 filemake.PDF("", ""),
		"a form in it":                  filemake.PDF("/AcroForm << >>", "Se formularen"),
		"a file in it":                  filemake.PDF("/Names << /EmbeddedFiles << >> >>", "Se filen"),
		"cut off":                       whole[:len(whole)*2/3],
		"nothing but the name of a PDF": []byte("%PDF-1.4\n%%EOF"),
		"an encrypted one":              []byte(strings.Replace(string(whole), "/Size", "/Encrypt << /Filter /Standard /V 9 >> /Size", 1)),
		"a page that unpacks for ever":  filemake.PDF("", strings.Repeat("a", 5<<20)),
		"a picture in a DOCX":           filemake.DOCX("Se billedet", map[string]string{"word/media/image1.png": "x"}),
		"another file in a DOCX":        filemake.DOCX("Se bilaget", map[string]string{"word/embeddings/sheet.xlsx": "x"}),
		"a DOCX that is no XML":         filemake.DOCX("x", map[string]string{"word/footer1.xml": "<a><b"}),
		"a DOCX that unpacks for ever":  filemake.DOCX("x", map[string]string{"word/footer1.xml": "<a>" + strings.Repeat("aaaaaaaa", 1<<20) + "</a>"}),
		"letters turned around":         []byte("Hun bor på \u202e41 tegnævdnartS\u202c."),
		"the same in a DOCX":            filemake.DOCX("Hun bor på \u202e41 tegn", nil),
		"a DOCX without words":          filemake.DOCX("", nil),
	} {
		f, err := filetext.Read(data)
		if err != nil || !f.Unread {
			t.Errorf("%s: unread %t, %v: %q", what, f.Unread, err, f.Words)
		}
	}
}

func TestAFileIsWhatIsInItAndNotWhatItIsCalled(t *testing.T) {
	t.Parallel()
	for what, data := range map[string][]byte{
		"nothing": nil, "a program": []byte("MZ\x90\x00\x03\x00"), "a picture": []byte("\x89PNG\r\n\x1a\n"), "an old office file": []byte("\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"),
		"any other archive": filemake.Zip(map[string]string{"a.txt": "x"}), "letters of nobody": []byte("caf\xe9 au lait"),
		"an RTF":                      []byte(`{\rtf1\ansi Hun bor p\'e5 Strandv\'e6nget 14\par}`),
		"an RTF behind an empty line": []byte("\ufeff\n {\\rtf1 Strand"),
		"a page of the web":           []byte("<!DOCTYPE html><p>Strandv&aelig;nget&nbsp;14"), "some of one": []byte("Hun bor på Strand<b>vænget</b> 14"), "a link": []byte(`Se <A HREF="https://kort.test">kortet</A>`),
		"XML": []byte("<?xml version=\"1.0\"?><brev>Strand</brev>"), "hidden words": []byte("Intet <!-- Strandvænget 14 --> her"),
	} {
		if f, err := filetext.Read(data); !errors.Is(err, filetext.ErrKind) {
			t.Errorf("%s is taken as %q: %v", what, f.Kind, err)
		}
	}
}

func FuzzRead(f *testing.F) {
	f.Add(filemake.PDF("", "Hun bor et sikkert sted"))
	f.Add(filemake.DOCX("Hun bor et sikkert sted", nil))
	f.Fuzz(func(t *testing.T, data []byte) {
		file, err := filetext.Read(data)
		if err == nil && !file.Unread && strings.TrimSpace(file.Words) == "" && file.Kind != filetext.Plain {
			t.Errorf("%s read, and there are no words", file.Kind)
		}
	})
}
