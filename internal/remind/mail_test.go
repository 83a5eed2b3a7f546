package remind_test

import (
	"context"
	"testing"
	"time"

	"github.com/riverqueue/river"

	"samspil/internal/db"
	"samspil/internal/jobs"
	"samspil/internal/remind"
	"samspil/internal/testkit"
)

// wish sets how Mette wants letters.
func wish(t testing.TB, o *testkit.Office, m remind.MailWishes) {
	t.Helper()
	if err := o.DB.InTx(t.Context(), o.Mette, func(tx *db.Tx) error { return remind.SetWishes(t.Context(), tx, m) }); err != nil {
		t.Fatal(err)
	}
}

// news tells Mette something, as of a moment.
func news(t testing.TB, o *testkit.Office, kind, when string) {
	t.Helper()
	o.Exec(t, `INSERT INTO app.notice (to_user, kind, at) VALUES ($1, $2, $3)`, o.Mette.UserID, kind, at(t, when))
}

// letters does the job as of a moment, twice, and counts all that have been written to Mette.
func letters(t testing.TB, o *testkit.Office, when string) int {
	t.Helper()
	for range 2 {
		o.Exec(t, `SELECT app.job_digests($1)`, at(t, when))
	}
	return o.Count(t, `SELECT count(*) FROM app.mail WHERE to_user = $1 AND kind = 'news'`, o.Mette.UserID)
}

