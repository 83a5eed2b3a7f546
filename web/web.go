// Package web is the HTTP face of the application: the order of the middleware, who may come how far,
// and the pages of the features put together. The list of all routes is in routes.go.
package web

import (
	"context"
	"errors"
	"log/slog"
	"net"
	"net/http"
	"net/url"
	"runtime/debug"
	"slices"
	"strings"
	"sync"
	"time"
	"unicode"
	"unicode/utf8"

	"github.com/alexedwards/scs/v2"
	"github.com/go-chi/chi/v5"

	"samspil/internal/actor"
	"samspil/internal/db"
	"samspil/internal/fault"
	"samspil/internal/i18n"
	"samspil/internal/keys"
	"samspil/internal/signin"
	"samspil/web/frame"
	"samspil/web/guard"
	"samspil/web/link"
	"samspil/web/page"
)

// Site is what the pages work with.
type Site struct {
	DB       *db.DB
	Desk     *signin.Desk
	Keys     keys.Keys
	Secure   bool       // cookies only over TLS; true wherever people work
	ProxyNet *net.IPNet // a reverse proxy whose X-Forwarded-For is believed
	Public   string     // the address that people know the site by, without a slash at its end; "" where none is configured

	// Working reports whether the background work of this process runs; nil where it has none of its own.
	Working func(context.Context) bool
}

// New returns the handler for the whole site.
func New(s Site) chi.Router {
	loadTexts()
	page.SignMessages(s.Keys.Messages())
	sessions := signin.NewSessions(s.Desk, s.DB, s.Secure)
	sessions.ErrorFunc = func(w http.ResponseWriter, r *http.Request, err error) {
		page.Fail(w, r, err)
	}
	r := chi.NewRouter()
	r.Use(guard.Headers, recoverPanics, language, errorPages, guard.StrictOrigin(foreign), soundAddress, limitBody, keepDrafts)
	s.routes(r, sessions)
	r.NotFound(page.Handle(func(http.ResponseWriter, *http.Request) error { return fault.NotFound }))
	r.MethodNotAllowed(page.Handle(func(http.ResponseWriter, *http.Request) error { return fault.NotFound }))
	return r
}

var loadTexts = sync.OnceFunc(func() {
	for _, texts := range texts {
		i18n.MustLoad(texts)
	}
})

// signedIn puts the actor of the session into the request's context, and sends everybody else to the sign-in.
func signedIn(sessions *scs.SessionManager) func(http.Handler) http.Handler {
	return func(next http.Handler) http.Handler {
		return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			reader, locked, ok := signin.Reader(r.Context(), sessions)
			if !ok {
				askToSignIn(w, r, locked)
				return
			}
			ctx := actor.With(r.Context(), reader.Actor)
			ctx = i18n.With(frame.WithReader(ctx, reader), reader.Lang)
			next.ServeHTTP(w, r.WithContext(ctx))
		})
	}
}

// maybeSignedIn is signedIn for pages that work for everybody.
func maybeSignedIn(sessions *scs.SessionManager) func(http.Handler) http.Handler {
	return func(next http.Handler) http.Handler {
		return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			if reader, _, ok := signin.Reader(r.Context(), sessions); ok {
				ctx := i18n.With(frame.WithReader(actor.With(r.Context(), reader.Actor), reader), reader.Lang)
				r = r.WithContext(ctx)
			}
			next.ServeHTTP(w, r)
		})
	}
}

func askToSignIn(w http.ResponseWriter, r *http.Request, locked bool) {
	switch {
	case r.Header.Get("Sec-Fetch-Mode") != "navigate" && r.Header.Get("Accept") == "application/json":
		w.WriteHeader(http.StatusUnauthorized) // the script asks whether the session lives
	case locked && r.Method == http.MethodGet && r.URL.Path != link.Home:
		http.Redirect(w, r, link.LockedAt(r.URL.Path), http.StatusSeeOther)
	case locked:
		http.Redirect(w, r, link.Locked, http.StatusSeeOther)
	case r.Method == http.MethodPost:
		page.Say(w, page.Flash{Key: "flash.expired", Warn: true})
		http.Redirect(w, r, link.SignIn, http.StatusSeeOther)
	case r.URL.Path == link.Home:
		http.Redirect(w, r, link.SignIn, http.StatusSeeOther)
	default:
		http.Redirect(w, r, link.SignIn+"?efter="+url.QueryEscape(r.URL.Path), http.StatusSeeOther)
	}
}

