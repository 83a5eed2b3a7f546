package web_test

import (
	"context"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
	"testing/iotest"

	"github.com/google/uuid"

	"samspil/internal/signin"
	"samspil/internal/testkit"
	"samspil/web"
	"samspil/web/link"
)

// Somebody types and presses "Back": the browser sends the draft and hangs up before the answer.
func TestADraftIsKeptThoughItsWriterHasLeftThePage(t *testing.T) {
	o := testkit.NewOffice(t)
	desk, err := signin.NewDesk(t.Context(), o.LoginURL(t, "samspil_login"))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(desk.Close)
	site := web.New(web.Site{DB: o.DB, Desk: desk, Keys: o.Keys})
	c := o.Case(t, o.Mette, 1)
	gone, leave := context.WithCancel(t.Context())
	leave()
	send := func(path string, form url.Values) int {
		r := httptest.NewRequestWithContext(gone, http.MethodPost, path, strings.NewReader(form.Encode()))
		r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
		r.Header.Set("Sec-Fetch-Site", "same-origin")
		r.AddCookie(&http.Cookie{Name: "sid", Value: o.Mette.Token})
		rec := httptest.NewRecorder()
		site.ServeHTTP(rec, r)
		return rec.Code
	}
	if code := send(link.Journal(c.Ref)+"/kladde", url.Values{"key": {uuid.NewString()}, "body": {"Mor ringede"}}); code != http.StatusOK {
		t.Errorf("status %d", code)
	}
	if n := o.Count(t, `SELECT count(*) FROM app.draft WHERE fields::text LIKE '%Mor ringede%'`); n != 1 {
		t.Errorf("%d drafts are kept", n)
	}
	// half of it, because the line broke: nothing is written over
	r := httptest.NewRequestWithContext(gone, http.MethodPost, link.Journal(c.Ref)+"/kladde", io.MultiReader(strings.NewReader("body=Mor"), iotest.ErrReader(io.ErrUnexpectedEOF)))
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	r.Header.Set("Sec-Fetch-Site", "same-origin")
	r.AddCookie(&http.Cookie{Name: "sid", Value: o.Mette.Token})
	site.ServeHTTP(httptest.NewRecorder(), r)
	if n := o.Count(t, `SELECT count(*) FROM app.draft WHERE fields::text LIKE '%Mor ringede%'`); n != 1 {
		t.Error("half a form has written over the draft")
	}
	// what is not a draft is not done behind the back of who has stopped it
	send(link.NewNote(c.Ref), url.Values{"key": {uuid.NewString()}, "kind": {"phone"}, "family": {"no"}, "body": {"Mor ringede"}})
	if n := o.Count(t, `SELECT count(*) FROM app.note`); n != 0 {
		t.Errorf("%d notes", n)
	}
}
