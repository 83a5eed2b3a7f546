package deadline_test

import (
	"context"
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"

	"samspil/internal/actor"
	"samspil/internal/calendar"
	"samspil/internal/db"
	"samspil/internal/deadline"
	"samspil/internal/fault"
	"samspil/internal/i18n"
	"samspil/internal/testkit"
)

// desk is an office with one case of Mette's.
type desk struct {
	*testkit.Office
	t *testing.T
	c testkit.CaseFile
}

func newDesk(t *testing.T) desk {
	t.Parallel()
	o := testkit.NewOffice(t)
	return desk{o, t, o.Case(t, o.Mette, 1)}
}

// in changes the case as somebody.
func (d desk) in(who actor.Actor, fn func(ctx context.Context, tx *db.Tx) error) error {
	d.t.Helper()
	return d.DB.InCase(d.t.Context(), who, d.c.At("frister"), func(tx *db.Tx) error { return fn(d.t.Context(), tx) })
}

func (d desk) must(err error) {
	d.t.Helper()
	if err != nil {
		d.t.Fatal(err)
	}
}

// start starts a deadline that began so long ago.
func (d desk) start(code string, ago time.Duration) deadline.Deadline {
	d.t.Helper()
	var id uuid.UUID
	d.must(d.in(d.Mette, func(ctx context.Context, tx *db.Tx) (err error) {
		id, err = deadline.Start(ctx, tx, code, tx.Now.Add(-ago))
		return err
	}))
	return d.get(id)
}

func (d desk) get(id uuid.UUID) deadline.Deadline {
	d.t.Helper()
	var got *deadline.Deadline
	_, err := d.DB.ReadCase(d.t.Context(), d.Mette, d.c.At("frister"), func(b *db.Batch) { got = deadline.Get(b, id) })
	d.must(err)
	return *got
}

func (d desk) changes(id uuid.UUID) []deadline.Change {
	d.t.Helper()
	var got *[]deadline.Change
	_, err := d.DB.ReadCase(d.t.Context(), d.Mette, d.c.At("frister"), func(b *db.Batch) { got = deadline.Changes(b, id) })
	d.must(err)
	return *got
}

func refused(t *testing.T, what string, err error, field, key string) {
	t.Helper()
	var bad fault.Invalid
	if !errors.As(err, &bad) || bad[field] != key {
		t.Errorf("%s: %v %v, want %s at %s", what, err, bad, key, field)
	}
}

func sameDay(t *testing.T, what string, got, want time.Time) {
	t.Helper()
	if !got.Equal(want) {
		t.Errorf("%s: %s, want %s", what, got.In(i18n.Zone), want.In(i18n.Zone))
	}
}

const day = 24 * time.Hour

func TestTheAssessmentOfAChildEndsFourMonthsAfterWeKnew(t *testing.T) {
	d := newDesk(t)
	got := d.start("BFU_4M", 10*day)
	from := i18n.Today(got.TriggeredAt)
	sameDay(t, "due", got.DueAt, calendar.Add(from, 4, calendar.Months, calendar.Settings{}))
	if got.Basis != "barnets lov § 20, stk. 3" || got.Certainty != "sourced" || got.LawVersion == "" || !got.Statutory || got.Length != 4 || got.Unit != calendar.Months ||
		got.Trigger != "municipality_aware" || got.Status != deadline.Running || got.RuleVersion != 0 || got.Version != 1 {
		t.Errorf("stored: %+v", got)
	}
	if n := d.Count(t, `SELECT count(*) FROM app.case_event WHERE kind = 'deadline.started' AND object_id = $1 AND data->>'deadline' = 'BFU_4M'`, got.ID); n != 1 {
		t.Errorf("%d lines in the timeline", n)
	}
	if list := d.changes(got.ID); len(list) != 1 || list[0].What != "started" || list[0].By != "Mette Lindhardt" {
		t.Errorf("history: %+v", list)
	}
	d.must(d.in(d.Mette, func(ctx context.Context, tx *db.Tx) error {
		return deadline.ChildAssessmentDecided(ctx, tx, got.TriggeredAt)
	})) // screening says the same
	if n := d.Count(t, `SELECT count(*) FROM app.deadline`); n != 1 {
		t.Errorf("%d deadlines of one thing", n)
	}
}

