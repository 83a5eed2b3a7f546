package partnerview

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"samspil/internal/i18n"
	"samspil/internal/partner"
)

// Week writes the hours of a kind the short way: "hverdage 8–16", "man–tor 15–23, fre 8–14".
// It is empty where there are none.
func Week(ctx context.Context, hours []partner.Hours, kind string) string {
	days := make([]string, 8) // 1 to 7: "8–16", "8–12 og 13–16", or empty
	for _, h := range hours {
		if h.Kind != kind || h.Weekday < 1 || h.Weekday > 7 {
			continue
		}
		if days[h.Weekday] != "" {
			days[h.Weekday] += " " + i18n.T(ctx, "partner.week.and") + " "
		}
		days[h.Weekday] += clock(ctx, h.Opens) + "–" + clock(ctx, h.Closes)
	}
	var parts []string
	for first := 1; first <= 7; {
		last := first
		for last < 7 && days[last+1] == days[first] {
			last++
		}
		if days[first] != "" {
			parts = append(parts, span(ctx, first, last)+" "+days[first])
		}
		first = last + 1
	}
	if slices.Equal(parts, []string{span(ctx, 1, 7) + " " + clock(ctx, 0) + "–" + clock(ctx, 24*60)}) {
		return i18n.T(ctx, "partner.week.always")
	}
	return strings.Join(parts, ", ")
}

func span(ctx context.Context, first, last int) string {
	name := func(d int) string { return i18n.T(ctx, fmt.Sprintf("partner.day.%d", d)) }
	switch {
	case first == 1 && last == 5:
		return i18n.T(ctx, "partner.week.workdays")
	case first == 1 && last == 7:
		return i18n.T(ctx, "partner.week.daily")
	case first == last:
		return name(first)
	default:
		return name(first) + "–" + name(last)
	}
}

// clock writes minutes after midnight without the word before: "8", "8.30".
func clock(ctx context.Context, minute int) string {
	h, m := minute/60, minute%60
	switch {
	case i18n.Lang(ctx) == "en":
		return fmt.Sprintf("%d:%02d", h, m)
	case m == 0:
		return fmt.Sprint(h)
	default:
		return fmt.Sprintf("%d.%02d", h, m)
	}
}
