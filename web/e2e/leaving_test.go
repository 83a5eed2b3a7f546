package e2e_test

import (
	"strings"
	"testing"

	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"

	"samspil/internal/browser/browsertest"
	"samspil/internal/testkit"
	"samspil/web/webtest"
)

// text is everything that a person at the machine can read.
func (h hands) text() string {
	h.t.Helper()
	var all string
	if !h.soon(func() bool {
		return chromedp.Run(h.ctx, chromedp.Evaluate(`document.documentElement.classList.contains("locked") ? "" : document.title + document.body.innerText`, &all)) == nil // fails between two pages
	}) {
		h.t.Fatal("nothing can be read")
	}
	return all
}

// back presses the browser's Back button.
func (h hands) back() {
	h.t.Helper()
	h.do(chromedp.Evaluate(`window.leftBehind = true, setTimeout(() => history.back(), 30), 0`, nil))
	if !h.soon(func() bool {
		var here bool
		err := chromedp.Run(h.ctx, chromedp.Evaluate(`window.leftBehind === true`, &here)) // fails between two pages
		return err == nil && !here
	}) {
		h.t.Fatalf("Back leads nowhere from\n%s", h.page())
	}
	h.do(chromedp.WaitReady("body"))
}

func TestBackAfterSignOutShowsNothing(t *testing.T) {
	o := testkit.NewDemo(t)
	s := webtest.Over(t, o)
	for _, ending := range []string{"signed out here", "session ended on the server"} {
		t.Run(ending, func(t *testing.T) {
			h := hands{t, browsertest.New(t)}
			h.signIn(s.URL, "mette")
			h.open(s.URL + fill(t, o, "/sager/{case}"))
			if !strings.Contains(h.text(), "Amira") {
				t.Fatalf("the case is not on the screen:\n%s", h.page())
			}
			if ending == "signed out here" {
				h.press(`form[action="/log-ud"] button`, kb.Enter)
			} else {
				o.Exec(t, `UPDATE auth.session SET revoked_at = now() WHERE revoked_at IS NULL`)
				h.open(s.URL + "/min-dag")
			}
			h.on("/log-ind…")
			for range 3 { // as far as the pages of this site go
				h.back()
				if seen := h.text(); strings.Contains(seen, "Amira") || strings.Contains(seen, "2026-0147") {
					t.Fatalf("Back shows the case:\n%s", seen)
				}
			}
			var stored int
			h.open(s.URL + "/log-ind")
			h.do(chromedp.Evaluate(`localStorage.length + sessionStorage.length`, &stored))
			if stored != 0 {
				t.Errorf("%d things are left in the browser's storage", stored)
			}
		})
	}
}

func TestShiftThreeTimesHidesTheScreenUntilThePassword(t *testing.T) {
	o := testkit.NewDemo(t)
	s := webtest.Over(t, o)
	h := hands{t, browsertest.New(t)}
	h.signIn(s.URL, "mette")
	h.open(s.URL + fill(t, o, "/sager/{case}"))
	h.do(chromedp.KeyEvent(kb.Shift), chromedp.KeyEvent(kb.Shift), chromedp.KeyEvent(kb.Shift))
	h.do(chromedp.WaitVisible("#password"))
	if seen := h.text(); strings.Contains(seen, "Amira") || !h.soon(h.locked) {
		t.Fatalf("on %s:\n%s", h.path(), seen)
	}
	h.back()
	if strings.Contains(h.text(), "Amira") {
		t.Error("Back shows the case behind the lock")
	}
	h.open(s.URL + fill(t, o, "/sager/{case}"))
	if !h.locked() {
		t.Fatalf("a locked session opens %s", h.path())
	}
	h.write("#password", "samspil-demo-2026")
	h.press(`main form[action="/laast"] button.btn`, kb.Enter)
	h.on(fill(t, o, "/sager/{case}"))
}

// locked reports whether the lock screen is what shows.
func (h hands) locked() bool { return strings.HasPrefix(h.path(), "/laast") }

func TestNamesAreHiddenWithOneButton(t *testing.T) {
	o := testkit.NewDemo(t)
	s := webtest.Over(t, o)
	h := hands{t, browsertest.New(t)}
	h.signIn(s.URL, "mette")
	h.press(`form[action="/skjul-navne"] button`, kb.Enter)
	h.open(s.URL + fill(t, o, "/sager/{case}"))
	var blurred, all int
	h.do(chromedp.Evaluate(`[...document.querySelectorAll(".pii")].filter(e => getComputedStyle(e).filter.includes("blur")).length`, &blurred),
		chromedp.Evaluate(`document.querySelectorAll(".pii").length`, &all))
	if all == 0 || blurred != all {
		t.Errorf("%d of %d names are blurred", blurred, all)
	}
	var naked string // a name outside the parts that are blurred
	h.do(chromedp.Evaluate(`(() => { const c = document.body.cloneNode(true); c.querySelectorAll(".pii").forEach(e => e.remove()); return (c.innerText.match(/.{0,40}(Amira|Saleh).{0,40}/) || [""])[0] })()`, &naked))
	if naked != "" {
		t.Errorf("a name that is not blurred: %q", naked)
	}
}

// Ten seconds of typing, and "Back": the timer that saves drafts has not come round yet.
func TestBackKeepsWhatWasTyped(t *testing.T) {
	o := testkit.NewDemo(t)
	s := webtest.Over(t, o)
	h := hands{t, browsertest.New(t)}
	h.signIn(s.URL, "mette")
	for i, form := range []struct{ path, field, text string }{
		{"/sager/{case}/journal/ny", "#body", "Moster henter hende fredag"},
		{"/sager/{case}/risiko/ny/niveau", "#scenario", "En rejse i vinterferien"},
	} {
		h.open(s.URL + fill(t, o, "/sager/{case}"))
		h.open(s.URL + fill(t, o, form.path))
		h.write(form.field, form.text)
		h.back()
		h.on(fill(t, o, "/sager/{case}"))
		if !h.soon(func() bool {
			return o.Count(t, `SELECT count(*) FROM app.draft WHERE fields::text LIKE '%' || $1 || '%'`, form.text) == 1
		}) {
			t.Errorf("form %d: the draft is not kept", i+1)
		}
	}
}
