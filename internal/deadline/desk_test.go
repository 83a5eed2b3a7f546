package deadline_test

import (
	"context"
	"errors"
	"testing"
	"time"

	"github.com/google/uuid"

	"samspil/internal/actor"
	"samspil/internal/db"
	"samspil/internal/deadline"
	"samspil/internal/fault"
	"samspil/internal/i18n"
	"samspil/internal/testkit"
)

// desk is an office with one case of Mette's.
type desk struct {
	*testkit.Office
	t *testing.T
	c testkit.CaseFile
}

func newDesk(t *testing.T) desk {
	t.Parallel()
	o := testkit.NewOffice(t)
	return desk{o, t, o.Case(t, o.Mette, 1)}
}

// in changes the case as somebody.
func (d desk) in(who actor.Actor, fn func(ctx context.Context, tx *db.Tx) error) error {
	d.t.Helper()
	return d.DB.InCase(d.t.Context(), who, d.c.At("frister"), func(tx *db.Tx) error { return fn(d.t.Context(), tx) })
}

func (d desk) must(err error) {
	d.t.Helper()
	if err != nil {
		d.t.Fatal(err)
	}
}

// start starts a deadline that began so long ago.
func (d desk) start(code string, ago time.Duration) deadline.Deadline {
	d.t.Helper()
	var id uuid.UUID
	d.must(d.in(d.Mette, func(ctx context.Context, tx *db.Tx) (err error) {
		id, err = deadline.Start(ctx, tx, code, tx.Now.Add(-ago))
		return err
	}))
	return d.get(id)
}

func (d desk) get(id uuid.UUID) deadline.Deadline {
	d.t.Helper()
	var got *deadline.Deadline
	_, err := d.DB.ReadCase(d.t.Context(), d.Mette, d.c.At("frister"), func(b *db.Batch) { got = deadline.Get(b, id) })
	d.must(err)
	return *got
}

func (d desk) changes(id uuid.UUID) []deadline.Change {
	d.t.Helper()
	var got *[]deadline.Change
	_, err := d.DB.ReadCase(d.t.Context(), d.Mette, d.c.At("frister"), func(b *db.Batch) { got = deadline.Changes(b, id) })
	d.must(err)
	return *got
}

func refused(t *testing.T, what string, err error, field, key string) {
	t.Helper()
	var bad fault.Invalid
	if !errors.As(err, &bad) || bad[field] != key {
		t.Errorf("%s: %v %v, want %s at %s", what, err, bad, key, field)
	}
}

func sameDay(t *testing.T, what string, got, want time.Time) {
	t.Helper()
	if !got.Equal(want) {
		t.Errorf("%s: %s, want %s", what, got.In(i18n.Zone), want.In(i18n.Zone))
	}
}

const day = 24 * time.Hour
