package mandate_test

import (
	"errors"
	"testing"
	"time"

	"github.com/google/uuid"

	"samspil/internal/actor"
	"samspil/internal/casefile"
	"samspil/internal/db"
	"samspil/internal/fault"
	"samspil/internal/mandate"
	"samspil/internal/testkit"
)

func TestGapsOverlapsAndAcknowledgements(t *testing.T) {
	o := testkit.NewOffice(t)
	c := o.Case(t, o.Mette, 1, o.Dennis)
	o.Grant(t, c, o.Sara, "consulted")
	bo := o.Partner(t, "police_district", "Politiet", "Bo Holm")
	do := func(who actor.Actor, fn func(tx *db.Tx) error) error {
		return o.DB.InCase(t.Context(), who, c.At("netvaerk"), fn)
	}
	area := func(key string) mandate.Area {
		t.Helper()
		var asked mandate.Asked
		if _, err := o.DB.ReadCase(t.Context(), o.Mette, c.At("netvaerk"), func(b *db.Batch) { asked = mandate.Ask(b) }); err != nil {
			t.Fatal(err)
		}
		for _, a := range asked.Areas("child") {
			if a.Key == key {
				return a
			}
		}
		t.Fatalf("no area %s", key)
		return mandate.Area{}
	}
	set := func(version int, parts map[string]string, why string) error {
		return do(o.Mette, func(tx *db.Tx) error {
			return mandate.Set(t.Context(), tx, "safety", version, mandate.Input{Parts: parts, LeftOut: why})
		})
	}
	mette, sara, police := "user:"+o.Mette.UserID.String(), "user:"+o.Sara.UserID.String(), "contact:"+bo.ID.String()
	if a := area("safety"); !a.Gap() || a.Overlap() || a.Version != 0 {
		t.Errorf("at first: %+v", a)
	}
	var bad fault.Invalid
	if err := set(0, map[string]string{police: "leads"}, ""); !errors.As(err, &bad) || bad["who"] == "" {
		t.Errorf("a partner who is not in the case: %v", err)
	}
	if err := set(0, map[string]string{"user:" + o.Dennis.UserID.String(): "leads"}, ""); !errors.As(err, &bad) {
		t.Errorf("a colleague who is kept out: %v", err)
	}
	o.Exec(t, `INSERT INTO app.involvement (case_id, organisation_id, contact_id, responsible_for, origin, status, added_by) VALUES ($1, $2, $3, 'x', 'ad_hoc', 'accepted', $4)`, c.ID, bo.OrganisationID, bo.ID, o.Mette.UserID)
	if err := set(0, map[string]string{police: "leads", sara: "leads", mette: "informed"}, ""); err != nil {
		t.Fatal(err)
	}
	a := area("safety")
	if a.Gap() || !a.Overlap() || len(a.Held) != 3 || !a.Held[0].Waits() || !a.Held[1].Waits() || a.Held[2].Waits() {
		t.Errorf("two leads: %+v", a)
	}
	if err := set(0, map[string]string{sara: "leads"}, ""); !errors.Is(err, fault.Stale) {
		t.Errorf("the second writer: %v", err)
	}
	find := func(key string) mandate.Mandate {
		for _, m := range area("safety").Held {
			if m.Key() == key {
				return m
			}
		}
		return mandate.Mandate{}
	}
	acknowledge := func(who actor.Actor, id uuid.UUID, on time.Time) error {
		return do(who, func(tx *db.Tx) error { return mandate.Acknowledge(t.Context(), tx, id, on) })
	}
	if err := acknowledge(o.Mette, find(sara).ID, time.Time{}); !errors.Is(err, fault.Forbidden) {
		t.Errorf("for a colleague: %v", err)
	}
	if err := acknowledge(o.Mette, find(mette).ID, time.Time{}); !errors.Is(err, fault.Stale) {
		t.Errorf("who is only informed: %v", err)
	}
	if err := acknowledge(o.Mette, find(police).ID, time.Now().AddDate(0, 0, -3)); !errors.As(err, &bad) {
		t.Errorf("before it was given: %v", err)
	}
	for _, x := range []struct {
		who actor.Actor
		key string
	}{{o.Sara, sara}, {o.Sara, sara}, {o.Mette, police}} {
		if err := acknowledge(x.who, find(x.key).ID, time.Time{}); err != nil || find(x.key).AckOn == nil {
			t.Errorf("%s: %v", x.key, err)
		}
	}
	if n := o.Count(t, `SELECT count(*) FROM app.case_event WHERE kind = 'mandate.acknowledged'`); n != 2 {
		t.Errorf("%d lines in the timeline", n)
	}
	// What is as it was stays acknowledged; what has changed asks again.
	if err := set(1, map[string]string{police: "leads", sara: "takes_part"}, ""); err != nil || find(police).AckOn == nil || area("safety").Overlap() {
		t.Errorf("%v", err)
	}
	if err := set(2, map[string]string{police: "informed", sara: "leads"}, ""); err != nil || !find(sara).Waits() {
		t.Errorf("a part that came back is acknowledged: %v", err)
	}
	o.Exec(t, `UPDATE app.case_grant SET revoked_at = now() WHERE user_id = $1`, o.Sara.UserID)
	if a := area("safety"); !a.Gap() || find(sara).Here {
		t.Error("who has left the case still leads")
	}
	if err := set(3, map[string]string{mette: "leads"}, "fordi"); !errors.As(err, &bad) || bad["left_out"] == "" {
		t.Errorf("irrelevant, and led: %v", err)
	}
	if err := set(3, nil, "Der er ingen fare"); err != nil || area("safety").Gap() {
		t.Errorf("irrelevant: %v", err)
	}
	if err := do(o.Sara, func(tx *db.Tx) error { _, err := mandate.AddArea(t.Context(), tx, o.Keys, "x"); return err }); !errors.Is(err, fault.NotFound) {
		t.Errorf("by who has left: %v", err)
	}
	var one, two string
	if err := do(o.Mette, func(tx *db.Tx) (err error) {
		if one, err = mandate.AddArea(t.Context(), tx, o.Keys, "Ambassaden"); err == nil {
			two, err = mandate.AddArea(t.Context(), tx, o.Keys, " ambassaden ")
		}
		return err
	}); err != nil || one != two || area(one).Title(t.Context()) != "Ambassaden" {
		t.Errorf("%s, %s: %v", one, two, err)
	}
}

func TestAnAreaIsNotCalledAsTheHiddenAddress(t *testing.T) {
	o := testkit.NewOffice(t)
	c := o.Case(t, o.Mette, 1)
	do := func(f func(tx *db.Tx) error) error { return o.DB.InCase(t.Context(), o.Mette, c.At("test"), f) }
	if err := do(func(tx *db.Tx) error {
		return casefile.AddFact(t.Context(), tx, o.Keys, casefile.FactInput{PersonID: c.CitizenID, Kind: "address", Text: "Strandvænget 14, 0999 Ellehøj"})
	}); err != nil {
		t.Fatal(err)
	}
	for _, name := range []string{"Strandvænget 14", "Nøglen til STRANDVAENGET nr. 14", "Den om 740410-1234"} {
		var bad fault.Invalid
		if err := do(func(tx *db.Tx) error { _, err := mandate.AddArea(t.Context(), tx, o.Keys, name); return err }); !errors.As(err, &bad) || bad["name"] != "error.open_words" {
			t.Errorf("%q: %v", name, err)
		}
	}
	if err := do(func(tx *db.Tx) error { _, err := mandate.AddArea(t.Context(), tx, o.Keys, "Nøglen"); return err }); err != nil {
		t.Error(err)
	}
}
