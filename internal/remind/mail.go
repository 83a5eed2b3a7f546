package remind

import (
	"context"
	"slices"

	"samspil/internal/db"
	"samspil/internal/fault"
)

// How often somebody gets a letter about what is new.
const (
	Never = "never"
	Often = "often" // when there is something new, at most every 30 minutes
	Daily = "daily" // at an hour
)

// Hows are the choices of a form.
var Hows = []string{Often, Daily, Never}

// MailWishes are how somebody wants letters. A letter says that there is something new, and never what.
type MailWishes struct {
	How       string
	DailyHour int  // 0 to 23, on the clock on the wall
	Urgent    bool // what cannot wait comes at once, also in quiet hours: a missed check-in, a report with four hours left, a red case
	Quiet     bool
	QuietFrom int // hours; from 17 to 7 goes over midnight
	QuietTo   int
	DaysOff   bool // quiet at weekends and on holidays too
}

// Wishes asks for those of the reader, or what holds until they say otherwise: the same stands in app.job_digests().
func Wishes(b *db.Batch) *MailWishes {
	return db.Get[MailWishes](b, `
		SELECT coalesce(w.how, 'often') AS how, coalesce(w.daily_hour, 8) AS daily_hour, coalesce(w.urgent, true) AS urgent, coalesce(w.quiet, true) AS quiet,
		       coalesce(w.quiet_from, 17) AS quiet_from, coalesce(w.quiet_to, 7) AS quiet_to, coalesce(w.days_off, true) AS days_off
		  FROM (SELECT 1) one LEFT JOIN app.mail_wish w ON w.user_id = (SELECT auth.uid())`, db.Args{})
}

// Validate reports what the form must say again.
func (m MailWishes) Validate() error {
	hour := func(h int) bool { return 0 <= h && h <= 23 }
	bad := fault.Invalid{}
	bad.Check("how", slices.Contains(Hows, m.How), "mailwish.error.how")
	bad.Check("hour", hour(m.DailyHour), "mailwish.error.hour")
	bad.Check("from", hour(m.QuietFrom), "mailwish.error.hour")
	bad.Check("to", hour(m.QuietTo), "mailwish.error.hour")
	return bad.Err()
}

// SetWishes keeps the wishes of who the transaction runs for.
func SetWishes(ctx context.Context, tx *db.Tx, m MailWishes) error {
	if err := m.Validate(); err != nil {
		return err
	}
	_, err := db.Exec(ctx, tx, `SELECT app.set_mail_wish(@how, @hour, @urgent, @quiet, @from, @to, @off)`,
		db.Args{"how": m.How, "hour": m.DailyHour, "urgent": m.Urgent, "quiet": m.Quiet, "from": m.QuietFrom, "to": m.QuietTo, "off": m.DaysOff})
	return err
}
