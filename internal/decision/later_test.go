package decision_test

import (
	"context"
	"errors"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"samspil/internal/actor"
	"samspil/internal/db"
	"samspil/internal/decision"
	"samspil/internal/draft"
	"samspil/internal/fault"
	"samspil/internal/i18n"
	"samspil/internal/prompt"
)

func TestADecisionIsCorrectedByAddition(t *testing.T) {
	d := newDesk(t)
	id, err := d.put(d.Mette, moving())
	d.must(err)
	key := uuid.New()
	add := func(who actor.Actor, body string) error {
		return d.do(who, func(ctx context.Context, tx *db.Tx) error { return decision.Add(ctx, tx, id, key, body) })
	}
	if err := add(d.Mette, "x"); !errors.Is(err, fault.Forbidden) {
		t.Errorf("added to what is not decided: %v", err)
	}
	d.must(d.make(d.Mette, id, atSchool))
	refused(t, add(d.Mette, " "), "body", "decision.error.body")
	d.must(add(d.Mette, "Dagen er den 15., ikke den 14."))
	d.must(add(d.Mette, "Dagen er den 15., ikke den 14."))
	if err := add(d.Sara, "x"); !errors.Is(err, fault.Forbidden) {
		t.Errorf("who is asked for advice adds: %v", err)
	}
	var list *[]decision.Addition
	_, err = d.DB.ReadCase(t.Context(), d.Mette, d.c.At("beslutninger"), func(b *db.Batch) { list = decision.Additions(b, id) })
	d.must(err)
	if len(*list) != 1 || (*list)[0].By != "Mette Lindhardt" {
		t.Errorf("additions: %+v", *list)
	}
	err = d.do(d.Mette, func(ctx context.Context, tx *db.Tx) error {
		_, err := db.Exec(ctx, tx, `UPDATE app.decision_made SET choice = 'noget andet' WHERE decision_id = @id`, db.Args{"id": id})
		return err
	})
	if !errors.Is(err, fault.Forbidden) {
		t.Errorf("a decision could be rewritten: %v", err)
	}
}

// night does the work of the jobs as of a day.
func (d desk) night(day time.Time) {
	d.t.Helper()
	conn, err := pgx.Connect(d.t.Context(), d.LoginURL(d.t, "samspil_job"))
	d.must(err)
	defer func() { _ = conn.Close(context.Background()) }()
	_, err = conn.Exec(d.t.Context(), `SELECT app.job_look_backs($1::date)`, day.Format(time.DateOnly))
	d.must(err)
}

func TestAfterThreeMonthsTheCaseAsksOnceHowItWent(t *testing.T) {
	d := newDesk(t)
	made, err := d.put(d.Mette, moving())
	d.must(err)
	dropped, err := d.put(d.Mette, moving())
	d.must(err)
	_, err = d.put(d.Mette, moving()) // still open
	d.must(err)
	d.must(d.make(d.Mette, made, atSchool))
	d.must(d.do(d.Mette, func(ctx context.Context, tx *db.Tx) error { return decision.Drop(ctx, tx, dropped, "x") }))
	asked := func() (n int) {
		var list *[]prompt.Prompt
		_, err := d.DB.ReadCase(t.Context(), d.Mette, d.c.At("test"), func(b *db.Batch) { list = prompt.OpenPrompts(b) })
		d.must(err)
		for _, p := range *list {
			if p.Rule == decision.LookBack {
				n++
			}
		}
		return n
	}
	day := func(n int) time.Time { return time.Now().In(i18n.Zone).AddDate(0, 0, n) }
	review := func(who actor.Actor, went, words string) error {
		return d.do(who, func(ctx context.Context, tx *db.Tx) error { return decision.Review(ctx, tx, made, went, words) })
	}
	if d.night(day(decision.LookBackDays() - 1)); asked() != 0 {
		t.Error("it is asked too soon")
	}
	refused(t, review(d.Mette, "hoped", "x"), "went", "decision.error.soon")
	d.Exec(t, `UPDATE app.decision_made SET made_at = made_at - interval '90 days'`)
	d.night(day(0))
	d.night(day(1))
	if n := asked(); n != 1 {
		t.Errorf("asked %d times, want 1: not of what was dropped, not of what is open, not twice", n)
	}
	if n := d.Count(t, `SELECT count(*) FROM app.notice WHERE kind = 'prompt.raised' AND to_user = $1`, d.Mette.UserID); n != 1 {
		t.Errorf("the responsible is told %d times", n)
	}
	refused(t, review(d.Mette, "well", "x"), "went", "decision.error.went")
	refused(t, review(d.Mette, "hoped", " "), "words", "decision.error.words")
	d.must(review(d.Mette, "not", "Hun sagde ingenting på skolen."))
	d.must(review(d.Mette, "not", "Hun sagde ingenting på skolen."))
	if err := review(d.Dennis, "hoped", "x"); !errors.Is(err, fault.Stale) {
		t.Errorf("looked back twice: %v", err)
	}
	if one, _ := d.get(made); one.Went != "not" || one.WentBy != "Mette Lindhardt" || asked() != 0 {
		t.Errorf("looked back: %+v, and %d prompts", one, asked())
	}
	early, err := d.put(d.Mette, moving())
	d.must(err)
	d.must(d.make(d.Mette, early, atSchool))
	d.Exec(t, `UPDATE app.decision_made SET made_at = made_at - interval '90 days' WHERE decision_id = $1`, early)
	d.must(d.do(d.Mette, func(ctx context.Context, tx *db.Tx) error { return decision.Review(ctx, tx, early, "early", "x") }))
	if d.night(day(200)); asked() != 0 {
		t.Error("it is asked again")
	}
}

func TestWhatHasBeenPutOrDecidedLeavesNoDraft(t *testing.T) {
	d := newDesk(t)
	in := moving()
	save := func(id, key uuid.UUID) {
		d.must(d.do(d.Mette, func(ctx context.Context, tx *db.Tx) error {
			return decision.SaveDraft(ctx, tx, id, key, draft.Fields{"question": {"Halvt"}})
		}))
	}
	left := func() int { return d.Count(t, `SELECT count(*) FROM app.draft`) }
	if save(uuid.Nil, in.Key); left() != 1 {
		t.Error("the draft is lost")
	}
	id, err := d.put(d.Mette, in)
	d.must(err)
	if save(uuid.Nil, in.Key); left() != 0 {
		t.Error("a draft stays of what has been put")
	}
	save(id, uuid.Nil)
	d.must(d.make(d.Mette, id, atSchool))
	if save(id, uuid.Nil); left() != 0 {
		t.Error("a draft stays of what is decided")
	}
}
