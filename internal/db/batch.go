package db

import (
	"context"
	"reflect"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"samspil/internal/actor"
	"samspil/internal/fault"
)

// Batch collects the questions of a page, which then go to the database in one round trip.
// The functions [All], [Get] and [Maybe] add a question and return the place where its
// answer will be once the batch has been read.
type Batch struct {
	pgx.Batch
	CaseID uuid.UUID    // the opened case, in a batch of [DB.ReadCase]
	Rights actor.Rights // the actor's rights in that case
	Actor  actor.Actor
}

func newBatch() *Batch { return &Batch{} }

// Read asks all questions that queue adds, on behalf of who, in one round trip.
// It returns the moment at which the answers were true.
func (d *DB) Read(ctx context.Context, who actor.Actor, queue func(*Batch)) (time.Time, error) {
	return d.read(ctx, who, actor.Opened{}, queue)
}

// ReadCase opens a case and asks all questions that queue adds about it.
// It returns [fault.NotFound] for a case that who may not open, existing or not.
func (d *DB) ReadCase(ctx context.Context, who actor.Actor, c Case, queue func(*Batch)) (time.Time, error) {
	opened, err := d.Open(ctx, who, c)
	if err != nil {
		return time.Time{}, err
	}
	return d.read(ctx, who, opened, queue)
}

func (d *DB) read(ctx context.Context, who actor.Actor, opened actor.Opened, queue func(*Batch)) (time.Time, error) {
	var state *string
	var now time.Time
	b := newBatch()
	b.Actor, b.CaseID, b.Rights = who, opened.CaseID, opened.Rights
	b.begin(who, &state, &now)
	rights := opened.Rights
	if opened.CaseID != uuid.Nil {
		b.use(opened.CaseID, &rights)
	}
	queue(b)
	err := d.send(ctx, b)
	switch {
	case state == nil && err == nil, state != nil && *state != "ok":
		return now, fault.SignedOut
	case opened.CaseID != uuid.Nil && err == nil && rights == 0:
		return now, fault.NotFound // lost between opening and using
	}
	return now, err
}

// Read asks more questions inside a transaction, in one round trip.
func (tx *Tx) Read(ctx context.Context, queue func(*Batch)) error {
	b := newBatch()
	b.Actor, b.CaseID, b.Rights = tx.Actor, tx.CaseID, tx.Rights
	queue(b)
	return translate(tx.SendBatch(ctx, &b.Batch).Close())
}

// send runs the batch on a connection of the pool. Statements of one batch are one transaction.
func (d *DB) send(ctx context.Context, b *Batch) error {
	conn, err := d.acquire(ctx)
	if err != nil {
		return err
	}
	defer conn.Release()
	return translate(conn.SendBatch(ctx, &b.Batch).Close())
}

// All asks for every row that the query yields; the slice is never nil.
func All[T any](b *Batch, sql string, args Args) *[]T {
	out := &[]T{}
	b.Queue(sql, args).Query(func(rows pgx.Rows) (err error) {
		*out, err = pgx.CollectRows(rows, rowTo[T]())
		return err
	})
	return out
}

// Get asks for exactly one row. None is [fault.NotFound] for the whole batch.
func Get[T any](b *Batch, sql string, args Args) *T {
	out := new(T)
	b.Queue(sql, args).Query(func(rows pgx.Rows) (err error) {
		*out, err = pgx.CollectExactlyOneRow(rows, rowTo[T]())
		return err
	})
	return out
}

// Found is a row that may not be there.
type Found[T any] struct {
	Row T
	OK  bool
}

// Maybe asks for one row or none.
func Maybe[T any](b *Batch, sql string, args Args) *Found[T] {
	out := new(Found[T])
	b.Queue(sql, args).Query(func(rows pgx.Rows) error {
		all, err := pgx.CollectRows(rows, rowTo[T]())
		if err == nil && len(all) > 0 {
			out.Row, out.OK = all[0], true
		}
		return err
	})
	return out
}

// Do queues a statement whose answer is of no interest, a function of the database for instance.
func Do(b *Batch, sql string, args Args) { b.Queue(sql, args) }

// rowTo reads a row by the names of T's fields, or the only column when T is a plain value.
func rowTo[T any]() pgx.RowToFunc[T] {
	t := reflect.TypeFor[T]()
	if t.Kind() == reflect.Struct && t != reflect.TypeFor[time.Time]() {
		return pgx.RowToStructByName[T]
	}
	return pgx.RowTo[T]
}

func (b *Batch) begin(who actor.Actor, state **string, now *time.Time) {
	b.Queue(`SELECT auth.begin($1), now()`, who.Token).QueryRow(func(row pgx.Row) error {
		if now == nil {
			now = new(time.Time)
		}
		return row.Scan(state, now)
	})
}

func (b *Batch) open(c Case, into *actor.Opened) {
	b.Queue(`SELECT case_id, rights FROM app.open_case($1, $2, left($3, 60))`, c.Ref, c.Purpose, c.Page).QueryRow(func(row pgx.Row) error {
		var id *uuid.UUID
		err := row.Scan(&id, &into.Rights)
		into.Ref = c.Ref // also of an opening that was refused: it is asked, and traced, once
		if id != nil {
			into.CaseID = *id
		}
		return err
	})
}

func (b *Batch) use(caseID uuid.UUID, rights *actor.Rights) {
	b.Queue(`SELECT app.use_case($1)`, caseID).QueryRow(func(row pgx.Row) error { return row.Scan(rights) })
}
