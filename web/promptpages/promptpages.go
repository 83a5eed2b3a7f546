// Package promptpages are the pages of what happens to a case: an event that somebody writes down, and the answer to one.
package promptpages

import (
	"context"
	"embed"
	"errors"
	"net/http"
	"strings"

	"github.com/go-chi/chi/v5"
	"github.com/google/uuid"

	"samspil/internal/actor"
	"samspil/internal/db"
	"samspil/internal/fault"
	"samspil/internal/i18n"
	"samspil/internal/plan"
	"samspil/internal/prompt"
	"samspil/internal/reference"
	"samspil/web/caseframe"
	"samspil/web/link"
	"samspil/web/page"
	"samspil/web/ui"
)

// Texts are the words that this package shows.
//
//go:embed text.*.json
var Texts embed.FS

// Handler answers for the pages.
type Handler struct{ DB *db.DB }

// CaseRoutes are the pages, below the address of a case.
func (h Handler) CaseRoutes(r chi.Router) {
	r.Get("/haendelse", page.Handle(h.newEvent))
	r.Post("/haendelse", page.Handle(h.tell))
	r.Get("/haendelse/{prompt}", page.Handle(h.prompt))
	r.Post("/haendelse/{prompt}", page.Handle(h.answer))
}

// eventForm is an event to be written down, as it was typed.
type eventForm struct {
	caseframe.View
	Key, Rule, HappenedOn, Note string
	Bad                         fault.Invalid
}

// mayTell reports whether the reader may write down an event: who writes in the case, and its lead.
func mayTell(v caseframe.View) bool { return v.May(actor.Write) || v.May(actor.Manage|actor.Note) }

func (h Handler) readEvent(w http.ResponseWriter, r *http.Request) (eventForm, error) {
	frame, err := caseframe.Read(h.DB, w, r, "overview", func(*db.Batch) {})
	if err == nil && !mayTell(frame) {
		err = fault.Forbidden
	}
	return eventForm{View: frame}, err
}

func (h Handler) newEvent(w http.ResponseWriter, r *http.Request) error {
	v, err := h.readEvent(w, r)
	if err != nil {
		return err
	}
	v.Key, v.HappenedOn = uuid.NewString(), i18n.FieldDate(v.Now)
	return page.Render(w, r, http.StatusOK, eventPage(v))
}

func (h Handler) tell(w http.ResponseWriter, r *http.Request) error {
	f := page.ReadForm(r)
	typed := eventForm{Key: f.Text("key"), Rule: f.Text("rule"), HappenedOn: f.Text("happened_on"), Note: f.Text("note")}
	in := prompt.Event{Key: f.ID("key"), Rule: typed.Rule, HappenedOn: f.Past("happened_on"), Note: typed.Note}
	var id uuid.UUID
	err := caseframe.Write(h.DB, r, func(ctx context.Context, tx *db.Tx) (err error) {
		if err := f.Err(); err != nil {
			return f.With(in.Validate(tx.Now))
		}
		id, err = prompt.Tell(ctx, tx, in)
		return err
	})
	var bad fault.Invalid
	switch {
	case errors.As(err, &bad):
		v, err := h.readEvent(w, r)
		if err != nil {
			return err
		}
		typed.View, typed.Bad = v.View, bad
		typed.Page.Invalid = true
		return page.Render(w, r, http.StatusUnprocessableEntity, eventPage(typed))
	case err != nil:
		return err
	}
	return page.Done(w, r, "flash.prompt.told", link.Prompt(caseframe.Ref(r), id))
}

// rules are the events that one can write down. What the law says, and what is a proposal, stands beside each.
func rules(ctx context.Context) (list []ui.Option) {
	for _, code := range prompt.ByHand {
		t, _ := reference.EventTriggerByCode(code)
		list = append(list, ui.Option{Value: code, Label: t.Name(ctx), Hint: t.Suggestion(ctx) + ". " + certainty(ctx, t)})
	}
	return list
}

// certainty says how sure the suggestion of an event is.
func certainty(ctx context.Context, t reference.EventTrigger) string {
	if t.Law != "" {
		return i18n.Capital(t.Law) + "."
	}
	return i18n.T(ctx, "prompt.proposal") + "."
}

// promptView is one prompt, with the form of its answer while it is open.
type promptView struct {
	caseframe.View
	P                          prompt.Prompt
	Answer, Reason, Title, Due string
	NamesOK                    bool
	Bad                        fault.Invalid
	Stale                      bool
}

