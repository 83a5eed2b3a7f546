// Package db is the only door to Postgres.
//
// A page that reads calls [DB.Read], or [DB.ReadCase] for the content of a case; a form that
// writes calls [DB.InTx] or [DB.InCase]. All four begin with the identity of the actor, signed by the
// database, so row-level security, trail and clock cannot disagree about who acts. The content
// of a case is there only after the case has been opened, with a line about it already
// committed (R11): opening is one pipelined round trip, using it is another.
package db

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"
	"github.com/jackc/pgx/v5/pgxpool"

	"samspil/internal/actor"
	"samspil/internal/fault"
)

// Args are the named arguments of a statement. A name that is missing, or one too many, is an error.
type Args = pgx.StrictNamedArgs

// DB is the database as the application's own login sees it.
type DB struct {
	pool *pgxpool.Pool
	// wait is how long a request waits for a free connection before it answers "busy".
	wait time.Duration
}

// Open connects to url, the login samspil_app. tune may change the pool's settings; nil keeps them.
// The first connection is made when it is needed.
func Open(ctx context.Context, url string, tune func(*pgxpool.Config)) (*DB, error) {
	cfg, err := pgxpool.ParseConfig(url)
	if err != nil {
		return nil, errors.New("the database URL cannot be understood") // err would show the password
	}
	cfg.MaxConnIdleTime = 5 * time.Minute
	if tune != nil {
		tune(cfg)
	}
	pool, err := pgxpool.NewWithConfig(ctx, cfg)
	if err != nil {
		return nil, fmt.Errorf("open database pool: %w", err)
	}
	return &DB{pool: pool, wait: 2 * time.Second}, nil
}

// Close waits for running requests and closes all connections.
func (d *DB) Close() { d.pool.Close() }

// Ping asks the database for a sign of life.
func (d *DB) Ping(ctx context.Context) error { return translate(d.pool.Ping(ctx)) }

// Case names a case as a request does, and says why it is opened.
type Case struct {
	Ref     string // the opaque reference in the path
	Purpose string // a word the citizen may be told; empty: what follows from the actor's part in the case
	Page    string // which page of the case, for the trail
}

// Tx is a transaction that knows who it runs for, and when it began.
type Tx struct {
	pgx.Tx
	Actor  actor.Actor
	Now    time.Time    // the only clock: rules and rows agree on it
	CaseID uuid.UUID    // the opened case, in a transaction of [DB.InCase]
	Rights actor.Rights // the actor's rights in that case
}

// InTx runs fn in one transaction on behalf of who.
// It commits if fn returns nil and otherwise rolls back.
func (d *DB) InTx(ctx context.Context, who actor.Actor, fn func(*Tx) error) error {
	return d.inTx(ctx, who, uuid.Nil, fn)
}

// InCase opens a case and runs fn in one transaction that may read and write it.
// The trace of the opening is committed first. It returns [fault.NotFound] for a case
// that does not exist, and for one that who may not open: the two are never told apart.
func (d *DB) InCase(ctx context.Context, who actor.Actor, c Case, fn func(*Tx) error) error {
	opened, err := d.Open(ctx, who, c)
	if err != nil {
		return err
	}
	return d.inTx(ctx, who, opened.CaseID, fn)
}

// Open writes the line that who opens the case, commits it, and returns what who may do there.
// A request that has opened the case already (actor.Opened), or was refused, does not ask twice.
func (d *DB) Open(ctx context.Context, who actor.Actor, c Case) (actor.Opened, error) {
	if c.Ref != "" && who.Opened.Ref == c.Ref {
		if who.Opened.CaseID == uuid.Nil {
			return actor.Opened{}, fault.NotFound
		}
		return who.Opened, nil
	}
	var opened actor.Opened
	b := newBatch()
	var state *string
	b.begin(who, &state, nil)
	b.open(c, &opened)
	if err := d.send(ctx, b); err != nil {
		return actor.Opened{}, err
	}
	if state == nil || *state != "ok" {
		return actor.Opened{}, fault.SignedOut
	}
	if opened.CaseID == uuid.Nil {
		return actor.Opened{}, fault.NotFound
	}
	return opened, nil
}

func (d *DB) inTx(ctx context.Context, who actor.Actor, caseID uuid.UUID, fn func(*Tx) error) error {
	conn, err := d.acquire(ctx)
	if err != nil {
		return err
	}
	defer conn.Release()
	tx, err := begin(ctx, conn.Conn(), who, caseID)
	if err != nil {
		return translate(err)
	}
	defer func() { _ = tx.Rollback(context.WithoutCancel(ctx)) }() // after a commit this does nothing
	if err := fn(tx); err != nil {
		return translate(err)
	}
	return translate(tx.Commit(ctx))
}

