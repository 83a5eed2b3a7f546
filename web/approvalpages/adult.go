package approvalpages

import (
	"context"
	"net/http"
	"strconv"

	"github.com/google/uuid"

	"samspil/internal/actor"
	"samspil/internal/db"
	"samspil/internal/fault"
	"samspil/internal/plan"
	"samspil/web/caseframe"
	"samspil/web/link"
	"samspil/web/page"
	"samspil/web/ui"
)

// partsView is the form of the parts of serviceloven § 12 a that are words.
type partsView struct {
	caseframe.View
	Plan    plan.Plan
	In      plan.PartsInput
	Version string
	Other   *ui.Conflict
	Bad     fault.Invalid
}

func (h Handler) readParts(w http.ResponseWriter, r *http.Request) (partsView, error) {
	var row *db.Found[plan.Plan]
	frame, err := caseframe.Read(h.DB, w, r, "plan", func(b *db.Batch) { row = plan.Get(b) })
	if err != nil {
		return partsView{}, err
	}
	if !row.OK || frame.Case.Area != "adult" {
		return partsView{}, fault.NotFound
	}
	p := row.Row
	v := partsView{View: frame, Plan: p, In: plan.PartsInput{Situation: p.Situation, Support: p.Support, SupportOther: p.SupportOther}, Version: strconv.Itoa(p.Version)}
	if !v.May(actor.Write) {
		return v, fault.Forbidden
	}
	return v, nil
}

func (h Handler) parts(w http.ResponseWriter, r *http.Request) error {
	v, err := h.readParts(w, r)
	if err != nil {
		return err
	}
	return page.Render(w, r, http.StatusOK, partsPage(v))
}

func (h Handler) saveParts(w http.ResponseWriter, r *http.Request) error {
	f := page.ReadForm(r)
	in := plan.PartsInput{Situation: f.Text("situation"), Support: f.Text("support"), SupportOther: f.Text("support_other")}
	version := f.Int("version")
	err := caseframe.Write(h.DB, r, func(ctx context.Context, tx *db.Tx) error {
		if err := f.Err(); err != nil {
			return err
		}
		return plan.ChangeParts(ctx, tx, version, in)
	})
	bad, stale, err := page.Refused(err)
	if err != nil {
		return err
	}
	if bad == nil && !stale {
		return page.Done(w, r, "flash.parts.saved", link.Plan(caseframe.Ref(r))+"#handleplan")
	}
	v, err := h.readParts(w, r)
	if err != nil {
		return err
	}
	saved := v.In
	v.In, v.Bad, v.Page.Invalid = in, bad, true
	if stale { // the newest version goes into the form: saving again is a choice, with both in sight
		v.Other = &ui.Conflict{PII: true, Keep: link.Plan(v.Case.Ref)}
		v.Other.Differ("version.part.situation", saved.Situation, in.Situation)
		v.Other.Differ("version.part.support", saved.Support, in.Support)
		v.Other.Differ("version.part.support_other", saved.SupportOther, in.SupportOther)
	} else {
		v.Version = f.Text("version")
	}
	return page.Render(w, r, page.FormStatus(stale), partsPage(v))
}

// offerView is the form of an offer, and what was written down before.
type offerView struct {
	caseframe.View
	Offers            []plan.Offer
	Key, Outcome, Day string
	Words             string
	Bad               fault.Invalid
}

func (h Handler) readOffer(w http.ResponseWriter, r *http.Request) (offerView, error) {
	var offers *[]plan.Offer
	frame, err := caseframe.Read(h.DB, w, r, "plan", func(b *db.Batch) { offers = plan.Offers(b) })
	if err != nil {
		return offerView{}, err
	}
	if frame.Case.Area != "adult" {
		return offerView{}, fault.NotFound
	}
	v := offerView{View: frame, Offers: *offers, Key: uuid.NewString()}
	if !v.May(actor.Write) {
		return v, fault.Forbidden
	}
	return v, nil
}

func (h Handler) offer(w http.ResponseWriter, r *http.Request) error {
	v, err := h.readOffer(w, r)
	if err != nil {
		return err
	}
	return page.Render(w, r, http.StatusOK, offerPage(v))
}

func (h Handler) saveOffer(w http.ResponseWriter, r *http.Request) error {
	f := page.ReadForm(r)
	in := plan.OfferInput{Key: f.ID("key"), Outcome: f.Text("outcome"), Day: f.Past("day"), Words: f.Text("words")}
	err := caseframe.Write(h.DB, r, func(ctx context.Context, tx *db.Tx) error {
		if err := f.Err(); err != nil {
			return f.With(in.Validate(tx.Now))
		}
		return plan.RecordOffer(ctx, tx, in)
	})
	bad, _, err := page.Refused(err)
	if err != nil {
		return err
	}
	if bad == nil {
		return page.Done(w, r, "flash.offer.saved", link.Plan(caseframe.Ref(r))+"#handleplan")
	}
	v, err := h.readOffer(w, r)
	if err != nil {
		return err
	}
	v.Key, v.Outcome, v.Day, v.Words, v.Bad, v.Page.Invalid = f.Text("key"), in.Outcome, f.Text("day"), in.Words, bad, true
	return page.Render(w, r, http.StatusUnprocessableEntity, offerPage(v))
}

func outcomes(ctx context.Context) []ui.Option { return ui.Options(ctx, "offer.", plan.OfferOutcomes) }
