package risk_test

import (
	"errors"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/uuid"

	"samspil/internal/actor"
	"samspil/internal/casefile"
	"samspil/internal/db"
	"samspil/internal/fault"
	"samspil/internal/i18n"
	"samspil/internal/reference"
	"samspil/internal/risk"
	"samspil/internal/testkit"
)

// desk is an office with a child's case.
type desk struct {
	*testkit.Office
	t testing.TB
	c testkit.CaseFile
}

func newDesk(t testing.TB) desk {
	o := testkit.NewOffice(t)
	return desk{o, t, o.Case(t, o.Mette, 1)}
}

func (d desk) do(who actor.Actor, fn func(*db.Tx) error) error {
	d.t.Helper()
	return d.DB.InCase(d.t.Context(), who, d.c.At("risiko"), fn)
}

func (d desk) sign(who actor.Actor, in risk.Input) (id uuid.UUID, err error) {
	d.t.Helper()
	err = d.do(who, func(tx *db.Tx) (err error) { id, err = risk.Sign(d.t.Context(), tx, in); return err })
	return id, err
}

func (d desk) history(who actor.Actor) []risk.Assessment {
	d.t.Helper()
	var list *[]risk.Assessment
	if _, err := d.DB.ReadCase(d.t.Context(), who, d.c.At("risiko"), func(b *db.Batch) { list = risk.History(b) }); err != nil {
		d.t.Fatal(err)
	}
	return *list
}

func (d desk) get(id uuid.UUID) risk.Assessment {
	d.t.Helper()
	var a *risk.Assessment
	if _, err := d.DB.ReadCase(d.t.Context(), d.Mette, d.c.At("risiko"), func(b *db.Batch) { a = risk.Get(b, id) }); err != nil {
		d.t.Fatal(err)
	}
	return *a
}

func (d desk) header() casefile.Header {
	d.t.Helper()
	var h *casefile.Header
	if _, err := d.DB.ReadCase(d.t.Context(), d.Mette, d.c.At("overblik"), func(b *db.Batch) { h = casefile.GetHeader(b) }); err != nil {
		d.t.Fatal(err)
	}
	return *h
}

// input answers everything; every field of every answer is different from zero somewhere.
func input(level string) risk.Input {
	in := risk.Input{Level: level, Scenario: "Rejse i ferien", WouldChange: "En aflyst rejse", Reason: "Trusler fra storebror"}
	for i, f := range reference.RiskFactors("") {
		a := risk.Answer{Factor: f.Code, Answer: []string{"present_now", "earlier", "absent", "unknown"}[i%4]}
		if i%4 < 2 {
			a.Evidence, a.Source, a.SeenOn = "Set på skolen", "Skolen", "2026-03-0"+string(rune('1'+i%9))
		}
		in.Answers = append(in.Answers, a)
	}
	return in
}

func refused(t testing.TB, err error, field, key string) {
	t.Helper()
	var bad fault.Invalid
	if !errors.As(err, &bad) || bad[field] != key {
		t.Errorf("got %v (%v), want %s: %s", err, bad, field, key)
	}
}

// Unknown is not no, and thirty times unknown is no assessment: it would open the gate on nothing (R1, R8).
func TestNobodySignsThatNothingIsKnown(t *testing.T) {
	d := newDesk(t)
	in := input("green")
	for i := range in.Answers {
		in.Answers[i] = risk.Answer{Factor: in.Answers[i].Factor, Answer: "unknown"}
	}
	_, err := d.sign(d.Mette, in)
	refused(t, err, "level", "risk.error.nothing_known")
	in.Answers[7].Answer = "absent"
	if _, err := d.sign(d.Mette, in); err != nil {
		t.Errorf("one thing is known: %v", err)
	}
}

func TestAnAssessmentIsReadAsItWasSigned(t *testing.T) {
	d := newDesk(t)
	brother := uuid.New()
	d.Exec(t, `INSERT INTO app.person (id, case_id, name, relation) VALUES ($1, $2, 'Sami Saleh', 'storebror')`, brother, d.c.ID)
	in := input("orange")
	in.Persons = []risk.Concern{{PersonID: brother, Name: "Sami Saleh", Relation: "storebror", Concern: "Følger efter hende", Reach: "Kender skolen"}}
	id, err := d.sign(d.Mette, in)
	if err != nil {
		t.Fatal(err)
	}
	got := d.get(id)
	want := risk.Assessment{ID: id, Kind: risk.Own, Level: "orange", Reason: in.Reason, Scenario: in.Scenario, WouldChange: in.WouldChange, SignedByID: d.Mette.UserID,
		SignedBy: "Mette Lindhardt", Answers: slices.SortedFunc(slices.Values(in.Answers), func(a, b risk.Answer) int { return strings.Compare(a.Factor, b.Factor) }), Persons: in.Persons, Confirmations: []risk.Confirmation{}, SignedAt: got.SignedAt, ValidUntil: got.ValidUntil}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("-want +got:\n%s", diff)
	}
	h := d.header()
	if h.Severity != "orange" || !h.RiskUnconfirmed || h.RiskUntil == nil || !h.RiskUntil.Equal(got.ValidUntil) {
		t.Errorf("the case is %s, unconfirmed %t, until %v", h.Severity, h.RiskUnconfirmed, h.RiskUntil)
	}
}

