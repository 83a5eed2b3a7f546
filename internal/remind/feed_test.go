package remind_test

import (
	"context"
	"errors"
	"maps"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"

	"samspil/internal/actor"
	"samspil/internal/db"
	"samspil/internal/fault"
	"samspil/internal/remind"
	"samspil/internal/signin"
	"samspil/internal/testkit"
)

// reader is a calendar that fetches feeds from a network of its own.
type reader struct {
	*testkit.Office
	desk  *signin.Desk
	today time.Time
}

func newReader(t *testing.T) reader {
	t.Helper()
	o := testkit.NewOffice(t)
	desk, err := signin.NewDesk(context.Background(), o.LoginURL(t, "samspil_login"))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(desk.Close)
	r := reader{Office: o, desk: desk}
	o.Scan(t, []any{&r.today}, `SELECT app._day(now())`)
	return r
}

// in is a day so many days from now.
func (r reader) in(days int) string { return r.today.AddDate(0, 0, days).Format(time.DateOnly) }

// subscribe makes somebody's feed in place of the one of that version, and returns its secret.
func (r reader) subscribe(t *testing.T, who actor.Actor, version int64) (token string, err error) {
	t.Helper()
	err = r.DB.InTx(t.Context(), who, func(tx *db.Tx) (err error) {
		token, err = remind.MakeFeed(t.Context(), tx, version)
		return err
	})
	return token, err
}

// version is that of somebody's feed.
func (r reader) version(t *testing.T, who actor.Actor) int64 {
	t.Helper()
	var f *db.Found[remind.Feed]
	if _, err := r.DB.Read(t.Context(), who, func(b *db.Batch) { f = remind.FeedOf(b) }); err != nil {
		t.Fatal(err)
	}
	return f.Row.Version()
}

// counts are how many things a feed shows, by how many days from now.
func (r reader) counts(t *testing.T, token string) map[int]int {
	t.Helper()
	f, err := r.desk.Feed(t.Context(), token, "192.0.2.0")
	if err != nil {
		t.Fatal(err)
	}
	got := map[int]int{}
	for _, d := range f.Days {
		got[int(d.Day.Sub(r.today).Hours()/24)] += d.N
	}
	return got
}

func TestACalendarFeedCountsWhatItsOwnerAnswersFor(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		sql  string // $1 the case, $2 Dennis
		want map[int]int
	}{
		"steps and deadlines alike":           {`SELECT $1::uuid, $2::uuid`, map[int]int{3: 3, 5: 1}},
		"a step that waits":                   {`UPDATE app.plan_step SET status = 'waiting' WHERE case_id = $1 AND $2::uuid IS NOT NULL`, map[int]int{3: 3, 5: 1}},
		"what is done":                        {`UPDATE app.plan_step SET status = 'done', done_at = now(), done_by = $2 WHERE case_id = $1 AND due_at > now() + interval '4 days'`, map[int]int{3: 3}},
		"a colleague's step":                  {`UPDATE app.plan_step SET responsible_user = $2 WHERE case_id = $1 AND due_at > now() + interval '4 days'`, map[int]int{3: 3}},
		"a deadline that is met":              {`UPDATE app.deadline SET status = 'met', met_at = now(), met_by = $2 WHERE case_id = $1`, map[int]int{3: 2, 5: 1}},
		"a case that a colleague answers for": {`UPDATE app.case_file SET responsible_id = $2 WHERE id = $1`, map[int]int{3: 2, 5: 1}},
		"a case one is kept out of":           {`INSERT INTO app.case_exclusion (case_id, user_id, source, set_by) SELECT $1, responsible_id, 'leader', $2 FROM app.case_file WHERE id = $1`, map[int]int{}},
		"a case one works in no longer":       {`UPDATE app.case_grant SET revoked_at = now() WHERE case_id = $1 AND user_id <> $2`, map[int]int{}},
		"a closed case":                       {`UPDATE app.case_file SET status = 'closed', closed_at = now() WHERE id = $1 AND $2::uuid IS NOT NULL`, map[int]int{}},
		"a sealed case":                       {`UPDATE app.case_file SET confidentiality = 2 WHERE id = $1 AND $2::uuid IS NOT NULL`, map[int]int{}},
		"from today to twelve weeks on":       {`UPDATE app.plan_step SET due_at = app._evening(app._day(due_at) + 79) WHERE case_id = $1 AND $2::uuid IS NOT NULL`, map[int]int{3: 1, 82: 2}},
		"not longer":                          {`UPDATE app.plan_step SET due_at = app._evening(app._day(due_at) + 81) WHERE case_id = $1 AND due_at < now() + interval '4 days' AND $2::uuid IS NOT NULL`, map[int]int{3: 1, 5: 1}},
		"what is due today":                   {`UPDATE app.plan_step SET due_at = app._evening(app._day(due_at) - 3) WHERE case_id = $1 AND $2::uuid IS NOT NULL`, map[int]int{0: 2, 2: 1, 3: 1}},
		"not what is over its time":           {`UPDATE app.plan_step SET due_at = app._evening(app._day(due_at) - 4) WHERE case_id = $1 AND $2::uuid IS NOT NULL`, map[int]int{1: 1, 3: 1}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			r := newReader(t)
			file := r.Case(t, r.Mette, 1)
			phase := plan(t, r.Office, file)
			for _, n := range []int{3, 3, 5} {
				step(t, r.Office, file, phase, r.Mette.UserID, r.in(n))
			}
			deadline(t, r.Office, file, r.in(3))
			deadline(t, r.Office, r.Case(t, r.Dennis, 0), r.in(3)) // which the team may open, and which is not hers
			token, err := r.subscribe(t, r.Mette, 0)
			if err != nil {
				t.Fatal(err)
			}
			r.Exec(t, c.sql, file.ID, r.Dennis.UserID)
			if got := r.counts(t, token); !maps.Equal(got, c.want) {
				t.Errorf("the calendar shows %v, want %v", got, c.want)
			}
		})
	}
}