// begin starts a transaction, says who it runs for and opens the case for it, all in one round trip.
func begin(ctx context.Context, conn *pgx.Conn, who actor.Actor, caseID uuid.UUID) (*Tx, error) {
	var state *string
	t := &Tx{Actor: who, CaseID: caseID}
	b := newBatch()
	b.BeginTx(pgx.TxOptions{})
	b.begin(who, &state, &t.Now)
	if caseID != uuid.Nil {
		b.use(caseID, &t.Rights)
	}
	results := conn.SendBatch(ctx, &b.Batch)
	t.Tx = results.Tx()
	err := results.Close()
	switch {
	case err != nil:
	case state == nil || *state != "ok":
		err = fault.SignedOut
	case caseID != uuid.Nil && t.Rights == 0:
		err = fault.NotFound
	default:
		return t, nil
	}
	_ = t.Rollback(context.WithoutCancel(ctx)) // the first error says why
	return nil, err
}

func (d *DB) acquire(ctx context.Context) (*pgxpool.Conn, error) {
	waiting, cancel := context.WithTimeout(ctx, d.wait)
	defer cancel()
	conn, err := d.pool.Acquire(waiting)
	if err != nil && ctx.Err() == nil {
		return nil, fmt.Errorf("%w: %w", fault.Busy, err)
	}
	return conn, err
}

// One returns the single row that the query yields, or [fault.NotFound].
func One[T any](ctx context.Context, tx *Tx, sql string, args Args) (T, error) {
	rows, _ := tx.Query(ctx, sql, args) // CollectExactlyOneRow reports the error
	v, err := pgx.CollectExactlyOneRow(rows, rowTo[T]())
	return v, translate(err)
}

// Many returns all rows that the query yields, never nil.
func Many[T any](ctx context.Context, tx *Tx, sql string, args Args) ([]T, error) {
	rows, _ := tx.Query(ctx, sql, args)
	vs, err := pgx.CollectRows(rows, rowTo[T]())
	return vs, translate(err)
}

// Exec runs a statement and returns how many rows it touched.
func Exec(ctx context.Context, tx *Tx, sql string, args Args) (int64, error) {
	tag, err := tx.Tx.Exec(ctx, sql, args)
	return tag.RowsAffected(), translate(err)
}

// Null is v for a column that may be empty: the zero value, of an id for instance, is none.
func Null[T comparable](v T) *T {
	if v == *new(T) {
		return nil
	}
	return &v
}

// WhyNot explains an UPDATE of the row id in table, expected at version, that hit no row.
func (tx *Tx) WhyNot(ctx context.Context, table string, id uuid.UUID, version int) error {
	return tx.WhyNotBy(ctx, table, "id", id, version)
}

// WhyNotBy is [Tx.WhyNot] for a table whose key column has another name.
func (tx *Tx) WhyNotBy(ctx context.Context, table, key string, id uuid.UUID, version int) error {
	var now int
	sql := `SELECT version FROM ` + pgx.Identifier{"app", table}.Sanitize() + ` WHERE ` + pgx.Identifier{key}.Sanitize() + ` = $1`
	switch err := tx.QueryRow(ctx, sql, id).Scan(&now); {
	case err != nil:
		return translate(err)
	case now != version:
		return fault.Stale
	default:
		return fault.Forbidden // visible, current, and yet not updatable
	}
}

// Violates reports whether err is Postgres upholding the named constraint or unique index.
func Violates(err error, constraint string) bool {
	var pg *pgconn.PgError
	return errors.As(err, &pg) && pg.ConstraintName == constraint
}

// translate turns what Postgres says into what the program means.
func translate(err error) error {
	var pg *pgconn.PgError
	switch {
	case err == nil, errors.Is(err, fault.NotFound), errors.Is(err, fault.Forbidden):
		return err
	case errors.Is(err, pgx.ErrNoRows):
		return fmt.Errorf("%w: %w", fault.NotFound, err)
	case errors.As(err, &pg):
		switch pg.Code {
		case "42501": // insufficient_privilege, and every refusal of a policy
			return fmt.Errorf("%w: %w", fault.Forbidden, err)
		case "53300", "57P01", "57P02", "57P03", "57014", "55P03", "40001", "40P01": // no room, shutting down, timed out, locked
			return fmt.Errorf("%w: %w", fault.Busy, err)
		}
	}
	var connecting *pgconn.ConnectError
	if errors.As(err, &connecting) {
		return fmt.Errorf("%w: %w", fault.Busy, err)
	}
	return err
}
