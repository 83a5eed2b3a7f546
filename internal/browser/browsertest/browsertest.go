// Package browsertest lets a test look at pages with a real browser.
//
// A test fails by itself when a page throws in JavaScript, breaks its content
// security policy, or asks for anything from another machine.
package browsertest

import (
	"context"
	"net"
	"net/url"
	"os"
	"sync"
	"testing"
	"time"

	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/cdproto/log"
	"github.com/chromedp/cdproto/network"
	"github.com/chromedp/cdproto/runtime"
	"github.com/chromedp/chromedp"

	"samspil/internal/browser"
)

// patience is how long one test may take in the browser, so that a page that
// never comes fails its own test and not the whole run.
const patience = 2 * time.Minute

// shared is the one browser of a test binary. It ends with the process.
var shared = sync.OnceValues(func() (context.Context, error) {
	ctx, _, err := browser.Start(context.Background())
	return ctx, err
})

// New opens a tab for the test, with cookies and storage that no other test sees,
// and returns the context for [chromedp.Run]. It fails the test when there is no browser.
func New(t testing.TB) context.Context {
	t.Helper()
	b, err := shared()
	if err != nil {
		t.Fatal(err)
	}
	tab, closeTab, err := browser.Tab(b)
	if err != nil {
		t.Fatal(err)
	}
	w := &watch{t: t}
	chromedp.ListenTarget(tab, w.see)
	ctx, cancel := context.WithTimeout(tab, patience)
	t.Cleanup(func() {
		w.stop()
		cancel()
		closeTab()
	})
	if err := chromedp.Run(ctx, network.Enable(), log.Enable(), runtime.Enable()); err != nil {
		t.Fatal(err)
	}
	return ctx
}

// watch fails the test for what no page of ours may do.
type watch struct {
	mu   sync.Mutex
	t    testing.TB
	over bool
}

func (w *watch) see(event any) {
	switch e := event.(type) {
	case *runtime.EventExceptionThrown:
		d := e.ExceptionDetails
		text := d.Text
		if d.Exception != nil {
			text += " " + d.Exception.Description
		}
		w.fail("JavaScript on %s:%d: %s", d.URL, d.LineNumber+1, text)
	case *log.EventEntryAdded:
		if e.Entry.Source == log.SourceSecurity {
			w.fail("security of %s: %s", e.Entry.URL, e.Entry.Text)
		}
	case *network.EventRequestWillBeSent:
		if away(e.Request.URL) {
			w.fail("the page %s asks another machine for %s", e.DocumentURL, e.Request.URL)
		}
	}
}

// fail may be called after the test: late events are of no interest then.
func (w *watch) fail(format string, args ...any) {
	w.mu.Lock()
	defer w.mu.Unlock()
	if !w.over {
		w.t.Errorf(format, args...)
	}
}

func (w *watch) stop() {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.over = true
}

// away reports whether an address is on another machine.
func away(address string) bool {
	u, err := url.Parse(address)
	if err != nil {
		return true
	}
	if u.Host == "" { // about:, blob:, data:
		return false
	}
	ip := net.ParseIP(u.Hostname())
	return u.Hostname() != "localhost" && (ip == nil || !ip.IsLoopback())
}

// Viewport makes the tab as large as a screen; mobile adds touch and a phone's way of layout.
func Viewport(ctx context.Context, width, height int64, mobile bool) error {
	return chromedp.Run(ctx,
		emulation.SetDeviceMetricsOverride(width, height, 1, mobile),
		emulation.SetTouchEmulationEnabled(mobile))
}

// Screenshot writes the whole page, also what is below the fold, to a PNG file.
func Screenshot(ctx context.Context, file string) error {
	var png []byte
	if err := chromedp.Run(ctx, chromedp.FullScreenshot(&png, 100)); err != nil {
		return err
	}
	return os.WriteFile(file, png, 0o644)
}
