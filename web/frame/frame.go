// Package frame puts a page into the frame of the site: menu with its counts, recent cases, the message of the
// last action. A page asks for it in its own batch, so the frame costs no round trip.
package frame

import (
	"context"
	"net/http"

	"samspil/internal/actor"
	"samspil/internal/db"
	"samspil/internal/i18n"
	"samspil/web/link"
	"samspil/web/page"
	"samspil/web/ui"
)

// Frame is what surrounds a page.
type Frame struct{ counts *db.Found[counts] }

type counts struct {
	Cases, Due, Notices, Corrections int
	RecentRefs, RecentNumbers        []string
}

// Ask adds the frame's questions to the batch of a page.
func Ask(b *db.Batch) *Frame {
	return &Frame{db.Maybe[counts](b, `SELECT cases, due, notices, corrections, recent_refs, recent_numbers FROM app.frame()`, db.Args{})}
}

// IdleSeconds is when a session ends without activity, WarnSeconds how long before that the dialog asks.
// auth.session says the same.
const (
	IdleSeconds = 15 * 60
	WarnSeconds = 3 * 60
)

type readerKey struct{}

// WithReader returns a context that knows whom the frame greets.
func WithReader(ctx context.Context, r db.Reader) context.Context {
	return context.WithValue(ctx, readerKey{}, r)
}

// Page is the frame of a page. title names it in the tab, without any person; active is its place in the menu.
// A nil Frame, on error pages for instance, has a menu without counts.
func (f *Frame) Page(w http.ResponseWriter, r *http.Request, title, active string) ui.Page {
	ctx := r.Context()
	reader, _ := ctx.Value(readerKey{}).(db.Reader)
	who := actor.From(ctx)
	p := ui.Page{
		Title: title, Active: active, Actor: who, Municipality: reader.Municipality,
		Me:          ui.Person{Name: reader.Name, Title: reader.Title, PhotoURL: link.Photo(reader.PhotoID, "s")},
		IdleSeconds: IdleSeconds, WarnSeconds: WarnSeconds, Path: r.URL.Path,
		Nav: ui.Menu(ctx, who),
	}
	if c, err := r.Cookie(ui.HideCookie); err == nil {
		p.HideNames = c.Value == "1"
	}
	if flash, ok := page.TakeFlash(w, r); ok {
		args := make([]any, len(flash.Args))
		for i, a := range flash.Args {
			args[i] = a
		}
		p.Flash = &ui.FlashMsg{Text: i18n.T(ctx, flash.Key, args...), UndoURL: flash.Undo, Fields: flash.Fields}
		if flash.Warn {
			p.Flash.Kind = "warn"
		}
	}
	if f != nil && f.counts.OK {
		f.count(&p)
	}
	return p
}

func (f *Frame) count(p *ui.Page) {
	c := f.counts.Row
	for i := range p.Nav {
		switch n := &p.Nav[i]; n.Key {
		case "day":
			n.Count, n.Hot = c.Due+c.Notices, c.Due > 0
		case "cases":
			n.Count = c.Cases
		case "admin":
			n.Count, n.Hot = c.Corrections, false
		}
	}
	for i, number := range c.RecentNumbers {
		p.Recent = append(p.Recent, ui.RecentCase{Number: number, Href: link.Case(c.RecentRefs[i])})
	}
}

// Bare is the frame of a page outside the office: sign-in and lock.
func Bare(w http.ResponseWriter, r *http.Request, title string) ui.Page {
	p := (*Frame)(nil).Page(w, r, title, "")
	p.Bare, p.IdleSeconds = true, 0
	return p
}