func (h Handler) read(w http.ResponseWriter, r *http.Request) (promptView, error) {
	var p *prompt.Prompt
	frame, err := caseframe.Read(h.DB, w, r, "overview", func(b *db.Batch) { p = prompt.Get(b, page.ID(r, "prompt")) })
	if err != nil {
		return promptView{}, err
	}
	return promptView{View: frame, P: *p}, nil
}

func (h Handler) prompt(w http.ResponseWriter, r *http.Request) error {
	v, err := h.read(w, r)
	if err != nil {
		return err
	}
	if decision, err := uuid.Parse(v.P.Key); err == nil && v.P.Rule == prompt.LookBack { // it is answered there
		return page.Redirect(w, r, link.Decision(v.Case.Ref, decision)+"#tilbageblik")
	}
	due := v.Now.AddDate(0, 0, 1)
	if v.P.Rule == prompt.LocationLeak { // at once
		due = v.Now
	}
	v.Title, v.Due = v.P.Trigger().Suggestion(r.Context()), i18n.FieldDate(due)
	return page.Render(w, r, http.StatusOK, promptPage(v))
}

func (h Handler) answer(w http.ResponseWriter, r *http.Request) error {
	f := page.ReadForm(r)
	typed := promptView{Answer: f.Text("answer"), Reason: f.Text("reason"), Title: f.Text("title"), Due: f.Text("due"), NamesOK: f.Has("names_ok")}
	version := f.Int("version")
	out := prompt.Outcome{Answer: prompt.Answer(typed.Answer), Reason: typed.Reason}
	if out.Answer == prompt.Step {
		out.Step = plan.StepInput{Title: typed.Title, Detail: typed.Reason, Responsible: plan.ByUser(actor.From(r.Context()).UserID), Due: f.Date("due"), NamesOK: typed.NamesOK}
	}
	err := f.Err()
	if err == nil {
		err = caseframe.Write(h.DB, r, func(ctx context.Context, tx *db.Tx) error {
			return prompt.Close(ctx, tx, page.ID(r, "prompt"), version, out)
		})
	}
	if err == nil {
		return page.Done(w, r, "flash.prompt."+typed.Answer, link.Case(caseframe.Ref(r)))
	}
	var bad fault.Invalid
	stale := errors.Is(err, fault.Stale)
	if !stale && !errors.As(err, &bad) {
		return err
	}
	v, err := h.read(w, r)
	if err != nil {
		return err
	}
	if !v.May(actor.Write) {
		return fault.Forbidden
	}
	typed.View, typed.P, typed.Bad, typed.Stale = v.View, v.P, bad, stale
	typed.Page.Invalid = len(bad) > 0
	if stale {
		return page.Render(w, r, http.StatusConflict, promptPage(typed))
	}
	return page.Render(w, r, http.StatusUnprocessableEntity, promptPage(typed))
}

// needsPlan reports whether the step was refused because there is no plan to put it into.
func (v promptView) needsPlan() bool { return v.Bad["phase"] != "" || !v.Case.HasPlan }

func (v promptView) mayAnswer() bool { return v.P.Open() && v.May(actor.Write) }

// answerers names who answers an open event, where the reader does not: who has the case. A lead manages the case and writes
// nothing in it (security.md, the roles), so they are told whom to turn to.
func (v promptView) answerers() string {
	if !v.P.Open() || v.May(actor.Write) || v.Case.Closed() {
		return ""
	}
	var names []string
	for _, m := range v.Case.Members {
		if m.Kind == "responsible" || m.Kind == "coworker" {
			names = append(names, m.Name)
		}
	}
	return strings.Join(names, ", ")
}

// lost is what was typed and could not be saved.
func (v promptView) lost() string {
	return strings.TrimSpace(v.Reason)
}

// raisedBy says who saw it, and when.
func (v promptView) raisedBy(ctx context.Context) string {
	who := v.P.RaisedBy
	if who == "" {
		who = i18n.T(ctx, "prompt.raised.system")
	}
	return i18n.T(ctx, "prompt.by_at", who, i18n.DateTime(ctx, v.P.RaisedAt, v.Now))
}

// answers are the three answers; without a plan there is nothing to add a step to.
func answers(ctx context.Context, v promptView) (list []ui.Option) {
	for _, a := range prompt.Answers {
		if a != prompt.Step || v.Case.HasPlan || v.Answer == string(a) {
			list = append(list, ui.Option{Value: string(a), Label: i18n.T(ctx, "prompt.answer."+string(a))})
		}
	}
	return list
}
