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

// seen is what the page would have shown.
func (d desk) seen(ctx context.Context, tx *db.Tx, id uuid.UUID, to time.Time) string {
	d.t.Helper()
	var q deadline.Triggered
	d.must(tx.Read(ctx, func(b *db.Batch) { q = deadline.AskTriggered(b, id) }))
	return deadline.Seen(q.Preview(to))
}

func (d desk) preview(id uuid.UUID, to time.Time) (list []deadline.Recomputed) {
	d.t.Helper()
	d.must(d.in(d.Mette, func(ctx context.Context, tx *db.Tx) error {
		var q deadline.Triggered
		err := tx.Read(ctx, func(b *db.Batch) { q = deadline.AskTriggered(b, id) })
		list = q.Preview(to)
		return err
	}))
	return list
}

// The report came on Friday and not on Monday: both of its clocks are computed again, the one that has been met is not.
func TestTheReportHadLainOverTheWeekend(t *testing.T) {
	d := newDesk(t)
	at := time.Now().Add(-5 * day).Truncate(time.Minute)
	ids := map[string]uuid.UUID{}
	for _, code := range []string{"UND_24H", "UND_RECEIPT", "BFU_4M"} {
		d.must(d.in(d.Mette, func(ctx context.Context, tx *db.Tx) (err error) {
			ids[code], err = deadline.Start(ctx, tx, code, at)
			return err
		}))
	}
	to := at.Add(-3 * day)
	list := d.preview(ids["UND_24H"], to)
	if len(list) != 2 || list[0].ID != ids["UND_24H"] || list[1].ID != ids["UND_RECEIPT"] {
		t.Fatalf("preview: %+v", list)
	}
	sameDay(t, "24 hours", list[0].Due, to.Add(day))
	sameDay(t, "receipt", list[1].Due, calendar.Add(to, 6, calendar.Hverdage, calendar.Settings{}))

	correct := func(to time.Time, reason, seen string) error {
		return d.in(d.Mette, func(ctx context.Context, tx *db.Tx) error {
			return deadline.CorrectTrigger(ctx, tx, ids["UND_RECEIPT"], to, reason, seen)
		})
	}
	seen := deadline.Seen(list)
	refused(t, "no reason", correct(to, " ", seen), "reason", "error.reason")
	refused(t, "in the future", correct(time.Now().Add(2*day), "r", seen), "at", "deadline.error.future")
	refused(t, "the same moment", correct(at, "r", seen), "at", "deadline.error.same")
	if err := correct(to.Add(-day), "r", seen); !errors.Is(err, fault.Stale) {
		t.Errorf("another date than the one that was shown: %v", err)
	}
	d.must(correct(to, "Brevet lå i den forkerte bakke", seen))
	for _, code := range []string{"UND_24H", "UND_RECEIPT"} {
		got := d.get(ids[code])
		sameDay(t, code+" began", got.TriggeredAt, to)
		if list := d.changes(got.ID); list[0].What != "recomputed" || list[0].Reason != "Brevet lå i den forkerte bakke" || !list[0].DueTo.Equal(got.DueAt) {
			t.Errorf("%s: %+v", code, list[0])
		}
	}
	sameDay(t, "of something else", d.get(ids["BFU_4M"]).TriggeredAt, at)
	if err := correct(to, "r", seen); err == nil {
		t.Error("the form was sent twice and changed twice")
	}
}

func TestSomebodyMovedTheDeadlineWhileThePreviewWasRead(t *testing.T) {
	d := newDesk(t)
	x := d.start("BFU_4M", 10*day)
	to := x.TriggeredAt.Add(-2 * day)
	seen := deadline.Seen(d.preview(x.ID, to))
	d.must(d.in(d.Mette, func(ctx context.Context, tx *db.Tx) error {
		return deadline.Move(ctx, tx, x.ID, x.Version, x.DueAt.AddDate(0, 0, 3), "r")
	}))
	err := d.in(d.Mette, func(ctx context.Context, tx *db.Tx) error {
		return deadline.CorrectTrigger(ctx, tx, x.ID, to, "r", seen)
	})
	if !errors.Is(err, fault.Stale) {
		t.Errorf("%v", err)
	}
	if list := d.preview(x.ID, to); !list[0].WasMoved {
		t.Error("the preview does not say that the date was set by hand")
	}
}

func TestWhatWasPausedStaysPausedWhenTheBeginningIsCorrected(t *testing.T) {
	d := newDesk(t)
	x := d.start("BFU_4M", 30*day)
	d.must(d.in(d.Mette, func(ctx context.Context, tx *db.Tx) error { return deadline.Pause(ctx, tx, x.ID, x.Version, "r") }))
	d.Exec(t, `UPDATE app.deadline SET paused_at = paused_at - interval '10 days'`)
	d.Exec(t, `UPDATE app.deadline_change SET at = at - interval '10 days' WHERE what = 'paused'`)
	d.must(d.in(d.Mette, func(ctx context.Context, tx *db.Tx) error { return deadline.Resume(ctx, tx, x.ID, x.Version+1) }))
	to := x.TriggeredAt.Add(-5 * day)
	list := d.preview(x.ID, to)
	sameDay(t, "with its ten days of pause", list[0].Due, calendar.EndOfDay(i18n.Today(calendar.Add(to, 4, calendar.Months, calendar.Settings{})).AddDate(0, 0, 10)))
}

func TestACorrectionDoesNotMakeTwoOfOne(t *testing.T) {
	d := newDesk(t)
	a, b := d.start("BFU_4M", 10*day), d.start("BFU_4M", 20*day)
	err := d.in(d.Mette, func(ctx context.Context, tx *db.Tx) error {
		return deadline.CorrectTrigger(ctx, tx, a.ID, b.TriggeredAt, "r", d.seen(ctx, tx, a.ID, b.TriggeredAt))
	})
	refused(t, "the same thing twice", err, "at", "deadline.error.twice")
}
