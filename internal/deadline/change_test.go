package deadline_test

import (
	"context"
	"errors"
	"testing"
	"time"

	"github.com/google/uuid"

	"samspil/internal/calendar"
	"samspil/internal/db"
	"samspil/internal/deadline"
	"samspil/internal/fault"
	"samspil/internal/i18n"
)

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
	refused(t, "what the law says, in 13 months", move(time.Now().AddDate(1, 1, 0), "r"), "due", "deadline.error.far_law")
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
