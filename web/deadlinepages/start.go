package deadlinepages

import (
	"context"
	"net/http"
	"strings"
	"time"

	"github.com/google/uuid"

	"samspil/internal/actor"
	"samspil/internal/db"
	"samspil/internal/deadline"
	"samspil/internal/fault"
	"samspil/internal/i18n"
	"samspil/web/caseframe"
	"samspil/web/deadlineview"
	"samspil/web/link"
	"samspil/web/page"
	"samspil/web/ui"
)

// startView is the form that starts a deadline.
type startView struct {
	caseframe.View
	Rules      []deadline.Rule // those that fit the case's area
	Code       string
	Date, Time string // as typed
	Bad        fault.Invalid
	Asked      deadline.Rule // the rule of Code, if one was chosen by the address
	IsAsked    bool
}

func (h Handler) readStart(w http.ResponseWriter, r *http.Request) (startView, error) {
	var rules deadline.RuleRows
	frame, err := caseframe.Read(h.DB, w, r, "deadlines", func(b *db.Batch) { rules = deadline.AskRules(b) })
	if err != nil {
		return startView{}, err
	}
	if !frame.May(actor.Write) {
		return startView{}, fault.Forbidden
	}
	v := startView{View: frame}
	for _, rule := range rules.Rules().All {
		if rule.ByHand(frame.Case.Area) {
			v.Rules = append(v.Rules, rule)
		}
	}
	return v, nil
}

func (h Handler) newDeadline(w http.ResponseWriter, r *http.Request) error {
	v, err := h.readStart(w, r)
	if err != nil {
		return err
	}
	v.choose(r.URL.Query().Get("frist"))
	v.Date = i18n.FieldDate(v.Now)
	return page.Render(w, r, http.StatusOK, startPage(v))
}

// choose takes a code that is among the rules.
func (v *startView) choose(code string) {
	for _, rule := range v.Rules {
		if rule.Code == code {
			v.Code, v.Asked, v.IsAsked = code, rule, true
		}
	}
}

func (h Handler) start(w http.ResponseWriter, r *http.Request) error {
	f := page.ReadForm(r)
	code := f.Text("code")
	var due time.Time
	var name string
	err := caseframe.Write(h.DB, r, func(ctx context.Context, tx *db.Tx) error {
		var q deadline.RuleRows
		var area *string
		if err := tx.Read(ctx, func(b *db.Batch) {
			q, area = deadline.AskRules(b), db.Get[string](b, `SELECT area FROM app.case_file WHERE id = @case`, db.Args{"case": tx.CaseID})
		}); err != nil {
			return err
		}
		rule, known := q.Rules().Find(code)
		if !known || !rule.ByHand(*area) {
			f.Refuse("code", "error.choose")
		}
		at := moment(f, "at", known && rule.Unit.HasTime())
		if at.IsZero() {
			f.Refuse("at", "error.date")
		}
		if err := f.Err(); err != nil {
			return mayRefuse(tx, err)
		}
		id, err := deadline.Start(ctx, tx, code, at)
		if err != nil {
			return err
		}
		name = rule.Name(ctx)
		due, err = db.One[time.Time](ctx, tx, `SELECT due_at FROM app.deadline WHERE case_id = @case AND id = @id`, db.Args{"case": tx.CaseID, "id": id})
		return err
	})
	if err == nil {
		page.Say(w, page.Flash{Key: "flash.deadline.started", Args: []string{name, i18n.LongDate(r.Context(), due)}})
		return page.Redirect(w, r, link.Deadlines(caseframe.Ref(r)))
	}
	bad, _, err := page.Refused(err)
	if err != nil {
		return err
	}
	v, err := h.readStart(w, r)
	if err != nil {
		return err
	}
	v.choose(code)
	v.Date, v.Time, v.Bad, v.Page.Invalid = f.Text("at"), f.Text("at_time"), bad, true
	return page.Render(w, r, http.StatusUnprocessableEntity, startPage(v))
}

// mayRefuse answers who may not write at all before it speaks of fields.
func mayRefuse(tx *db.Tx, err error) error {
	if !tx.Rights.May(actor.Write) {
		return fault.Forbidden
	}
	return err
}

// options are the rules, each with how long it is, from what, and whether it is law.
func (v startView) options(ctx context.Context) []ui.Option {
	all := []ui.Option{{Label: i18n.T(ctx, "frister.choose")}}
	for _, r := range v.Rules {
		all = append(all, ui.Option{Value: r.Code, Label: r.Name(ctx) + ": " + deadlineview.Length(ctx, r.Length, r.Unit)})
	}
	return all
}

// about says what the chosen rule counts from, and where it stands.
func (v startView) about(ctx context.Context) string {
	return strings.Join([]string{i18n.T(ctx, "frister.offer", deadlineview.Length(ctx, v.Asked.Length, v.Asked.Unit), i18n.Small(deadlineview.Trigger(ctx, v.Asked.Trigger))),
		i18n.Capital(v.Asked.Basis)}, ". ") + "."
}

// deadlineID is the deadline of the path.
func deadlineID(r *http.Request) uuid.UUID { return page.ID(r, "deadline") }
