package forum_test

import (
	"context"
	"errors"
	"testing"

	"github.com/google/uuid"

	"samspil/internal/actor"
	"samspil/internal/db"
	"samspil/internal/fault"
	"samspil/internal/forum"
	"samspil/internal/sharing"
)

// What is put onto an agenda leaves the case: an anonymous item holds no name and no number, and no item a protected fact.
func TestNothingAnonymousNamesAnybody(t *testing.T) {
	t.Parallel()
	x := newTable(t)
	for _, text := range []string{"Amira er bange", "Hendes cpr er 140410-1234", "Ring 00 12 34 56", "Sag " + x.c.Number} {
		in := x.item("Sag A", forum.SliceInput{Who: x.officer()})
		in.Body = text
		_, _, err := x.put(in)
		refused(t, err, "body", "forum.error.named")
		in = x.item("Sag A", forum.SliceInput{Who: x.officer(), Question: text})
		_, _, err = x.put(in)
		refused(t, err, "slices", "forum.error.named")
	}
	for _, naming := range forum.Namings {
		in := x.item("Sag A", forum.SliceInput{Who: x.officer(), Extra: "De bor skovtroldevej  12."})
		in.Naming, in.Ground = naming, ssp("Forebygge")
		_, found, err := x.put(in)
		if err != nil || len(found) != 1 || found[0].Match == "" {
			t.Errorf("%s, a protected address: %+v, %v", naming, found, err)
		}
	}
	if n := x.Count(t, `SELECT count(*) FROM app.forum_item`) + x.Count(t, `SELECT count(*) FROM app.sharing`); n != 0 {
		t.Errorf("%d rows of what was refused", n)
	}
	if n := x.Count(t, `SELECT count(*) FROM audit.event WHERE case_id = $1 AND action = 'sharing.stopped'`, x.c.ID); n != 2 {
		t.Errorf("%d lines about it", n)
	}
}

// ssp is the ground of what is told to prevent a crime.
func ssp(words string) sharing.Ground {
	return sharing.Ground{PurposeCode: "prevention", LegalBasis: "RPL_115_SSP", Purpose: words, Consent: sharing.NotAsked}
}

func (x table) named() forum.ItemInput {
	in := x.item("Rejse i uge 51", forum.SliceInput{Who: x.officer()}, forum.SliceInput{Who: user(x.Huseyin)})
	in.Naming, in.Body, in.Ground = forum.Named, "Amira Saleh er bange for at blive sendt ud af landet.", ssp("Forebygge en ufrivillig rejse")
	return in
}

// A named item has a basis and a purpose, and nobody at the table sees it before a lead has approved it; never its writer.
func TestANamedItemWaitsForALead(t *testing.T) {
	t.Parallel()
	x := newTable(t)
	in := x.named()
	in.LegalBasis, in.Purpose, in.PurposeCode = sharing.Anonymous, "", ""
	_, _, err := x.put(in)
	refused(t, err, "legal_basis", "ground.error.way")
	refused(t, err, "purpose", "ground.error.purpose")
	refused(t, err, "purpose_code", "ground.error.purpose_code")
	in = x.named()
	id := x.mustPut(in)
	if again := x.mustPut(in); again != id {
		t.Error("sent twice it is two")
	}
	give := func() (err error) {
		return x.in(x.Mette, func(ctx context.Context, tx *db.Tx) error { _, err := forum.Give(ctx, tx, x.Keys, id); return err })
	}
	approve := func(who actor.Actor) error {
		return x.in(who, func(ctx context.Context, tx *db.Tx) error { return forum.Approve(ctx, tx, id, true, "") })
	}
	if err := give(); !errors.Is(err, fault.Stale) {
		t.Errorf("given before it is approved: %v", err)
	}
	for _, who := range []actor.Actor{x.Mette, x.Dennis} {
		if err := approve(who); !errors.Is(err, fault.Forbidden) {
			t.Errorf("%s approves: %v", who.Name, err)
		}
	}
	if n := len(x.sees(x.Huseyin)) + len(x.sees(x.Mette)); n != 0 {
		t.Errorf("%d see it", n)
	}
	x.must(approve(x.Jonas))
	if err := approve(x.Jonas); !errors.Is(err, fault.Stale) {
		t.Errorf("twice: %v", err)
	}
	x.must(give())
	if got := x.sees(x.Huseyin); len(got) != 1 || got[0].Purpose != "Forebygge en ufrivillig rejse" {
		t.Errorf("%+v", got)
	}
	if n := x.Count(t, `SELECT count(*) FROM app.sharing WHERE legal_basis = 'RPL_115_SSP' AND (contact_id = $1 OR to_user = $2)`, x.police.ID, x.Huseyin.UserID); n != 2 {
		t.Errorf("%d lines in the register", n)
	}
}

// A lead who writes a named item has another lead approve it.
func TestALeadDoesNotApproveTheirOwn(t *testing.T) {
	t.Parallel()
	x := newTable(t)
	id := x.mustPut(x.named())
	x.Exec(t, `UPDATE app.forum_item SET put_by = $1 WHERE id = $2`, x.Jonas.UserID, id)
	err := x.in(x.Jonas, func(ctx context.Context, tx *db.Tx) error { return forum.Approve(ctx, tx, id, true, "") })
	refused(t, err, "words", "forum.error.another")
}

// The database gives nobody a slice that does not stand in the register for that very seat.
func TestNoSliceWithoutItsLineInTheRegister(t *testing.T) {
	t.Parallel()
	x := newTable(t)
	id := x.mustPut(x.item("Sag A", forum.SliceInput{Who: x.officer()}, forum.SliceInput{Who: user(x.Huseyin)}))
	x.Exec(t, `DELETE FROM app.forum_given WHERE seat_id <> $1`, x.seat(x.Mette))
	var police uuid.UUID
	x.Scan(t, []any{&police}, `SELECT id FROM app.sharing WHERE contact_id = $1`, x.police.ID)
	for name, c := range map[string]struct {
		seat    uuid.UUID
		sharing *uuid.UUID
	}{"none": {x.officerSeat(), nil}, "none, a colleague": {x.seat(x.Huseyin), nil}, "another's": {x.seat(x.Huseyin), &police}} {
		err := x.in(x.Mette, func(ctx context.Context, tx *db.Tx) error {
			_, err := db.Exec(ctx, tx, `INSERT INTO app.forum_given (case_id, item_id, seat_id, sharing_id, given_by) VALUES (@case, @item, @seat, @sharing, @me)`,
				db.Args{"case": x.c.ID, "item": id, "seat": c.seat, "sharing": c.sharing, "me": x.Mette.UserID})
			return err
		})
		if !db.Violates(err, "stands_in_the_register") {
			t.Errorf("%s: %v", name, err)
		}
	}
}
