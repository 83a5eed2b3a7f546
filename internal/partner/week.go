package partner

import (
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"samspil/internal/fault"
)

var stretch = regexp.MustCompile(`^(\d{1,2})(?:[.:](\d{2}))?\s*[-–]\s*(\d{1,2})(?:[.:](\d{2}))?$`)

// ReadWeek reads the hours of seven days as people write them: "8-16", "8.30-12, 13-16", "døgnet rundt".
// A stretch that ends before it begins goes over midnight: "22-6". Days that cannot be read are refused by
// their number, "1" to "7".
func ReadWeek(kind string, days [7]string) ([]Hours, error) {
	bad := fault.Invalid{}
	var all []Hours
	for i, text := range days {
		day, field := i+1, strconv.Itoa(i+1)
		for _, part := range strings.FieldsFunc(strings.ReplaceAll(strings.ToLower(text), " og ", ","), func(r rune) bool { return r == ',' || r == ';' || r == '\n' }) {
			switch part = strings.TrimSpace(part); part {
			case "":
				continue
			case "døgnet rundt", "hele døgnet", "24 timer", "all day":
				all = append(all, Hours{kind, day, 0, 1440})
				continue
			}
			opens, closes, ok := readStretch(part)
			bad.Check(field, ok, "partner.error.hours")
			switch {
			case !ok:
			case closes > opens:
				all = append(all, Hours{kind, day, opens, closes})
			default: // over midnight
				all = append(all, Hours{kind, day, opens, 1440})
				if closes > 0 {
					all = append(all, Hours{kind, day%7 + 1, 0, closes})
				}
			}
		}
	}
	slices.SortFunc(all, func(a, b Hours) int { return (a.Weekday-b.Weekday)*10000 + a.Opens - b.Opens })
	for i := 1; i < len(all); i++ {
		if a, b := all[i-1], all[i]; a.Weekday == b.Weekday && b.Opens < a.Closes {
			bad.Check(strconv.Itoa(b.Weekday), false, "partner.error.overlap")
		}
	}
	return join(all), bad.Err()
}

// join makes one stretch of two that touch, so that a week is written in one way only.
func join(hours []Hours) []Hours {
	var all []Hours
	for _, h := range hours {
		if n := len(all); n > 0 && all[n-1].Weekday == h.Weekday && all[n-1].Closes == h.Opens {
			all[n-1].Closes = h.Closes
			continue
		}
		all = append(all, h)
	}
	return all
}

func readStretch(text string) (opens, closes int, ok bool) {
	m := stretch.FindStringSubmatch(text)
	if m == nil {
		return 0, 0, false
	}
	opens, closes = minutes(m[1], m[2]), minutes(m[3], m[4])
	return opens, closes, opens >= 0 && opens < 1440 && closes >= 0 && closes <= 1440 && opens != closes
}

// minutes after midnight, or -1.
func minutes(hour, minute string) int {
	h, _ := strconv.Atoi(hour) // digits only, by the pattern
	m, _ := strconv.Atoi("0" + minute)
	if m > 59 {
		return -1
	}
	return h*60 + m
}

// WriteWeek writes the hours of a kind the way [ReadWeek] reads them.
func WriteWeek(hours []Hours, kind string) [7]string {
	var days [7]string
	for _, h := range hours {
		if h.Kind != kind || h.Weekday < 1 || h.Weekday > 7 {
			continue
		}
		day := &days[h.Weekday-1]
		if *day != "" {
			*day += ", "
		}
		*day += writeClock(h.Opens) + "-" + writeClock(h.Closes)
	}
	return days
}

func writeClock(minute int) string {
	if minute%60 == 0 {
		return strconv.Itoa(minute / 60)
	}
	return fmt.Sprintf("%d.%02d", minute/60, minute%60)
}

// writeDays writes a week on one line for the history: "1: 8-16; 2: 8-16".
func writeDays(days [7]string) string {
	var parts []string
	for i, d := range days {
		if d != "" {
			parts = append(parts, strconv.Itoa(i+1)+": "+d)
		}
	}
	return strings.Join(parts, "; ")
}
