package db

import (
	"context"
	"errors"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"samspil/internal/actor"
	"samspil/internal/fault"
)

// Guest is somebody at a partner who has no account: the secret of their link, and that of the session the code began. In their
// transactions no table has a row; the database's functions for guests (app.guest_…) give what belongs to the link.
type Guest struct{ Token, Session string }

// About asks what a guest's link is about, "involvement" for instance. A session that is over, or a link that is, is
// [fault.SignedOut].
func (d *DB) About(ctx context.Context, g Guest) (string, error) {
	var about *string
	b := newBatch()
	b.guest(g, &about, nil)
	if err := d.send(ctx, b); err != nil {
		return "", err
	}
	if about == nil {
		return "", fault.SignedOut
	}
	return *about, nil
}

// ReadGuest is [DB.Read] for a guest.
func (d *DB) ReadGuest(ctx context.Context, g Guest, queue func(*Batch)) (time.Time, error) {
	var about *string
	var now time.Time
	b := newBatch()
	b.guest(g, &about, &now)
	queue(b)
	err := d.send(ctx, b)
	if about == nil && (err == nil || errors.Is(err, fault.Forbidden)) {
		return now, fault.SignedOut
	}
	return now, err
}

// InGuest is [DB.InTx] for a guest.
func (d *DB) InGuest(ctx context.Context, g Guest, fn func(*Tx) error) error {
	conn, err := d.acquire(ctx)
	if err != nil {
		return err
	}
	defer conn.Release()
	var about *string
	t := &Tx{Actor: actor.Actor{}, CaseID: uuid.Nil}
	b := newBatch()
	b.BeginTx(pgx.TxOptions{})
	b.guest(g, &about, &t.Now)
	results := conn.SendBatch(ctx, &b.Batch)
	t.Tx = results.Tx()
	if err = results.Close(); err == nil && about == nil {
		err = fault.SignedOut
	}
	defer func() { _ = t.Rollback(context.WithoutCancel(ctx)) }() // after a commit this does nothing
	if err != nil {
		return translate(err)
	}
	if err := fn(t); err != nil {
		return translate(err)
	}
	return translate(t.Commit(ctx))
}

func (b *Batch) guest(g Guest, about **string, now *time.Time) {
	b.Queue(`SELECT auth.guest_begin($1, $2), now()`, g.Token, g.Session).QueryRow(func(row pgx.Row) error {
		if now == nil {
			now = new(time.Time)
		}
		return row.Scan(about, now)
	})
}
