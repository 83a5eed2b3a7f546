package ui

import (
	"context"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"

	"samspil/internal/browser/browsertest"
	"samspil/internal/i18n"
)

// office is the gallery with the answers that the script counts on.
type office struct {
	*httptest.Server
	mu    sync.Mutex
	posts []string // path and body, in the order they came
}

func newOffice(t *testing.T) *office {
	o := &office{}
	pages := galleryServer()
	o.Server = httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.Method == http.MethodGet {
			pages.ServeHTTP(w, r)
			return
		}
		body, _ := io.ReadAll(r.Body)
		o.mu.Lock()
		o.posts = append(o.posts, r.URL.Path+" "+string(body))
		o.mu.Unlock()
		switch r.URL.Path {
		case "/udfoert":
			if r.Header.Get("Accept") != "text/html; fragment=row" {
				http.Error(w, "a whole page was asked for", http.StatusBadRequest)
				return
			}
			fmt.Fprint(w, `<tr data-say="Udført."><th scope="row"><a class="tt" href="#">Nu udført</a></th><td></td></tr>`)
		case "/kladde":
			fmt.Fprint(w, "Kladde gemt kl. 10.28")
		case PostRenew:
			w.WriteHeader(http.StatusNoContent)
		default:
			time.Sleep(300 * time.Millisecond)
			http.Redirect(w, r, "/g/da/bare", http.StatusSeeOther)
		}
	}))
	t.Cleanup(o.Close)
	return o
}

// posted returns the posts to a path so far.
func (o *office) posted(path string) (list []string) {
	o.mu.Lock()
	defer o.mu.Unlock()
	for _, p := range o.posts {
		if strings.HasPrefix(p, path+" ") {
			list = append(list, p)
		}
	}
	return list
}

func run(t *testing.T, ctx context.Context, actions ...chromedp.Action) {
	t.Helper()
	if err := chromedp.Run(ctx, actions...); err != nil {
		t.Fatal(err)
	}
}

func eval[T any](t *testing.T, ctx context.Context, js string) (v T) {
	t.Helper()
	run(t, ctx, chromedp.Evaluate(js, &v))
	return v
}

// until waits for something that the page does in its own time.
func until(t *testing.T, what string, ok func() bool) {
	t.Helper()
	for end := time.Now().Add(15 * time.Second); time.Now().Before(end); time.Sleep(30 * time.Millisecond) {
		if ok() {
			return
		}
	}
	t.Fatal("still waiting: " + what)
}

func TestEveryPartIsAccessibleOnScreenAndPhone(t *testing.T) {
	o, ctx := newOffice(t), browsertest.New(t)
	for _, width := range []int64{1440, 390, 320} {
		if err := browsertest.Viewport(ctx, width, 900, width < 500); err != nil {
			t.Fatal(err)
		}
		for name := range examples {
			for _, lang := range i18n.Languages {
				if lang == "en" && width != 1440 {
					continue
				}
				run(t, ctx, chromedp.Navigate(o.URL+"/g/"+lang+"/"+name))
				if width == 320 {
					if over := eval[int](t, ctx, `document.documentElement.scrollWidth - innerWidth`); over > 0 {
						t.Errorf("%s scrolls sideways by %d at 320 px", name, over)
					}
					continue
				}
				browsertest.CheckAxe(t, ctx)
			}
		}
	}
}

func TestThePaletteGoesWhereItSaysAndPostsTheRest(t *testing.T) {
	o, ctx := newOffice(t), browsertest.New(t)
	run(t, ctx, chromedp.Navigate(o.URL+"/g/da/dag"), chromedp.KeyEvent("k", chromedp.KeyModifiers(2)))
	if !eval[bool](t, ctx, `document.querySelector('#pal').open && document.activeElement.id === 'palq'`) {
		t.Fatal("Ctrl+K opens nothing")
	}
	browsertest.CheckAxe(t, ctx)
	run(t, ctx, chromedp.SendKeys("#palq", "partn"))
	if got := eval[string](t, ctx, `document.getElementById(document.querySelector('#palq').getAttribute('aria-activedescendant')).dataset.href`); got != "/partnere" {
		t.Errorf("the chosen line leads to %q", got)
	}
	run(t, ctx, chromedp.KeyEvent(kb.Enter))
	until(t, "going to the partners", func() bool { return eval[string](t, ctx, `location.pathname`) == "/partnere" })

	run(t, ctx, chromedp.Navigate(o.URL+"/g/da/dag"), chromedp.KeyEvent("k", chromedp.KeyModifiers(2)), chromedp.SendKeys("#palq", "Amira S"+kb.Enter))
	until(t, "the search to be posted", func() bool { return slices.Equal(o.posted("/soeg"), []string{"/soeg q=Amira+S"}) })
	if address := eval[string](t, ctx, `location.href`); strings.Contains(address, "Amira") {
		t.Errorf("a name reached the address %s", address)
	}
}

