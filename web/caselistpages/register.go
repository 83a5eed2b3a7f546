package caselistpages

import (
	"context"
	"errors"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/google/uuid"

	"samspil/internal/actor"
	"samspil/internal/casefile"
	"samspil/internal/db"
	"samspil/internal/fault"
	"samspil/internal/i18n"
	"samspil/web/frame"
	"samspil/web/link"
	"samspil/web/page"
	"samspil/web/ui"
)

// formView is one step of a registration.
type formView struct {
	Page    ui.Page
	Now     time.Time
	Who     actor.Actor
	ID      string
	Step    step
	A       casefile.Answers
	Bad     fault.Invalid
	SavedAt time.Time
	Teams   []casefile.OwnTeam
	People  []casefile.Colleague
}

// open reads a registration in progress, with what its steps need to know. One that has become a case leads
// to the case: ref is then not empty.
func (h Handler) open(w http.ResponseWriter, r *http.Request, s step) (v formView, ref string, err error) {
	ctx, id := r.Context(), page.ID(r, "draft")
	var f *frame.Frame
	var d *casefile.Draft
	var teams *[]casefile.OwnTeam
	var people *[]casefile.Colleague
	now, err := h.DB.Read(ctx, actor.From(ctx), func(b *db.Batch) {
		f, d, teams, people = frame.Ask(b), casefile.GetDraft(b, id), casefile.OwnTeams(b), casefile.Colleagues(b)
	})
	if err != nil || d.CaseRef != "" {
		return v, d.CaseRef, err
	}
	v = formView{Now: now, Who: actor.From(ctx), ID: id.String(), Step: s, SavedAt: d.SavedAt, Teams: *teams, People: *people}
	v.Page = f.Page(w, r, i18n.T(ctx, "register.title")+": "+i18n.T(ctx, "register.step."+s.slug), "cases")
	v.A, err = d.Open(h.Keys)
	return v, "", err
}

func (h Handler) showStep(w http.ResponseWriter, r *http.Request) error {
	s, ok := stepOf(page.Param(r, "step"))
	if !ok {
		return fault.NotFound
	}
	v, ref, err := h.open(w, r, s)
	switch {
	case err != nil:
		return err
	case ref != "":
		return page.Redirect(w, r, link.Case(ref))
	}
	return page.Render(w, r, http.StatusOK, formPage(v))
}

// saveStep keeps the answers first, whatever they are, and then says what is wrong with them.
func (h Handler) saveStep(w http.ResponseWriter, r *http.Request) error {
	s, ok := stepOf(page.Param(r, "step"))
	if !ok {
		return fault.NotFound
	}
	if s.slug == check {
		return h.register(w, r, s)
	}
	ctx, form := r.Context(), page.ReadForm(r)
	a := readAnswers(r, form, s)
	id := page.ID(r, "draft")
	ref, err := h.keep(ctx, id, s, a)
	switch {
	case err != nil:
		return err
	case ref != "":
		return page.Redirect(w, r, link.Case(ref))
	}
	here := link.RegistrationStep(id.String(), s.slug)
	switch form.Text("go") {
	case "later":
		page.Say(w, page.Flash{Key: "flash.register.kept"})
		return page.Redirect(w, r, link.NewCase)
	case "rows":
		return page.Redirect(w, r, here+"#"+casefile.AroundField(rows(a)-moreRows, "name"))
	}
	for _, list := range []string{"co", "exclude"} { // the button beside the list, or Enter in its field
		if form.Text("go") == "find-"+list || s.slug == "adgangen" && a.Get(list+"_find") != form.Text(list+"_found") {
			return page.Redirect(w, r, here+"#"+list+"_find")
		}
	}
	v, ref, err := h.open(w, r, s)
	switch {
	case err != nil:
		return err
	case ref != "":
		return page.Redirect(w, r, link.Case(ref))
	}
	if v.Bad = v.check(s); len(v.Bad) > 0 {
		v.Page.Invalid = true
		return page.Render(w, r, http.StatusUnprocessableEntity, formPage(v))
	}
	return page.Redirect(w, r, link.RegistrationStep(id.String(), s.next()))
}

func (h Handler) keep(ctx context.Context, id uuid.UUID, s step, a casefile.Answers) (ref string, err error) {
	err = h.DB.InTx(ctx, actor.From(ctx), func(tx *db.Tx) error {
		ref, err = casefile.SaveDraft(ctx, tx, h.Keys, id, s.owns, a)
		return err
	})
	return ref, err
}

// keepStep is what the script calls while somebody writes. The answer is the line below the form.
func (h Handler) keepStep(w http.ResponseWriter, r *http.Request) error {
	s, ok := stepOf(page.Param(r, "step"))
	if !ok || s.slug == check {
		return fault.NotFound
	}
	ctx := r.Context()
	ref, err := h.keep(ctx, page.ID(r, "draft"), s, readAnswers(r, page.ReadForm(r), s))
	if err != nil {
		return err
	}
	if ref != "" {
		return fault.Stale // it is a case by now
	}
	w.Header().Set("Content-Type", "text/plain; charset=utf-8")
	_, _ = w.Write([]byte(i18n.T(ctx, "register.kept", i18n.Clock(ctx, time.Now())))) // the reader may be gone
	return nil
}

