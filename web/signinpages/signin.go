// Package signinpages lets people in and out: sign-in, the lock screen, sign-out, and keeping a session alive.
package signinpages

import (
	"crypto/rand"
	"embed"
	"errors"
	"net"
	"net/http"
	"net/url"
	"strings"
	"time"

	"github.com/alexedwards/scs/v2"
	"github.com/go-chi/chi/v5"
	"github.com/google/uuid"

	"samspil/internal/actor"
	"samspil/internal/db"
	"samspil/internal/fault"
	"samspil/internal/i18n"
	"samspil/internal/signin"
	"samspil/web/frame"
	"samspil/web/guard"
	"samspil/web/link"
	"samspil/web/page"
	"samspil/web/ui"
)

// Texts are the words that this package shows.
//
//go:embed text.*.json
var Texts embed.FS

// Handler serves the pages of this package.
type Handler struct {
	DB       *db.DB
	Desk     *signin.Desk
	Sessions *scs.SessionManager
	// ProxyNet is the network of a reverse proxy whose X-Forwarded-For is believed; nil without one.
	ProxyNet *net.IPNet
}

// Public adds the pages that need no session.
func (h Handler) Public(r chi.Router) {
	r.Get(link.SignIn, page.Handle(h.showSignIn))
	r.Post(link.SignIn, page.Handle(h.signIn))
	r.Get(link.Locked, page.Handle(h.showLocked))
	r.Post(link.Locked, page.Handle(h.unlock))
	r.Post(link.SignOut, page.Handle(h.signOut)) // also with a locked or dead session
	r.Post(ui.PostLang, page.Handle(h.language))
	r.Post(ui.PostHide, page.Handle(h.hideNames))
}

// SignedIn adds the pages of one's own session.
func (h Handler) SignedIn(r chi.Router) {
	r.Post(link.Lock, page.Handle(h.lock))
	r.Post("/log-ud/alle", page.Handle(h.signOutEverywhere))
	r.Post(ui.PostRenew, page.Handle(h.renew))
	r.Get("/session/lever", page.Handle(h.renew))
	r.Get(link.Profile, page.Handle(h.showProfile))
	r.Post(link.Profile, page.Handle(h.saveProfile))
}

type signInForm struct {
	Page  ui.Page
	Email string
	After string // where to go on to, a path on this site
	Bad   fault.Invalid
	Wait  string // how long, when there have been too many guesses
	Lock  bool   // the lock screen: Email is fixed
	Name  string // of the person behind the lock
}

func (h Handler) showSignIn(w http.ResponseWriter, r *http.Request) error {
	if actor.From(r.Context()).Role != "" {
		return page.Redirect(w, r, link.Home)
	}
	v := signInForm{Page: frame.Bare(w, r, i18n.T(r.Context(), "signin.title")), After: localPath(r.URL.Query().Get("efter"))}
	return page.Render(w, r, http.StatusOK, signInPage(v))
}

func (h Handler) signIn(w http.ResponseWriter, r *http.Request) error {
	ctx, form := r.Context(), page.ReadForm(r)
	v := signInForm{Email: form.Text("email"), After: localPath(form.Text("efter")), Bad: fault.Invalid{}}
	password, device := form.Secret("password"), h.device(r)
	v.Bad.Check("email", v.Email != "", "signin.email.missing")
	v.Bad.Check("password", password != "", "signin.password.missing")
	if len(v.Bad) > 0 {
		return h.refuse(w, r, v, http.StatusUnprocessableEntity)
	}
	who, err := h.Desk.Check(ctx, signin.Attempt{Email: v.Email, Password: password, Net: h.network(r), Device: device})
	if status, refused := v.explain(r, err); refused {
		return h.refuse(w, r, v, status)
	} else if err != nil {
		return err
	}
	if device == "" {
		device = rand.Text() + rand.Text()
	}
	if err := signin.Start(ctx, h.Sessions, who, device); err != nil {
		return err
	}
	http.SetCookie(w, &http.Cookie{Name: h.cookieName("device"), Value: device, Path: "/", HttpOnly: true, Secure: h.Sessions.Cookie.Secure, SameSite: http.SameSiteLaxMode, MaxAge: 365 * 24 * 3600})
	if v.After != "" {
		return page.Redirect(w, r, v.After)
	}
	return h.toStart(w, r, who)
}

// toStart sends somebody to where their role opens the day.
func (h Handler) toStart(w http.ResponseWriter, r *http.Request, who uuid.UUID) error {
	role, err := h.Desk.Role(r.Context(), who)
	if err != nil {
		return err
	}
	return page.Redirect(w, r, link.StartPage(string(role)))
}

// explain turns a failed check into what the form says, and reports whether it was one.
func (v *signInForm) explain(r *http.Request, err error) (int, bool) {
	var wait signin.Wait
	switch {
	case errors.Is(err, signin.ErrWrong):
		v.Bad = fault.Invalid{"password": "signin.wrong"}
		if v.Lock { // who it is stands there; only the password can be wrong
			v.Bad["password"] = "signin.wrong_password"
		}
		return http.StatusUnprocessableEntity, true
	case errors.As(err, &wait):
		minutes := int((wait.For + time.Minute - 1) / time.Minute)
		v.Wait = i18n.N(r.Context(), "signin.wait", minutes)
		return http.StatusTooManyRequests, true
	}
	return 0, false
}

func (h Handler) refuse(w http.ResponseWriter, r *http.Request, v signInForm, status int) error {
	key := "signin.title"
	if v.Lock {
		key = "signin.locked"
	}
	v.Page = frame.Bare(w, r, i18n.T(r.Context(), key))
	v.Page.Invalid = true
	return page.Render(w, r, status, signInPage(v))
}