func TestEveryTimedDeadlineOfTheReferenceDataCanRun(t *testing.T) {
	d := newDesk(t)
	n := 0
	d.must(d.in(d.Mette, func(ctx context.Context, tx *db.Tx) error {
		var q deadline.RuleRows
		if err := tx.Read(ctx, func(b *db.Batch) { q = deadline.AskRules(b) }); err != nil {
			return err
		}
		for _, r := range q.Rules().All {
			if r.Area == "adult" {
				_, err := deadline.Start(ctx, tx, r.Code, tx.Now.Add(-time.Hour))
				refused(t, r.Code+" of adults in a child's case", err, "code", "deadline.error.code")
				continue
			}
			at := tx.Now.Add(-time.Hour)
			id, err := deadline.Start(ctx, tx, r.Code, at)
			if err != nil {
				t.Errorf("%s: %v", r.Code, err)
				continue
			}
			n++
			due, err := db.One[time.Time](ctx, tx, `SELECT due_at FROM app.deadline WHERE id = @id`, db.Args{"id": id})
			if err != nil {
				return err
			}
			sameDay(t, r.Code, due, calendar.Add(at, r.Length, r.Unit, calendar.Settings{}))
		}
		return nil
	}))
	if n < 18 {
		t.Errorf("only %d", n)
	}
}

func TestADeadlineCannotBeginWithWhatHasNotHappened(t *testing.T) {
	d := newDesk(t)
	for what, c := range map[string]struct {
		code  string
		at    time.Duration
		field string
		key   string
	}{
		"an hour from now":         {"BREACH_72H", time.Hour, "at", "deadline.error.future"},
		"tomorrow":                 {"BFU_4M", 2 * day, "at", "deadline.error.future"},
		"the year 2011":            {"BFU_4M", -15 * 366 * day, "at", "deadline.error.long_ago"},
		"a code that does not run": {"GATE_RISK", 0, "code", "deadline.error.code"},
		"no code at all":           {"", 0, "code", "deadline.error.code"},
	} {
		err := d.in(d.Mette, func(ctx context.Context, tx *db.Tx) error {
			_, err := deadline.Start(ctx, tx, c.code, tx.Now.Add(c.at))
			return err
		})
		refused(t, what, err, c.field, c.key)
	}
	err := d.in(d.Mette, func(ctx context.Context, tx *db.Tx) error {
		_, err := deadline.Start(ctx, tx, "BFU_4M", time.Time{})
		return err
	})
	refused(t, "no date", err, "at", "error.date")
}

func TestKeptAndBroken(t *testing.T) {
	d := newDesk(t)
	kept, late, over := d.start("PROV_7D", 3*day), d.start("PROV_7D", 20*day), d.start("PLAN_3M", 150*day)
	meet := func(x deadline.Deadline, at time.Time) error {
		return d.in(d.Mette, func(ctx context.Context, tx *db.Tx) error { return deadline.Meet(ctx, tx, x.ID, x.Version, at) })
	}
	d.must(meet(kept, time.Now()))
	d.must(meet(kept, time.Now())) // ticked in two tabs: what was wanted is so
	refused(t, "met before it began", meet(late, late.TriggeredAt.Add(-2*day)), "met", "deadline.error.before")
	refused(t, "met tomorrow", meet(late, time.Now().Add(2*day)), "met", "error.date_future")
	d.must(meet(late, time.Now()))
	now := time.Now()
	if k := d.get(kept.ID); !k.Kept() || k.Broken(now) || k.MetBy != "Mette Lindhardt" {
		t.Errorf("met in time: %+v", k)
	}
	if l := d.get(late.ID); l.Kept() || !l.Broken(now) {
		t.Errorf("met too late: %+v", l)
	}
	if o := d.get(over.ID); !o.Broken(now) || !o.Late(now) {
		t.Errorf("over its time: %+v", o)
	}
	k := d.get(kept.ID)
	d.must(d.in(d.Mette, func(ctx context.Context, tx *db.Tx) error { return deadline.Reopen(ctx, tx, k.ID, k.Version) }))
	if k = d.get(kept.ID); k.Status != deadline.Running || k.MetAt != nil {
		t.Errorf("opened again: %+v", k)
	}
	// done on the last day, ticked a week later: the day counts
	d.must(meet(k, k.TriggeredAt.Add(day)))
	if k = d.get(kept.ID); !k.Kept() {
		t.Errorf("met the day after it began: %+v", k)
	}
}

