package screening_test

import (
	"context"
	"errors"
	"testing"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"samspil/internal/actor"
	"samspil/internal/db"
	"samspil/internal/fault"
	"samspil/internal/screening"
	"samspil/internal/testkit"
)

// report registers a report about a child of 16, assigned to who.
func report(t *testing.T, o *testkit.Office, who actor.Actor, assessed bool) (uuid.UUID, db.Case) {
	t.Helper()
	id, ref := uuid.New(), uuid.NewString()[:8]
	o.Exec(t, `INSERT INTO app.report (id, ref, number, municipality, area, source, received_at, assess_by, registered_by, assigned_to)
		VALUES ($1, $2, 'U-' || $2, 999, 'child', 'professional', now() - interval '30 min', now() - interval '30 min' + interval '24 hours', $3, $3)`, id, ref, who.UserID)
	o.Exec(t, `INSERT INTO app.report_content (report_id, told) VALUES ($1, 'x')`, id)
	o.Exec(t, `INSERT INTO app.report_person (report_id, is_child, name, born) VALUES ($1, true, 'Amira', current_date - 16 * 366)`, id)
	if assessed {
		o.Exec(t, `UPDATE app.report SET acute = false, assessed_at = now(), assessed_by = $2 WHERE id = $1`, id, who.UserID)
	}
	return id, db.Case{Ref: ref, Page: "test"}
}

func in(t *testing.T, o *testkit.Office, who actor.Actor, at db.Case, fn func(ctx context.Context, tx *db.Tx) error) error {
	t.Helper()
	return o.DB.InCase(t.Context(), who, at, func(tx *db.Tx) error { return fn(t.Context(), tx) })
}

func note(t *testing.T, o *testkit.Office, who actor.Actor, at db.Case, on screening.On, code string) uuid.UUID {
	t.Helper()
	id := uuid.New()
	err := in(t, o, who, at, func(ctx context.Context, tx *db.Tx) error {
		return screening.NoteSign(ctx, tx, on, id, screening.SignInput{Code: code, Observation: "Set i skolegården", Source: "school", SeenOn: nil})
	})
	if err != nil {
		t.Fatal(err)
	}
	return id
}

// seen is what who reads of the signs there; -1 where there is no way in.
func seen(t *testing.T, o *testkit.Office, who actor.Actor, at db.Case) int {
	t.Helper()
	var signs *[]screening.Seen
	_, err := o.DB.ReadCase(t.Context(), who, at, func(b *db.Batch) { signs = screening.Signs(b) })
	if errors.Is(err, fault.NotFound) {
		return -1
	} else if err != nil {
		t.Fatal(err)
	}
	return len(*signs)
}

func refusedAt(t *testing.T, err error, field string) {
	t.Helper()
	var bad fault.Invalid
	if !errors.As(err, &bad) || bad[field] == "" {
		t.Errorf("not refused at %s: %v", field, err)
	}
}

