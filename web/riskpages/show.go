package riskpages

import (
	"context"
	"net/http"
	"slices"

	"github.com/google/uuid"

	"samspil/internal/actor"
	"samspil/internal/db"
	"samspil/internal/fault"
	"samspil/internal/i18n"
	"samspil/internal/reference"
	"samspil/internal/risk"
	"samspil/web/caseframe"
	"samspil/web/page"
	"samspil/web/ui"
)

// oneView is a signed assessment, with what has changed since the one before, and what others say of it.
type oneView struct {
	caseframe.View
	risk.Assessment
	Before  *db.Found[risk.Assessment]
	Outcome string
	Remarks string
	Bad     fault.Invalid
}

func (h Handler) readOne(w http.ResponseWriter, r *http.Request) (oneView, error) {
	var v oneView
	var a *risk.Assessment
	id := page.ID(r, "assessment")
	frame, err := caseframe.Read(h.DB, w, r, "risk", func(b *db.Batch) { a, v.Before = risk.Get(b, id), risk.Before(b, id) })
	if err != nil {
		return v, err
	}
	v.View, v.Assessment = frame, *a
	return v, nil
}

func (h Handler) show(w http.ResponseWriter, r *http.Request) error {
	v, err := h.readOne(w, r)
	if err != nil {
		return err
	}
	return page.Render(w, r, http.StatusOK, onePage(v))
}

func (h Handler) confirm(w http.ResponseWriter, r *http.Request) error {
	f, id := page.ReadForm(r), page.ID(r, "assessment")
	in := risk.ConfirmInput{Outcome: f.Text("outcome"), Remarks: f.Text("remarks")}
	err := caseframe.Write(h.DB, r, func(ctx context.Context, tx *db.Tx) error { return risk.Confirm(ctx, tx, id, in) })
	bad, _, other := page.Refused(err)
	if other != nil {
		return other
	}
	if bad == nil {
		return page.Done(w, r, "flash.risk.confirmed", onePath(caseframe.Ref(r), id))
	}
	v, err := h.readOne(w, r)
	if err != nil {
		return err
	}
	v.Page.Invalid, v.Bad, v.Outcome, v.Remarks = true, bad, in.Outcome, in.Remarks
	return page.Render(w, r, http.StatusUnprocessableEntity, onePage(v))
}

// mayConfirm reports whether the reader is a second person who has not answered yet.
func (v oneView) mayConfirm() bool {
	return v.May(actor.Note) && v.SignedByID != v.me() && !v.answered()
}

func (v oneView) me() uuid.UUID { return v.Page.Actor.UserID }

func (v oneView) answered() bool {
	return slices.ContainsFunc(v.Confirmations, func(c risk.Confirmation) bool { return c.ByID == v.me() })
}

// told are the factors of a section of which something is known.
func (v oneView) told(section string) []reference.RiskFactor { return v.factors(section, false) }

// unknown are those of which nothing is known: that is not the same as no, so they are named too.
func (v oneView) unknown(section string) []reference.RiskFactor { return v.factors(section, true) }

func (v oneView) factors(section string, unknown bool) []reference.RiskFactor {
	var list []reference.RiskFactor
	for _, f := range reference.RiskFactors(section) {
		if a, ok := v.Answered(f.Code); ok && (a.Answer == "unknown") == unknown {
			list = append(list, f)
		}
	}
	return list
}

// was is how a factor stood before, empty where it stood the same.
func (v oneView) was(ctx context.Context, factor string) string {
	now, _ := v.Answered(factor)
	before, ok := v.Before.Row.Answered(factor)
	if !ok || before.Answer == now.Answer {
		return ""
	}
	return reference.Name(ctx, reference.RiskAnswers, before.Answer)
}

// tone is the colour of an answer; the word says the same. What protects is good to have.
func tone(f reference.RiskFactor, answer string) string {
	switch {
	case answer == "present_now" && f.Section == reference.Protective:
		return "green"
	case answer == "present_now":
		return "amber"
	case answer == "earlier":
		return "blue"
	}
	return "ol"
}

func outcomes(ctx context.Context) []ui.Option { return ui.Listed(ctx, reference.Confirmations) }

// unknownText counts what nobody knows: it is not the same as no.
func unknownText(ctx context.Context, n int) string {
	if n == 0 {
		return ""
	}
	return i18n.N(ctx, "risk.single.unknown", n)
}
