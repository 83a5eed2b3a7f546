package riskpages

import (
	"context"
	"net/http"
	"strconv"

	"samspil/internal/casefile"
	"samspil/internal/db"
	"samspil/internal/fault"
	"samspil/internal/i18n"
	"samspil/internal/risk"
	"samspil/web/caseframe"
	"samspil/web/link"
	"samspil/web/page"
	"samspil/web/ui"
)

// gateForm asks a lead why the family is to be involved although the risk is not assessed (R1).
type gateForm struct {
	caseframe.View
	Reason string
	Days   string
	Bad    fault.Invalid
}

func (h Handler) readGate(w http.ResponseWriter, r *http.Request) (gateForm, error) {
	frame, err := caseframe.Read(h.DB, w, r, "risk", func(*db.Batch) {})
	if err == nil && !risk.MayOpen(frame.Page.Actor, frame.Rights) {
		err = fault.Forbidden
	}
	return gateForm{View: frame, Days: strconv.Itoa(risk.OpeningDays[0])}, err
}

func (h Handler) askGate(w http.ResponseWriter, r *http.Request) error {
	v, err := h.readGate(w, r)
	if err != nil {
		return err
	}
	if v.Case.Gate == casefile.GateNone || v.Case.Gate == casefile.GateAssessed {
		return page.Redirect(w, r, link.Risk(caseframe.Ref(r))+"#port") // there is nothing to open
	}
	return page.Render(w, r, http.StatusOK, gatePage(v))
}

func (h Handler) openGate(w http.ResponseWriter, r *http.Request) error {
	f := page.ReadForm(r)
	days := f.Int("days")
	err := caseframe.Write(h.DB, r, func(ctx context.Context, tx *db.Tx) error { return risk.OpenGate(ctx, tx, f.Text("reason"), days) })
	bad, _, other := page.Refused(err)
	if other != nil {
		return other
	}
	if bad != nil {
		v, err := h.readGate(w, r)
		if err != nil {
			return err
		}
		v.Page.Invalid, v.Bad, v.Reason, v.Days = true, bad, f.Text("reason"), f.Text("days")
		return page.Render(w, r, http.StatusUnprocessableEntity, gatePage(v))
	}
	return page.Done(w, r, "flash.gate.open", link.Risk(caseframe.Ref(r)))
}

func (h Handler) shutGate(w http.ResponseWriter, r *http.Request) error {
	err := caseframe.Write(h.DB, r, func(ctx context.Context, tx *db.Tx) error { return risk.ShutGate(ctx, tx) })
	if err != nil {
		return err
	}
	return page.Done(w, r, "flash.gate.shut", link.Risk(caseframe.Ref(r)))
}

// counted says what has happened, and how many steps got a deadline by it.
func counted(flash string, steps int) page.Flash {
	if steps == 0 {
		return page.Flash{Key: flash}
	}
	return page.Flash{Key: flash + "_steps", Args: []string{strconv.Itoa(steps)}}
}

func days(ctx context.Context) []ui.Option {
	var all []ui.Option
	for _, n := range risk.OpeningDays {
		all = append(all, ui.Option{Value: strconv.Itoa(n), Label: i18n.N(ctx, "gate.days", n)})
	}
	return all
}
