// Package frame puts a page into the frame of the site: menu with its counts, recent cases, the message of the
// last action. A page asks for it in its own batch, so the frame costs no round trip.
package frame

import (
	"context"
	"net/http"
	"slices"

	"samspil/internal/actor"
	"samspil/internal/db"
	"samspil/internal/i18n"
	"samspil/web/link"
	"samspil/web/page"
	"samspil/web/ui"
)

// Frame is what surrounds a page.
type Frame struct {
	counts  *db.Found[counts]
	reports *db.Found[reports]
}

type counts struct {
	Cases, Due, Notices, Corrections int
	RecentRefs, RecentNumbers        []string
}

// reports are the reports of concern that wait for the reader (R2). Business says whether they have anything to do with any.
type reports struct {
	Business               bool
	Unassessed, Soon, Past int
	NextRef                string
	WithoutCase            int
}

// Ask adds the frame's questions to the batch of a page.
func Ask(b *db.Batch) *Frame {
	return &Frame{db.Maybe[counts](b, `SELECT cases, due, notices, corrections, recent_refs, recent_numbers FROM app.frame()`, db.Args{}),
		db.Maybe[reports](b, `SELECT business, unassessed, soon, past, coalesce(next_ref, '') AS next_ref, without_case FROM app.report_frame()`, db.Args{})}
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
	if f != nil && f.reports.OK {
		f.ring(ctx, &p, active)
	}
	return p
}

// ring shows the reports in the menu to those who have to do with them, and rings while a clock runs out.
func (f *Frame) ring(ctx context.Context, p *ui.Page, active string) {
	r := f.reports.Row
	p.Unassessed, p.WithoutCase = r.Unassessed, r.WithoutCase
	if r.Business || active == "reports" {
		p.Nav = slices.Insert(p.Nav, 1, ui.NavItem{Key: "reports", Href: link.Reports, Icon: "time", Text: i18n.T(ctx, "ui.nav.reports"), Count: r.Unassessed + r.WithoutCase, Hot: r.Soon+r.Past > 0})
	}
	if r.Soon+r.Past > 0 {
		p.Bell = &ui.Bell{Soon: r.Soon, Past: r.Past, Href: link.Assessment(r.NextRef)}
	}
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
