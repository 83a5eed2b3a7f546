package concernpages

import (
	"context"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"time"

	"github.com/google/uuid"

	"samspil/internal/actor"
	"samspil/internal/concern"
	"samspil/internal/db"
	"samspil/internal/deadline"
	"samspil/internal/i18n"
	"samspil/web/frame"
	"samspil/web/link"
	"samspil/web/page"
	"samspil/web/reportframe"
	"samspil/web/ui"
)

// queueView is the list of reports that the reader may see: the desk's, those assigned to them, registered by them, or
// belonging to their cases.
type queueView struct {
	Page    ui.Page
	Now     time.Time
	F       concern.QueueFilter
	Rows    []concern.Report
	Total   int
	Reviews []concern.OpenReassessment
	Rules   deadline.Rules
	Me      uuid.UUID
	Desks   []string // the areas whose desk the reader works at
}

func (h Handler) showQueue(w http.ResponseWriter, r *http.Request) error {
	ctx, q := r.Context(), r.URL.Query()
	v := queueView{F: concern.QueueFilter{View: q.Get("visning"), Area: q.Get("omraade")}}
	if !slices.Contains(concern.Views, v.F.View) {
		v.F.View = ""
	}
	if v.F.Area != concern.Child && v.F.Area != concern.Adult {
		v.F.Area = ""
	}
	v.F.Page, _ = strconv.Atoi(q.Get("side"))
	v.F.Page = min(max(v.F.Page, 1), 1000)
	var f *frame.Frame
	var list concern.QueuePage
	var reviews *[]concern.OpenReassessment
	var rules deadline.RuleRows
	var desks *[]string
	now, err := h.DB.Read(ctx, actor.From(ctx), func(b *db.Batch) {
		f, list, reviews = frame.Ask(b), concern.Queue(b, v.F), concern.OpenReassessments(b)
		rules, desks = deadline.AskRules(b), concern.Desks(b)
	})
	if err != nil {
		return err
	}
	v.Page, v.Now, v.Rows, v.Total, v.Reviews = f.Page(w, r, i18n.T(ctx, "concern.queue"), "reports"), now, list.Rows(), list.Total(), *reviews
	v.Rules, v.Me, v.Desks = rules.Rules(), actor.From(ctx).UserID, *desks
	return page.Render(w, r, http.StatusOK, queuePage(v))
}

// makesCase reports whether the reader is one who makes the case that a report misses: who has it, or its desk.
func (v queueView) makesCase(r concern.Report) bool {
	return r.CaseMissing && (r.AssignedTo != nil && *r.AssignedTo == v.Me || slices.Contains(v.Desks, r.Area))
}

func (v queueView) href(view, area string, side int) string {
	q := url.Values{}
	for name, value := range map[string]string{"visning": view, "omraade": area} {
		if value != "" {
			q.Set(name, value)
		}
	}
	if side > 1 {
		q.Set("side", strconv.Itoa(side))
	}
	if len(q) == 0 {
		return link.Reports
	}
	return link.Reports + "?" + q.Encode()
}

func (v queueView) views(ctx context.Context) []ui.Chip {
	var chips []ui.Chip
	for _, view := range concern.Views {
		chips = append(chips, ui.Chip{Text: i18n.T(ctx, "concern.view."+orAll(view)), Href: v.href(view, v.F.Area, 1), Current: v.F.View == view})
	}
	return chips
}

func (v queueView) areas(ctx context.Context) []ui.Chip {
	var chips []ui.Chip
	for _, area := range []string{"", concern.Child, concern.Adult} {
		chips = append(chips, ui.Chip{Text: i18n.T(ctx, "concern.only."+orAll(area)), Href: v.href(v.F.View, area, 1), Current: v.F.Area == area})
	}
	return chips
}

func orAll(s string) string {
	if s == "" {
		return "all"
	}
	return s
}

func (v queueView) paging(ctx context.Context) ui.Paging {
	first := (v.F.Page - 1) * concern.PageSize
	p := ui.Paging{Text: i18n.T(ctx, "concern.paging", first+1, first+len(v.Rows), v.Total)}
	if v.F.Page > 1 {
		p.PrevHref = v.href(v.F.View, v.F.Area, v.F.Page-1)
	}
	if first+len(v.Rows) < v.Total {
		p.NextHref = v.href(v.F.View, v.F.Area, v.F.Page+1)
	}
	return p
}

// state is where a report stands, in words, with the tone of its tag.
func state(r concern.Report) (key, tone, icon string) {
	switch {
	case r.CaseMissing:
		return "reportframe.no_case", "red", "warning"
	case r.Concluded():
		return "concern.state.concluded", "", ""
	case r.IsAcute():
		return "concern.state.acute", "red", "warning"
	case r.Assessed():
		return "concern.state.assessed", "green", "check"
	}
	return "concern.state.new", "amber", ""
}

func clock(r concern.Report, now time.Time) ui.Countdown {
	return reportframe.Countdown(r.Clock(now))
}