func TestHidingNamesIsRememberedAndShownOnTheButton(t *testing.T) {
	o, ctx := newOffice(t), browsertest.New(t)
	run(t, ctx, chromedp.Navigate(o.URL+"/g/da/dag"), chromedp.Click("[data-hide] button"))
	if got := eval[string](t, ctx, `[document.documentElement.className, document.cookie, document.querySelector('[data-hide] button').innerText.trim(), document.querySelector('[data-hide] button').ariaPressed].join()`); got != "blur,skjul=1,Vis navne,true" {
		t.Error(got)
	}
	if len(o.posted(PostHide)) > 0 {
		t.Error("the page was left for it")
	}
}

func TestTheScreenIsCoveredBeforeTheSessionIsLocked(t *testing.T) {
	o, ctx := newOffice(t), browsertest.New(t)
	run(t, ctx, chromedp.Navigate(o.URL+"/g/da/form"), chromedp.SendKeys("#why", "Uden for skolen"))
	run(t, ctx, chromedp.KeyEvent(kb.Shift), chromedp.KeyEvent("a"), chromedp.KeyEvent(kb.Shift), chromedp.KeyEvent(kb.Shift))
	if len(o.posted("/laas")) > 0 {
		t.Fatal("two Shifts and a letter locked the screen")
	}
	run(t, ctx, chromedp.KeyEvent("b"), chromedp.KeyEvent(kb.Shift), chromedp.KeyEvent(kb.Shift), chromedp.KeyEvent(kb.Shift))
	until(t, "the lock", func() bool { return len(o.posted("/laas")) == 1 })
	if drafts := o.posted("/kladde"); len(drafts) == 0 || !strings.Contains(drafts[0], "Uden+for+skolen") {
		t.Errorf("the draft was lost: %q", drafts)
	}
}

func TestAStepIsTickedInPlace(t *testing.T) {
	o, ctx := newOffice(t), browsertest.New(t)
	run(t, ctx, chromedp.Navigate(o.URL+"/g/da/dag"), chromedp.Click("tr form[data-frag] button"))
	until(t, "the new row", func() bool {
		return eval[bool](t, ctx, `document.querySelector('#live').textContent === 'Udført.' && document.activeElement.innerText === 'Nu udført'`)
	})
	if n := len(o.posted("/udfoert")); n != 1 {
		t.Errorf("posted %d times", n)
	}
}

func TestADraftIsSavedWhenTheFormIsLeft(t *testing.T) {
	o, ctx := newOffice(t), browsertest.New(t)
	run(t, ctx, chromedp.Navigate(o.URL+"/g/da/form"), chromedp.SendKeys("#why", strings.Repeat("å", 201)))
	if got := eval[string](t, ctx, `document.querySelector('#why-left').textContent`); got != "1 tegn for meget" {
		t.Errorf("the counter says %q", got)
	}
	run(t, ctx, chromedp.Focus(".bar .find"))
	until(t, "the draft", func() bool {
		return eval[string](t, ctx, `document.querySelector('[data-draft-state]').textContent`) == "Kladde gemt kl. 10.28"
	})
}

func TestAFormIsSentOnce(t *testing.T) {
	o, ctx := newOffice(t), browsertest.New(t)
	run(t, ctx, chromedp.Navigate(o.URL+"/g/da/bare"), chromedp.Evaluate(`for (let i = 0; i < 3; i++) document.querySelector('form.panel button').click()`, nil))
	until(t, "the form", func() bool { return len(o.posted("/g/da/bare")) > 0 })
	time.Sleep(500 * time.Millisecond)
	if n := len(o.posted("/g/da/bare")); n != 1 {
		t.Errorf("sent %d times", n)
	}
}

func TestTheEndOfTheSessionIsAnnounced(t *testing.T) {
	o, ctx := newOffice(t), browsertest.New(t)
	run(t, ctx, chromedp.Navigate(o.URL+"/g/da/kort"))
	open := func() bool { return eval[bool](t, ctx, `!!document.querySelector('#idle')?.open`) }
	until(t, "the question", open)
	browsertest.CheckAxe(t, ctx)
	if !eval[bool](t, ctx, `document.activeElement.matches('[data-stay]')`) {
		t.Error("the answer has not got the focus")
	}
	run(t, ctx, chromedp.KeyEvent(kb.Enter))
	until(t, "the renewal", func() bool { return len(o.posted(PostRenew)) == 1 && !open() })
	until(t, "the lock", func() bool { return len(o.posted("/laas")) == 1 })
}

func TestSingleLettersWorkOnlyWhereTheyAreTurnedOn(t *testing.T) {
	o, ctx := newOffice(t), browsertest.New(t)
	focus := `document.activeElement.closest('tr')?.rowIndex ?? -1`
	run(t, ctx, chromedp.Navigate(o.URL+"/g/da/dag"), chromedp.KeyEvent("j"))
	if eval[int](t, ctx, focus) != -1 {
		t.Error("j moved although shortcuts are off")
	}
	run(t, ctx, chromedp.Navigate(o.URL+"/g/da/kort"), chromedp.KeyEvent("jjk"))
	if got := eval[int](t, ctx, focus); got != 0 {
		t.Errorf("j j k ends in row %d", got)
	}
	run(t, ctx, chromedp.KeyEvent("gp"))
	until(t, "the partners", func() bool { return eval[string](t, ctx, `location.pathname`) == "/partnere" })
}
