package startpages

import (
	"context"
	"net/http"
	"time"

	"samspil/internal/actor"
	"samspil/internal/db"
	"samspil/internal/i18n"
	"samspil/internal/overview"
	"samspil/web/deadlineview"
	"samspil/web/frame"
	"samspil/web/link"
	"samspil/web/page"
	"samspil/web/ui"
)

// limitsShown is how many deadlines Min dag has room for.
const limitsShown = 12

// limitsView is the list behind a lead's number of deadlines kept, broken, or over time.
type limitsView struct {
	Page   ui.Page
	Now    time.Time
	Which  string // of [overview.WhichLimits]
	Limits []overview.Limit
	Counts overview.KeptLimits
}

func (h Handler) limits(w http.ResponseWriter, r *http.Request) error {
	ctx := r.Context()
	which := query(r, "vis", overview.WhichLimits...)
	if which == "" {
		which = overview.LimitsLate
	}
	var f *frame.Frame
	var limits *[]overview.Limit
	var counts *overview.KeptLimits
	now, err := h.DB.Read(ctx, actor.From(ctx), func(b *db.Batch) {
		f, limits, counts = frame.Ask(b), overview.TeamLimits(b, which), overview.TeamKept(b)
	})
	if err != nil {
		return err
	}
	v := limitsView{Page: f.Page(w, r, i18n.T(ctx, "limits.title"), "overview"), Now: now, Which: which, Limits: *limits, Counts: *counts}
	return page.Render(w, r, http.StatusOK, limitsPage(v))
}

func (v limitsView) chips(ctx context.Context) []ui.Chip {
	chip := func(which string, n int) ui.Chip {
		return ui.Chip{Text: i18n.T(ctx, "limits."+which), Href: link.TeamDeadlines(which), Current: v.Which == which, Count: n}
	}
	return []ui.Chip{chip(overview.LimitsLate, v.Counts.Late), chip(overview.LimitsAhead, v.Counts.Ahead), chip(overview.LimitsBroken, v.Counts.Broken), chip(overview.LimitsKept, v.Counts.Kept)}
}

// limitUnder is the quiet line below a deadline of Min dag: its case, and how many hours are left where hours count.
func limitUnder(ctx context.Context, l overview.Limit, now time.Time) string {
	if words := deadlineview.Beside(ctx, l.DueAt, l.Unit.HasTime(), now); words != "" {
		return words + " · " + l.Number
	}
	return l.Number
}

func limitOwner(l overview.Limit) ui.Person {
	return ui.Person{Name: l.Responsible, PhotoURL: link.Photo(l.PhotoID, "s")}
}

// limitOf leads to what the deadline is about, limitHref to where it is met.
func limitOf(l overview.Limit) string {
	if l.OfReport {
		return link.Report(l.Ref)
	}
	return link.Case(l.Ref)
}

func limitHref(l overview.Limit) string {
	switch {
	case l.OfReport && l.Code == "UND_RECEIPT":
		return link.Receipt(l.Ref)
	case l.OfReport:
		return link.Assessment(l.Ref)
	}
	return link.Deadline(l.Ref, l.ID)
}
