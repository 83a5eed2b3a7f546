package accesspages

import (
	"context"
	"errors"
	"net/http"

	"samspil/internal/actor"
	"samspil/internal/casefile"
	"samspil/internal/db"
	"samspil/internal/fault"
	"samspil/internal/i18n"
	"samspil/internal/safety"
	"samspil/web/caseframe"
	"samspil/web/link"
	"samspil/web/page"
	"samspil/web/ui"
)

// closingForm closes the case, or takes it up again.
type closingForm struct {
	caseframe.View
	Loose    casefile.LooseEnds
	Closings []casefile.Closing
	Waiting  []safety.CheckIn // that end with the case
	In       casefile.ClosingInput
	Bad      fault.Invalid
	Overtook bool // somebody else has closed or reopened it meanwhile
}

func (h Handler) askClose(w http.ResponseWriter, r *http.Request) error {
	return h.showClosing(w, r, casefile.ClosingInput{}, nil)
}

func (h Handler) closeCase(w http.ResponseWriter, r *http.Request) error {
	form := page.ReadForm(r)
	in := casefile.ClosingInput{Code: form.Text("code"), Reason: form.Text("reason"), Seen: form.Has("seen")}
	err := caseframe.Write(h.DB, r, func(ctx context.Context, tx *db.Tx) error {
		if !tx.Rights.May(actor.Manage) {
			return fault.Forbidden
		}
		return casefile.Close(ctx, tx, in)
	})
	if err == nil {
		return page.Done(w, r, "flash.case.closed", link.Case(caseframe.Ref(r)))
	}
	return h.showClosing(w, r, in, err)
}

func (h Handler) reopen(w http.ResponseWriter, r *http.Request) error {
	reason := page.ReadForm(r).Text("reason")
	err := caseframe.Write(h.DB, r, func(ctx context.Context, tx *db.Tx) error {
		if !tx.Rights.May(actor.Manage) {
			return fault.Forbidden
		}
		return casefile.Reopen(ctx, tx, reason)
	})
	if err == nil {
		return page.Done(w, r, "flash.case.reopened", link.Case(caseframe.Ref(r)))
	}
	return h.showClosing(w, r, casefile.ClosingInput{Reason: reason}, err)
}

// showClosing shows the form, again where why says that it was refused.
func (h Handler) showClosing(w http.ResponseWriter, r *http.Request, in casefile.ClosingInput, why error) error {
	stale := errors.Is(why, fault.Stale)
	bad, err := refusal(why)
	if err != nil && !stale {
		return err
	}
	var loose *casefile.LooseEnds
	var closings *[]casefile.Closing
	var checkIns *[]safety.CheckIn
	frame, err := h.read(w, r, actor.Manage, func(b *db.Batch) {
		loose, closings, checkIns = casefile.GetLooseEnds(b), casefile.Closings(b), safety.CheckIns(b)
	})
	if err != nil {
		return err
	}
	v := closingForm{View: frame, Loose: *loose, Closings: *closings, In: in, Bad: bad, Overtook: stale}
	for _, c := range *checkIns {
		if c.Status == safety.Agreed {
			v.Waiting = append(v.Waiting, c)
		}
	}
	v.Page.Invalid = why != nil
	code := status(bad)
	if stale {
		code = http.StatusConflict
	}
	return page.Render(w, r, code, closingPage(v))
}

func (v closingForm) reasons(ctx context.Context) []ui.Option {
	var list []ui.Option
	for _, code := range casefile.ClosingReasons {
		list = append(list, ui.Option{Value: code, Label: i18n.T(ctx, "closing."+code)})
	}
	return list
}

// loose says what is unfinished, a sentence each.
func (v closingForm) loose(ctx context.Context) []string {
	var list []string
	if n := v.Loose.Steps; n > 0 {
		list = append(list, i18n.N(ctx, "closing.loose.steps", n))
	}
	if n := v.Loose.Mandatory; n > 0 {
		list = append(list, i18n.N(ctx, "closing.loose.mandatory", n))
	}
	if n := v.Loose.Partners; n > 0 {
		list = append(list, i18n.N(ctx, "closing.loose.partners", n))
	}
	if n := v.Loose.Deadlines; n > 0 {
		list = append(list, i18n.N(ctx, "closing.loose.deadlines", n))
	}
	if v.Loose.Grave() {
		list = append(list, i18n.T(ctx, "closing.loose.grave", i18n.T(ctx, "ui.severity."+v.Loose.Severity)))
	}
	return list
}
