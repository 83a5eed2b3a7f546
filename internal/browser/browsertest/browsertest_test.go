package browsertest

import (
	"context"
	"fmt"
	"image/png"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/chromedp/cdproto/network"
	"github.com/chromedp/cdproto/runtime"
	"github.com/chromedp/chromedp"
)

const policy = "default-src 'none'; script-src 'self'; style-src 'self'; connect-src *; img-src *; require-trusted-types-for 'script'"

// site serves one page with a script, under the strict policy of Samspil.
func site(t *testing.T, body, script string) string {
	t.Helper()
	srv := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		switch r.URL.Path {
		case "/a.js":
			w.Header().Set("Content-Type", "text/javascript")
			fmt.Fprint(w, script)
		case "/":
			w.Header().Set("Content-Type", "text/html; charset=utf-8")
			w.Header().Set("Content-Security-Policy", policy)
			fmt.Fprintf(w, `<!doctype html><html lang="da"><head><title>Prøve</title><meta name="viewport" content="width=device-width">
				<link rel="icon" href="/none"><script defer src="/a.js"></script></head><body>%s</body></html>`, body)
		default:
			http.NotFound(w, r)
		}
	}))
	t.Cleanup(srv.Close)
	return srv.URL
}

// record is a test that keeps its complaints to itself.
type record struct {
	testing.TB
	mu   sync.Mutex
	said []string
}

func (r *record) Errorf(format string, args ...any) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.said = append(r.said, fmt.Sprintf(format, args...))
}

func (r *record) complaints() string {
	r.mu.Lock()
	defer r.mu.Unlock()
	return strings.Join(r.said, "\n")
}

func TestGoodPageIsLeftInPeace(t *testing.T) {
	ctx := New(t)
	var text, language string
	run(t, ctx, chromedp.Navigate(site(t, `<main><h1>Goddag</h1></main>`, `document.querySelector("h1").textContent += " igen"`)),
		chromedp.Text("h1", &text), chromedp.Evaluate(`navigator.language`, &language))
	if text != "Goddag igen" || language != "da-DK" {
		t.Errorf("the page says %q, the browser speaks %s", text, language)
	}
	CheckAxe(t, ctx)
}

func TestPageThatMisbehavesFailsItsTest(t *testing.T) {
	for name, c := range map[string]struct{ body, script, want string }{
		"throws":            {`<h1>x</h1>`, `setTimeout(() => { throw new Error("nede") })`, "nede"},
		"rejects":           {`<h1>x</h1>`, `Promise.reject(new Error("nede"))`, "nede"},
		"has inline style":  {`<h1 style="color:red">x</h1>`, ``, "security of"},
		"has inline script": {`<h1>x</h1><script>1</script>`, ``, "security of"},
		"sets innerHTML":    {`<h1>x</h1>`, `document.body.innerHTML = "<p>"`, "TrustedHTML"},
		"asks elsewhere":    {`<h1>x</h1><img alt="" src="http://example.com/spion.png">`, ``, "asks another machine for http://example.com/spion.png"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			r := &record{TB: t}
			run(t, New(r), chromedp.Navigate(site(t, c.body, c.script)), chromedp.WaitVisible("h1"))
			for begun := time.Now(); !strings.Contains(r.complaints(), c.want); time.Sleep(10 * time.Millisecond) {
				if time.Since(begun) > 10*time.Second {
					t.Fatalf("complaints without %q: %s", c.want, r.complaints())
				}
			}
		})
	}
}

func TestBrowserReachesNoOtherMachine(t *testing.T) {
	r := &record{TB: t}
	ctx := New(r)
	run(t, ctx, chromedp.Navigate(site(t, `<h1>x</h1>`, ``)))
	for _, address := range []string{"https://example.com/", "http://192.0.2.1/", "http://[2001:db8::1]/", "https://1.1.1.1/"} {
		var reason string
		reached := make(chan struct{}, 10)
		chromedp.ListenTarget(ctx, func(e any) {
			if f, ok := e.(*network.EventLoadingFailed); ok {
				reason = f.ErrorText
				reached <- struct{}{}
			}
		})
		var got string
		run(t, ctx, chromedp.Evaluate(`fetch("`+address+`", {mode: "no-cors", signal: AbortSignal.timeout(5000)}).then(() => "reached", () => "refused")`, &got, awaitPromise))
		<-reached
		if got != "refused" || reason != "net::ERR_NAME_NOT_RESOLVED" {
			t.Errorf("%s: %s, %s", address, got, reason)
		}
	}
}

func TestTestsDoNotShareCookies(t *testing.T) {
	home := site(t, `<h1>x</h1>`, ``)
	one, two := New(t), New(t)
	var first, second string
	run(t, one, chromedp.Navigate(home), chromedp.Evaluate(`document.cookie = "hvem=mette"; document.cookie`, &first))
	run(t, two, chromedp.Navigate(home), chromedp.Evaluate(`document.cookie`, &second))
	if first != "hvem=mette" || second != "" {
		t.Errorf("cookies: %q and %q", first, second)
	}
}

func TestAxeFindsWhatIsWrong(t *testing.T) {
	ctx := New(t)
	run(t, ctx, chromedp.Navigate(site(t, `<main><h1>x</h1><img src="/none"><input></main>`, ``)))
	found, err := Axe(ctx)
	if err != nil {
		t.Fatal(err)
	}
	var ids []string
	for _, v := range found {
		ids = append(ids, v.ID)
	}
	if got := strings.Join(ids, " "); got != "image-alt label" {
		t.Errorf("axe found %q: %v", got, found)
	}
}

func TestPhoneAndPicture(t *testing.T) {
	ctx := New(t)
	if err := Viewport(ctx, 390, 844, true); err != nil {
		t.Fatal(err)
	}
	run(t, ctx, chromedp.Navigate(site(t, `<h1>x</h1>`+strings.Repeat("<p>linje</p>", 100), ``)))
	file := filepath.Join(t.TempDir(), "side.png")
	if err := Screenshot(ctx, file); err != nil {
		t.Fatal(err)
	}
	f, err := os.Open(file)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	if c, err := png.DecodeConfig(f); err != nil || c.Width != 390 || c.Height < 2000 {
		t.Errorf("picture of %d x %d: %v", c.Width, c.Height, err)
	}
}

func awaitPromise(p *runtime.EvaluateParams) *runtime.EvaluateParams { return p.WithAwaitPromise(true) }

func run(t *testing.T, ctx context.Context, actions ...chromedp.Action) {
	t.Helper()
	if err := chromedp.Run(ctx, actions...); err != nil {
		t.Fatal(err)
	}
}
