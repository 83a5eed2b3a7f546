package partner

import (
	"slices"
	"time"

	"samspil/internal/i18n"
)

// Hours is a stretch of a weekday in which somebody can be reached, in minutes after local midnight.
// The office's clock decides: when it is put forward or back, the hours follow it.
type Hours struct {
	Kind    string `json:"kind"`    // [Regular] or [OnCall]
	Weekday int    `json:"weekday"` // 1 is Monday, 7 Sunday
	Opens   int    `json:"opens"`
	Closes  int    `json:"closes"` // 1440 is midnight at the end of the day
}

// The kinds of [Hours].
const (
	Regular = "regular"
	OnCall  = "on_call"
)

// Availability says whether somebody can be reached now, and until or from when.
type Availability struct {
	Known         bool      // hours are written at all
	Open          bool      // can be reached now
	OnCall        bool      // now, or next, by on-call duty and not by regular hours
	RoundTheClock bool      // never closes; Until is zero then
	Until         time.Time // when an open one closes
	OpensAt       time.Time // when a closed one opens
}

// Availability tells whether c can be reached at now by regular hours or on-call duty.
func (c Callable) Availability(now time.Time) Availability { return Reachable(c.Hours, now) }

// Reachable is the rule behind [Callable.Availability], for any list of hours.
func Reachable(hours []Hours, now time.Time) Availability {
	if !slices.ContainsFunc(hours, func(h Hours) bool { return h.Closes > h.Opens }) {
		return Availability{}
	}
	a := Availability{Known: true, Open: covers(hours, now, "")}
	for _, at := range changes(hours, now) {
		if covers(hours, at, "") == a.Open {
			continue
		}
		if a.Open {
			a.Until, a.OnCall = at, !covers(hours, now, Regular)
		} else {
			a.OpensAt, a.OnCall = at, !covers(hours, at, Regular)
		}
		return a
	}
	a.RoundTheClock = a.Open
	return a
}

// covers reports whether the local clock at t stands inside one of the hours of a kind ("" is any).
func covers(hours []Hours, t time.Time, kind string) bool {
	t = t.In(i18n.Zone)
	day, minute := weekday(t), t.Hour()*60+t.Minute()
	return slices.ContainsFunc(hours, func(h Hours) bool {
		return h.Weekday == day && h.Opens <= minute && minute < h.Closes && (kind == "" || h.Kind == kind)
	})
}

// weekday counts from Monday, 1, to Sunday, 7.
func weekday(t time.Time) int { return (int(t.Weekday())+6)%7 + 1 }

// changes lists, in order, the moments of the next eight days at which anybody with these hours may become
// reachable or stop being so: when the clock shows an opening or closing time, which on one night of the
// year happens twice and on another not at all, and when the clock itself is changed.
func changes(hours []Hours, now time.Time) []time.Time {
	var all []time.Time
	local := now.In(i18n.Zone)
	if _, change := local.ZoneBounds(); !change.IsZero() && change.Sub(now) < 9*24*time.Hour {
		all = append(all, change)
	}
	for n := range 9 {
		y, m, d := local.AddDate(0, 0, n).Date()
		noon := time.Date(y, m, d, 12, 0, 0, 0, i18n.Zone)
		_, before := noon.Add(-24 * time.Hour).Zone()
		_, after := noon.Add(24 * time.Hour).Zone()
		for _, h := range hours {
			if h.Weekday != weekday(noon) {
				continue
			}
			for _, minute := range []int{h.Opens, h.Closes} {
				clock := time.Date(y, m, d, 0, minute, 0, 0, time.UTC)
				all = append(all, clock.Add(-time.Duration(before)*time.Second))
				if after != before {
					all = append(all, clock.Add(-time.Duration(after)*time.Second))
				}
			}
		}
	}
	all = slices.DeleteFunc(all, func(t time.Time) bool { return !t.After(now) })
	slices.SortFunc(all, time.Time.Compare)
	return all
}
