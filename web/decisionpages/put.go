package decisionpages

import (
	"context"
	"net/http"
	"time"

	"github.com/google/uuid"

	"samspil/internal/casefile"
	"samspil/internal/db"
	"samspil/internal/decision"
	"samspil/internal/draft"
	"samspil/internal/fault"
	"samspil/internal/i18n"
	"samspil/web/caseframe"
	"samspil/web/link"
	"samspil/web/page"
)

// putView is the form of a question, as it was typed.
type putView struct {
	caseframe.View
	Key       string
	Typed     draft.Fields
	Saved     time.Time // when the draft was kept that the form shows; zero: none
	Witnesses []decision.Witness
	Bad       fault.Invalid
}

// questionFields are the fields that a draft keeps. A date is kept as a date: "i morgen" would be another day tomorrow.
func questionFields(f *page.Form) draft.Fields {
	out := draft.Fields{"who": f.Texts("who"), "answer_by": {f.Text("answer_by")}}
	if day := f.Date("answer_by"); !day.IsZero() {
		out["answer_by"] = []string{i18n.FieldDate(day)}
	}
	for _, name := range []string{"kind", "question", "options", "leaning"} {
		out[name] = []string{f.Text(name)}
	}
	return out
}

func (h Handler) readPut(w http.ResponseWriter, r *http.Request) (putView, *db.Found[draft.Draft], error) {
	var v putView
	var kept *db.Found[draft.Draft]
	var list *[]decision.Witness
	frame, err := caseframe.Read(h.DB, w, r, "overview", func(b *db.Batch) { kept, list = draft.Load(b, decision.NewForm), decision.Witnesses(b) })
	if err == nil && !mayDecide(frame) {
		err = fault.Forbidden
	}
	if err != nil {
		return v, nil, err
	}
	v.View, v.Witnesses = frame, *list
	return v, kept, nil
}

func (h Handler) newQuestion(w http.ResponseWriter, r *http.Request) error {
	v, kept, err := h.readPut(w, r)
	if err != nil {
		return err
	}
	v.Key = uuid.NewString()
	if kept.OK {
		v.Typed, v.Saved = kept.Row.Fields, kept.Row.SavedAt
	}
	return page.Render(w, r, http.StatusOK, putPage(v))
}

func (h Handler) put(w http.ResponseWriter, r *http.Request) error {
	f := page.ReadForm(r)
	in := decision.Input{Key: f.ID("key"), Kind: f.Text("kind"), Question: f.Text("question"), Options: f.Text("options"), Leaning: f.Text("leaning"), AskInput: askInput(f)}
	var id uuid.UUID
	err := caseframe.Write(h.DB, r, func(ctx context.Context, tx *db.Tx) (err error) {
		if f.Err() != nil {
			return f.With(in.Validate(tx.Now))
		}
		id, err = decision.Put(ctx, tx, in)
		return err
	})
	bad, stale, other := page.Refused(err)
	switch {
	case other != nil:
		return other
	case err == nil && len(in.Users)+len(in.Contacts) == 0:
		return page.Done(w, r, "flash.decision.put_alone", decidePath(caseframe.Ref(r), id))
	case err == nil:
		return page.Done(w, r, "flash.decision.put", link.Decision(caseframe.Ref(r), id))
	}
	v, _, err := h.readPut(w, r)
	if err != nil {
		return err
	}
	v.Key, v.Bad, v.Page.Invalid = f.Text("key"), bad, true
	v.Typed = questionFields(f)
	v.Typed["answer_by"] = []string{f.Text("answer_by")}
	return page.Render(w, r, page.FormStatus(stale), putPage(v))
}

// one is a single value as it was typed.
func (v putView) one(name string) string { return first(v.Typed, name) }

func first(typed draft.Fields, name string) string {
	if all := typed[name]; len(all) > 0 {
		return all[0]
	}
	return ""
}

// shut reports whether nothing may reach parents or network now (R1).
func shut(v caseframe.View) bool { return v.Case.Gate == casefile.GateShut }

func kinds() []string { return []string{decision.Process, decision.Appealable} }

// draftOf names the form whose draft is meant.
func draftOf(id uuid.UUID) map[string]string {
	if id == uuid.Nil {
		return nil
	}
	return map[string]string{"decision": id.String()}
}