// A stand-in's calendar shows what they answer for themselves, in the cases that they cover too, and that only as long as they do.
func TestACalendarFeedOfAStandInIsTheirOwn(t *testing.T) {
	t.Parallel()
	r := newReader(t)
	file := r.Case(t, r.Mette, 1)
	phase := plan(t, r.Office, file)
	step(t, r.Office, file, phase, r.Mette.UserID, r.in(3))
	deadline(t, r.Office, file, r.in(3))
	token, err := r.subscribe(t, r.Dennis, 0)
	mine, err2 := r.subscribe(t, r.Mette, 0)
	if err := errors.Join(err, err2); err != nil {
		t.Fatal(err)
	}
	absence := uuid.New()
	r.Exec(t, `INSERT INTO app.absence (id, user_id, stand_in, from_day, to_day, state, stated_by) VALUES ($1, $2, $3, app._day(now()), app._day(now()) + 5, 'accepted', $2)`, absence, r.Mette.UserID, r.Dennis.UserID)
	r.Exec(t, `SELECT app.job_absences()`)
	if got := r.counts(t, token); len(got) != 0 {
		t.Errorf("who covers is shown %v", got)
	}
	if got := r.counts(t, mine); !maps.Equal(got, map[int]int{3: 2}) {
		t.Errorf("who is away is shown %v", got)
	}
	step(t, r.Office, file, phase, r.Dennis.UserID, r.in(4))
	if got := r.counts(t, token); !maps.Equal(got, map[int]int{4: 1}) {
		t.Errorf("who covers has a step of their own, and is shown %v", got)
	}
	r.Exec(t, `SELECT app._end_absence($1, now())`, absence)
	if got := r.counts(t, token); len(got) != 0 {
		t.Errorf("who covered is shown %v", got)
	}
}

