package webtest

import (
	"html"
	"net/http"
	"regexp"
	"strings"
	"testing"

	"samspil/internal/actor"
)

// Want reports an error where the answer has another status, or its page does not say all the words. what is what was asked.
func (a Answer) Want(t testing.TB, what string, status int, words ...string) {
	t.Helper()
	if a.Status != status {
		t.Errorf("%s: answers %d, want %d", what, a.Status, status)
	}
	body := html.UnescapeString(a.Body)
	for _, w := range words {
		if !strings.Contains(body, w) {
			t.Errorf("%s: says nothing of %q", what, w)
		}
	}
}

// Lacks reports an error where the page says one of the words.
func (a Answer) Lacks(t testing.TB, what string, words ...string) {
	t.Helper()
	body := html.UnescapeString(a.Body)
	for _, w := range words {
		if strings.Contains(body, w) {
			t.Errorf("%s: says %q", what, w)
		}
	}
}

// Refuses reports an error where the form is not sent back with the message beside the field.
func (a Answer) Refuses(t testing.TB, what, field, message string) {
	t.Helper()
	a.Want(t, what, http.StatusUnprocessableEntity, "#"+field) // the summary leads there
	beside := regexp.MustCompile(`(?s)id="` + regexp.QuoteMeta(field) + `-error">(<span class="vh">[^<]*</span>)?([^<]*)<`).FindStringSubmatch(a.Body)
	if beside == nil || !strings.Contains(html.UnescapeString(beside[2]), message) {
		t.Errorf("%s: beside %s stands %q, want %q", what, field, beside, message)
	}
}

// Value is what the page's form has in a field that is an input; empty if it has none of that name.
func (a Answer) Value(name string) string {
	input := regexp.MustCompile(`<input[^>]* name="` + regexp.QuoteMeta(name) + `"[^>]*>`).FindString(a.Body)
	_, rest, _ := strings.Cut(input, ` value="`)
	value, _, _ := strings.Cut(rest, `"`)
	return html.UnescapeString(value)
}

// Next is the page that a redirect leads to, with what it says of what has happened.
func (s *Site) Next(t testing.TB, who actor.Actor, a Answer) Answer {
	t.Helper()
	if a.Status != http.StatusSeeOther {
		t.Errorf("answers %d, want a redirect", a.Status)
		return a
	}
	r := http.Response{Header: a.Header}
	return s.do(t, who, http.MethodGet, a.Location(), nil, r.Cookies()...)
}

// InEnglish makes people read the site in English from now on.
func (s *Site) InEnglish(t testing.TB, people ...actor.Actor) {
	t.Helper()
	for _, who := range people {
		s.Exec(t, `UPDATE auth.user_account SET lang = 'en' WHERE id = $1`, who.UserID)
	}
}

// key is a text that nobody has translated: its key is shown instead.
var key = regexp.MustCompile(`>\s*[a-z_]+(\.[a-z0-9_]+)+\s*<`)

// AllSaid reports an error where the page shows a text's key instead of the text.
func (a Answer) AllSaid(t testing.TB, what string) {
	t.Helper()
	if m := key.FindString(a.Body); m != "" {
		t.Errorf("%s: shows the key %q", what, m)
	}
}
