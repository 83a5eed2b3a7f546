package safety_test

import (
	"context"
	"errors"
	"strings"
	"testing"
	"time"

	"samspil/internal/actor"
	"samspil/internal/db"
	"samspil/internal/fault"
	"samspil/internal/testkit"
)

// raw runs a statement in the case past the program.
func raw(t *testing.T, o *testkit.Office, c testkit.CaseFile, who actor.Actor, sql string, args db.Args) error {
	t.Helper()
	return in(t, o, c, who, func(ctx context.Context, tx *db.Tx) error {
		used := db.Args{}
		for name, v := range args {
			if strings.Contains(sql, "@"+name) {
				used[name] = v
			}
		}
		_, err := db.Exec(ctx, tx, sql, used)
		return err
	})
}

// Who agreed on something with the citizen is who writes it down.
func TestNobodyAgreesInAColleaguesName(t *testing.T) {
	t.Parallel()
	o := testkit.NewOffice(t)
	c := o.Case(t, o.Mette, 1)
	for what, sql := range map[string]string{
		"a check-in":    `INSERT INTO app.check_in (case_id, agreed_at, grace_minutes, channel, alarm_user, then_what, created_by) VALUES (@case, now() + interval '1 h', 30, 'x', @me, 'x', @who)`,
		"a safety plan": `INSERT INTO app.safety_plan (case_id, version, if_worse, if_not_back, agreed_on, written_by) VALUES (@case, 1, 'x', 'x', current_date, @who)`,
	} {
		for who, ok := range map[*actor.Actor]bool{&o.Mette: true, &o.Dennis: false} {
			err := raw(t, o, c, o.Mette, sql, db.Args{"case": c.ID, "me": o.Mette.UserID, "who": who.UserID})
			if ok && err != nil || !ok && !errors.Is(err, fault.Forbidden) {
				t.Errorf("%s of %s: %v", what, who.Name, err)
			}
		}
	}
}

// An alarm is closed by saying what was done, and a check-in is cancelled by saying why, whoever asks the database.
func TestAnAlarmIsNotClosedWithoutAWord(t *testing.T) {
	t.Parallel()
	o := testkit.NewOffice(t)
	c := o.Case(t, o.Mette, 1)
	id := agree(t, o, c, checkIn(o.Mette, time.Minute))
	const answer = `SELECT app.answer_check_in(@case, @id, (SELECT version FROM app.check_in WHERE id = @id), @outcome, '  ')`
	for _, outcome := range []string{"cancelled", "closed"} {
		if outcome == "closed" {
			passes(t, o, id, time.Hour)
			if jobs(t, o, `SELECT app.job_alarms()`) != 1 {
				t.Fatal("no alarm")
			}
		}
		if err := raw(t, o, c, o.Mette, answer, db.Args{"case": c.ID, "id": id, "outcome": outcome}); !db.Violates(err, "closing_says_what_was_done") {
			t.Errorf("%s without a word: %v", outcome, err)
		}
	}
}