func TestSignsFollowTheReportIntoTheCaseThatTakesItUp(t *testing.T) {
	t.Parallel()
	o := testkit.NewOffice(t)
	id, rep := report(t, o, o.Mette, true)
	c := o.Case(t, o.Dennis, 1)
	first := note(t, o, o.Mette, rep, screening.Report, "S17")
	o.Exec(t, `INSERT INTO app.report_case (report_id, case_id, how) VALUES ($1, $2, 'match')`, id, c.ID)
	if n := seen(t, o, o.Dennis, c.At("tegn")); n != 0 {
		t.Fatalf("a mere match shows %d signs in the case", n)
	}
	o.Exec(t, `UPDATE app.report_case SET how = 'joined' WHERE report_id = $1`, id)
	note(t, o, o.Mette, rep, screening.Report, "S18") // after it was joined
	note(t, o, o.Dennis, c.At("tegn"), screening.Case, "S06")
	for who, want := range map[*actor.Actor][2]int{&o.Dennis: {3, 2}, &o.Mette: {-1, 2}, &o.Huseyin: {-1, -1}, &o.Lone: {-1, -1}, &o.Karen: {-1, -1}, &o.Sara: {-1, -1}} {
		if a, b := seen(t, o, *who, c.At("tegn")), seen(t, o, *who, rep); a != want[0] || b != want[1] {
			t.Errorf("%s reads %d signs in the case and %d in the report, want %v", who.Name, a, b, want)
		}
	}
	// Who is kept out of the report reads nothing of it in the case either.
	o.Grant(t, c, o.Huseyin, "coworker")
	if n := seen(t, o, o.Huseyin, c.At("tegn")); n != 3 {
		t.Fatalf("the co-worker reads %d", n)
	}
	o.Exec(t, `INSERT INTO app.report_exclusion (report_id, user_id, source, set_by) VALUES ($1, $2, 'leader', $3)`, id, o.Huseyin.UserID, o.Jonas.UserID)
	if n := seen(t, o, o.Huseyin, c.At("tegn")); n != 1 {
		t.Errorf("who is kept out of the report reads %d signs of the case, want the case's own", n)
	}
	// In the case the sign of the report may be taken back, once.
	retire := func(reason string) error {
		return in(t, o, o.Dennis, c.At("tegn"), func(ctx context.Context, tx *db.Tx) error {
			return screening.RetireSign(ctx, tx, screening.Case, first, reason)
		})
	}
	refusedAt(t, retire(""), "reason")
	if err := errors.Join(retire("Det var en anden elev"), retire("Det var en anden elev")); err != nil {
		t.Fatal(err)
	}
	if n := o.Count(t, `SELECT count(*) FROM app.sign_seen WHERE id = $1 AND retired_by = $2 AND retired_reason = 'Det var en anden elev'`, first, o.Dennis.UserID); n != 1 || seen(t, o, o.Dennis, c.At("tegn")) != 3 {
		t.Error("the sign is not kept with its reason")
	}
	if n := o.Count(t, `SELECT count(*) FROM app.case_event WHERE kind = 'sign.retired'`); n != 1 {
		t.Errorf("%d events for one sign taken back", n)
	}
}

// The app's own login writes no sign into somebody else's case, none in another's name, and changes none that stands.
func TestNobodyWritesASignInAnothersNameOrCase(t *testing.T) {
	t.Parallel()
	o := testkit.NewOffice(t)
	c, other := o.Case(t, o.Mette, 1), o.Case(t, o.Dennis, 1)
	id := note(t, o, o.Mette, c.At("tegn"), screening.Case, "S06")
	_, rep := report(t, o, o.Dennis, true)
	var repID uuid.UUID
	o.Scan(t, []any{&repID}, `SELECT id FROM app.report WHERE ref = $1`, rep.Ref)
	for name, sql := range map[string]string{
		"another's case":           `INSERT INTO app.sign_seen (case_id, observation, source, noted_by) VALUES (@other, 'x', 'own', @me)`,
		"another's report":         `INSERT INTO app.sign_seen (report_id, observation, source, noted_by) VALUES (@report, 'x', 'own', @me)`,
		"through another's report": `INSERT INTO app.sign_seen (report_id, case_id, observation, source, noted_by) VALUES (@report, @case, 'x', 'own', @me)`,
		"another's name":           `INSERT INTO app.sign_seen (case_id, observation, source, noted_by) VALUES (@case, 'x', 'own', @dennis)`,
		"other words":              `UPDATE app.sign_seen SET observation = 'y' WHERE case_id = @case`,
		"taken back by another":    `UPDATE app.sign_seen SET retired_at = now(), retired_by = @dennis, retired_reason = 'x' WHERE case_id = @case`,
		"deleted":                  `DELETE FROM app.sign_seen WHERE case_id = @case`,
		"a screening changed":      `UPDATE app.screening SET reason = 'y'`,
		"an answer changed":        `UPDATE app.suggestion_answer SET relevant = true`,
		"a rule by a caseworker":   `INSERT INTO app.screening_rule (code, version, da, en, area, condition, active, changed_by) VALUES ('own_x', 1, 'a', 'b', 'both', '{}', true, @me)`,
	} {
		err := in(t, o, o.Mette, c.At("tegn"), func(ctx context.Context, tx *db.Tx) error {
			_, err := tx.Tx.Exec(ctx, sql, pgx.NamedArgs{"case": c.ID, "other": other.ID, "report": repID, "me": o.Mette.UserID, "dennis": o.Dennis.UserID})
			return err
		})
		if !errors.Is(err, fault.Forbidden) {
			t.Errorf("%s: %v", name, err)
		}
	}
	if n := o.Count(t, `SELECT count(*) FROM app.sign_seen`); n != 1 {
		t.Errorf("%d signs", n)
	}
	if n := o.Count(t, `SELECT count(*) FROM app.sign_seen WHERE id = $1 AND retired_at IS NULL`, id); n != 1 {
		t.Error("the sign was changed")
	}
}

