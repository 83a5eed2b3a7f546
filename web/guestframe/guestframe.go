// Package guestframe is the door for somebody at a partner who has no account: their link asks for a code, and what is behind it
// is shown by the pages of what the link is about, inside the frame of this package (docs/adr/0019-guests.md).
//
// The first page is the same for every link, the wrong ones too, and asks nothing of the database: mail scanners open links. What
// is refused is one page, whatever is wrong.
package guestframe

import (
	"embed"
	"errors"
	"net"
	"net/http"

	"github.com/go-chi/chi/v5"

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

// Door lets guests in.
type Door struct {
	DB       *db.DB
	Desk     *signin.Desk
	Secure   bool       // cookies only over TLS
	ProxyNet *net.IPNet // a reverse proxy whose X-Forwarded-For is believed

	// Pages shows what a link is about, by the word of app.guest_link.about: "involvement", "seat", "verify".
	Pages map[string]Handle
}

// Handle answers a guest who is in.
type Handle func(w http.ResponseWriter, r *http.Request, g db.Guest) error

// Routes are the pages of the door itself, below the address of a link.
func (d Door) Routes(r chi.Router) {
	r.Get("/", page.Handle(d.open))
	r.Post("/", page.Handle(d.enter))
	r.Post("/luk", page.Handle(d.leave))
	r.Post("/ring", page.Handle(d.call))
}

// In is a page behind the door, below the address of a link: who is not in, or not any more, meets the question for a code.
func (d Door) In(fn Handle) http.HandlerFunc {
	return page.Handle(func(w http.ResponseWriter, r *http.Request) error {
		g := d.guest(r)
		if g.Session == "" {
			return d.giveBack(w, r)
		}
		err := fn(w, r, g)
		if errors.Is(err, fault.SignedOut) {
			return d.giveBack(w, r)
		}
		return err
	})
}

func (d Door) open(w http.ResponseWriter, r *http.Request) error {
	g := d.guest(r)
	if g.Session == "" {
		return d.ask(w, r, http.StatusOK, nil)
	}
	about, err := d.DB.About(r.Context(), g)
	if show := d.Pages[about]; err == nil && show != nil {
		err = show(w, r, g)
	} else if err == nil {
		err = fault.NotFound
	}
	if errors.Is(err, fault.SignedOut) {
		return d.ask(w, r, http.StatusOK, nil)
	}
	return err
}

func (d Door) enter(w http.ResponseWriter, r *http.Request) error {
	token := page.Param(r, "token")
	session, err := d.Desk.EnterGuest(r.Context(), token, digits(page.ReadForm(r).Text("code")), guard.Network(r, d.ProxyNet))
	if errors.Is(err, signin.ErrWrong) {
		return d.refuse(w, r)
	} else if err != nil {
		return err
	}
	d.keep(w, token, session, 0)
	return page.Redirect(w, r, link.Guest(token))
}

func (d Door) leave(w http.ResponseWriter, r *http.Request) error {
	g := d.guest(r)
	if g.Session != "" {
		if err := d.Desk.LeaveGuest(r.Context(), g.Token, g.Session); err != nil {
			return err
		}
	}
	d.keep(w, g.Token, "", -1)
	w.Header().Set("Clear-Site-Data", `"cache"`)
	return page.Render(w, r, http.StatusOK, leftPage(Page(w, r, "guest.left.title")))
}

// call asks for the telephone call in which the code is read out. What it shows is the same for every link, and for those that there
// are not.
func (d Door) call(w http.ResponseWriter, r *http.Request) error {
	token := page.Param(r, "token")
	if err := d.Desk.AskForCall(r.Context(), token, guard.Network(r, d.ProxyNet)); err != nil {
		return err
	}
	return page.Render(w, r, http.StatusOK, calledPage(Page(w, r, "guest.called.title"), link.Guest(token)))
}

// refuse says that it does not fit, and not what.
func (d Door) refuse(w http.ResponseWriter, r *http.Request) error {
	return d.ask(w, r, http.StatusUnprocessableEntity, fault.Invalid{"code": "guest.wrong"})
}

func (d Door) ask(w http.ResponseWriter, r *http.Request, status int, bad fault.Invalid) error {
	return d.show(w, r, status, askView{Bad: bad})
}

func (d Door) show(w http.ResponseWriter, r *http.Request, status int, v askView) error {
	bad := v.Bad
	v.Page, v.Action = Page(w, r, "guest.ask.title"), link.Guest(page.Param(r, "token"))
	v.Page.Invalid = len(bad) > 0
	return page.Render(w, r, status, askPage(v))
}

type askView struct {
	Page   ui.Page
	Action string
	Bad    fault.Invalid
	Words  string // what was just posted behind a door that is shut now, to be copied
	File   bool   // there was a file with it
}

// Page is the frame of a page for guests: no menu, the other language, and nothing about the office.
func Page(w http.ResponseWriter, r *http.Request, title string) ui.Page {
	p := frame.Bare(w, r, i18n.T(r.Context(), title))
	p.Path = link.Guest(page.Param(r, "token"))
	return p
}

// guest is who asks, by the address and the cookie of this link.
func (d Door) guest(r *http.Request) db.Guest {
	g := db.Guest{Token: page.Param(r, "token")}
	if c, err := r.Cookie(d.cookie()); err == nil && len(c.Value) < 200 {
		g.Session = c.Value
	}
	return g
}

func (d Door) cookie() string {
	if d.Secure {
		return "__Secure-guest"
	}
	return "guest"
}

// keep sets the cookie of one link: two links in one browser do not know of each other.
func (d Door) keep(w http.ResponseWriter, token, session string, maxAge int) {
	http.SetCookie(w, &http.Cookie{Name: d.cookie(), Value: session, Path: link.Guest(token), HttpOnly: true, Secure: d.Secure, SameSite: http.SameSiteLaxMode, MaxAge: maxAge})
}

// digits leaves the spaces out with which people write a code down.
func digits(typed string) string {
	var out []rune
	for _, c := range typed {
		if c != ' ' && c != '-' {
			out = append(out, c)
		}
	}
	return string(out)
}
