package forum_test

import (
	"context"
	"errors"
	"testing"

	"github.com/google/uuid"

	"samspil/internal/actor"
	"samspil/internal/casefile"
	"samspil/internal/db"
	"samspil/internal/fault"
	"samspil/internal/forum"
	"samspil/internal/sharing"
	"samspil/internal/testkit"
)

// table is an office with a child's case of Mette's, and a standing forum that Sara runs: Mette, Dennis, Hüseyin and a police officer
// have a seat. Dennis works on the case too; Hüseyin and Sara have nothing to do with it.
type table struct {
	*testkit.Office
	t       testing.TB
	c       testkit.CaseFile
	police  testkit.Contact
	meeting uuid.UUID
}

func user(a actor.Actor) forum.Who { id := a.UserID; return forum.Who{UserID: &id} }

func (x table) officer() forum.Who { id := x.police.ID; return forum.Who{ContactID: &id} }

func newTable(t testing.TB) table {
	o := testkit.NewOffice(t)
	x := table{Office: o, t: t, c: o.Case(t, o.Mette, 1), police: o.Partner(t, "police_resource_person", "Fjordegnens Politi", "Rikke Holm")}
	o.Grant(t, x.c, o.Dennis, "coworker")
	x.must(x.in(o.Mette, func(ctx context.Context, tx *db.Tx) error {
		_, err := sharing.Protect(ctx, tx, o.Keys, casefile.FactInput{PersonID: x.c.CitizenID, Kind: "address", Text: "Skovtroldevej 12"})
		return err
	}))
	x.must(x.at(o.Sara, func(ctx context.Context, tx *db.Tx) (err error) {
		x.meeting, err = forum.Make(ctx, tx, uuid.New(), forum.ForumInput{Name: "Myndighedsforum", Frame: "SSP", Rhythm: "monthly"},
			forum.MeetingInput{StartsAt: tx.Now.AddDate(0, 0, 2), Place: "Rådhuset", Who: []forum.Who{user(o.Mette), user(o.Dennis), user(o.Huseyin), x.officer()}})
		return err
	}))
	for _, who := range []actor.Actor{o.Sara, o.Mette, o.Dennis, o.Huseyin} {
		x.must(x.at(who, func(ctx context.Context, tx *db.Tx) error { return forum.Promise(ctx, tx, x.seat(who)) }))
	}
	return x
}

func (x table) must(err error) {
	x.t.Helper()
	if err != nil {
		x.t.Fatal(err)
	}
}

func (x table) in(who actor.Actor, fn func(context.Context, *db.Tx) error) error {
	x.t.Helper()
	return x.DB.InCase(x.t.Context(), who, x.c.At("forum"), func(tx *db.Tx) error { return fn(x.t.Context(), tx) })
}

func (x table) at(who actor.Actor, fn func(context.Context, *db.Tx) error) error {
	x.t.Helper()
	return x.DB.InTx(x.t.Context(), who, func(tx *db.Tx) error { return fn(x.t.Context(), tx) })
}

func (x table) seat(who actor.Actor) (id uuid.UUID) {
	x.t.Helper()
	x.Scan(x.t, []any{&id}, `SELECT id FROM app.forum_seat WHERE meeting_id = $1 AND user_id = $2`, x.meeting, who.UserID)
	return id
}

func (x table) officerSeat() (id uuid.UUID) {
	x.t.Helper()
	x.Scan(x.t, []any{&id}, `SELECT id FROM app.forum_seat WHERE meeting_id = $1 AND contact_id = $2`, x.meeting, x.police.ID)
	return id
}

// item is an anonymous item for some, each with words of their own.
func (x table) item(title string, slices ...forum.SliceInput) forum.ItemInput {
	return forum.ItemInput{Key: uuid.New(), MeetingID: x.meeting, Naming: forum.Anonymous, Title: title, Body: "En ung på 16 er bange for sommerferien.", Slices: slices}
}

func (x table) put(in forum.ItemInput) (id uuid.UUID, found []sharing.Finding, err error) {
	x.t.Helper()
	err = x.in(x.Mette, func(ctx context.Context, tx *db.Tx) (err error) {
		id, found, err = forum.Put(ctx, tx, x.Keys, in)
		return err
	})
	return id, found, err
}

func (x table) mustPut(in forum.ItemInput) uuid.UUID {
	x.t.Helper()
	id, found, err := x.put(in)
	if x.must(err); len(found) > 0 {
		x.t.Fatalf("%+v", found)
	}
	return id
}

// sees is what somebody's seat sees of the meeting, as the page asks.
func (x table) sees(who actor.Actor) []forum.Told {
	x.t.Helper()
	var all *[]forum.Told
	_, err := x.DB.Read(x.t.Context(), who, func(b *db.Batch) { forum.Look(b, x.meeting); all = forum.MyItems(b, x.meeting) })
	x.must(err)
	return *all
}

func refused(t testing.TB, err error, field, key string) {
	t.Helper()
	var bad fault.Invalid
	if !errors.As(err, &bad) || bad[field] != key {
		t.Errorf("got %v (%v), want %s: %s", err, map[string]string(bad), field, key)
	}
}

// raw asks the database as somebody, past the program: everything that their session can read of the forum.
func (x table) raw(who actor.Actor, sql string, args ...any) (n int) {
	x.t.Helper()
	x.must(x.at(who, func(ctx context.Context, tx *db.Tx) error { return tx.QueryRow(ctx, sql, args...).Scan(&n) }))
	return n
}