func TestAPauseKeepsWhatIsLeft(t *testing.T) {
	d := newDesk(t)
	x := d.start("PROV_7D", 2*day)
	pause := func(reason string) error {
		return d.in(d.Mette, func(ctx context.Context, tx *db.Tx) error { return deadline.Pause(ctx, tx, x.ID, x.Version, reason) })
	}
	refused(t, "without a reason", pause("  "), "reason", "error.reason")
	refused(t, "with a novel", pause(string(make([]rune, 4001))+"x"), "reason", "error.at_most:4000:4002")
	d.must(pause("Familien er udrejst"))
	x = d.get(x.ID)
	if x.Status != deadline.Paused || x.Late(x.DueAt.Add(day)) {
		t.Fatalf("%+v", x)
	}
	// three days go by
	d.Exec(t, `UPDATE app.deadline SET paused_at = paused_at - interval '3 days' WHERE id = $1`, x.ID)
	was := d.get(x.ID)
	d.must(d.in(d.Mette, func(ctx context.Context, tx *db.Tx) error { return deadline.Resume(ctx, tx, x.ID, x.Version) }))
	got := d.get(x.ID)
	sameDay(t, "resumed", got.DueAt, calendar.EndOfDay(i18n.Today(was.DueAt).AddDate(0, 0, 3)))
	if got.Status != deadline.Running || got.PausedAt != nil {
		t.Errorf("%+v", got)
	}
	if list := d.changes(x.ID); len(list) != 3 || list[1].What != "paused" || list[1].Reason != "Familien er udrejst" {
		t.Errorf("history: %+v", list)
	}
	over := d.start("PROV_7D", 30*day)
	err := d.in(d.Mette, func(ctx context.Context, tx *db.Tx) error { return deadline.Pause(ctx, tx, over.ID, over.Version, "x") })
	refused(t, "one that is over", err, "reason", "deadline.error.over")
}

func TestNobodyStopsTheClockOfTheLaw(t *testing.T) {
	d := newDesk(t)
	x := d.start("UND_24H", time.Hour)
	err := d.in(d.Mette, func(ctx context.Context, tx *db.Tx) error { return deadline.Pause(ctx, tx, x.ID, x.Version, "weekend") })
	refused(t, "pause", err, "reason", "deadline.error.fixed")
	err = d.in(d.Mette, func(ctx context.Context, tx *db.Tx) error {
		return deadline.Move(ctx, tx, x.ID, x.Version, tx.Now.Add(2*day), "weekend")
	})
	refused(t, "move", err, "reason", "deadline.error.fixed")
}

func TestMovingAsksWhyAndWhereTo(t *testing.T) {
	d := newDesk(t)
	x := d.start("BFU_4M", 10*day)
	move := func(to time.Time, reason string) error {
		return d.in(d.Mette, func(ctx context.Context, tx *db.Tx) error { return deadline.Move(ctx, tx, x.ID, x.Version, to, reason) })
	}
	refused(t, "no reason", move(x.DueAt.AddDate(0, 0, 7), ""), "reason", "error.reason")
	refused(t, "no date", move(time.Time{}, "r"), "due", "error.date")
	refused(t, "yesterday", move(time.Now().Add(-day), "r"), "due", "error.date_past")
	refused(t, "the same day", move(x.DueAt, "r"), "due", "deadline.error.same")
	refused(t, "the year 2090", move(time.Date(2090, 1, 1, 0, 0, 0, 0, i18n.Zone), "r"), "due", "deadline.error.far")
	to := i18n.Today(x.DueAt).AddDate(0, 0, 7)
	d.must(move(to, "Afventer udtalelse"))
	got := d.get(x.ID)
	sameDay(t, "moved", got.DueAt, calendar.EndOfDay(to))
	list := d.changes(x.ID)
	if list[0].What != "moved" || list[0].Reason != "Afventer udtalelse" || !list[0].DueFrom.Equal(x.DueAt) || !list[0].DueTo.Equal(got.DueAt) {
		t.Errorf("history: %+v", list[0])
	}
	broken := d.start("PROV_7D", 20*day)
	refused(t, "what the law says is over", d.in(d.Mette, func(ctx context.Context, tx *db.Tx) error {
		return deadline.Move(ctx, tx, broken.ID, broken.Version, time.Now().Add(7*day), "r")
	}), "reason", "deadline.error.broken")
	if n := d.Count(t, `SELECT count(*) FROM app.case_event WHERE data::text LIKE '%Afventer%'`); n != 0 {
		t.Error("the reason stands in the timeline, which lists show without opening the case")
	}
}

