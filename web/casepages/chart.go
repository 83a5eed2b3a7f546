package casepages

import (
	"context"
	"fmt"
	"slices"
	"time"

	"samspil/internal/casefile"
	"samspil/internal/i18n"
	"samspil/internal/journal"
	"samspil/internal/reference"
	"samspil/web/eventview"
	"samspil/web/ui"
)

// levelLines are the heights of the four levels in the chart, the gravest on top.
var levelLines = []string{"12.5%", "37.5%", "62.5%", "87.5%"}

// chart is the history of the level as a line of steps. The page says the same in words.
type chart struct {
	Levels []string // names, the gravest first
	Steps  []chartStep
	Start  string // the day of the first step
}

// chartStep is one level from one moment to the next, in percent of the chart.
type chartStep struct{ From, To, Y, PrevY string }

func chartOf(ctx context.Context, newestFirst []casefile.SeverityChange, now time.Time) chart {
	list := slices.Clone(newestFirst)
	slices.Reverse(list)
	var c chart
	levels := reference.SeverityLevels()
	height := map[string]string{}
	for i, l := range slices.Backward(levels) {
		height[l.Code] = levelLines[len(levels)-1-i]
		c.Levels = append(c.Levels, i18n.T(ctx, "ui.severity."+l.Code))
	}
	if len(list) == 0 {
		return c
	}
	first := list[0].At
	span := max(now.Sub(first), time.Hour)
	at := func(t time.Time) string { return fmt.Sprintf("%.1f%%", 4+92*float64(t.Sub(first))/float64(span)) }
	c.Start = i18n.Date(ctx, first, now)
	for i, s := range list {
		to := now
		if i+1 < len(list) {
			to = list[i+1].At
		}
		step := chartStep{From: at(s.At), To: at(to), Y: height[s.To]}
		if i > 0 {
			step.PrevY = height[list[i-1].To]
		}
		c.Steps = append(c.Steps, step)
	}
	return c
}

// events are the entries of the journal as the timeline shows them.
func events(ctx context.Context, ref string, list []journal.Entry) []ui.Event {
	out := make([]ui.Event, len(list))
	for i, e := range list {
		out[i] = eventview.Entry(ctx, e, ref)
	}
	return out
}

// lateWords says how many steps are late, and nothing when none is.
func lateWords(ctx context.Context, n int) string {
	if n == 0 {
		return ""
	}
	return i18n.N(ctx, "overview.next.late", n)
}

// familyLink leads to the whole table when there is one.
func familyLink(ctx context.Context, v overview) string {
	if len(v.People) == 0 {
		return ""
	}
	return i18n.T(ctx, "overview.family.all")
}
