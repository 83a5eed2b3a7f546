package e2e_test

import (
	"context"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"
)

// hands are two hands on a keyboard: there is no mouse.
type hands struct {
	t   *testing.T
	ctx context.Context
}

// open types an address into the browser.
func (h hands) open(url string) {
	h.t.Helper()
	h.do(chromedp.Navigate(url), chromedp.WaitReady("main"))
}

func (h hands) do(actions ...chromedp.Action) {
	h.t.Helper()
	ctx, cancel := context.WithTimeout(h.ctx, 20*time.Second)
	defer cancel()
	if err := chromedp.Run(ctx, actions...); err != nil {
		h.t.Fatalf("%v at\n%s", err, h.page())
	}
}

// page is what stands on the screen, for a failed test to show.
func (h hands) page() string {
	var text string
	_ = chromedp.Run(h.ctx, chromedp.Evaluate(`location.pathname + "\n" + document.body.innerText.slice(0, 1500)`, &text)) // best effort
	return text
}

// to presses Tab until the focus is on what selector names, at most once around the page.
func (h hands) to(selector string) {
	h.t.Helper()
	for range 260 {
		var there bool
		h.do(chromedp.Evaluate(fmt.Sprintf(`!!document.activeElement && document.activeElement.matches(%q)`, selector), &there))
		if there {
			return
		}
		h.do(chromedp.KeyEvent(kb.Tab))
	}
	h.t.Fatalf("Tab never reaches %s on\n%s", selector, h.page())
}

// write goes to a field and types.
func (h hands) write(selector, text string) {
	h.t.Helper()
	h.to(selector)
	h.do(chromedp.KeyEvent(text))
}

// leaving notes in the page that it is to be left: when a form goes or a link is followed, which the browser may take a while to do,
// and at the latest when it does.
const leaving = `(() => {
	window.pressed = "stays"
	const leaves = () => { window.pressed = "leaves" }
	addEventListener("submit", e => e.defaultPrevented || leaves())
	addEventListener("click", e => {
		const a = e.target.closest && e.target.closest("a[href]:not([target]):not([download])")
		if (a && !e.defaultPrevented && a.protocol.startsWith("http") && a.href.split("#")[0] !== location.href.split("#")[0]) leaves()
	})
	addEventListener("beforeunload", leaves)
})()`

// press goes to a button, link or box and presses a key on it. When the page is left for another one, press waits until that one
// is there, however slow the machine is: whoever opens the next address too early cuts off the form that is under way.
func (h hands) press(selector, key string) {
	h.t.Helper()
	h.to(selector)
	h.do(chromedp.Evaluate(leaving, nil), chromedp.KeyEvent(key))
	h.soon(func() bool {
		var now string
		err := chromedp.Run(h.ctx, chromedp.Evaluate(`String(window.pressed)`, &now)) // fails between two pages
		return err == nil && now != "leaves"
	})
	h.do(chromedp.WaitReady("main"))
}

// soon waits until something is so, for as long as a page may take on a slow machine, and tells whether it came to be.
func (h hands) soon(so func() bool) bool {
	for end := time.Now().Add(10 * time.Second); ; time.Sleep(50 * time.Millisecond) {
		if so() {
			return true
		}
		if time.Now().After(end) {
			return false
		}
	}
}

// choose picks the radio button with a value: Tab reaches the group, the arrows its members.
func (h hands) choose(name, value string) {
	h.t.Helper()
	h.to(fmt.Sprintf(`input[type=radio][name=%q]`, name))
	for range 40 {
		var got string
		h.do(chromedp.Evaluate(`document.activeElement.value`, &got))
		if got == value {
			h.do(chromedp.KeyEvent(" "))
			return
		}
		h.do(chromedp.KeyEvent(kb.ArrowDown))
	}
	h.t.Fatalf("no choice %q in %s", value, name)
}

// sees demands a text on the screen, now or soon.
func (h hands) sees(texts ...string) {
	h.t.Helper()
	for _, want := range texts {
		if !h.soon(func() bool {
			var all string
			err := chromedp.Run(h.ctx, chromedp.Evaluate(`document.querySelector("main").innerText`, &all)) // fails between two pages
			return err == nil && strings.Contains(all, want)
		}) {
			h.t.Fatalf("%q is not on\n%s", want, h.page())
		}
	}
}

// on demands that the browser is on a page, now or soon; "…" at the end stands for anything.
func (h hands) on(path string) {
	h.t.Helper()
	begin, open := strings.CutSuffix(path, "…")
	if !h.soon(func() bool {
		got, _, _ := strings.Cut(h.path(), "#")
		return got == path || open && strings.HasPrefix(got, begin)
	}) {
		h.t.Fatalf("the browser is on %s, should be on %s\n%s", h.path(), path, h.page())
	}
}

// path is where the browser is.
func (h hands) path() string {
	h.t.Helper()
	var p string
	h.do(chromedp.Location(&p))
	_, after, _ := strings.Cut(strings.TrimPrefix(p, "http://"), "/")
	return "/" + after
}