func TestACancelledDeadlineIsNeitherKeptNorBrokenAndMayBeginAnew(t *testing.T) {
	d := newDesk(t)
	x := d.start("PROV_7D", 30*day)
	refused(t, "no reason", d.in(d.Mette, func(ctx context.Context, tx *db.Tx) error { return deadline.Cancel(ctx, tx, x.ID, x.Version, "") }), "reason", "error.reason")
	d.must(d.in(d.Mette, func(ctx context.Context, tx *db.Tx) error {
		return deadline.Cancel(ctx, tx, x.ID, x.Version, "Forkert sag")
	}))
	got := d.get(x.ID)
	if got.Kept() || got.Broken(time.Now()) || got.Open() {
		t.Errorf("%+v", got)
	}
	var again uuid.UUID
	d.must(d.in(d.Mette, func(ctx context.Context, tx *db.Tx) (err error) {
		again, err = deadline.Start(ctx, tx, "PROV_7D", x.TriggeredAt)
		return err
	}))
	if again == x.ID {
		t.Error("the cancelled one stands in the way")
	}
}

func TestTwoTabsDoNotOverwriteEachOther(t *testing.T) {
	d := newDesk(t)
	x := d.start("BFU_4M", 10*day)
	d.must(d.in(d.Mette, func(ctx context.Context, tx *db.Tx) error {
		return deadline.Move(ctx, tx, x.ID, x.Version, x.DueAt.AddDate(0, 0, 7), "første fane")
	}))
	for what, fn := range map[string]func(context.Context, *db.Tx) error{
		"move": func(ctx context.Context, tx *db.Tx) error {
			return deadline.Move(ctx, tx, x.ID, x.Version, x.DueAt.AddDate(0, 0, 9), "r")
		},
		"pause":  func(ctx context.Context, tx *db.Tx) error { return deadline.Pause(ctx, tx, x.ID, x.Version, "r") },
		"resume": func(ctx context.Context, tx *db.Tx) error { return deadline.Resume(ctx, tx, x.ID, x.Version) },
		"cancel": func(ctx context.Context, tx *db.Tx) error { return deadline.Cancel(ctx, tx, x.ID, x.Version, "r") },
		"meet":   func(ctx context.Context, tx *db.Tx) error { return deadline.Meet(ctx, tx, x.ID, x.Version, tx.Now) },
		"reopen": func(ctx context.Context, tx *db.Tx) error { return deadline.Reopen(ctx, tx, x.ID, x.Version+1) }, // current, and not met
	} {
		if err := d.in(d.Mette, fn); !errors.Is(err, fault.Stale) {
			t.Errorf("%s from the other tab: %v", what, err)
		}
	}
	// the same start twice at the same moment
	at, done := time.Now().Add(-5*day), make(chan error)
	for range 4 {
		go func() {
			done <- d.DB.InCase(context.Background(), d.Mette, d.c.At("frister"), func(tx *db.Tx) error {
				_, err := deadline.Start(context.Background(), tx, "PLAN_3M", at)
				return err
			})
		}()
	}
	for range 4 {
		d.must(<-done)
	}
	if n := d.Count(t, `SELECT count(*) FROM app.deadline WHERE code = 'PLAN_3M'`); n != 1 {
		t.Errorf("%d deadlines from four tabs", n)
	}
	if n := d.Count(t, `SELECT count(*) FROM app.case_event WHERE kind = 'deadline.started' AND data->>'deadline' = 'PLAN_3M'`); n != 1 {
		t.Errorf("told %d times", n)
	}
}

