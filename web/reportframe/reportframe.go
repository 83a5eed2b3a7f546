// Package reportframe stands around every page of a report of concern: its number and clock, whom it is about, who works
// with it, and the way to its other pages.
package reportframe

import (
	"context"
	"embed"
	"net/http"
	"strings"
	"time"

	"github.com/go-chi/chi/v5"

	"samspil/internal/actor"
	"samspil/internal/concern"
	"samspil/internal/db"
	"samspil/internal/i18n"
	"samspil/internal/signin"
	"samspil/web/frame"
	"samspil/web/link"
	"samspil/web/ui"
)

// Texts are the words that this package shows.
//
//go:embed text.*.json
var Texts embed.FS

// Open makes loading the session also open the report of the path, as caseframe does with a case. It stands before the
// session middleware in the routes below /underretninger/{ref}.
func Open(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		next.ServeHTTP(w, r.WithContext(signin.WithOpening(r.Context(), At(r))))
	})
}

// Ref is the reference of the report in the path.
func Ref(r *http.Request) string { return chi.URLParam(r, "ref") }

// At names the report of the path, and the page of it, for [db.DB.ReadCase] and [db.DB.InCase].
func At(r *http.Request) db.Case {
	ref := Ref(r)
	if !strings.HasPrefix(ref, "u") { // a case is no report
		ref = ""
	}
	part, _, _ := strings.Cut(strings.Trim(strings.TrimPrefix(r.URL.Path, link.Report(Ref(r))), "/"), "/")
	if part == "" {
		part = "underretning"
	}
	return db.Case{Ref: ref, Page: part}
}

// View is what the frame shows, and the whole report for the page inside it.
type View struct {
	Page   ui.Page
	Report concern.Full
	Now    time.Time
	Active string // "overview", "assessment", "screening", "receipt" or "case"
	Rights actor.Rights
}

// Read asks the questions of a page about the report of the path, and puts the frame around the answers.
func Read(d *db.DB, w http.ResponseWriter, r *http.Request, active string, queue func(*db.Batch)) (View, error) {
	ctx := r.Context()
	var f *frame.Frame
	var asked *concern.Asked
	var rights actor.Rights
	now, err := d.ReadCase(ctx, actor.From(ctx), At(r), func(b *db.Batch) {
		f, asked, rights = frame.Ask(b), concern.Get(b), b.Rights
		queue(b)
	})
	if err != nil {
		return View{}, err
	}
	full := asked.Full()
	return View{Page: f.Page(w, r, i18n.T(ctx, "reportframe."+active)+", "+full.Number, "reports"), Report: full, Now: now, Active: active, Rights: rights}, nil
}

// Write changes the report of the path, all of it or nothing.
func Write(d *db.DB, r *http.Request, fn func(ctx context.Context, tx *db.Tx) error) error {
	ctx := r.Context()
	return d.InCase(ctx, actor.From(ctx), At(r), func(tx *db.Tx) error { return fn(ctx, tx) })
}

// May reports whether the reader may do that with the report.
func (v View) May(right actor.Rights) bool { return v.Rights.May(right) }

// Clock is the report's countdown.
func (v View) Clock() ui.Countdown { return Countdown(v.Report.Clock(v.Now)) }

// Countdown shows a clock of a report.
func Countdown(c concern.Clock) ui.Countdown {
	return ui.Countdown{By: c.By, Met: c.Met, Now: c.Now, Hot: concern.RingWithin}
}

// Name is what the pages call whom the report is about, as the reporter did.
func (v View) Name(ctx context.Context) string {
	if c := v.Report.Child(); c.Name != "" {
		return c.Name
	}
	return i18n.T(ctx, "reportframe.unknown."+v.Report.Area)
}

func (v View) age(ctx context.Context) string {
	c := v.Report.Child()
	return Age(ctx, c.Born, c.Age, c.AgeOn, v.Now)
}

// Age is how old somebody of a report is: by the date of birth, or else about, as it was told on the day told. It is empty
// where nobody knows.
func Age(ctx context.Context, born *time.Time, about *int, told *time.Time, now time.Time) string {
	switch {
	case born != nil:
		return i18n.N(ctx, "caseframe.age", i18n.Age(*born, now))
	case about != nil && told != nil:
		return i18n.T(ctx, "reportframe.age.told", i18n.N(ctx, "caseframe.age", *about), i18n.Date(ctx, *told, now))
	}
	return ""
}

type tab struct{ key, href string }

func (v View) tabs() []tab {
	ref := v.Report.Ref
	all := []tab{{"overview", link.Report(ref)}}
	if v.May(actor.Write) {
		all = append(all, tab{"assessment", link.Assessment(ref)})
	}
	all = append(all, tab{"screening", link.Signs(link.Report(ref))})
	if v.May(actor.Note) {
		all = append(all, tab{"receipt", link.Receipt(ref)})
	}
	if v.Report.MakesCase {
		all = append(all, tab{"case", link.ReportCase(ref)})
	}
	return all
}
