package journalpages

import (
	"time"

	"samspil/internal/i18n"
	"samspil/web/page"
)

// happenedAt reads when it was: a day as people write it, and a time. It may lie in the past, not in the
// future. Both empty is now.
func happenedAt(form *page.Form, now time.Time) time.Time {
	date, clock := form.Text("date"), form.Text("time")
	day := i18n.Today(now)
	if date != "" {
		var err error
		if day, err = i18n.ParsePast(date, now); err != nil {
			form.Refuse("date", "error.date_been")
			return time.Time{}
		}
	}
	if clock == "" && day.Equal(i18n.Today(now)) {
		return now
	}
	since, err := i18n.ParseClock(clock)
	if err != nil {
		form.Refuse("time", "error.time")
		return time.Time{}
	}
	y, m, d := day.Date()
	at := time.Date(y, m, d, int(since.Hours()), int(since.Minutes())%60, 0, 0, i18n.Zone)
	switch {
	case !at.After(now):
		return at
	case day.Equal(i18n.Today(now)):
		form.Refuse("time", "journal.error.future")
	default:
		form.Refuse("date", "journal.error.future")
	}
	return time.Time{}
}
