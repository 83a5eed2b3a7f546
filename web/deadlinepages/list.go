package deadlinepages

import (
	"context"
	"net/http"
	"strconv"
	"time"

	"samspil/internal/actor"
	"samspil/internal/db"
	"samspil/internal/deadline"
	"samspil/internal/i18n"
	"samspil/web/caseframe"
	"samspil/web/deadlineview"
	"samspil/web/link"
	"samspil/web/page"
	"samspil/web/ui"
)

// listView are the deadlines of a case: those that run, those that are over, what the plan asks for, and the birthdays ahead.
type listView struct {
	caseframe.View
	Open, Over []deadline.Deadline
	Offers     []deadline.Rule
	Milestones []deadline.Milestone
}

func (h Handler) list(w http.ResponseWriter, r *http.Request) error {
	var all *[]deadline.Deadline
	var planned *[]string
	var rules deadline.RuleRows
	frame, err := caseframe.Read(h.DB, w, r, "deadlines", func(b *db.Batch) {
		all, planned, rules = deadline.All(b), deadline.Planned(b), deadline.AskRules(b)
	})
	if err != nil {
		return err
	}
	v := listView{View: frame, Milestones: deadline.Milestones(frame.Case.Born, frame.Now)}
	if frame.May(actor.Write) {
		v.Offers = rules.Rules().Offers(*planned, frame.Case.Area)
	}
	for _, d := range *all {
		if d.Open() {
			v.Open = append(v.Open, d)
		} else {
			v.Over = append(v.Over, d)
		}
	}
	return page.Render(w, r, http.StatusOK, listPage(v))
}

// late counts the running deadlines that have passed.
func (v listView) late() int {
	n := 0
	for _, d := range v.Open {
		if d.Late(v.Now) {
			n++
		}
	}
	return n
}

func (v listView) counted(ctx context.Context) string {
	if n := v.late(); n > 0 {
		return i18n.N(ctx, "frister.late", n)
	}
	return ""
}

// left says how a deadline stands, in words first: "3 t 11 min tilbage", "På pause siden torsdag 12. november 2026".
func left(ctx context.Context, d deadline.Deadline, now time.Time) string {
	if d.Status == deadline.Paused {
		return i18n.T(ctx, "frister.paused", i18n.LongDate(ctx, *d.PausedAt))
	}
	return i18n.Capital(deadlineview.Left(ctx, d.DueAt, d.Unit.HasTime(), now))
}

// from says what a deadline was computed from: "4 måneder fra 12. nov.: Kommunen blev opmærksom …".
func from(ctx context.Context, d deadline.Deadline, now time.Time) string {
	if d.OwnName != "" { // what a local deadline begins with, its name says
		return i18n.T(ctx, "frister.from.own", deadlineview.Length(ctx, d.Length, d.Unit), i18n.Date(ctx, d.TriggeredAt, now))
	}
	return i18n.T(ctx, "frister.from", deadlineview.Length(ctx, d.Length, d.Unit), i18n.Date(ctx, d.TriggeredAt, now), i18n.Small(deadlineview.Trigger(ctx, d.Trigger)))
}

// outcome is what became of a deadline that is over, and the tone of its tag.
func outcome(ctx context.Context, d deadline.Deadline) (text, tone string) {
	switch {
	case d.Status == deadline.Cancelled:
		return i18n.T(ctx, "frister.cancelled"), ""
	case d.Kept():
		return i18n.T(ctx, "frister.kept"), "green"
	default:
		return i18n.T(ctx, "frister.broken"), "red"
	}
}

// met says when a deadline was met and by whom: "20. nov. af Mette Lindhardt, frist 24. nov.".
func met(ctx context.Context, d deadline.Deadline, now time.Time) string {
	due := i18n.Date(ctx, d.DueAt, now)
	if d.MetAt == nil {
		return i18n.T(ctx, "frister.due_was", due)
	}
	return i18n.T(ctx, "frister.met", i18n.Date(ctx, *d.MetAt, now), d.MetBy, due)
}

// meetNow meets a deadline from the list.
func (v listView) meetNow(ctx context.Context, d deadline.Deadline) ui.Button {
	return ui.Button{URL: link.Deadline(v.Case.Ref, d.ID) + "/holdt", Label: i18n.T(ctx, "frister.meet"), Kind: "secondary", Icon: "check", Small: true, VH: d.Name(ctx),
		Fields: map[string]string{"version": strconv.Itoa(d.Version), "now": "1"}}
}

// milestone says a birthday: "Fylder 18 år 3. feb., om 73 dage".
func (v listView) milestone(ctx context.Context, m deadline.Milestone) string {
	return i18n.T(ctx, "frister.milestone", m.Age, i18n.Date(ctx, m.Day, v.Now), i18n.Relative(ctx, m.Day, v.Now))
}