func TestWhoMayDoWhatWithADeadline(t *testing.T) {
	d := newDesk(t)
	d.Grant(t, d.c, d.Dennis, "consulted")
	x := d.start("BFU_4M", 10*day)
	tries := map[string]func(context.Context, *db.Tx) error{
		"start": func(ctx context.Context, tx *db.Tx) error {
			_, err := deadline.Start(ctx, tx, "PLAN_3M", tx.Now)
			return err
		},
		"meet": func(ctx context.Context, tx *db.Tx) error { return deadline.Meet(ctx, tx, x.ID, x.Version, tx.Now) },
		"move": func(ctx context.Context, tx *db.Tx) error {
			return deadline.Move(ctx, tx, x.ID, x.Version, x.DueAt.AddDate(0, 0, 1), "r")
		},
		"pause":  func(ctx context.Context, tx *db.Tx) error { return deadline.Pause(ctx, tx, x.ID, x.Version, "r") },
		"cancel": func(ctx context.Context, tx *db.Tx) error { return deadline.Cancel(ctx, tx, x.ID, x.Version, "r") },
		"correct": func(ctx context.Context, tx *db.Tx) error {
			to := x.TriggeredAt.Add(-day)
			return deadline.CorrectTrigger(ctx, tx, x.ID, to, "r", d.seen(ctx, tx, x.ID, to))
		},
	}
	for name, fn := range tries {
		for who, want := range map[string]error{"dennis": fault.Forbidden, "jonas": fault.Forbidden, "huseyin": fault.NotFound, "anders": fault.NotFound, "lone": fault.NotFound, "karen": fault.NotFound} {
			if err := d.in(d.People()[who], fn); !errors.Is(err, want) {
				t.Errorf("%s %s: %v, want %v", who, name, err, want)
			}
		}
	}
	sees := func(who actor.Actor) (n int) {
		d.must(d.DB.InTx(t.Context(), who, func(tx *db.Tx) (err error) {
			n, err = db.One[int](t.Context(), tx, `SELECT count(*)::int FROM app.deadline`, db.Args{})
			return err
		}))
		return n
	}
	for who, want := range map[string]int{"mette": 1, "dennis": 1, "jonas": 1, "huseyin": 0, "anders": 0, "lone": 0, "karen": 0} {
		if got := sees(d.People()[who]); got != want {
			t.Errorf("%s sees %d, want %d", who, got, want)
		}
	}
	d.Exec(t, `INSERT INTO app.case_exclusion (case_id, user_id, source, set_by) VALUES ($1, $2, 'leader', $2)`, d.c.ID, d.Jonas.UserID)
	if sees(d.Jonas) != 0 {
		t.Error("the excluded lead sees the deadline")
	}
}

// A deadline of a report is seen by whoever sees the report, and started by whoever has opened it: a desk of others is no door to it.
func TestTheClocksOfAReportStandWithItsDesk(t *testing.T) {
	d := newDesk(t)
	var report uuid.UUID
	var desk string
	d.Scan(t, []any{&report}, `INSERT INTO app.report (ref, number, municipality, area, source, received_at, assess_by, registered_by, assigned_to)
		VALUES ('ureport2', 'U-1', 999, 'child', 'professional', now(), now() + interval '24 hours', $1, $1) RETURNING id`, d.Mette.UserID)
	d.Scan(t, []any{&desk}, `INSERT INTO app.team (municipality, area, name, intake) VALUES (999, 'child', 'Modtagelsen', true) RETURNING id::text`)
	at := db.Case{Ref: "ureport2", Page: "p"}
	d.must(d.DB.InCase(t.Context(), d.Mette, at, func(tx *db.Tx) error {
		first, err := deadline.StartForReport(t.Context(), tx, deadline.OfTheLaw(), report, "UND_24H", tx.Now)
		if err != nil {
			return err
		}
		if again, err := deadline.StartForReport(t.Context(), tx, deadline.OfTheLaw(), report, "UND_24H", tx.Now); again != first || err != nil {
			t.Errorf("two clocks for one report: %v", err)
		}
		return deadline.MeetForReport(t.Context(), tx, report, tx.Now, "UND_24H", "UND_RECEIPT")
	}))
	if n := d.Count(t, `SELECT count(*) FROM app.deadline d JOIN app.deadline_change c ON c.deadline_id = d.id AND c.what = 'met' WHERE d.report_id = $1 AND d.status = 'met' AND d.team_id = $2`, report, desk); n != 1 {
		t.Errorf("%d met", n)
	}
	for name, who := range d.People() {
		if name == "nobody" {
			continue
		}
		d.must(d.DB.InTx(t.Context(), who, func(tx *db.Tx) error {
			n, err := db.One[int](t.Context(), tx, `SELECT count(*)::int FROM app.deadline`, db.Args{})
			if (n == 1) != (who.UserID == d.Mette.UserID) {
				t.Errorf("%s sees %d", name, n)
			}
			return err
		}))
		err := d.DB.InTx(t.Context(), who, func(tx *db.Tx) error { // without opening the report
			_, err := deadline.StartForReport(t.Context(), tx, deadline.OfTheLaw(), report, "UND_RECEIPT", tx.Now)
			return err
		})
		if !errors.Is(err, fault.Forbidden) {
			t.Errorf("%s starts one: %v", name, err)
		}
	}
}

