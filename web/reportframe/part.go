package reportframe

import (
	"context"
	"time"

	"samspil/internal/concern"
	"samspil/internal/i18n"
	"samspil/web/link"
	"samspil/web/ui"
)

// reviewer is who reassesses, as the parts show people.
func reviewer(z concern.Reassessment) ui.Person {
	return ui.Person{Name: z.Reviewer, PhotoURL: link.Photo(z.ReviewerPic, "s")}
}

// ReviewHref is where a reassessment that waits is chosen for or made: from the report by the reviewer, and from the case
// by its people.
func ReviewHref(z concern.OpenReassessment) string {
	if z.CaseRef != "" && !z.Mine {
		return link.CaseReassessment(z.CaseRef, z.ID)
	}
	return link.Reassessment(z.ReportRef, z.ID)
}

// ReviewState says whom a reassessment waits for.
func ReviewState(ctx context.Context, z concern.OpenReassessment) string {
	switch {
	case z.Mine:
		return i18n.T(ctx, "reportframe.review.yours")
	case z.Reviewer == "":
		return i18n.T(ctx, "reportframe.review.nobody")
	}
	return i18n.T(ctx, "reportframe.review.with", z.Reviewer)
}

// urgency is the kind of the button that leads to the assessment: filled where the clock rings.
func urgency(r concern.Report, now time.Time) string {
	if r.Clock(now).Rings() {
		return ""
	}
	return "secondary"
}
