package risk_test

import (
	"errors"
	"fmt"
	"testing"
	"time"

	"samspil/internal/actor"
	"samspil/internal/casefile"
	"samspil/internal/db"
	"samspil/internal/fault"
	"samspil/internal/risk"
	"samspil/internal/testkit"
)

func (d desk) gate() casefile.GateState { d.t.Helper(); return d.header().Gate }

func (d desk) must(gate casefile.GateState, when string) {
	d.t.Helper()
	if got := d.gate(); got != gate {
		d.t.Errorf("%s: the gate is %s, should be %s", when, got, gate)
	}
	want := error(nil)
	if gate == casefile.GateShut {
		want = risk.ErrShut
	}
	if err := d.do(d.Mette, func(tx *db.Tx) error { return risk.Demand(d.t.Context(), tx) }); risk.At(err) != (want != nil) {
		d.t.Errorf("%s: asked for, %v", when, err)
	}
}

// barnets lov § 18, stk. 3; R1.
func TestTheGateIsShutUntilTheRiskIsAssessedAndAgainWhenThatIsOver(t *testing.T) {
	d := newDesk(t)
	d.must(casefile.GateShut, "a new case of a child")
	id, err := d.sign(d.Mette, input("yellow"))
	if err != nil {
		t.Fatal(err)
	}
	d.must(casefile.GateAssessed, "the risk is assessed")
	raise := func(level string) {
		err := d.do(d.Mette, func(tx *db.Tx) error {
			return casefile.SetSeverity(t.Context(), tx, d.header().Version, casefile.SeverityInput{Level: level, Reason: "Ny trussel", Lower: true})
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	raise("red")
	d.must(casefile.GateShut, "the level has risen above what was assessed")
	raise("yellow")
	d.must(casefile.GateAssessed, "the level is what was assessed")
	d.Exec(t, `UPDATE app.risk_assessment SET signed_at = signed_at - interval '91 days', valid_until = valid_until - interval '91 days' WHERE id = $1`, id)
	d.must(casefile.GateShut, "the assessment has expired")
	byField := func(what string) {
		err := d.do(d.Mette, func(tx *db.Tx) error {
			_, err := db.Exec(t.Context(), tx, `UPDATE app.case_file SET certainty = 'ruled_out' WHERE id = @case`, db.Args{"case": tx.CaseID})
			return err
		})
		if !db.Violates(err, "ruled_out_by_screening") {
			t.Errorf("%s: %v", what, err)
		}
	}
	byField("honour conflict ruled out without a screening")
	screened := fmt.Sprintf(`INSERT INTO app.screening (id, case_id, outcome, reason, honour, honour_why, certainty, screened_by) VALUES (gen_random_uuid(), '%[1]s', 'no_further', 'x', false, 'Skolen har taget fejl af barnet', 'ruled_out', '%[2]s');
		UPDATE app.case_file SET certainty = 'ruled_out' WHERE id = '%[1]s'`, d.c.ID, d.Mette.UserID)
	d.Exec(t, screened)
	d.must(casefile.GateNone, "a screening has ruled it out")
	d.Exec(t, `UPDATE app.case_file SET certainty = 'suspicion' WHERE id = $1`, d.c.ID)
	byField("an old screening rules out what is suspected anew")
	d.Exec(t, screened)
	d.must(casefile.GateNone, "the suspicion is ruled out")
	d.Exec(t, `UPDATE app.case_file SET certainty = 'suspicion', area = 'adult' WHERE id = $1`, d.c.ID)
	d.must(casefile.GateNone, "an adult's case")
}

// An older assessment that would still hold does not count once a newer one has been made and expired.
func TestOnlyTheNewestAssessmentOpens(t *testing.T) {
	d := newDesk(t)
	d.Assess(t, d.c, "green")
	red := d.Assess(t, d.c, "red")
	d.Exec(t, `UPDATE app.risk_assessment SET signed_at = now() - interval '20 days', valid_until = now() + interval '70 days' WHERE id <> $1`, red)
	d.must(casefile.GateAssessed, "a red one of today")
	d.Exec(t, `UPDATE app.risk_assessment SET signed_at = now() - interval '8 days', valid_until = now() - interval '1 day' WHERE id = $1`, red)
	d.must(casefile.GateShut, "the red one is over")
}

func TestOnlyATeamLeadOpensTheGateAndSaysWhy(t *testing.T) {
	d := newDesk(t)
	const why = "Forældrene henter hende i dag; vagten er med."
	open := func(who actor.Actor, reason string, days int) error {
		return d.do(who, func(tx *db.Tx) error { return risk.OpenGate(t.Context(), tx, reason, days) })
	}
	if err := open(d.Mette, why, 1); !errors.Is(err, fault.Forbidden) {
		t.Errorf("the caseworker: %v", err)
	}
	if err := open(d.Anders, why, 1); !errors.Is(err, fault.NotFound) {
		t.Errorf("another team's lead: %v", err)
	}
	refused(t, open(d.Jonas, "haster", 1), "reason", "gate.error.reason")
	refused(t, open(d.Jonas, why, 60), "days", "error.choose")
	err := d.do(d.Mette, func(tx *db.Tx) error { // who manages the case is no lead by that
		_, err := db.Exec(t.Context(), tx, `SELECT app.open_gate(@case, @why, now() + interval '1 day')`, db.Args{"case": d.c.ID, "why": why})
		return err
	})
	if !errors.Is(err, fault.Forbidden) {
		t.Errorf("the caseworker, past the program: %v", err)
	}
	d.must(casefile.GateShut, "nobody has opened it")
	if err := open(d.Jonas, why, 3); err != nil {
		t.Fatal(err)
	}
	d.must(casefile.GateLead, "the lead has opened it")
	if h := d.header(); h.GateUntil == nil || time.Until(*h.GateUntil) < 2*24*time.Hour || time.Until(*h.GateUntil) > 4*24*time.Hour {
		t.Errorf("until %v", h.GateUntil)
	}
	// on the record: the reason, the timeline, the trail, and the responsible is told
	for what, sql := range map[string]string{
		"reason":   `SELECT count(*) FROM app.gate_opening WHERE case_id = $1 AND reason LIKE 'Forældrene henter%'`,
		"timeline": `SELECT count(*) FROM app.case_event WHERE case_id = $1 AND kind = 'gate.opened'`,
		"trail":    `SELECT count(*) FROM audit.event WHERE case_id = $1 AND action = 'gate.open'`,
		"notice":   `SELECT count(*) FROM app.notice WHERE case_id = $1 AND kind = 'gate.opened' AND to_user = (SELECT responsible_id FROM app.case_file WHERE id = $1)`,
	} {
		if d.Count(t, sql, d.c.ID) != 1 {
			t.Errorf("%s is missing", what)
		}
	}
	if err := d.do(d.Mette, func(tx *db.Tx) error { return risk.ShutGate(t.Context(), tx) }); err != nil { // more careful is allowed
		t.Fatal(err)
	}
	d.must(casefile.GateShut, "shut again")
	if err := open(d.Jonas, why, 1); err != nil {
		t.Fatal(err)
	}
	d.Exec(t, `UPDATE app.gate_opening SET opened_at = opened_at - interval '2 days', until = until - interval '2 days'`)
	d.must(casefile.GateShut, "the time is over")
}

// What the program forgets to ask, the database does not: raw statements of its own login, in an opened case.
func TestTheDatabaseKeepsTheGateByItself(t *testing.T) {
	d := newDesk(t)
	d.Exec(t, `INSERT INTO app.plan (id, case_id, started_by) VALUES ('00000000-0000-4000-8000-000000000a01', $1, $2)`, d.c.ID, d.Mette.UserID)
	d.Exec(t, `INSERT INTO app.plan_phase (id, case_id, plan_id, title, position) VALUES ('00000000-0000-4000-8000-000000000a02', $1, '00000000-0000-4000-8000-000000000a01', 'x', 0)`, d.c.ID)
	d.Exec(t, `INSERT INTO app.person (id, case_id, name, relation) VALUES ('00000000-0000-4000-8000-000000000a03', $1, 'Huda', 'mor')`, d.c.ID)
	step := func(columns, values string) string {
		return `INSERT INTO app.plan_step (case_id, phase_id, position, title, created_by` + columns + `) VALUES (@case, '00000000-0000-4000-8000-000000000a02', 1, 'x', @me` + values + `)`
	}
	d.Exec(t, `INSERT INTO app.plan_step (id, case_id, phase_id, position, title, requires_gate, template_step, origin, created_by)
		VALUES ('00000000-0000-4000-8000-000000000a04', $1, '00000000-0000-4000-8000-000000000a02', 0, 'Beslut forældredialog', true, 'T3.2.3', 'from_plan', $2)`, d.c.ID, d.Mette.UserID)
	d.Exec(t, `INSERT INTO app.note (id, case_id, kind, body, author, created_at) VALUES ('00000000-0000-4000-8000-000000000a05', $1, 'phone', 'x', $2, now())`, d.c.ID, d.Mette.UserID)
	d.Exec(t, `INSERT INTO app.note (id, case_id, kind, body, author, family) VALUES ('00000000-0000-4000-8000-000000000a06', $1, 'phone', 'x', $2, 'came')`, d.c.ID, d.Mette.UserID)
	const at = ` WHERE case_id = @case AND @me::uuid IS NOT NULL AND id = '00000000-0000-4000-8000-000000000a04'`
	blocked := map[string]string{
		"a step of one's own that reaches the family": step(", requires_gate", ", true"),
		"with a deadline, as from a template":         step(", requires_gate, template_step, origin, due_at", ", true, 'T3.2.3', 'from_plan', now()"),
		"a template's step, said to be harmless":      step(", requires_gate, template_step, origin, due_at", ", false, 'T3.2.3', 'from_plan', now()"),
		"a deadline for a waiting step":               `UPDATE app.plan_step SET due_at = now()` + at,
		"begun":                                       `UPDATE app.plan_step SET status = 'in_progress'` + at,
		"waiting for a partner":                       `UPDATE app.plan_step SET status = 'waiting'` + at,
		"ticked":                                      `UPDATE app.plan_step SET status = 'done', done_at = now(), done_by = @me` + at,
		"declared harmless":                           `UPDATE app.plan_step SET requires_gate = false` + at,
		"another step in its clothes":                 `UPDATE app.plan_step SET title = 'y'` + at,
		"a letter":                                    `INSERT INTO app.note (case_id, kind, body, author, family) VALUES (@case, 'letter', 'x', @me, 'came')`,
		"a hearing":                                   `INSERT INTO app.note (case_id, kind, body, author, family) VALUES (@case, 'hearing', 'x', @me, 'no')`,
		"a visit at home":                             `INSERT INTO app.note (case_id, kind, body, author, family) VALUES (@case, 'home_visit', 'x', @me, 'no')`,
		"a visit that is said to be to come":          `INSERT INTO app.note (case_id, kind, body, author, happened_at, family) VALUES (@case, 'home_visit', 'x', @me, now() + interval '1 year', 'no')`,
		"a talk with the mother": `INSERT INTO app.note_spoken (case_id, note_id, person_id) SELECT @case, '00000000-0000-4000-8000-000000000a05', '00000000-0000-4000-8000-000000000a03'
			WHERE @me::uuid IS NOT NULL`,
		"a call of ours to a father whom the case does not name": `INSERT INTO app.note (case_id, kind, body, author, family) VALUES (@case, 'phone', 'x', @me, 'ours')`,
		"a letter, as the correction of a call":                  `INSERT INTO app.note (case_id, kind, body, author, family, corrects) VALUES (@case, 'letter', 'x', @me, 'no', '00000000-0000-4000-8000-000000000a06')`,
		"a visit, as a correction":                               `INSERT INTO app.note (case_id, kind, body, author, family, corrects) VALUES (@case, 'home_visit', 'x', @me, 'no', '00000000-0000-4000-8000-000000000a06')`,
		"our call, as the correction of theirs":                  `INSERT INTO app.note (case_id, kind, body, author, family, corrects) VALUES (@case, 'phone', 'x', @me, 'ours', '00000000-0000-4000-8000-000000000a06')`,
		"a correction that does not say":                         `INSERT INTO app.note (case_id, kind, body, author, corrects) VALUES (@case, 'phone', 'x', @me, '00000000-0000-4000-8000-000000000a06')`,
		"a call that does not say":                               `INSERT INTO app.note (case_id, kind, body, author) VALUES (@case, 'phone', 'x', @me)`,
	}
	free := map[string]string{
		"a step of the template that waits": step(", requires_gate, template_step, origin", ", true, 'T3.2.3', 'from_plan'"),
		"a step that reaches nobody":        step("", ""),
		"left out, with a reason":           `UPDATE app.plan_step SET status = 'skipped', skip_reason = 'nej'` + at,
		"a responsible for it":              `UPDATE app.plan_step SET responsible_user = @me` + at,
		"a call from the school":            `INSERT INTO app.note (case_id, kind, body, author, family) VALUES (@case, 'phone', 'x', @me, 'no')`,
		"a correction of their call":        `INSERT INTO app.note (case_id, kind, body, author, family, corrects) VALUES (@case, 'phone', 'x', @me, 'came', '00000000-0000-4000-8000-000000000a06')`,
		"a mother who rings herself": `INSERT INTO app.note_spoken (case_id, note_id, person_id) SELECT @case, '00000000-0000-4000-8000-000000000a06', '00000000-0000-4000-8000-000000000a03'
			WHERE @me::uuid IS NOT NULL`,
	}
	try := func(sql string) error {
		back := errors.New("roll back")
		err := d.do(d.Mette, func(tx *db.Tx) error {
			n, err := db.Exec(t.Context(), tx, sql, db.Args{"case": d.c.ID, "me": d.Mette.UserID})
			if err == nil && n != 1 {
				t.Errorf("%d rows: %s", n, sql)
			}
			if err == nil {
				return back
			}
			return err
		})
		if errors.Is(err, back) {
			return nil
		}
		return err
	}
	own := func(want bool, when string) {
		for name, sql := range blocked {
			if err := try(sql); db.Violates(err, "risk_before_family") != want {
				t.Errorf("%s, %s: %v", when, name, err)
			}
		}
		for name, sql := range free {
			if err := try(sql); err != nil {
				t.Errorf("%s, %s: %v", when, name, err)
			}
		}
	}
	own(true, "shut")
	d.Assess(t, d.c, "yellow")
	d.Exec(t, `UPDATE app.note SET happened_at = now() WHERE case_id = $1`, d.c.ID)
	own(false, "assessed")
	d.Exec(t, `DELETE FROM app.risk_answer`)
	d.Exec(t, `DELETE FROM app.risk_assessment`)
	own(true, "not assessed any more")
	d.Exec(t, `UPDATE app.case_file SET area = 'adult' WHERE id = $1`, d.c.ID)
	own(false, "an adult's case")
}

// A note is written after what it tells of: what counts is how the gate stood then.
func TestANoteOfYesterdayIsJudgedByYesterday(t *testing.T) {
	d := newDesk(t)
	note := func(ago time.Duration) error {
		return d.do(d.Mette, func(tx *db.Tx) error {
			_, err := db.Exec(t.Context(), tx, `INSERT INTO app.note (case_id, kind, body, author, happened_at) VALUES (@case, 'home_visit', 'x', @me, @at)`,
				db.Args{"case": d.c.ID, "me": d.Mette.UserID, "at": tx.Now.Add(-ago)})
			return err
		})
	}
	id := d.Assess(t, d.c, "red")
	d.Exec(t, `UPDATE app.risk_assessment SET signed_at = now() - interval '8 days', valid_until = now() - interval '1 day' WHERE id = $1`, id)
	if err := note(2 * 24 * time.Hour); err != nil {
		t.Errorf("a visit while the assessment held: %v", err)
	}
	for when, ago := range map[string]time.Duration{"today": 0, "before it was assessed": 9 * 24 * time.Hour} {
		if err := note(ago); !db.Violates(err, "risk_before_family") {
			t.Errorf("a visit %s: %v", when, err)
		}
	}
}

// What happened although the gate was shut must be told: while a lead's opening is in force, with its reason. An assessment afterwards
// does not make it right.
func TestABreachIsToldWhileALeadKeepsTheGateOpen(t *testing.T) {
	d := newDesk(t)
	note := func() error {
		return d.do(d.Mette, func(tx *db.Tx) error {
			_, err := db.Exec(t.Context(), tx, `INSERT INTO app.note (case_id, kind, body, author, happened_at, family) VALUES (@case, 'phone', 'x', @me, now() - interval '3 hours', 'ours')`,
				db.Args{"case": d.c.ID, "me": d.Mette.UserID})
			return err
		})
	}
	d.Assess(t, d.c, "yellow")
	if err := note(); !db.Violates(err, "risk_before_family") {
		t.Errorf("assessed afterwards: %v", err)
	}
	if err := d.do(d.Jonas, func(tx *db.Tx) error {
		return risk.OpenGate(t.Context(), tx, "En vikar har ringet til far. Det skal stå i sagen.", 1)
	}); err != nil {
		t.Fatal(err)
	}
	if err := note(); err != nil {
		t.Errorf("a lead has looked at it: %v", err)
	}
	d.Exec(t, `UPDATE app.gate_opening SET opened_at = opened_at - interval '3 days', until = until - interval '3 days'`)
	if err := note(); !db.Violates(err, "risk_before_family") {
		t.Errorf("the opening is over: %v", err)
	}
}

// What rules honour conflict out is a screening of this case, made in the same transaction: none but that opens the way to the family.
func TestOnlyAScreeningOfTheCaseItselfMadeNowRulesOut(t *testing.T) {
	d := newDesk(t)
	other := d.Case(t, d.Mette, 1)
	screened := func(c testkit.CaseFile, certainty, at string) string {
		return fmt.Sprintf(`INSERT INTO app.screening (id, case_id, outcome, reason, honour, honour_why, certainty, screened_by, screened_at)
			VALUES (gen_random_uuid(), '%s', 'clarification', 'x', %t, 'Skolen har taget fejl af barnet', '%s', '%s', %s);`, c.ID, certainty != "ruled_out", certainty, d.Mette.UserID, at)
	}
	for when, sql := range map[string]string{
		"in another case":     screened(other, "ruled_out", "now()"),
		"an hour ago":         screened(d.c, "ruled_out", "now() - interval '1 hour'"),
		"suspected in it":     screened(d.c, "suspicion", "now()"),
		"without a screening": "",
	} {
		d.Exec(t, `DO $$ BEGIN `+sql+` UPDATE app.case_file SET certainty = 'ruled_out' WHERE id = '`+d.c.ID.String()+`';
			EXCEPTION WHEN check_violation THEN NULL; END $$`)
		d.must(casefile.GateShut, when)
	}
	d.Exec(t, screened(d.c, "ruled_out", "now()")+`UPDATE app.case_file SET certainty = 'ruled_out' WHERE id = '`+d.c.ID.String()+`'`)
	d.must(casefile.GateNone, "ruled out by its own")
}

// Who is asked for advice neither opens the gate nor shuts it, also as a team lead elsewhere; and the database itself asks the lead for a reason and an end.
func TestTheGateIsNobodysWhoIsAskedForAdvice(t *testing.T) {
	d := newDesk(t)
	const why = "Forældrene henter hende i dag; vagten er med."
	d.Grant(t, d.c, d.Anders, "consulted")
	raw := func(who actor.Actor, reason, until string) error {
		return d.do(who, func(tx *db.Tx) error {
			_, err := db.Exec(t.Context(), tx, `SELECT app.open_gate(@case, @why, now() + @until::interval)`, db.Args{"case": d.c.ID, "why": reason, "until": until})
			return err
		})
	}
	if err := raw(d.Anders, why, "1 day"); !errors.Is(err, fault.Forbidden) {
		t.Errorf("a lead who is asked for advice: %v", err)
	}
	if err := raw(d.Jonas, "haster", "1 day"); err == nil {
		t.Error("opened without a reason")
	}
	if err := raw(d.Jonas, why, "60 days"); !db.Violates(err, "open_for_two_weeks_at_most") {
		t.Errorf("opened for good: %v", err)
	}
	d.must(casefile.GateShut, "nobody has opened it")
	if err := raw(d.Jonas, why, "3 days"); err != nil {
		t.Fatal(err)
	}
	shut := func(who actor.Actor) error {
		return d.do(who, func(tx *db.Tx) error {
			_, err := db.Exec(t.Context(), tx, `SELECT app.shut_gate(@case)`, db.Args{"case": d.c.ID})
			return err
		})
	}
	if err := shut(d.Anders); !errors.Is(err, fault.Forbidden) {
		t.Errorf("who is asked for advice shuts it: %v", err)
	}
	d.must(casefile.GateLead, "the lead has opened it")
	if err := shut(d.Jonas); err != nil {
		t.Fatal(err)
	}
	if n := d.Count(t, `SELECT count(*) FROM audit.event WHERE case_id = $1 AND action = 'gate.shut'`, d.c.ID); n != 1 {
		t.Errorf("%d lines of who shut it", n)
	}
}