// language chooses the language of people who are not signed in: by their cookie or, for a guest who has none, by the letter that the
// link stood in. What the letter says is kept, for the pages that follow.
func language(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		lang := "da"
		if c, err := r.Cookie("lang"); err == nil {
			lang = c.Value
		} else if asked := r.URL.Query().Get("lang"); asked == "en" && strings.HasPrefix(r.URL.Path, guard.Guests) {
			lang = asked
			page.RememberLang(w, lang)
		}
		next.ServeHTTP(w, r.WithContext(i18n.With(r.Context(), lang)))
	})
}

func errorPages(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		next.ServeHTTP(w, r.WithContext(page.WithErrorPage(r.Context(), showError)))
	})
}

// showError writes an error page. What one may not see and what does not exist look the same.
func showError(w http.ResponseWriter, r *http.Request, status int, code string) {
	if status == http.StatusUnauthorized {
		askToSignIn(w, r, false)
		return
	}
	if status == http.StatusForbidden && r.Method == http.MethodGet {
		status = http.StatusNotFound
	}
	v := errorView{Status: status, Code: code}
	if actor.From(r.Context()).Role == "" {
		v.Page = frame.Bare(w, r, "")
	} else {
		v.Page = (*frame.Frame)(nil).Page(w, r, "", "")
	}
	v.Page.Title = i18n.T(r.Context(), v.key()+".title")
	if err := page.Render(w, r, status, errorPage(v)); err != nil {
		slog.ErrorContext(r.Context(), "error page", page.Logged(err))
		http.Error(w, http.StatusText(status), status)
	}
}

// recoverPanics turns a bug into an error page, with the place of it in the log.
func recoverPanics(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		defer func() {
			if p := recover(); p != nil && p != http.ErrAbortHandler {
				slog.ErrorContext(r.Context(), "panic", "path", page.LoggedPath(r), "stack", string(debug.Stack()))
				page.Fail(w, r, errors.New("panic"))
			}
		}()
		next.ServeHTTP(w, r)
	})
}

// soundAddress answers "not found" to an address with something in it that is no text: no link of ours has any, and
// Postgres would refuse it as an error.
func soundAddress(next http.Handler) http.Handler {
	unsound := func(s string) bool {
		return !utf8.ValidString(s) || strings.ContainsFunc(s, func(c rune) bool { return unicode.IsControl(c) && c != '\n' && c != '\r' && c != '\t' })
	}
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		bad := unsound(r.URL.Path)
		for _, values := range r.URL.Query() {
			bad = bad || slices.ContainsFunc(values, unsound)
		}
		if bad {
			page.Fail(w, r, fault.NotFound)
			return
		}
		next.ServeHTTP(w, r)
	})
}

// limitBody refuses bodies that no form of ours has, and requests that take too long.
func limitBody(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		limit := int64(page.MaxForm)
		if r.Header.Get("Content-Type") != "" && len(r.Header.Get("Content-Type")) > 19 && r.Header.Get("Content-Type")[:19] == "multipart/form-data" {
			limit = page.MaxUpload
			if strings.HasPrefix(r.URL.Path, guard.Guests) {
				limit = page.MaxGuestUpload
			}
		}
		r.Body = http.MaxBytesReader(w, r.Body, limit)
		next.ServeHTTP(w, r)
	})
}

// keepDrafts saves a draft although its writer has left the page meanwhile, and the browser has hung up: the words have come,
// and would be lost (R13). A form that did not come whole, or is too long, is refused: it would write over what is kept.
func keepDrafts(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.Method == http.MethodPost && strings.HasSuffix(r.URL.Path, "/kladde") {
			if r.ParseForm() != nil {
				page.Fail(w, r, fault.Invalid{"": "error.too_long"})
				return
			}
			ctx, done := context.WithTimeout(context.WithoutCancel(r.Context()), draftTime)
			defer done()
			r = r.WithContext(ctx)
		}
		next.ServeHTTP(w, r)
	})
}

// draftTime is how long the saving of a draft may take when nobody waits for it.
const draftTime = 20 * time.Second

// foreign answers a request that another site has made the browser send: a link home, and nothing done.
func foreign(w http.ResponseWriter, r *http.Request) {
	status := http.StatusOK
	if r.Method == http.MethodPost {
		status = http.StatusForbidden
	}
	_ = page.Render(w, r, status, foreignPage(frame.Bare(w, r, i18n.T(r.Context(), "error.foreign.title")))) // nothing better to say
}

// Server is an http.Server with the time limits of this site.
func Server(h http.Handler) *http.Server {
	return &http.Server{Handler: h, ReadHeaderTimeout: 5 * time.Second, ReadTimeout: 30 * time.Second, WriteTimeout: 60 * time.Second, IdleTimeout: 2 * time.Minute, MaxHeaderBytes: 32 << 10}
}
