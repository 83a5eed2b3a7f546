package concern_test

import (
	"context"
	"errors"
	"testing"
	"time"

	"github.com/google/uuid"

	"samspil/internal/actor"
	"samspil/internal/casefile"
	"samspil/internal/concern"
	"samspil/internal/db"
	"samspil/internal/fault"
)

// newCase is what the page asks for.
func newCase(d desk, responsible actor.Actor, team uuid.UUID) concern.NewCase {
	var in concern.NewCase
	in.NewCitizen = casefile.NewCitizen{Name: "Khadija Haddad", SafeContact: casefile.SafeContact{Policy: "none_written", Channel: "Skolen", Never: "Ring aldrig hjem"}}
	in.Around = []casefile.Around{{Name: "Tarek Haddad", Relation: "bror", ConflictRole: "unknown", MayKnow: "unknown"}}
	in.Matter = casefile.Matter{Situation: "Rejse", Origin: concern.Origin("professional"), Certainty: "concern", Severity: "red", SeverityReason: "Skal rejse i morgen"}
	in.AccessPlan = casefile.AccessPlan{TeamID: team, Responsible: responsible.UserID, Nobody: true, FromReport: true, Confidentiality: casefile.Restricted}
	in.KeepCPR, in.Template = true, concern.AcuteTemplate(concern.Child)
	return in
}

func TestAnAcuteReportBecomesACaseWithAPlan(t *testing.T) {
	d := newDesk(t)
	p := d.Partner(t, "security_consultant", "Sikkerhedskonsulenterne", "Rikke Holm")
	call := call(time.Now())
	call.Nobody, call.Exclude = false, []uuid.UUID{d.Sara.UserID}
	made := d.must(t, d.Dennis, call)
	in := newCase(d, d.Mette, d.TeamNorth)
	in.Partners = []concern.Partner{{Type: "security_consultant", Contact: p.ID}, {Type: "nothing calls for it", Contact: p.ID}}
	var c casefile.Registered
	makeIt := func(in concern.NewCase) error {
		return d.in(t, d.Dennis, made.Ref, func(ctx context.Context, tx *db.Tx) (err error) {
			c, err = concern.MakeCase(ctx, tx, d.Keys, in)
			return err
		})
	}
	bad := in
	bad.Responsible = d.Sara.UserID // who must not know
	if err := makeIt(bad); err == nil {
		t.Error("somebody who must not know becomes responsible")
	}
	if err := makeIt(in); err != nil {
		t.Fatal(err)
	}
	for what, sql := range map[string]string{
		"the responsible":            `SELECT count(*) FROM app.case_file WHERE id = $1 AND responsible_id = '` + d.Mette.UserID.String() + `' AND severity = 'red' AND origin = 'report_professional'`,
		"a plan with steps":          `SELECT (count(*) > 3)::int FROM app.plan_step WHERE case_id = $1`,
		"the partner asked":          `SELECT count(*) FROM app.involvement WHERE case_id = $1 AND contact_id = '` + p.ID.String() + `'`,
		"the number of the child":    `SELECT count(*) FROM app.person WHERE case_id = $1 AND is_citizen AND cpr_masked = '740410-••••' AND cpr_enc IS NOT NULL`,
		"the brother":                `SELECT count(*) FROM app.person WHERE case_id = $1 AND relation = 'bror'`,
		"the exclusion":              `SELECT count(*) FROM app.case_exclusion WHERE case_id = $1 AND user_id = '` + d.Sara.UserID.String() + `'`,
		"the tie":                    `SELECT count(*) FROM app.report_case WHERE case_id = $1 AND how = 'made'`,
		"a line in the case":         `SELECT count(*) FROM app.case_event WHERE case_id = $1 AND kind = 'report.made'`,
		"the protected phone":        `SELECT count(*) FROM app.protected_fact WHERE case_id = $1 AND kind = 'phone'`,
		"the desk only for a while":  `SELECT count(*) FROM app.case_grant WHERE case_id = $1 AND user_id = '` + d.Dennis.UserID.String() + `' AND kind = 'coworker'`,
		"no reassessment of oneself": `SELECT 1 - count(*) FROM app.reassessment WHERE of_case = $1`,
	} {
		if n := d.Count(t, sql, c.ID); n != 1 {
			t.Errorf("%s: %d", what, n)
		}
	}
	if err := makeIt(in); !errors.Is(err, fault.Stale) {
		t.Errorf("a second case of the same report: %v", err)
	}
	if _, err := d.read(t, d.Mette, made.Ref); err != nil {
		t.Errorf("the responsible cannot read the report: %v", err)
	}
}

