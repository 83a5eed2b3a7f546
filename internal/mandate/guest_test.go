package mandate_test

import (
	"context"
	"errors"
	"testing"

	"github.com/google/uuid"

	"samspil/internal/db"
	"samspil/internal/fault"
	"samspil/internal/mandate"
	"samspil/internal/testkit"
)

// Bo leads two areas and has no account: behind the link he sees the one that reference data names, and says that he knows.
func TestAPartnerAcknowledgesTheirOwnBehindTheLink(t *testing.T) {
	t.Parallel()
	o := testkit.NewOffice(t)
	c := o.Case(t, o.Mette, 1)
	bo, line := o.Partner(t, "police_district", "Politiet", "Bo Holm"), o.Partner(t, "crisis_centre", "Birkely", "Line Overgaard")
	part, theirs := uuid.New(), uuid.New()
	for id, who := range map[uuid.UUID]testkit.Contact{part: bo, theirs: line} {
		o.Exec(t, `INSERT INTO app.involvement (id, case_id, organisation_id, contact_id, responsible_for, origin, status, added_by) VALUES ($1, $2, $3, $4, 'x', 'ad_hoc', 'accepted', $5)`, id, c.ID, who.OrganisationID, who.ID, o.Mette.UserID)
	}
	police, crisis := "contact:"+bo.ID.String(), "contact:"+line.ID.String()
	if err := o.DB.InCase(t.Context(), o.Mette, c.At("netvaerk"), func(tx *db.Tx) error {
		own, err := mandate.AddArea(t.Context(), tx, o.Keys, "Ambassaden i Ankara")
		return errors.Join(err, mandate.Set(t.Context(), tx, own, 1, mandate.Input{Parts: map[string]string{police: mandate.Leads}}),
			mandate.Set(t.Context(), tx, "safety", 0, mandate.Input{Parts: map[string]string{police: mandate.Leads, crisis: mandate.TakesPart}}),
			mandate.Set(t.Context(), tx, "risk", 0, mandate.Input{Parts: map[string]string{crisis: mandate.Leads}}))
	}); err != nil {
		t.Fatal(err)
	}
	g := o.EnterGuest(t, o.GuestLink(t, c.ID, bo.ID, "involvement", part))
	sees := func() []mandate.Own {
		t.Helper()
		var own *[]mandate.Own
		if _, err := o.DB.ReadGuest(t.Context(), g, func(b *db.Batch) { own = mandate.OwnAreas(b) }); err != nil {
			t.Fatal(err)
		}
		return *own
	}
	acknowledge := func(id uuid.UUID) error {
		return o.DB.InGuest(t.Context(), g, func(tx *db.Tx) error { return mandate.AcknowledgeOwn(context.Background(), tx, id) })
	}
	own := sees()
	if len(own) != 1 || own[0].Code != "safety" || own[0].AckedOn != nil {
		t.Fatalf("%+v", own)
	}
	var another, unnamed uuid.UUID
	o.Scan(t, []any{&another}, `SELECT id FROM app.mandate WHERE contact_id = $1 AND part = 'leads'`, line.ID)
	o.Scan(t, []any{&unnamed}, `SELECT m.id FROM app.mandate m JOIN app.mandate_area a ON a.id = m.area_id WHERE a.code = ''`)
	for what, id := range map[string]uuid.UUID{"another's": another, "one whose words the guard has not seen": unnamed} {
		if err := acknowledge(id); !errors.Is(err, fault.Stale) {
			t.Errorf("%s: %v", what, err)
		}
	}
	for range 2 { // pressed twice it is one
		if err := acknowledge(own[0].ID); err != nil || sees()[0].AckedOn == nil {
			t.Errorf("%v", err)
		}
	}
	if n := o.Count(t, `SELECT count(*) FROM app.mandate_ack`) + o.Count(t, `SELECT count(*) FROM app.case_event WHERE kind = 'mandate.acknowledged' AND contact_id = $1`, bo.ID) +
		o.Count(t, `SELECT count(*) FROM app.notice WHERE kind = 'mandate.acknowledged' AND to_user = $1`, o.Mette.UserID); n != 3 {
		t.Errorf("%d rows of one acknowledgement, its line and its notice", n)
	}
	o.Exec(t, `UPDATE app.mandate SET ended_at = now() WHERE id = $1`, own[0].ID)
	if err := acknowledge(own[0].ID); !errors.Is(err, fault.Stale) || len(sees()) != 0 {
		t.Errorf("after another got it: %v", err)
	}
}