func TestUnknownIsAnAnswerAndSilenceIsNone(t *testing.T) {
	d := newDesk(t)
	in := input("yellow")
	in.Answers[3].Answer = ""
	_, err := d.sign(d.Mette, in)
	refused(t, err, in.Answers[3].Factor, "risk.error.answer")
	in.Answers[3].Answer = "unknown"
	in.Answers[0].Evidence = " "
	_, err = d.sign(d.Mette, in)
	refused(t, err, "e."+in.Answers[0].Factor, "risk.error.evidence")
	in = input("yellow")
	in.Reason, in.Scenario, in.Level = "", "", "purple"
	_, err = d.sign(d.Mette, in)
	refused(t, err, "reason", "severity.error.reason")
	refused(t, err, "scenario", "risk.error.scenario")
	refused(t, err, "level", "severity.error.level")
	if n := d.Count(t, `SELECT count(*) FROM app.risk_assessment`); n != 0 {
		t.Errorf("%d assessments were signed all the same", n)
	}
}

// 7, 30 or 90 days by level, also if somebody writes another time into the database.
func TestAnAssessmentHoldsAsLongAsItsLevelSays(t *testing.T) {
	d := newDesk(t)
	var base uuid.UUID
	for _, level := range []string{"green", "yellow", "orange", "red"} {
		in := input(level)
		in.Base = base
		id, err := d.sign(d.Mette, in)
		if err != nil {
			t.Fatal(level, err)
		}
		base = id
		a := d.get(id)
		if got, want := i18n.Days(a.ValidUntil, a.SignedAt), reference.ValidDays(level); got != want || i18n.Days(a.ValidUntil.Add(2*time.Second), a.SignedAt) != want+1 {
			t.Errorf("%s holds for %d days, to %v, want %d", level, got, a.ValidUntil, want)
		}
		if n := d.Count(t, `SELECT count(*) FROM app.deadline WHERE case_id = $1 AND status = 'running' AND code LIKE 'RISK_VALID%' AND abs(extract(epoch FROM due_at - $2::timestamptz)) < 2`, d.c.ID, a.ValidUntil); n != 1 {
			t.Errorf("%s: %d running deadlines say when the assessment is over", level, n)
		}
	}
	err := d.do(d.Mette, func(tx *db.Tx) error {
		_, err := db.Exec(t.Context(), tx, `INSERT INTO app.risk_assessment (case_id, kind, level, reason, valid_until, signed_by) VALUES (@case, 'own', 'red', 'x', now() + interval '9 days', @me)`,
			db.Args{"case": d.c.ID, "me": d.Mette.UserID})
		return err
	})
	if !db.Violates(err, "valid_as_long_as_the_level_allows") {
		t.Errorf("a red assessment for nine days: %v", err)
	}
}

func TestTheLevelIsNeverLoweredInSilence(t *testing.T) {
	d := newDesk(t)
	id, err := d.sign(d.Mette, input("red"))
	if err != nil {
		t.Fatal(err)
	}
	in := input("yellow")
	in.Base = id
	_, err = d.sign(d.Mette, in)
	refused(t, err, "lower", "severity.error.lower")
	in.Lower = true
	if _, err = d.sign(d.Mette, in); err != nil {
		t.Error(err)
	}
}

func TestAnAssessmentFromOutsideHoldsFromTheDayItWasMade(t *testing.T) {
	d := newDesk(t)
	in := risk.ExternalInput{MadeBy: "Sikkerhedskonsulent, Team Øst", MadeOn: time.Now().AddDate(0, 0, -3), Level: "red", Conclusion: "Alvorlig og nær fare"}
	do := func() (id uuid.UUID, err error) {
		err = d.do(d.Mette, func(tx *db.Tx) (err error) { id, err = risk.SignExternal(t.Context(), tx, in); return err })
		return id, err
	}
	id, err := do()
	if err != nil {
		t.Fatal(err)
	}
	a := d.get(id)
	if left := time.Until(a.ValidUntil); left < 3*24*time.Hour || left > 5*24*time.Hour {
		t.Errorf("holds for another %s", left)
	}
	if a.Kind != risk.External || a.MadeBy != in.MadeBy || a.Reason != in.Conclusion || d.header().Gate != casefile.GateAssessed {
		t.Errorf("%+v, gate %s", a, d.header().Gate)
	}
	in.MadeOn = time.Now().AddDate(0, 0, -9)
	_, err = do()
	refused(t, err, "made_on", "risk.error.expired")
	in.MadeOn, in.ValidUntil = time.Now(), time.Now().AddDate(0, 0, 20)
	_, err = do()
	refused(t, err, "valid_until", "risk.error.too_long_valid")
	signed := input("red")
	signed.Base = id
	if _, err := d.sign(d.Mette, signed); err != nil {
		t.Fatal(err)
	}
	in.MadeOn, in.ValidUntil, in.Level, in.Lower, in.Key = time.Now().AddDate(0, 0, -2), time.Time{}, "green", true, uuid.New()
	_, err = do()
	refused(t, err, "made_on", "risk.error.older") // red was seen since: what is older takes nothing back (R8)
	in.MadeBy, in.Conclusion = "", ""
	_, err = do()
	refused(t, err, "made_by", "risk.error.made_by")
	refused(t, err, "reason", "risk.error.conclusion")
}
