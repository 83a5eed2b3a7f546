package deadline_test

import (
	"context"
	"errors"
	"testing"
	"time"

	"samspil/internal/actor"
	"samspil/internal/calendar"
	"samspil/internal/db"
	"samspil/internal/deadline"
	"samspil/internal/fault"
	"samspil/internal/i18n"
)

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
