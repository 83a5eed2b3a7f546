package riskpages

import (
	"context"
	"net/http"

	"samspil/internal/actor"
	"samspil/internal/casefile"
	"samspil/internal/db"
	"samspil/internal/draft"
	"samspil/internal/i18n"
	"samspil/internal/reference"
	"samspil/internal/risk"
	"samspil/web/caseframe"
	"samspil/web/page"
	"samspil/web/ui"
)

// historyView is where the case stands, how it came there, and what may be done.
type historyView struct {
	caseframe.View
	List     []risk.Assessment
	Openings []risk.Opening
	Levels   []casefile.SeverityChange
	Draft    *db.Found[draft.Draft]
}

func (h Handler) history(w http.ResponseWriter, r *http.Request) error {
	var list *[]risk.Assessment
	var openings *[]risk.Opening
	var levels *[]casefile.SeverityChange
	var kept *db.Found[draft.Draft]
	frame, err := caseframe.Read(h.DB, w, r, "risk", func(b *db.Batch) {
		list, openings, levels, kept = risk.History(b), risk.Openings(b), casefile.SeverityHistory(b), draft.Load(b, risk.Form)
	})
	if err != nil {
		return err
	}
	return page.Render(w, r, http.StatusOK, historyPage(historyView{View: frame, List: *list, Openings: *openings, Levels: *levels, Draft: kept}))
}

// mayWrite reports whether the reader may assess; mayOpen, whether they are a lead who may open the gate.
func (v historyView) mayWrite() bool { return v.May(actor.Write) }
func (v historyView) mayOpen() bool  { return risk.MayOpen(v.Page.Actor, v.Rights) }

// gateIcon is a lock only where the gate is shut.
func (v historyView) gateIcon() string {
	if v.Case.Gate == casefile.GateShut {
		return "lock"
	}
	return "shield"
}

// now is the newest assessment, if there is one.
func (v historyView) now() *risk.Assessment {
	if len(v.List) == 0 {
		return nil
	}
	return &v.List[0]
}

// standing says in one sentence whether the risk is assessed, and until when that holds.
func (v historyView) standing(ctx context.Context) string {
	a := v.now()
	switch {
	case a == nil:
		return i18n.T(ctx, "risk.standing.none")
	case !a.Valid(v.Now):
		return i18n.T(ctx, "risk.standing.expired", i18n.LongDate(ctx, a.ValidUntil))
	case casefile.Lowers(v.Case.Severity, a.Level):
		return i18n.T(ctx, "risk.standing.risen", ui.SeverityName(ctx, v.Case.Severity))
	}
	return i18n.T(ctx, "risk.standing.valid", i18n.LongDate(ctx, a.ValidUntil))
}

// chart is the history of the level as a picture; the table below says the same.
func (v historyView) chart() ui.LevelChart {
	var steps []ui.LevelAt
	for i := len(v.Levels) - 1; i >= 0; i-- {
		steps = append(steps, ui.LevelAt{At: v.Levels[i].At, Level: v.Levels[i].To})
	}
	return ui.LevelChart{Steps: steps, Now: v.Now}
}

// confirmed says what second persons have said, or that one is missing.
func confirmed(ctx context.Context, a risk.Assessment) string {
	if len(a.Confirmations) == 0 {
		if risk.AsksSecond(a.Level) {
			return i18n.T(ctx, "risk.unconfirmed")
		}
		return i18n.T(ctx, "risk.no_second")
	}
	c := a.Confirmations[len(a.Confirmations)-1]
	return i18n.T(ctx, "risk.second", reference.Name(ctx, reference.Confirmations, c.Outcome), c.By)
}
