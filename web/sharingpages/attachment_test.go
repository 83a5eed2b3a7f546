package sharingpages_test

import (
	"bytes"
	"io"
	"mime/multipart"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"samspil/internal/actor"
	"samspil/internal/filetext/filemake"
	"samspil/web/webtest"
)

// send posts the form with a file, the way a browser on the same site does.
func (s site) send(t *testing.T, who actor.Actor, fields url.Values, name string, file []byte) webtest.Answer {
	t.Helper()
	var body bytes.Buffer
	form := multipart.NewWriter(&body)
	for k := range fields {
		_ = form.WriteField(k, fields.Get(k)) // into memory
	}
	part, _ := form.CreateFormFile("attachment", name)
	_, _ = part.Write(file)
	_ = form.Close()
	r, err := http.NewRequestWithContext(t.Context(), http.MethodPost, s.URL+s.path+"/ny", &body)
	if err != nil {
		t.Fatal(err)
	}
	r.Header.Set("Content-Type", form.FormDataContentType())
	r.Header.Set("Sec-Fetch-Site", "same-origin")
	r.AddCookie(&http.Cookie{Name: "sid", Value: who.Token})
	client := &http.Client{CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
	resp, err := client.Do(r)
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close()
	text, err := io.ReadAll(resp.Body)
	if err != nil {
		t.Fatal(err)
	}
	return webtest.Answer{Status: resp.StatusCode, Header: resp.Header, Body: string(text)}
}

func TestALetterInAFileIsStoppedSentAndFetched(t *testing.T) {
	s := newSite(t)
	a := s.send(t, s.Mette, s.letter("Se filen"), "brev.pdf", filemake.PDF("", "Hun bor på "+disguised+" nu."))
	has(t, a, http.StatusUnprocessableEntity, "Intet er delt", "I filen", "<b>"+disguised+"</b>", `name="ask"`)
	has(t, s.send(t, s.Mette, s.letter("Se filen"), "brev.docx", filemake.PDF("", "")), http.StatusUnprocessableEntity, "Filen kan ikke læses igennem", `name="ask"`)
	has(t, s.send(t, s.Mette, s.letter("Se filen"), "brev.pdf", []byte("MZ\x90\x00")), http.StatusUnprocessableEntity, "Kun ren tekst (UTF-8), PDF og DOCX")
	has(t, s.send(t, s.Mette, s.letter("Se filen"), "stor.txt", bytes.Repeat([]byte("a"), 10<<20+1)), http.StatusUnprocessableEntity, "Se filen")
	a = s.send(t, s.Mette, s.letter("Se filen"), "video.txt", make([]byte, 30<<20)) // the words are not lost with it
	has(t, a, http.StatusUnprocessableEntity, "Se filen", "Vælg en mindre fil")
	if strings.Count(a.Body, `class="err"`) > 1 || strings.Contains(a.Body, "sharing.to") {
		t.Error("more is wrong than the file")
	}
	has(t, s.send(t, s.Mette, s.letter("Se filen"), "tom.txt", nil), http.StatusUnprocessableEntity, "Se filen", "Filen er tom")
	for name, markup := range map[string]string{"brev.rtf": `{\rtf1\ansi Strandv\'e6nget 14}`, "brev.txt": `{\rtf1 Strandv\'e6nget 14}`, "brev.html": "<p>Strandv&aelig;nget&nbsp;14</p>", "brev2.txt": "Strand<b>vænget</b> 14"} {
		has(t, s.send(t, s.Mette, s.letter("Se filen"), name, []byte(markup)), http.StatusUnprocessableEntity, "Kun ren tekst (UTF-8), PDF og DOCX", "RTF og HTML")
	}
	clean := filemake.DOCX("Hun er et sikkert sted.", nil)
	a = s.send(t, s.Mette, s.letter("Se filen"), "C:\\mappe\\brev \"1\".\u202edocx", clean)
	has(t, a, http.StatusSeeOther)
	one := a.Location()
	a = s.Get(t, s.Mette, one)
	has(t, a, http.StatusOK, one+"/fil", "<dt>Vedhæftet fil</dt>", "brev &#34;1&#34;.docx")
	if strings.Contains(a.Body, "Navnet på en fil") {
		t.Error("a file that goes along is called the name of one")
	}
	a = s.Get(t, s.Mette, one+"/fil")
	has(t, a, http.StatusOK)
	if a.Body != string(clean) || !strings.HasPrefix(a.Header.Get("Content-Disposition"), "attachment") || a.Header.Get("X-Content-Type-Options") != "nosniff" || !strings.Contains(a.Header.Get("Content-Type"), "wordprocessingml") {
		t.Errorf("%d bytes, %v", len(a.Body), a.Header)
	}
	has(t, s.Get(t, s.Huseyin, one+"/fil"), http.StatusNotFound)
	if n := s.Count(t, `SELECT count(*) FROM audit.event WHERE action = 'sharing.file'`); n != 1 {
		t.Errorf("%d lines in the trail", n)
	}
	s.protect(t, "place_of_stay", "et sikkert sted")
	has(t, s.Get(t, s.Sara, one+"/fil"), http.StatusNotFound)
}
