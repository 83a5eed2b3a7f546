package approvalpages

import (
	"context"
	"net/http"
	"strconv"

	"samspil/internal/actor"
	"samspil/internal/db"
	"samspil/internal/fault"
	"samspil/internal/i18n"
	"samspil/internal/plan"
	"samspil/web/caseframe"
	"samspil/web/link"
	"samspil/web/page"
)

// submitView is the plan on its way to the lead: what has changed since a lead approved it, and a word to the lead.
type submitView struct {
	caseframe.View
	Standing *plan.Standing
	Rows     []diffRow
	Missing  []plan.Part // of § 12 a, that keep the plan from being sent
	Words    string
	Stale    bool          // somebody has written in the plan, or sent it, since the reader saw it
	Sent     *plan.Version // the reader has sent this form already, with other words: nothing else has happened
	Bad      fault.Invalid
}

func (h Handler) readSubmit(w http.ResponseWriter, r *http.Request) (submitView, error) {
	var (
		v        submitView
		standing *plan.Standing
		row      *db.Found[plan.Plan]
		offers   *[]plan.Offer
	)
	frame, err := caseframe.Read(h.DB, w, r, "plan", func(b *db.Batch) {
		standing, row, offers = plan.AskStanding(b), plan.Get(b), plan.Offers(b)
	})
	if err != nil {
		return v, err
	}
	if !row.OK {
		return v, fault.NotFound
	}
	v = submitView{View: frame, Standing: standing}
	if !v.May(actor.Write) {
		return v, fault.Forbidden
	}
	if a := standing.Approved(); a != nil {
		v.Rows = diffRows(r.Context(), standing.Content(a), standing.Now())
	}
	if v.Case.Area == "adult" && !plan.Declined(*offers) {
		v.Missing = row.Row.Missing(v.Now)
	}
	return v, nil
}

func (h Handler) submitForm(w http.ResponseWriter, r *http.Request) error {
	v, err := h.readSubmit(w, r)
	if err != nil {
		return err
	}
	return page.Render(w, r, http.StatusOK, submitPage(v))
}

func (h Handler) submit(w http.ResponseWriter, r *http.Request) error {
	f := page.ReadForm(r)
	in := plan.Submission{Seen: f.Int("seen"), Mark: f.Text("mark"), Words: f.Text("words")}
	no := 0
	err := caseframe.Write(h.DB, r, func(ctx context.Context, tx *db.Tx) (err error) {
		if err := f.Err(); err != nil {
			return err
		}
		no, err = plan.Submit(ctx, tx, in)
		return err
	})
	bad, stale, err := page.Refused(err)
	if err != nil {
		return err
	}
	if bad == nil && !stale {
		page.Say(w, page.Flash{Key: "flash.version.submitted"})
		return page.Redirect(w, r, link.PlanVersion(caseframe.Ref(r), no))
	}
	v, err := h.readSubmit(w, r)
	if err != nil {
		return err
	}
	v.Bad, v.Stale, v.Words, v.Page.Invalid = bad, stale, in.Words, true
	if stale {
		v.Sent = v.Standing.SentAs(v.Page.Actor.UserID, in.Mark)
	}
	return page.Render(w, r, page.FormStatus(stale), submitPage(v))
}

func (v submitView) hidden() map[string]string {
	return map[string]string{"seen": strconv.Itoa(v.Standing.Seen()), "mark": v.Standing.Now().Mark()}
}

func versionName(ctx context.Context, no int) string { return i18n.T(ctx, "version.name", no) }

// summary are the refusals that a field of the page can mend; what the rest of the page says itself is left out.
func (v submitView) summary() fault.Invalid {
	if text, ok := v.Bad["words"]; ok {
		return fault.Invalid{"words": text}
	}
	return nil
}