func (h Handler) showLocked(w http.ResponseWriter, r *http.Request) error {
	email, name, err := h.Desk.Locked(r.Context(), h.Sessions.Token(r.Context()))
	if errors.Is(err, fault.SignedOut) {
		return page.Redirect(w, r, link.SignIn)
	} else if err != nil {
		return err
	}
	v := signInForm{Page: frame.Bare(w, r, i18n.T(r.Context(), "signin.locked")), Email: email, Name: name, Lock: true, After: localPath(r.URL.Query().Get("efter"))}
	return page.Render(w, r, http.StatusOK, signInPage(v))
}

func (h Handler) unlock(w http.ResponseWriter, r *http.Request) error {
	ctx, form := r.Context(), page.ReadForm(r)
	token := h.Sessions.Token(ctx)
	email, name, err := h.Desk.Locked(ctx, token)
	if errors.Is(err, fault.SignedOut) {
		return page.Redirect(w, r, link.SignIn)
	} else if err != nil {
		return err
	}
	v := signInForm{Email: email, Name: name, Lock: true, After: localPath(form.Text("efter"))}
	who, err := h.Desk.Check(ctx, signin.Attempt{Email: email, Password: form.Secret("password"), Net: h.network(r), Device: h.device(r)})
	if status, refused := v.explain(r, err); refused {
		return h.refuse(w, r, v, status)
	} else if err != nil {
		return err
	}
	if err := h.Desk.Unlock(ctx, token, who); err != nil {
		return page.Redirect(w, r, link.SignIn)
	}
	if v.After != "" {
		return page.Redirect(w, r, v.After)
	}
	return h.toStart(w, r, who)
}

// lock remembers where the person was: the work goes on there.
func (h Handler) lock(w http.ResponseWriter, r *http.Request) error {
	if err := h.DB.Lock(r.Context(), actor.From(r.Context()).Token); err != nil {
		return err
	}
	w.Header().Set("Clear-Site-Data", `"cache"`)
	to := localPath(page.ReadForm(r).Text("return"))
	if routes := chi.RouteContext(r.Context()); to == "" || !routes.Routes.Match(chi.NewRouteContext(), http.MethodGet, to) {
		return page.Redirect(w, r, link.Locked) // a refused form may stand at an address that only takes forms
	}
	return page.Redirect(w, r, link.LockedAt(to))
}

func (h Handler) signOut(w http.ResponseWriter, r *http.Request) error {
	if err := h.Sessions.Destroy(r.Context()); err != nil {
		return err
	}
	return h.signedOut(w, r)
}

func (h Handler) signOutEverywhere(w http.ResponseWriter, r *http.Request) error {
	ctx := r.Context()
	if err := h.DB.InTx(ctx, actor.From(ctx), func(tx *db.Tx) error { return signin.CloseAll(ctx, tx) }); err != nil {
		return err
	}
	return h.signOut(w, r)
}

// signedOut makes the browser forget: a shared machine must not show the case again after Back (security.md 5.4).
func (h Handler) signedOut(w http.ResponseWriter, r *http.Request) error {
	w.Header().Set("Clear-Site-Data", `"cache", "storage"`)
	http.SetCookie(w, &http.Cookie{Name: ui.HideCookie, Path: "/", MaxAge: -1})
	return page.Done(w, r, "flash.signed_out", link.SignIn)
}

// renew tells that the session lives; that it was asked has moved its idle time-out.
func (h Handler) renew(w http.ResponseWriter, r *http.Request) error {
	w.WriteHeader(http.StatusNoContent)
	return nil
}

func (h Handler) language(w http.ResponseWriter, r *http.Request) error {
	ctx, form := r.Context(), page.ReadForm(r)
	lang := form.Text("lang")
	if lang != "da" && lang != "en" {
		return fault.NotFound
	}
	if who := actor.From(ctx); who.Role != "" {
		wishes := signin.Profile{Lang: lang, Theme: who.Theme, Density: who.Density, Shortcuts: who.Shortcuts}
		if err := h.DB.InTx(ctx, who, func(tx *db.Tx) error { return signin.SetProfile(ctx, tx, wishes) }); err != nil {
			return err
		}
	}
	page.RememberLang(w, lang)
	return back(w, r, form)
}

func (h Handler) hideNames(w http.ResponseWriter, r *http.Request) error {
	c := &http.Cookie{Name: ui.HideCookie, Value: "1", Path: "/", SameSite: http.SameSiteLaxMode} // read by the script
	if old, err := r.Cookie(ui.HideCookie); err == nil && old.Value == "1" {
		c.MaxAge = -1
	}
	http.SetCookie(w, c)
	return back(w, r, page.ReadForm(r))
}

func back(w http.ResponseWriter, r *http.Request, form *page.Form) error {
	to := localPath(form.Text("return"))
	if to == "" {
		to = link.Home
	}
	return page.Redirect(w, r, to)
}

// localPath returns p if it is a path on this site, else "": nobody is sent elsewhere. Browsers read a backslash as a
// slash and leave tabs and line ends out, so an address with any of these is nobody's of ours.
func localPath(p string) string {
	u, err := url.Parse(p) // refuses control characters
	if err != nil || u.Scheme != "" || u.Host != "" || !strings.HasPrefix(p, "/") || strings.HasPrefix(p, "//") || strings.Contains(p, "\\") {
		return ""
	}
	return p
}

func (h Handler) cookieName(name string) string {
	if h.Sessions.Cookie.Secure {
		return "__Host-" + name
	}
	return name
}

func (h Handler) device(r *http.Request) string {
	if c, err := r.Cookie(h.cookieName("device")); err == nil && len(c.Value) < 200 {
		return c.Value
	}
	return ""
}

// network is the network a request comes from.
func (h Handler) network(r *http.Request) string { return guard.Network(r, h.ProxyNet) }
