package planpages

import (
	"context"

	"samspil/internal/actor"
	"samspil/internal/i18n"
	"samspil/internal/plan"
	"samspil/web/link"
)

// approvals is how the plan stands with its versions, and, in an adult's case, with serviceloven § 12 a.
type approvals struct {
	*plan.Standing
	Offers  []plan.Offer
	Missing []plan.Part // of an adult's plan
}

func newApprovals(v planView, d data) approvals {
	a := approvals{Standing: d.standing, Offers: *d.offers}
	if v.adult() {
		a.Missing = v.Plan.Missing(v.Now)
	}
	return a
}

// adult reports whether serviceloven § 12 a is about this case.
func (v planView) adult() bool { return v.Case.Area == "adult" }

// asks reports whether the plan says what it lacks: an adult's, unless the citizen has declined it.
func (v planView) asks() bool {
	return v.adult() && len(v.Versions.Missing) > 0 && !plan.Declined(v.Versions.Offers) && !v.Case.Closed()
}

// hasNews reports whether the template of the plan has a newer version about which nobody has chosen yet.
func (v planView) hasNews() bool {
	return v.Plan.NewTemplate != "" && !v.Plan.TemplateAsked && v.write() && !v.Case.Closed() && !v.Look.Print
}

// returned is the newest version, where a lead has returned it.
func (a approvals) returned() *plan.Version {
	if v := a.Latest(); v != nil && v.State == plan.Returned {
		return v
	}
	return nil
}

// maySubmit reports whether sending the plan is offered: where nobody has been asked, a lead has returned it, or something needs approval.
func (v planView) maySubmit() bool {
	a := v.Versions
	switch w, ok := a.Waiting(), a.Approved(); {
	case !v.write() || v.Look.Print:
		return false
	case w != nil:
		return plan.Needing(a.Since(w)) > 0
	case ok != nil && a.returned() == nil:
		return plan.Needing(a.Since(ok)) > 0
	}
	return true
}

// mayAnswer reports whether a version waits for the reader; own, whether it would, had they not written in it.
func (v planView) mayAnswer() (may, own bool) {
	w := v.Versions.Waiting()
	if w == nil || !plan.MayApprove(v.Page.Actor, v.Rights) {
		return false, false
	}
	own = w.ByAuthor(v.Page.Actor.UserID)
	return !own, own
}

// since is "3 ændringer siden version 2, heraf 1, der kræver godkendelse".
func since(ctx context.Context, list []plan.Difference, no int) string {
	s := i18n.N(ctx, "plan.standing.since", len(list), no)
	if n := plan.Needing(list); n > 0 {
		s += ", " + i18n.N(ctx, "plan.standing.needs", n)
	}
	return s
}

// adultCount is what the head of the panel says.
func (v planView) adultCount(ctx context.Context) string {
	if len(v.Versions.Missing) == 0 {
		return i18n.T(ctx, "plan.adult.full")
	}
	return i18n.N(ctx, "plan.adult.counts", len(v.Versions.Missing))
}

// writesParts is the way to the parts, for who may write them.
func (v planView) writesParts(ctx context.Context) (href, text string) {
	if !v.May(actor.Write) {
		return "", ""
	}
	return link.PlanParts(v.Case.Ref), i18n.T(ctx, "plan.adult.edit")
}

func submitLabel(ctx context.Context, a approvals) string {
	if a.returned() != nil || a.Waiting() != nil {
		return i18n.T(ctx, "plan.standing.submit.again")
	}
	return i18n.T(ctx, "plan.standing.submit")
}