func TestLettersAboutNotices(t *testing.T) {
	t.Parallel()
	usual := remind.MailWishes{How: remind.Often, DailyHour: 8, Urgent: true, Quiet: true, QuietFrom: 17, QuietTo: 7, DaysOff: true}
	with := func(change func(*remind.MailWishes)) remind.MailWishes { m := usual; change(&m); return m }
	type moment struct {
		what string // a kind of notice, or "" for the job
		at   string
		want int
	}
	for name, c := range map[string]struct {
		wishes  remind.MailWishes
		moments []moment
	}{
		"nothing new, no letter; something new, one":             {usual, []moment{{"", "2026-12-07 09:00", 0}, {"x", "2026-12-07 09:10", 0}, {"", "2026-12-07 09:11", 1}, {"", "2026-12-07 12:00", 1}}},
		"not two within half an hour":                            {usual, []moment{{"x", "2026-12-07 09:00", 0}, {"", "2026-12-07 09:01", 1}, {"x", "2026-12-07 09:05", 0}, {"", "2026-12-07 09:30", 1}, {"", "2026-12-07 09:31", 2}}},
		"quiet from 17 to 7":                                     {usual, []moment{{"x", "2026-12-07 17:00", 0}, {"", "2026-12-07 17:00", 0}, {"", "2026-12-08 06:59", 0}, {"", "2026-12-08 07:00", 1}}},
		"until five it is not quiet":                             {usual, []moment{{"x", "2026-12-07 16:58", 0}, {"", "2026-12-07 16:59", 1}}},
		"quiet over Easter":                                      {usual, []moment{{"x", "2027-03-25 10:00", 0}, {"", "2027-03-25 10:30", 0}, {"", "2027-03-27 10:00", 0}, {"", "2027-03-29 10:00", 0}, {"", "2027-03-30 06:59", 0}, {"", "2027-03-30 07:00", 1}}},
		"on days off too, who wants it":                          {with(func(m *remind.MailWishes) { m.DaysOff = false }), []moment{{"x", "2027-03-28 07:30", 0}, {"", "2027-03-28 07:30", 1}}},
		"quiet ends at 7 on the wall when the clocks go forward": {with(func(m *remind.MailWishes) { m.DaysOff = false }), []moment{{"x", "2027-03-28 01:30", 0}, {"", "2027-03-28 06:59", 0}, {"", "2027-03-28 07:00", 1}}},
		"and when they go back":                                  {with(func(m *remind.MailWishes) { m.DaysOff = false }), []moment{{"x", "2026-10-25 01:30", 0}, {"", "2026-10-25 06:59", 0}, {"", "2026-10-25 07:00", 1}}},
		"without quiet hours":                                    {with(func(m *remind.MailWishes) { m.Quiet = false }), []moment{{"x", "2026-12-05 23:00", 0}, {"", "2026-12-05 23:00", 1}}},
		"quiet in the middle of the day":                         {with(func(m *remind.MailWishes) { m.QuietFrom, m.QuietTo = 9, 12 }), []moment{{"x", "2026-12-07 09:00", 0}, {"", "2026-12-07 11:59", 0}, {"", "2026-12-07 12:00", 1}}},
		"never":                                                  {with(func(m *remind.MailWishes) { m.How = remind.Never }), []moment{{"x", "2026-12-07 09:00", 0}, {"", "2026-12-08 09:00", 0}}},
		"never, but what cannot wait":                            {with(func(m *remind.MailWishes) { m.How = remind.Never }), []moment{{"check_in.missed", "2026-12-07 02:00", 0}, {"", "2026-12-07 02:00", 1}}},
		"what cannot wait comes at once":                         {usual, []moment{{"report.bell", "2026-12-06 02:00", 0}, {"", "2026-12-06 02:00", 1}, {"severity.red", "2026-12-06 02:05", 1}, {"", "2026-12-06 02:05", 2}}},
		"unless that is off":                                     {with(func(m *remind.MailWishes) { m.Urgent = false }), []moment{{"check_in.missed", "2026-12-07 02:00", 0}, {"", "2026-12-07 02:00", 0}, {"", "2026-12-07 07:00", 1}}},
		// what is of 7.59 was written by a transaction that ended after eight
		"once a day at eight":                      {with(func(m *remind.MailWishes) { m.How = remind.Daily }), []moment{{"x", "2026-12-07 08:30", 0}, {"", "2026-12-07 12:00", 0}, {"", "2026-12-08 07:59", 0}, {"", "2026-12-08 08:00", 1}, {"x", "2026-12-08 08:10", 1}, {"x", "2026-12-08 07:59", 1}, {"", "2026-12-08 16:00", 1}, {"", "2026-12-09 08:05", 2}}},
		"an hour within the quiet ones is put off": {with(func(m *remind.MailWishes) { m.How, m.DailyHour = remind.Daily, 18 }), []moment{{"x", "2026-12-07 12:00", 0}, {"", "2026-12-07 18:00", 0}, {"", "2026-12-08 06:59", 0}, {"", "2026-12-08 07:00", 1}, {"", "2026-12-08 12:00", 1}}},
		"an hour that there is not that night":     {with(func(m *remind.MailWishes) { m.How, m.DailyHour, m.Quiet = remind.Daily, 2, false }), []moment{{"x", "2027-03-27 12:00", 0}, {"", "2027-03-28 01:59", 0}, {"", "2027-03-28 03:00", 1}, {"", "2027-03-28 12:00", 1}}},
		"an hour that there is twice that night":   {with(func(m *remind.MailWishes) { m.How, m.DailyHour, m.Quiet = remind.Daily, 2, false }), []moment{{"x", "2026-10-24 12:00", 0}, {"", "2026-10-25 03:30", 1}, {"", "2026-10-25 12:00", 1}}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			o := testkit.NewOffice(t)
			wish(t, o, c.wishes)
			for _, m := range c.moments {
				if m.what != "" {
					news(t, o, m.what, m.at)
				} else if n := letters(t, o, m.at); n != m.want {
					t.Errorf("%s: %d letters, want %d", m.at, n, m.want)
				}
			}
		})
	}
}

