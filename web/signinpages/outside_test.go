package signinpages_test

import (
	"net/http"
	"net/url"
	"strings"
	"sync"
	"testing"

	"samspil/internal/actor"
	"samspil/internal/testkit"
	"samspil/web/webtest"
)

// A link in a letter may lead to the sign-in, but never from there to somebody else's site. Browsers take tabs out of an
// address and read a backslash as a slash, so "/<tab>/evil.example" is "//evil.example".
func TestSigningInLeadsNowhereElse(t *testing.T) {
	s := webtest.New(t)
	for _, to := range []string{"/\t/evil.example", "//evil.example", "/\\evil.example", "/\n/evil.example", "/\r/evil.example", "/\x00/evil.example", "https://evil.example", "/\u00a0\t//evil.example",
		"/./\t/evil.example", "/min-dag\t", "javascript:alert(1)"} {
		form := credentials("mette@ellehoej.test", testkit.Password)
		form.Set("efter", to)
		a := s.Post(t, actor.Actor{}, "/log-ind", form)
		if at := a.Location(); a.Status != http.StatusSeeOther || !strings.HasPrefix(at, "/") || strings.ContainsAny(at, "\t\r\n\\") || strings.Contains(at, "//") {
			t.Errorf("efter=%q leads to %q (%d)", to, at, a.Status)
		}
		if a := s.Get(t, actor.Actor{}, "/log-ind?efter="+url.QueryEscape(to)); strings.Contains(a.Body, "evil.example") {
			t.Errorf("the form keeps %q", to)
		}
		if at := s.Post(t, s.Mette, "/sprog", url.Values{"lang": {"da"}, "return": {to}}).Location(); strings.ContainsAny(at, "\t\r\n\\") || strings.Contains(at, "//") {
			t.Errorf("return=%q leads to %q", to, at)
		}
	}
	form := credentials("mette@ellehoej.test", testkit.Password)
	form.Set("efter", "/sager?visning=mine&stille=5")
	if at := s.Post(t, actor.Actor{}, "/log-ind", form).Location(); at != "/sager?visning=mine&stille=5" {
		t.Errorf("an address of our own is lost: %q", at)
	}
}

// Many guesses sent at once are counted like many guesses sent one after the other.
func TestGuessesSentAtOnceAreCountedToo(t *testing.T) {
	s := webtest.New(t)
	const atOnce = 40
	answers := make([]int, atOnce)
	var all sync.WaitGroup
	for i := range answers {
		all.Go(func() {
			answers[i] = s.Post(t, actor.Actor{}, "/log-ind", credentials("mette@ellehoej.test", "guess")).Status
		})
	}
	all.Wait()
	weighed := 0
	for _, status := range answers {
		if status == http.StatusUnprocessableEntity {
			weighed++
		}
	}
	if weighed > 12 { // five are free; as many more as there are cores may be under way
		t.Errorf("%d of %d guesses sent at once were compared with the password", weighed, atOnce)
	}
}
