package concern_test

import (
	"context"
	"errors"
	"slices"
	"testing"
	"time"

	"github.com/google/uuid"

	"samspil/internal/actor"
	"samspil/internal/concern"
	"samspil/internal/db"
	"samspil/internal/fault"
	"samspil/internal/plan"
	"samspil/internal/testkit"
)

// running is a child's case of Mette's with a plan, and a report on the same child.
func (d desk) running(t *testing.T) (testkit.CaseFile, concern.Registered) {
	t.Helper()
	c := d.Case(t, d.Mette, 1)
	d.Exec(t, `UPDATE app.person SET cpr_bidx = $2 WHERE id = $1`, c.CitizenID, d.Keys.BlindCPR("7404104234"))
	if err := d.in(t, d.Mette, c.Ref, func(ctx context.Context, tx *db.Tx) error { return plan.Start(ctx, tx, "") }); err != nil {
		t.Fatal(err)
	}
	return c, d.must(t, d.Dennis, call(time.Now()))
}

func (d desk) of(t *testing.T, who actor.Actor, c testkit.CaseFile) (concern.Reassessment, []concern.Colleague) {
	t.Helper()
	var list *[]concern.Reassessment
	if _, err := d.DB.ReadCase(t.Context(), who, c.At("test"), func(b *db.Batch) { list = concern.CaseReassessments(b) }); err != nil {
		t.Fatal(err)
	}
	if len(*list) != 1 {
		t.Fatalf("%d reassessments", len(*list))
	}
	var eyes *[]concern.Colleague
	if _, err := d.DB.ReadCase(t.Context(), who, c.At("test"), func(b *db.Batch) { eyes = concern.FreshEyes(b, (*list)[0].ID) }); err != nil {
		t.Fatal(err)
	}
	return (*list)[0], *eyes
}

func TestANewReportOnARunningCaseAsksForFreshEyes(t *testing.T) {
	d := newDesk(t)
	c, made := d.running(t)
	z, eyes := d.of(t, d.Mette, c)
	if len(eyes) != 1 || eyes[0].ID != d.Jonas.UserID { // Dennis took the report; Sara and the adults are not of the area
		t.Fatalf("suggested: %+v", eyes)
	}
	choose := func(who actor.Actor, user, was uuid.UUID) error {
		return d.in(t, who, c.Ref, func(ctx context.Context, tx *db.Tx) error { return concern.ChooseReviewer(ctx, tx, z.ID, user, was) })
	}
	var bad fault.Invalid
	for name, who := range map[string]actor.Actor{"who took the report": d.Dennis, "another area": d.Huseyin, "no team": d.Sara} {
		if err := choose(d.Mette, who.UserID, uuid.Nil); !errors.As(err, &bad) {
			t.Errorf("%s reassesses: %v", name, err)
		}
	}
	if err := choose(d.Mette, d.Jonas.UserID, uuid.Nil); err != nil {
		t.Fatal(err)
	}
	if err := choose(d.Mette, d.Jonas.UserID, uuid.Nil); err != nil {
		t.Errorf("sent twice: %v", err)
	}
	if n := d.Count(t, `SELECT count(*) FROM app.case_grant WHERE case_id = $1 AND user_id = $2 AND kind = 'consulted' AND valid_to BETWEEN now() + interval '13 days' AND now() + interval '14 days'`, c.ID, d.Jonas.UserID); n != 1 {
		t.Errorf("%d grants for a fortnight", n)
	}
	if n := d.Count(t, `SELECT count(*) FROM app.notice WHERE to_user = $1 AND kind = 'reassessment.chosen' AND report_id = $2`, d.Jonas.UserID, made.ID); n != 1 {
		t.Errorf("the chosen one got %d notices", n)
	}
	finding := concern.Finding{Outcome: "changed", Reason: "Rejsen er ny"}
	say := func(who actor.Actor, f concern.Finding) error {
		return d.in(t, who, made.Ref, func(ctx context.Context, tx *db.Tx) error { return concern.RecordReassessment(ctx, tx, z.ID, f) })
	}
	if err := say(d.Mette, finding); err == nil {
		t.Error("the responsible reassesses their own case")
	}
	for _, f := range []concern.Finding{{Outcome: "changed"}, {Reason: "x"}, {Outcome: "x", Reason: "x"}} {
		if err := say(d.Jonas, f); !errors.As(err, &bad) {
			t.Errorf("%+v: %v", f, err)
		}
	}
	if err := say(d.Jonas, finding); err != nil {
		t.Fatal(err)
	}
	if after, _ := d.of(t, d.Mette, c); !after.Done() || after.Outcome != "changed" || after.Reason != "Rejsen er ny" || after.Reviewer == "" {
		t.Errorf("%+v", after)
	}
	if n := d.Count(t, `SELECT count(*) FROM app.notice WHERE to_user = $1 AND kind = 'reassessment.done'`, d.Mette.UserID); n != 1 {
		t.Errorf("the responsible got %d notices", n)
	}
}