// What somebody has read is no news, and who has left gets no letter.
func TestNoLetterAboutWhatIsReadOrToWhoHasLeft(t *testing.T) {
	t.Parallel()
	o := testkit.NewOffice(t)
	news(t, o, "x", "2026-12-07 09:00")
	o.Exec(t, `UPDATE app.notice SET read_at = now()`)
	if n := letters(t, o, "2026-12-07 09:10"); n != 0 {
		t.Errorf("%d letters about what is read", n)
	}
	news(t, o, "check_in.missed", "2026-12-07 09:20")
	o.Exec(t, `UPDATE auth.user_account SET active = false WHERE id = $1`, o.Mette.UserID)
	if n := letters(t, o, "2026-12-07 09:30"); n != 0 {
		t.Errorf("%d letters to who has left", n)
	}
}

// Through a real mail server: one letter, in the reader's language, with nothing in it.
func TestTheLetterLeavesByAMailServer(t *testing.T) {
	t.Parallel()
	o := testkit.NewOffice(t)
	c := o.Case(t, o.Mette, 1)
	o.Exec(t, `UPDATE auth.user_account SET lang = 'en' WHERE id = $1`, o.Mette.UserID)
	o.Exec(t, `SELECT app._notify($1, $2, 'check_in.missed'), app._notify($1, $2, 'case.assigned')`, o.Mette.UserID, c.ID)
	for range 3 {
		o.Exec(t, `SELECT app.job_digests()`)
	}
	box := testkit.OpenMailbox(t)
	crew, err := jobs.Open(t.Context(), o.LoginURL(t, "samspil_job"), box.Post, func(c *river.Config) {
		c.PeriodicJobs, c.FetchPollInterval, c.FetchCooldown, c.TestOnly = nil, 50*time.Millisecond, 50*time.Millisecond, true
	})
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(context.Background())
	done := make(chan struct{})
	go func() { crew.Run(ctx); close(done) }()
	t.Cleanup(func() { cancel(); <-done })
	for end := time.Now().Add(20 * time.Second); o.Count(t, `SELECT count(*) FROM app.mail WHERE sent_at IS NULL`) > 0 && time.Now().Before(end); {
		time.Sleep(20 * time.Millisecond)
	}
	if got := box.Letters(); len(got) != 1 || got[0].To != "mette@ellehoej.test" || got[0].Subject != "You have something new in Samspil" || got[0].Link != "" {
		t.Errorf("%+v", got)
	}
}

// A case that somebody makes red is told to who answers for it and to the lead; not to who does it.
func TestARedCaseIsToldAtOnce(t *testing.T) {
	t.Parallel()
	o := testkit.NewOffice(t)
	c := o.Case(t, o.Mette, 1)
	o.Grant(t, c, o.Dennis, "coworker")
	red := func() error {
		return o.DB.InCase(t.Context(), o.Dennis, c.At("test"), func(tx *db.Tx) error {
			_, err := db.Exec(t.Context(), tx, `UPDATE app.case_file SET severity = 'red' WHERE id = @case`, db.Args{"case": c.ID})
			return err
		})
	}
	for range 2 {
		if err := red(); err != nil {
			t.Fatal(err)
		}
	}
	if m, j, d := told(t, o, o.Mette.UserID, "severity.red"), told(t, o, o.Jonas.UserID, "severity.red"), told(t, o, o.Dennis.UserID, "severity.red"); m != 1 || j != 1 || d != 0 {
		t.Errorf("who answers for it %d, the lead %d, who did it %d", m, j, d)
	}
	kept := o.Case(t, o.Mette, 1)
	o.Grant(t, kept, o.Dennis, "coworker")
	o.Exec(t, `INSERT INTO app.case_exclusion (case_id, user_id, source, set_by) VALUES ($1, $2, 'leader', $3)`, kept.ID, o.Mette.UserID, o.Jonas.UserID)
	c = kept
	if err := red(); err != nil {
		t.Fatal(err)
	}
	if m, j := told(t, o, o.Mette.UserID, "severity.red"), told(t, o, o.Jonas.UserID, "severity.red"); m != 1 || j != 2 {
		t.Errorf("who is kept out of it has %d, the lead %d", m, j)
	}
}
