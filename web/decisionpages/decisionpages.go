// Package decisionpages are the pages of a case's decisions with witnesses: a question is put before others, each says what they
// think, and what is decided stands beside their answers (domain.md 1.13, 1.14).
package decisionpages

import (
	"context"
	"embed"
	"net/http"
	"strings"
	"time"

	"github.com/go-chi/chi/v5"
	"github.com/google/uuid"

	"samspil/internal/db"
	"samspil/internal/decision"
	"samspil/internal/draft"
	"samspil/internal/i18n"
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

// Handler serves the pages of this package.
type Handler struct{ DB *db.DB }

// CaseRoutes adds the pages of a case's decisions.
func (h Handler) CaseRoutes(r chi.Router) {
	r.Get("/beslutninger", page.Handle(h.list))
	r.Get("/beslutninger/ny", page.Handle(h.newQuestion))
	r.Post("/beslutninger/ny", page.Handle(h.put))
	r.Post("/beslutninger/kladde", page.Handle(h.saveDraft))
	r.Post("/beslutninger/kladde/slet", page.Handle(h.dropDraft))
	r.Get("/beslutninger/{decision}", page.Handle(h.show))
	r.Post("/beslutninger/{decision}/spoerg", page.Handle(h.ask))
	r.Post("/beslutninger/{decision}/traek", page.Handle(h.drop))
	r.Post("/beslutninger/{decision}/tilfoej", page.Handle(h.add))
	r.Post("/beslutninger/{decision}/tilbageblik", page.Handle(h.review))
	r.Get("/beslutninger/{decision}/svar/{ask}", page.Handle(h.answerForm))
	r.Post("/beslutninger/{decision}/svar/{ask}", page.Handle(h.answer))
	r.Get("/beslutninger/{decision}/traef", page.Handle(h.decideForm))
	r.Post("/beslutninger/{decision}/traef", page.Handle(h.decide))
}

// here is the address of a decision of the request's case.
func here(r *http.Request) string { return link.Decision(caseframe.Ref(r), page.ID(r, "decision")) }

func decidePath(ref string, id uuid.UUID) string { return link.Decision(ref, id) + "/traef" }
func draftPath(ref string) string                { return link.Decisions(ref) + "/kladde" }

// listView is every decision of a case.
type listView struct {
	caseframe.View
	List  []decision.Decision
	Draft *db.Found[draft.Draft]
}

func (h Handler) list(w http.ResponseWriter, r *http.Request) error {
	var list *[]decision.Decision
	var v listView
	frame, err := caseframe.Read(h.DB, w, r, "overview", func(b *db.Batch) { list, v.Draft = decision.Decisions(b), draft.Load(b, decision.NewForm) })
	if err != nil {
		return err
	}
	v.View, v.List = frame, *list
	return page.Render(w, r, http.StatusOK, listPage(v))
}

// mayDecide reports whether the reader puts questions and decides in the case.
func mayDecide(v caseframe.View) bool { return decision.MayDecide(v.Rights) }

// state says in one word where a decision stands, with the tone of the tag.
func state(ctx context.Context, d decision.Decision) (words, tone string) {
	switch {
	case d.Ending == decision.Made:
		return i18n.T(ctx, "decision.state.made"), "green"
	case d.Ending == decision.Dropped:
		return i18n.T(ctx, "decision.state.dropped"), "ol"
	case d.Asked > d.Answered:
		return i18n.T(ctx, "decision.state.waits"), "amber"
	}
	return i18n.T(ctx, "decision.state.ready"), "blue"
}

// counted says how many of those who were asked have answered.
func counted(ctx context.Context, d decision.Decision) string {
	if d.Asked == 0 {
		return i18n.T(ctx, "decision.asked.none")
	}
	return i18n.T(ctx, "decision.asked.count", d.Answered, d.Asked)
}

// kindName names the kind in one word.
func kindName(ctx context.Context, d decision.Decision) string {
	return i18n.T(ctx, "decision.kind."+d.Kind)
}

// title names a decision without a word of what it is about: its kind, and when it was put or made.
func title(ctx context.Context, d decision.Decision) string {
	switch d.Ending {
	case decision.Made:
		return i18n.T(ctx, "decision.title.made", kindName(ctx, d), i18n.LongDate(ctx, *d.MadeAt))
	case decision.Dropped:
		return i18n.T(ctx, "decision.title.dropped", kindName(ctx, d))
	}
	return i18n.T(ctx, "decision.title.open", kindName(ctx, d))
}

func (h Handler) saveDraft(w http.ResponseWriter, r *http.Request) error {
	f := page.ReadForm(r)
	id, now := f.ID("decision"), time.Time{}
	err := caseframe.Write(h.DB, r, func(ctx context.Context, tx *db.Tx) error {
		now = tx.Now
		fields := questionFields(f)
		if id != uuid.Nil {
			fields = decideFields(f)
		}
		return decision.SaveDraft(ctx, tx, id, f.ID("key"), fields)
	})
	if err != nil {
		return err
	}
	if strings.Contains(r.Header.Get("Accept"), "text/html") {
		return page.Done(w, r, "flash.decision.draft", wayBack(r, id))
	}
	w.Header().Set("Content-Type", "text/plain; charset=utf-8")
	_, _ = w.Write([]byte(i18n.T(r.Context(), "decision.draft.saved", i18n.Clock(r.Context(), now))))
	return nil
}

func (h Handler) dropDraft(w http.ResponseWriter, r *http.Request) error {
	id := page.ReadForm(r).ID("decision")
	err := caseframe.Write(h.DB, r, func(ctx context.Context, tx *db.Tx) error { return decision.DropDraft(ctx, tx, id) })
	if err != nil {
		return err
	}
	return page.Done(w, r, "flash.decision.draft_gone", wayBack(r, id))
}

func wayBack(r *http.Request, id uuid.UUID) string {
	if id == uuid.Nil {
		return link.Decisions(caseframe.Ref(r))
	}
	return link.Decision(caseframe.Ref(r), id)
}

// draftSaved says when a draft was kept last.
func draftSaved(ctx context.Context, at, now time.Time) string {
	if at.IsZero() {
		return ""
	}
	return i18n.T(ctx, "decision.draft.saved", i18n.DateTime(ctx, at, now))
}

// askedPerson is somebody who is asked, as the parts show people.
func askedPerson(a decision.Ask) ui.Person {
	p := ui.Person{Name: a.Name, Title: a.Title, Org: a.Organisation, External: a.External, PhotoURL: link.Photo(a.PhotoID, "s")}
	if a.ContactID != nil {
		p.Href = link.Contact(*a.ContactID)
	}
	return p
}

// askedUnder is what stands below their name.
func askedUnder(a decision.Ask) string {
	if a.Organisation != "" {
		return a.Organisation
	}
	return a.Title
}

// witnesses are those who may be asked as choices. To whom nothing personal may be told, that is said.
func witnesses(ctx context.Context, list []decision.Witness) []ui.Option {
	var all []ui.Option
	for _, w := range list {
		o := ui.Option{Value: w.Key(), Label: w.Name, Hint: w.Title, Person: &ui.Person{Name: w.Name, External: w.External, PhotoURL: link.Photo(w.PhotoID, "s")}}
		if w.Organisation != "" {
			o.Hint = w.Organisation
		}
		if w.ContactID != nil {
			o.Hint += ". " + i18n.T(ctx, "decision.who.contact")
		}
		if w.Nameless {
			o.Hint += " " + i18n.T(ctx, "decision.who.nameless")
		}
		all = append(all, o)
	}
	return all
}

// askInput reads whom a form asks, and until when.
func askInput(f *page.Form) decision.AskInput {
	in := decision.AskInput{AnswerBy: f.Date("answer_by")}
	for _, key := range f.Texts("who") {
		whose, s, _ := strings.Cut(key, ":")
		id, err := uuid.Parse(s)
		switch {
		case err != nil:
		case whose == "user":
			in.Users = append(in.Users, id)
		case whose == "contact":
			in.Contacts = append(in.Contacts, id)
		}
	}
	return in
}

// outcomeTones are the colours of the answers; the words say the same.
var outcomeTones = map[string]string{"confirm": "green", "confirm_remarks": "blue", decision.AdvisesAgainst: "red", "insufficient": "ol"}

func outcomeName(ctx context.Context, code string) string {
	return reference.Name(ctx, reference.Confirmations, code)
}