func TestASignIsOfTheAreaAndOfToday(t *testing.T) {
	t.Parallel()
	o := testkit.NewOffice(t)
	c := o.Case(t, o.Mette, 1)
	for field, change := range map[string]func(*screening.SignInput){
		"": func(s *screening.SignInput) { s.Code = "S40" }, "observation": func(s *screening.SignInput) { s.Observation = "" },
		"source":  func(s *screening.SignInput) { s.Source = "gossip" },
		"seen_on": func(s *screening.SignInput) { s.SeenOn = born(-1) },
	} {
		s := screening.SignInput{Code: "S01", Observation: "x", Source: "own"}
		change(&s)
		refusedAt(t, in(t, o, o.Mette, c.At("tegn"), func(ctx context.Context, tx *db.Tx) error {
			return screening.NoteSign(ctx, tx, screening.Case, uuid.Nil, s)
		}), field)
	}
	id := uuid.New() // a form that is sent twice is one sign, and one line of the timeline
	for range 2 {
		err := in(t, o, o.Mette, c.At("tegn"), func(ctx context.Context, tx *db.Tx) error {
			return screening.NoteSign(ctx, tx, screening.Case, id, screening.SignInput{Observation: "Hun trækker ærmerne ned 🙁", Source: "own", SeenOn: born(0)})
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	if n := seen(t, o, o.Mette, c.At("tegn")) + o.Count(t, `SELECT count(*) FROM app.case_event WHERE kind = 'sign.seen'`); n != 2 {
		t.Errorf("%d signs and events", n)
	}
}

func TestASecondSignWrittenAfterBackIsASignOfItsOwn(t *testing.T) {
	t.Parallel()
	o := testkit.NewOffice(t)
	c, id := o.Case(t, o.Mette, 1), uuid.New()
	first := screening.SignInput{Observation: "Hun trækker ærmerne ned", Source: "own", SeenOn: born(0)}
	second := first
	second.Observation = "Broren venter ved porten"
	for _, s := range []screening.SignInput{first, second, second, first} {
		if err := in(t, o, o.Mette, c.At("tegn"), func(ctx context.Context, tx *db.Tx) error {
			return screening.NoteSign(ctx, tx, screening.Case, id, s)
		}); err != nil {
			t.Fatal(err)
		}
	}
	if n := o.Count(t, `SELECT count(*) FROM app.sign_seen WHERE observation IN ($1, $2)`, first.Observation, second.Observation); n != 2 || seen(t, o, o.Mette, c.At("tegn")) != 2 {
		t.Errorf("%d signs", n)
	}
	if n := o.Count(t, `SELECT count(*) FROM app.case_event WHERE kind = 'sign.seen'`); n != 2 {
		t.Errorf("%d events", n)
	}
}
