package jobs

import (
	"context"
	"crypto/sha256"
	"errors"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"
	"github.com/riverqueue/river"
	"github.com/riverqueue/river/riverdriver/riverpgxv5"

	"samspil/internal/keys"
	"samspil/internal/mail"
)

// Post is how letters leave. The zero value sends none: they wait until there is a server.
type Post struct {
	Server mail.Server
	Keys   keys.Keys // that the secret of a link is derived from
	Guests string    // the address under which links are opened, "https://samspil.example/g/"
}

// Mail sends one letter. The database writes the job down with the letter.
type Mail struct {
	ID uuid.UUID `json:"id"`
}

// Kind names the job in its table.
func (Mail) Kind() string { return "mail.send" }

// waits is how long a letter waits for a server that nobody has named yet.
const waits = 10 * time.Minute

// postman sends letters: the letter is held while the mail server takes it, and marked as sent with the job.
type postman struct {
	river.WorkerDefaults[Mail]
	pool *pgxpool.Pool
	post Post
}

// Work is called by River. A letter that is to nobody any more is done with; an address that is none will never be one.
func (p *postman) Work(ctx context.Context, job *river.Job[Mail]) error {
	if !p.post.Server.Set() {
		return river.JobSnooze(waits)
	}
	return plain(pgx.BeginFunc(ctx, p.pool, func(tx pgx.Tx) error {
		l := mail.Letter{ID: job.Args.ID}
		var about *uuid.UUID
		err := tx.QueryRow(ctx, `SELECT address, lang, kind, about FROM app.job_mail($1)`, job.Args.ID).Scan(&l.To, &l.Lang, &l.Kind, &about)
		switch {
		case errors.Is(err, pgx.ErrNoRows):
		case err != nil:
			return err
		default:
			if about != nil {
				token := p.post.Keys.LinkToken(*about)
				l.Link = p.post.Guests + token
				sum := sha256.Sum256([]byte(token))
				if _, err := tx.Exec(ctx, `SELECT app.job_guest_key($1, $2)`, *about, sum[:]); err != nil {
					return err
				}
			}
			if err := p.post.Server.Send(ctx, l); err != nil && !errors.Is(err, mail.ErrAddress) {
				return errNotTaken
			}
			if _, err := tx.Exec(ctx, `SELECT app.job_mail_sent($1)`, job.Args.ID); err != nil {
				return err
			}
		}
		_, err = river.JobCompleteTx[*riverpgxv5.Driver](ctx, tx, job)
		return err
	}))
}

// errNotTaken says that the mail server did not take a letter; what it said may hold the address.
var errNotTaken = errors.New("the mail server did not take it")
