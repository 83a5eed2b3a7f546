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

// press goes to a button, link or box and presses a key on it; a new page may come.
func (h hands) press(selector, key string) {
	h.t.Helper()
	h.to(selector)
	h.do(chromedp.KeyEvent(key), chromedp.Sleep(150*time.Millisecond), chromedp.WaitReady("main"))
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

// sees demands a text on the screen.
func (h hands) sees(texts ...string) {
	h.t.Helper()
	for _, want := range texts {
		var all string
		h.do(chromedp.Evaluate(`document.querySelector("main").innerText`, &all))
		if !strings.Contains(all, want) {
			h.t.Fatalf("%q is not on\n%s", want, h.page())
		}
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