// register makes the case of the answers. Sent twice, it leads to the same case.
func (h Handler) register(w http.ResponseWriter, r *http.Request, s step) error {
	ctx, id := r.Context(), page.ID(r, "draft")
	v, ref, err := h.open(w, r, s)
	switch {
	case err != nil:
		return err
	case ref != "":
		return page.Redirect(w, r, link.Case(ref))
	}
	again := false
	err = h.DB.InTx(ctx, v.Who, func(tx *db.Tx) error {
		ref, again, err = casefile.RegisterDraft(ctx, tx, h.Keys, id, func(a casefile.Answers) (casefile.Registration, error) {
			v.A = a
			return v.registration()
		})
		return err
	})
	var bad fault.Invalid
	switch {
	case errors.As(err, &bad):
		if casefile.Barred(err) {
			if err := h.DB.InTx(ctx, v.Who, func(tx *db.Tx) error { return casefile.NoteRefusal(ctx, tx, id) }); err != nil {
				return err
			}
		}
		v.Bad, v.Page.Invalid = whole(bad, casefile.Barred(err)), true
		return page.Render(w, r, http.StatusUnprocessableEntity, formPage(v))
	case err != nil:
		return err
	}
	if !again {
		page.Say(w, page.Flash{Key: "flash.register.done"})
	}
	return page.Redirect(w, r, link.Case(ref))
}

// whole is a refusal on the last page, which has no fields: each part there says what is missing in it.
func whole(bad fault.Invalid, barred bool) fault.Invalid {
	if !barred {
		return fault.Invalid{"": "register.not_yet"}
	}
	all := fault.Invalid{}
	for _, key := range bad {
		all.Check("", false, key)
	}
	return all
}

func (h Handler) drop(w http.ResponseWriter, r *http.Request) error {
	ctx := r.Context()
	if err := h.DB.InTx(ctx, actor.From(ctx), func(tx *db.Tx) error { return casefile.DropDraft(ctx, tx, page.ID(r, "draft")) }); err != nil {
		return err
	}
	page.Say(w, page.Flash{Key: "flash.register.dropped"})
	return page.Redirect(w, r, link.NewCase)
}

// readAnswers takes the fields of a step as they were typed.
func readAnswers(r *http.Request, form *page.Form, s step) casefile.Answers {
	a := casefile.Answers{}
	_ = form.Text("") // makes the request parse its form
	for name := range r.PostForm {
		switch {
		case !s.owns(name):
		case name == "co" || name == "exclude":
			a[name] = form.Texts(name)
		default:
			a[name] = []string{form.Text(name)}
		}
	}
	if form.Text("go") == "rows" {
		a["rows"] = []string{strconv.Itoa(min(rows(a)+moreRows, casefile.MaxAround))}
	}
	return a
}

// step is one page of the form.
type step struct {
	slug   string
	fields []string
}

// check is the last step, which shows all answers.
const check = "tjek"

var steps = []step{
	{"borgeren", []string{"anonymous", "name", "calling_name", "cpr", "born", "protected", "until", "special", "policy", "channel", "hours", "never", "cover"}},
	{"netvaerket", []string{"rows"}}, // and the fields of every row
	{"sagen", []string{"situation", "origin", "certainty", "severity", "severity_reason"}},
	{"adgangen", []string{"team", "responsible", "co", "co_find", "level", "excluding", "exclude", "exclude_find"}},
	{check, nil},
}

func stepOf(slug string) (step, bool) {
	i := slices.IndexFunc(steps, func(s step) bool { return s.slug == slug })
	if i < 0 {
		return step{}, false
	}
	return steps[i], true
}

// owns reports whether a field is one of the step's.
func (s step) owns(field string) bool {
	return slices.Contains(s.fields, field) || s.slug == "netvaerket" && aroundField.MatchString(field)
}

func (s step) at() int { return slices.IndexFunc(steps, func(o step) bool { return o.slug == s.slug }) }

func (s step) next() string { return steps[min(s.at()+1, len(steps)-1)].slug }

// back is the address of the page before.
func (v formView) back() string {
	if i := v.Step.at(); i > 0 {
		return link.RegistrationStep(v.ID, steps[i-1].slug)
	}
	return link.Registration(v.ID)
}

// order is how the fields of the step stand on the page, for the summary of what was refused.
func (v formView) order() []string {
	if v.Step.slug != "netvaerket" {
		return append([]string{""}, v.Step.fields...)
	}
	all := []string{""}
	for i := range rows(v.A) {
		for _, f := range aroundFields {
			all = append(all, casefile.AroundField(i, f))
		}
	}
	return all
}

// colleague is one of the people by id.
func (v formView) colleague(id uuid.UUID) (casefile.Colleague, bool) {
	i := slices.IndexFunc(v.People, func(c casefile.Colleague) bool { return c.ID == id })
	if i < 0 {
		return casefile.Colleague{}, false
	}
	return v.People[i], true
}

// names lists colleagues for the last look.
func (v formView) names(ids []uuid.UUID) string {
	var names []string
	for _, id := range ids {
		if c, ok := v.colleague(id); ok {
			names = append(names, c.Name)
		}
	}
	return strings.Join(names, ", ")
}
