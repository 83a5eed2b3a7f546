// Package caseframe stands around every page of a case: who it is about, how they may be contacted,
// and the way to its other pages. It never changes place.
package caseframe

import (
	"context"
	"embed"
	"net/http"
	"strings"
	"time"

	"samspil/internal/actor"
	"samspil/internal/casefile"
	"samspil/internal/db"
	"samspil/internal/i18n"
	"samspil/internal/reference"
	"samspil/internal/signin"
	"samspil/web/frame"
	"samspil/web/link"
	"samspil/web/ui"
)

// Texts are the words that this package shows.
//
//go:embed text.*.json
var Texts embed.FS

// Open makes loading the session also open the case of the path, so that opening costs no round trip of its own.
// It stands before the session middleware in the routes below /sager/{ref}.
func Open(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		next.ServeHTTP(w, r.WithContext(signin.WithOpening(r.Context(), At(r))))
	})
}

// At names the case of the path, and the page of it, for [db.DB.ReadCase] and [db.DB.InCase].
func At(r *http.Request) db.Case {
	ref := Ref(r)
	if strings.HasPrefix(ref, "u") { // a report of concern is no case, though the door is the same
		ref = ""
	}
	part, _, _ := strings.Cut(strings.Trim(strings.TrimPrefix(r.URL.Path, link.Case(Ref(r))), "/"), "/")
	if part == "" {
		part = "overblik"
	}
	return db.Case{Ref: ref, Page: part}
}

// Frame is the frame of a page of a case.
type Frame struct {
	site   *frame.Frame
	Header *casefile.Header
	rights actor.Rights
}

// Ask adds the questions of the frame, and of the site's frame around it, to the batch of a page.
func Ask(b *db.Batch) *Frame {
	return &Frame{site: frame.Ask(b), Header: casefile.GetHeader(b), rights: b.Rights}
}

// View is what the frame shows.
type View struct {
	Page   ui.Page
	Case   casefile.Header
	Now    time.Time
	Active string // the key of a tab
	Rights actor.Rights
}

// May reports whether the reader may write in the case; closed cases are only read.
func (v View) May(right actor.Rights) bool { return v.Rights.May(right) }

// View puts the frame around one page of the case. The tab never names the citizen.
func (f *Frame) View(w http.ResponseWriter, r *http.Request, active string, now time.Time) View {
	ctx := r.Context()
	title := i18n.T(ctx, "caseframe.tab", f.Header.Number)
	if active != "overview" {
		title = i18n.T(ctx, "caseframe."+active) + ", " + title
	}
	return View{Page: f.site.Page(w, r, title, "cases"), Case: *f.Header, Now: now, Active: active, Rights: f.rights}
}

// name is what the identity bar calls the citizen.
func (v View) name(ctx context.Context) string {
	switch {
	case v.Case.Name != "":
		return v.Case.Name
	case v.Case.CallingName != "":
		return v.Case.CallingName
	default:
		return i18n.T(ctx, "caseframe.anonymous")
	}
}

func (v View) age(ctx context.Context) string {
	if v.Case.Born == nil {
		return ""
	}
	return i18n.N(ctx, "caseframe.age", i18n.Age(*v.Case.Born, v.Now))
}

// phase names a phase in one word: the bar has no room for the name of the reference data.
func phase(ctx context.Context, code string) string {
	if key := "caseframe.phase." + code; i18n.Has(ctx, key) {
		return i18n.T(ctx, key)
	}
	return reference.Name(ctx, reference.Phases, code)
}

// safe is the strip of safe contact in one text: what never, what works, when, and what to say if somebody else answers.
// Whoever rings reads nothing else, so that all of it stands here.
func (v View) safe(ctx context.Context) string {
	c := v.Case.SafeContact
	parts := []string{reference.Name(ctx, reference.ContactPolicies, c.Policy)}
	for _, s := range []struct{ key, words string }{{"", c.Never}, {"caseframe.safe.channel", c.Channel}, {"", c.Hours}, {"caseframe.safe.cover", c.Cover}} {
		words := strings.TrimSuffix(s.words, ".")
		if words != "" && s.key != "" {
			words = i18n.T(ctx, s.key, words)
		}
		if words != "" {
			parts = append(parts, words)
		}
	}
	return strings.Join(parts, ". ") + "."
}

// faces are the responsible and the co-responsible.
func (v View) faces() []ui.Person {
	var people []ui.Person
	for _, m := range v.Case.Members {
		if m.Kind == "responsible" || m.Kind == "coworker" {
			people = append(people, Person(m))
		}
	}
	return people[:min(3, len(people))]
}

// responsibles names them the short way: "Mette L. og Sara E."
func (v View) responsibles(ctx context.Context) string {
	var names []string
	for _, p := range v.faces() {
		names = append(names, casefile.CallingName(p.Name))
	}
	if len(names) == 2 {
		return names[0] + " " + i18n.T(ctx, "caseframe.and") + " " + names[1]
	}
	return strings.Join(names, ", ")
}

// away says until when the responsible is away, and who covers: "Fraværende til 12. dec., Dennis K. dækker".
func (v View) away(ctx context.Context) string {
	if v.Case.AwayUntil == nil {
		return ""
	}
	until := i18n.Date(ctx, *v.Case.AwayUntil, v.Now)
	if v.Case.StandIn == "" {
		return i18n.T(ctx, "caseframe.away.nobody", until)
	}
	return i18n.T(ctx, "caseframe.away", until, casefile.CallingName(v.Case.StandIn))
}

// Person is a member of the case as the parts show people.
func Person(m casefile.Member) ui.Person {
	return ui.Person{Name: m.Name, Title: m.Title, PhotoURL: link.Photo(m.PhotoID, "s")}
}

// tab is one entry of the sub-navigation.
type tab struct {
	key, href string
	count     int
}

func (v View) tabs() []tab {
	ref := v.Case.Ref
	return []tab{{"overview", link.Case(ref), 0}, {"plan", link.Plan(ref), v.Case.LateSteps}, {"risk", link.Risk(ref), 0}, {"safety", link.SafetyPlan(ref), 0}, {"deadlines", link.Deadlines(ref), 0}, {"network", link.Network(ref), 0},
		{"journal", link.Journal(ref), 0}, {"access", link.Access(ref), 0}}
}

// levelSet says how the level came: chosen by somebody, or by an assessment that is signed.
func (v View) levelSet() string {
	if v.Case.RiskUntil == nil {
		return "caseframe.chosen"
	}
	return "caseframe.assessed"
}