func TestTheIntakeDeskGivesCasesToItsAreaOnly(t *testing.T) {
	d := newDesk(t)
	made := d.must(t, d.Huseyin, call(time.Now()))
	try := func(who actor.Actor, in concern.NewCase) error {
		return d.in(t, who, made.Ref, func(ctx context.Context, tx *db.Tx) error {
			_, err := concern.MakeCase(ctx, tx, d.Keys, in)
			return err
		})
	}
	if err := try(d.Dennis, newCase(d, d.Anders, d.TeamAdults)); err == nil {
		t.Error("the children's desk makes a case in the adults' team")
	}
	if err := try(d.Huseyin, newCase(d, d.Huseyin, d.TeamAdults)); err == nil {
		t.Error("who only registered the report makes a case of it")
	}
	// past the desk nobody makes cases for another team
	if err := d.DB.InTx(t.Context(), d.Mette, func(tx *db.Tx) error {
		_, err := casefile.Register(t.Context(), tx, d.Keys, newCase(d, d.Anders, d.TeamAdults).Registration)
		return err
	}); err == nil {
		t.Error("a caseworker makes a case in another team")
	}
}

func TestAReportJoinsTheCaseThatTheChildHas(t *testing.T) {
	d := newDesk(t)
	c, sealed := d.Case(t, d.Dennis, 1), d.Case(t, d.Mette, 2)
	made := d.must(t, d.Dennis, call(time.Now()))
	join := func(who actor.Actor, ref string) error {
		opened, err := d.DB.Open(t.Context(), who, db.Case{Ref: ref, Page: "test"})
		if err != nil {
			return err
		}
		return d.in(t, who, made.Ref, func(ctx context.Context, tx *db.Tx) error { return concern.Join(ctx, tx, tx.CaseID, opened.CaseID) })
	}
	if err := join(d.Dennis, sealed.Ref); !errors.Is(err, fault.NotFound) {
		t.Errorf("a case that is not theirs: %v", err)
	}
	if err := join(d.Dennis, c.Ref); err != nil {
		t.Fatal(err)
	}
	if err := join(d.Dennis, c.Ref); err != nil {
		t.Errorf("sent twice: %v", err)
	}
	if n := d.Count(t, `SELECT count(*) FROM app.case_event WHERE case_id = $1 AND kind = 'report.joined'`, c.ID); n != 1 {
		t.Errorf("%d lines in the case", n)
	}
	// the responsible must not know of a report: it does not join their case
	other := d.must(t, d.Dennis, call(time.Now()))
	d.Exec(t, `INSERT INTO app.report_exclusion (report_id, user_id, source, set_by) VALUES ($1, $2, 'creation', $2)`, other.ID, d.Mette.UserID)
	hers := d.Case(t, d.Mette, 1)
	d.Grant(t, hers, d.Dennis, "coworker")
	opened, err := d.DB.Open(t.Context(), d.Dennis, db.Case{Ref: hers.Ref, Page: "test"})
	if err != nil {
		t.Fatal(err)
	}
	err = d.in(t, d.Dennis, other.Ref, func(ctx context.Context, tx *db.Tx) error { return concern.Join(ctx, tx, tx.CaseID, opened.CaseID) })
	if bad := (fault.Invalid{}); !errors.As(err, &bad) {
		t.Errorf("it joins: %v", err)
	}
}
