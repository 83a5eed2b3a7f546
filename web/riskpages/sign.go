package riskpages

import (
	"context"
	"net/http"
	"time"

	"github.com/google/uuid"

	"samspil/internal/db"
	"samspil/internal/draft"
	"samspil/internal/fault"
	"samspil/internal/i18n"
	"samspil/internal/plan"
	"samspil/internal/reference"
	"samspil/internal/risk"
	"samspil/web/caseframe"
	"samspil/web/link"
	"samspil/web/page"
)

// input turns the draft into what is signed. A date that cannot be read is refused under its field.
func input(typed func(string) string, persons []string, now time.Time) (risk.Input, fault.Invalid) {
	bad := fault.Invalid{}
	in := risk.Input{Scenario: typed("scenario"), WouldChange: typed("would_change"), Level: typed("level"), Reason: typed("reason")}
	in.Key, _ = uuid.Parse(typed("key"))
	in.Base, _ = uuid.Parse(typed("base"))
	for _, x := range reference.RiskFactors("") {
		a := risk.Answer{Factor: x.Code, Answer: typed(x.Code), Evidence: typed("e." + x.Code), Source: typed("s." + x.Code)}
		if day := typed("d." + x.Code); day != "" {
			t, err := i18n.ParsePast(day, now)
			bad.Check("d."+x.Code, err == nil, "error.date_been")
			a.SeenOn = t.In(i18n.Zone).Format(time.DateOnly)
		}
		in.Answers = append(in.Answers, a)
	}
	for _, s := range persons {
		if id, err := uuid.Parse(s); err == nil {
			in.Persons = append(in.Persons, risk.Concern{PersonID: id, Concern: typed("c." + s), Reach: typed("r." + s)})
		}
	}
	return in, bad
}

// sign keeps the last part, and signs everything. The same form sent twice is signed once; one that was changed after "Back" is
// not signed, and waits as a draft of its own.
func (h Handler) sign(w http.ResponseWriter, r *http.Request, form *page.Form) error {
	steps, changed := 0, false
	err := caseframe.Write(h.DB, r, func(ctx context.Context, tx *db.Tx) error {
		was, err := risk.SignedAs(ctx, tx, form.ID("key"))
		if err != nil {
			return err
		}
		if was.OK {
			if changed = !says(was.Row, form, signing, tx.Now); changed {
				return begin(ctx, tx, form, signing, was.Row)
			}
			return nil
		}
		if err := keep(ctx, tx, form, signing); err != nil {
			return err
		}
		var kept *db.Found[draft.Draft]
		if err := tx.Read(ctx, func(b *db.Batch) { kept = draft.Load(b, risk.Form) }); err != nil {
			return err
		}
		v := formView{Typed: kept.Row.Fields}
		in, bad := input(v.one, v.Typed["person"], tx.Now)
		in.Lower = form.Has("lower")
		if len(bad) > 0 {
			return form.With(merged(bad, in.Validate(tx.Now)))
		}
		if _, err := risk.Sign(ctx, tx, in); err != nil {
			return err
		}
		steps, err = plan.Unlock(ctx, tx)
		return err
	})
	bad, stale, other := page.Refused(err)
	switch {
	case other != nil:
		return other
	case changed:
		v, err := h.readPart(w, r)
		if err != nil {
			return err
		}
		v.Page.Invalid, v.Changed, v.Lowers = true, true, v.lowers()
		return page.Render(w, r, http.StatusConflict, partPage(v))
	case bad == nil && !stale:
		page.Say(w, counted("flash.risk.signed", steps))
		return page.Redirect(w, r, link.Risk(caseframe.Ref(r)))
	}
	return h.again(w, r, form, bad, stale)
}

func merged(bad fault.Invalid, err error) error {
	_ = bad.Merge("", err) // an Invalid or nil
	return bad
}

// again shows the last part with what was typed. What the transaction kept in the draft is gone with it: it is kept anew.
func (h Handler) again(w http.ResponseWriter, r *http.Request, form *page.Form, bad fault.Invalid, stale bool) error {
	if err := caseframe.Write(h.DB, r, func(ctx context.Context, tx *db.Tx) error { return keep(ctx, tx, form, signing) }); err != nil {
		return err
	}
	v, err := h.readPart(w, r)
	if err != nil {
		return err
	}
	v.Page.Invalid, v.Bad, v.Newer = true, bad, stale
	v.Lowers = v.lowers()
	if stale { // who signs again has seen what the other one signed
		v.Base = v.newest()
	}
	return page.Render(w, r, page.FormStatus(stale), partPage(v))
}
