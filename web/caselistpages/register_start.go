package caselistpages

import (
	"errors"
	"net/http"
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

// startView is the first step of a registration: does the citizen have a case already?
type startView struct {
	Page   ui.Page
	Now    time.Time
	ID     string // of the registration, once it is there
	Word   casefile.SearchWord
	Bad    fault.Invalid
	Drafts []casefile.Draft // begun earlier

	Done    bool // the search is made, and not older than ten minutes
	Expired bool
	Cases   []casefile.FoundCase
}

func (h Handler) showStart(w http.ResponseWriter, r *http.Request) error {
	return h.renderStart(w, r, http.StatusOK, startView{})
}

func (h Handler) renderStart(w http.ResponseWriter, r *http.Request, status int, v startView) error {
	ctx := r.Context()
	var f *frame.Frame
	var drafts *[]casefile.Draft
	now, err := h.DB.Read(ctx, actor.From(ctx), func(b *db.Batch) { f, drafts = frame.Ask(b), casefile.Drafts(b) })
	if err != nil {
		return err
	}
	v.Now, v.Drafts = now, *drafts
	v.Page = f.Page(w, r, i18n.T(ctx, "register.title"), "cases")
	v.Page.Invalid = len(v.Bad) > 0
	return page.Render(w, r, status, startPage(v))
}

// start begins a registration with the words that are searched for, so that nobody is asked for them twice.
func (h Handler) start(w http.ResponseWriter, r *http.Request) error {
	ctx, form := r.Context(), page.ReadForm(r)
	if form.Text("go") == "anonymous" {
		return h.startAnonymous(w, r)
	}
	word, answers := readSearch(form)
	var id uuid.UUID
	err := h.DB.InTx(ctx, actor.From(ctx), func(tx *db.Tx) (err error) {
		if err := word.Validate(); err != nil {
			return err
		}
		if id, err = casefile.StartDraft(ctx, tx, h.Keys, answers); err != nil {
			return err
		}
		return casefile.KeepSearch(ctx, tx, h.Keys, id, "", word)
	})
	v := startView{Word: word}
	switch {
	case errors.As(err, &v.Bad):
		return h.renderStart(w, r, http.StatusUnprocessableEntity, v)
	case err != nil:
		return err
	}
	return page.Redirect(w, r, link.Registration(id.String()))
}

func (h Handler) startAnonymous(w http.ResponseWriter, r *http.Request) error {
	ctx := r.Context()
	var id uuid.UUID
	err := h.DB.InTx(ctx, actor.From(ctx), func(tx *db.Tx) (err error) {
		id, err = casefile.StartDraft(ctx, tx, h.Keys, casefile.Answers{"anonymous": {"1"}})
		return err
	})
	if err != nil {
		return err
	}
	return page.Redirect(w, r, link.RegistrationStep(id.String(), steps[0].slug))
}

// showCandidates is what the search has found. It is the same page, made with the same work, whether or not there
// are cases that the reader may not know of (AC5).
func (h Handler) showCandidates(w http.ResponseWriter, r *http.Request) error {
	return h.renderCandidates(w, r, http.StatusOK, nil, nil)
}

func (h Handler) renderCandidates(w http.ResponseWriter, r *http.Request, status int, bad fault.Invalid, typed *casefile.SearchWord) error {
	ctx, id := r.Context(), page.ID(r, "draft")
	var f *frame.Frame
	var d *casefile.Draft
	var kept *db.Found[casefile.Kept]
	var cases *[]casefile.FoundCase
	now, err := h.DB.Read(ctx, actor.From(ctx), func(b *db.Batch) {
		f, d, kept, cases = frame.Ask(b), casefile.GetDraft(b, id), casefile.GetSearch(b, id), casefile.FoundCases(b, id)
	})
	if err != nil {
		return err
	}
	if d.CaseRef != "" {
		return page.Redirect(w, r, link.Case(d.CaseRef))
	}
	a, err := d.Open(h.Keys)
	if err != nil {
		return err
	}
	v := startView{Now: now, ID: id.String(), Word: casefile.SearchWord{Name: a.Get("name"), CPR: a.Get("cpr"), Number: a.Get("number")}, Bad: bad, Cases: *cases}
	if typed != nil {
		v.Word = *typed
	}
	v.Done, v.Expired = kept.OK && len(bad) == 0, !kept.OK
	v.Page = f.Page(w, r, i18n.T(ctx, "register.title"), "cases")
	v.Page.Invalid = len(bad) > 0
	return page.Render(w, r, status, startPage(v))
}

// searchAgain looks with other words for the same registration; name and number go into its answers.
func (h Handler) searchAgain(w http.ResponseWriter, r *http.Request) error {
	ctx, id := r.Context(), page.ID(r, "draft")
	word, answers := readSearch(page.ReadForm(r))
	ref := ""
	err := h.DB.InTx(ctx, actor.From(ctx), func(tx *db.Tx) (err error) {
		if err := word.Validate(); err != nil {
			return err
		}
		ref, err = casefile.SaveDraft(ctx, tx, h.Keys, id, func(f string) bool { return f == "name" || f == "cpr" || f == "number" }, answers)
		if err != nil || ref != "" {
			return err
		}
		return casefile.KeepSearch(ctx, tx, h.Keys, id, "", word)
	})
	var bad fault.Invalid
	switch {
	case errors.As(err, &bad):
		return h.renderCandidates(w, r, http.StatusUnprocessableEntity, bad, &word)
	case err != nil:
		return err
	case ref != "":
		return page.Redirect(w, r, link.Case(ref))
	}
	return page.Redirect(w, r, link.Registration(id.String()))
}

func readSearch(form *page.Form) (casefile.SearchWord, casefile.Answers) {
	word := casefile.SearchWord{Name: form.Text("name"), CPR: form.Text("cpr"), Number: form.Text("number")}
	return word, casefile.Answers{"name": {word.Name}, "cpr": {word.CPR}, "number": {word.Number}}
}