func TestACalendarFeedHasOneAddressThatLives(t *testing.T) {
	t.Parallel()
	r := newReader(t)
	file := r.Case(t, r.Mette, 1)
	step(t, r.Office, file, plan(t, r.Office, file), r.Mette.UserID, r.in(3))
	first, err := r.subscribe(t, r.Mette, 0)
	if err != nil {
		t.Fatal(err)
	}
	before, err := r.desk.Feed(t.Context(), first, "192.0.2.0")
	if err != nil || len(before.Days) != 1 {
		t.Fatalf("%+v, %v", before, err)
	}
	if _, err := r.subscribe(t, r.Mette, 0); !errors.Is(err, fault.Stale) {
		t.Errorf("a form that is sent twice kills the address that the first answer showed: %v", err)
	}
	seen := r.version(t, r.Mette)
	second, err := r.subscribe(t, r.Mette, seen)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := r.subscribe(t, r.Mette, seen); !errors.Is(err, fault.Stale) {
		t.Errorf("an old form replaces a newer address: %v", err)
	}
	after, err := r.desk.Feed(t.Context(), second, "192.0.2.0")
	if err != nil || len(after.Days) != 1 || after.Days[0] != before.Days[0] {
		t.Errorf("another address gives other events: %+v, %v", after, err)
	}
	gone := func(what, token string) {
		t.Helper()
		if f, err := r.desk.Feed(t.Context(), token, "192.0.2.0"); !errors.Is(err, fault.NotFound) || f.Days != nil {
			t.Errorf("%s: %v, %v", what, f, err)
		}
	}
	gone("a replaced address", first)
	gone("the hash of an address", "\xff")
	r.Exec(t, `UPDATE auth.user_account SET active = false WHERE id = $1`, r.Mette.UserID)
	gone("of somebody who has left", second)
	r.Exec(t, `UPDATE auth.user_account SET active = true WHERE id = $1`, r.Mette.UserID)
	if err := r.DB.InTx(t.Context(), r.Dennis, func(tx *db.Tx) error { return remind.RevokeFeed(t.Context(), tx) }); err != nil {
		t.Fatal(err)
	}
	if _, err := r.desk.Feed(t.Context(), second, "192.0.2.0"); err != nil {
		t.Errorf("a colleague closes it: %v", err)
	}
	for range 2 {
		if err := r.DB.InTx(t.Context(), r.Mette, func(tx *db.Tx) error { return remind.RevokeFeed(t.Context(), tx) }); err != nil {
			t.Fatal(err)
		}
	}
	gone("a revoked address", second)
	if _, err := r.subscribe(t, r.Mette, seen); !errors.Is(err, fault.Stale) {
		t.Errorf("an old form brings a closed feed back: %v", err)
	}
	for _, who := range []actor.Actor{r.Lone, r.Karen} {
		if _, err := r.subscribe(t, who, 0); err == nil {
			t.Errorf("%s, who has no cases, has a feed", who.Role)
		}
	}
	if made, closed := r.Count(t, `SELECT count(*) FROM audit.event WHERE action = 'calendar.made' AND actor = $1`, r.Mette.UserID), r.Count(t, `SELECT count(*) FROM audit.event WHERE action = 'calendar.revoked'`); made != 2 || closed != 1 {
		t.Errorf("the trail has %d made and %d closed", made, closed)
	}
	if err := r.DB.InTx(t.Context(), r.Dennis, func(tx *db.Tx) error {
		_, err := db.Exec(t.Context(), tx, `SELECT audit.record('calendar.made', NULL, NULL, NULL)`, db.Args{})
		return err
	}); err == nil {
		t.Error("a line of the trail can be invented")
	}
}

// Guesses are counted, and cost less from then on; they silence nobody: neither a calendar in the same town hall nor one that is
// fetched from the network of the same large company as a thousand others.
func TestACalendarFeedIsNotSilencedByWrongAddresses(t *testing.T) {
	t.Parallel()
	r := newReader(t)
	token, err := r.subscribe(t, r.Mette, 0)
	if err != nil {
		t.Fatal(err)
	}
	const guesses = 60
	for range guesses {
		if _, err := r.desk.Feed(t.Context(), strings.Repeat("x", 43), "198.51.100.0"); !errors.Is(err, fault.NotFound) {
			t.Fatal(err)
		}
	}
	if n := r.Count(t, `SELECT failures FROM auth.login_failure WHERE bucket = 'feed:198.51.100.0'`); n < 30 || n > guesses/4*3 {
		t.Errorf("%d guesses were counted as %d", guesses, n)
	}
	if _, err := r.desk.Feed(t.Context(), token, "198.51.100.0"); err != nil {
		t.Errorf("the right address from the network of a guesser: %v", err)
	}
	if n := r.Count(t, `SELECT count(*) FROM auth.login_failure WHERE bucket LIKE 'feed:%'`); n != 1 {
		t.Errorf("%d networks have guessed", n)
	}
}
