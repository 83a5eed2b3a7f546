package concern_test

import (
	"context"
	"errors"
	"testing"
	"time"

	"samspil/internal/concern"
	"samspil/internal/db"
	"samspil/internal/fault"
)

func TestWhatIsLearntLaterFindsTheCase(t *testing.T) {
	d := newDesk(t)
	c := d.Case(t, d.Mette, 1)
	d.Exec(t, `UPDATE app.person SET cpr_bidx = $2 WHERE id = $1`, c.CitizenID, d.Keys.BlindCPR("7404104234"))
	in := call(time.Now())
	in.Child = concern.PersonInput{Name: "En pige i 8. klasse"}
	made := d.must(t, d.Dennis, in)
	f, _ := d.read(t, d.Dennis, made.Ref)
	change := func(version int, p concern.PersonInput) error {
		return d.in(t, d.Dennis, made.Ref, func(ctx context.Context, tx *db.Tx) error {
			return concern.ChangeChild(ctx, tx, d.Keys, f.Child().ID, version, p)
		})
	}
	if err := change(1, concern.PersonInput{Name: "Khadija Haddad", CPR: "740410-4234", Phone: "00 12 34 56"}); err != nil {
		t.Fatal(err)
	}
	if n := d.Count(t, `SELECT count(*) FROM app.notice WHERE kind = 'report.on_case' AND to_user = $1`, d.Mette.UserID); n != 1 {
		t.Errorf("the responsible of the case got %d notices", n)
	}
	if err := change(1, concern.PersonInput{Name: "En anden"}); !errors.Is(err, fault.Stale) {
		t.Errorf("a second one saves over the first: %v", err)
	}
	if err := change(2, concern.PersonInput{Name: "Khadija H."}); err != nil {
		t.Fatal(err)
	}
	if f, _ = d.read(t, d.Dennis, made.Ref); f.Child().Name != "Khadija H." || f.Child().CPRMasked != "740410-••••" || f.Child().Born == nil {
		t.Errorf("%+v", f.Child())
	}
	for range 2 {
		if err := d.in(t, d.Dennis, made.Ref, func(ctx context.Context, tx *db.Tx) error { return concern.Add(ctx, tx, "Hun ringede igen") }); err != nil {
			t.Fatal(err)
		}
	}
	if n := d.Count(t, `SELECT count(*) FROM app.report_event WHERE kind = 'report.added'`); n != 1 {
		t.Errorf("it stands there %d times", n)
	}
}