// What a deadline was computed from is written once, and what happened to it is only added to: whoever goes around the program finds no way either.
func TestNobodyRewritesADeadlineByRawSQL(t *testing.T) {
	d := newDesk(t)
	x, clock := d.start("BFU_4M", 10*day), d.start("BREACH_72H", time.Hour)
	args := func(sql string, all db.Args) (string, db.Args) {
		used := db.Args{}
		for name, v := range all {
			if strings.Contains(sql, "@"+name) {
				used[name] = v
			}
		}
		return sql, used
	}
	for _, sql := range []string{
		`UPDATE app.deadline SET length = 12 WHERE id = @x`, `UPDATE app.deadline SET basis = 'x' WHERE id = @x`, `UPDATE app.deadline SET law_version = 'x' WHERE id = @x`,
		`UPDATE app.deadline SET statutory = false WHERE id = @x`, `UPDATE app.deadline SET code = 'X' WHERE id = @x`, `UPDATE app.deadline SET case_id = NULL, report_id = @x WHERE id = @x`,
		`UPDATE app.deadline SET christmas_eve = true WHERE id = @x`, `UPDATE app.deadline SET created_by = @other WHERE id = @x`, `UPDATE app.deadline SET team_id = NULL WHERE id = @x`,
		`DELETE FROM app.deadline WHERE id = @x`, `DELETE FROM app.deadline_change WHERE deadline_id = @x`, `UPDATE app.deadline_change SET reason = 'x' WHERE deadline_id = @x`,
		`UPDATE app.deadline SET status = 'met', met_at = now(), met_by = @other WHERE id = @x`,
		`UPDATE app.deadline SET status = 'met' WHERE id = @x`, `UPDATE app.deadline SET status = 'paused' WHERE id = @x`,
		`UPDATE app.deadline SET due_at = due_at + interval '1 h' WHERE id = @clock`, `UPDATE app.deadline SET status = 'paused', paused_at = now() WHERE id = @clock`,
		`INSERT INTO app.deadline_change (case_id, deadline_id, what, changed_by) VALUES (@case, @x, 'moved', @me)`,
		`INSERT INTO app.deadline_change (case_id, deadline_id, what, reason, changed_by) VALUES (@case, @x, 'paused', ' ', @me)`,
		`INSERT INTO app.deadline_change (case_id, deadline_id, what, reason, changed_by) VALUES (@case, @x, 'moved', 'r', @other)`,
		`INSERT INTO app.deadline (case_id, code, trigger, triggered_at, counts_from, length, unit, basis, law_version, certainty, statutory, kind, constitution_day, christmas_eve, new_years_eve, due_at, created_by)
		 VALUES (@case, 'LOCAL_X', 'x', now(), now(), 1, 'days', '', '', '', false, 'local', false, false, false, now(), @other)`,
	} {
		err := d.in(d.Mette, func(ctx context.Context, tx *db.Tx) error {
			sql, used := args(sql, db.Args{"x": x.ID, "clock": clock.ID, "case": tx.CaseID, "me": d.Mette.UserID, "other": d.Dennis.UserID})
			n, err := db.Exec(ctx, tx, sql, used)
			if err == nil && n > 0 {
				t.Errorf("%s: %d rows", sql, n)
			}
			return errors.Join(err, errBack)
		})
		if err == nil {
			t.Errorf("%s: committed", sql)
		}
	}
	if got := d.get(x.ID); got != x {
		t.Errorf("changed: %+v", got)
	}
}

var errBack = errors.New("roll back")

func TestASealedCaseTakesItsDeadlinesWithIt(t *testing.T) {
	d := newDesk(t)
	x := d.start("BFU_4M", 10*day)
	d.Exec(t, `UPDATE app.case_file SET confidentiality = 2 WHERE id = $1`, d.c.ID)
	if n := d.Count(t, `SELECT count(*) FROM app.deadline WHERE id = $1 AND confidentiality = 2`, x.ID); n != 1 {
		t.Error("the deadline has kept the level of the open case")
	}
	err := d.DB.InTx(t.Context(), d.Jonas, func(tx *db.Tx) error {
		n, err := db.One[int](t.Context(), tx, `SELECT count(*)::int FROM app.deadline`, db.Args{})
		if n != 0 {
			t.Error("the team's lead still sees it in lists")
		}
		return err
	})
	d.must(err)
}