func TestWhereEverybodyHasTakenPartNobodyIsSuggested(t *testing.T) {
	d := newDesk(t)
	c, _ := d.running(t)
	d.Exec(t, `INSERT INTO app.case_grant (case_id, user_id, kind, granted_by, revoked_at) VALUES ($1, $2, 'coworker', $2, now())`, c.ID, d.Jonas.UserID) // long ended
	if _, eyes := d.of(t, d.Mette, c); len(eyes) != 0 {
		t.Errorf("suggested: %+v", eyes)
	}
}

func TestMeasuresElsewhereAskForFreshEyesToo(t *testing.T) {
	d := newDesk(t)
	in := call(time.Now())
	in.Measures = "yes"
	made := d.must(t, d.Mette, in)
	var list *[]concern.Reassessment
	if _, err := d.DB.ReadCase(t.Context(), d.Dennis, db.Case{Ref: made.Ref}, func(b *db.Batch) { list = concern.OfReport(b) }); err != nil || len(*list) != 1 || (*list)[0].CaseRef != "" {
		t.Fatalf("%v %+v", err, *list)
	}
	in.Area = concern.Adult
	adult := d.must(t, d.Mette, in)
	if n := d.Count(t, `SELECT count(*) FROM app.reassessment WHERE report_id = $1`, adult.ID); n != 0 {
		t.Error("the law speaks of children")
	}
	in.Area, in.Measures = concern.Child, "no"
	if n := d.Count(t, `SELECT count(*) FROM app.reassessment WHERE report_id = $1`, d.must(t, d.Mette, in).ID); n != 0 {
		t.Error("a child without measures is not reassessed")
	}
}

// The desk that looks for fresh eyes may not know that the child has a case; who has worked in it is no fresh eye all the same.
func TestTheDeskIsNotOfferedWhoHasWorkedInTheCaseItDoesNotKnow(t *testing.T) {
	d := newDesk(t)
	open, sealed := d.Case(t, d.Dennis, 1), d.Case(t, d.Mette, 2)
	for _, c := range []uuid.UUID{open.CitizenID, sealed.CitizenID} {
		d.Exec(t, `UPDATE app.person SET cpr_bidx = $2 WHERE id = $1`, c, d.Keys.BlindCPR("7404104234"))
	}
	in := call(time.Now())
	in.Measures = "yes"
	made := d.must(t, d.Jonas, in)
	var eyes []uuid.UUID
	d.Scan(t, []any{&eyes}, `SELECT array_agg(f) FROM app._fresh_eyes($1, NULL) f`, made.ID)
	if slices.Contains(eyes, d.Dennis.UserID) {
		t.Error("the responsible of the child's case is offered as somebody who has never had to do with it")
	}
	if !slices.Contains(eyes, d.Mette.UserID) {
		t.Error("a name that is missing tells who works with the sealed case")
	}
}
