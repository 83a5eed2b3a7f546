// Package signin lets people in and out: passwords, the limits on guessing them, and the sessions
// that scs carries for the browser. It owns the one database login that may check credentials.
package signin

import (
	"context"
	"crypto/sha256"
	"errors"
	"fmt"
	"runtime"
	"strings"
	"time"

	"github.com/alexedwards/argon2id"
	"github.com/google/uuid"
	"github.com/jackc/pgx/v5/pgxpool"

	"samspil/internal/actor"
	"samspil/internal/fault"
)

// ErrWrong says that address and password do not belong together. It never says which of the two is wrong.
var ErrWrong = errors.New("wrong address or password")

// Wait says that there have been too many wrong guesses; the next one counts after this long.
type Wait struct{ For time.Duration }

// Error tells how long.
func (w Wait) Error() string { return fmt.Sprintf("too many guesses; wait %s", w.For) }

// Hashing is the cost of a password: 64 MiB, 3 passes (security.md 5.1). Tests and the demo
// municipality verify hashes of any cost, since a hash carries its own.
var Hashing = &argon2id.Params{Memory: 64 * 1024, Iterations: 3, Parallelism: 2, SaltLength: 16, KeyLength: 32}

// HashPassword makes the hash that is stored of a password.
func HashPassword(password string) (string, error) { return argon2id.CreateHash(password, Hashing) }

// Desk is where people sign in.
type Desk struct {
	pool    *pgxpool.Pool
	hashing chan struct{} // as many password hashes at once as there are cores, or memory runs out
	decoy   string        // is verified for an unknown address, so that it takes the same time
}

// NewDesk connects to url, the login samspil_login.
func NewDesk(ctx context.Context, url string) (*Desk, error) {
	cfg, err := pgxpool.ParseConfig(url)
	if err != nil {
		return nil, errors.New("the sign-in database URL cannot be understood") // err would show the password
	}
	cfg.MaxConns = 4
	pool, err := pgxpool.NewWithConfig(ctx, cfg)
	if err != nil {
		return nil, fmt.Errorf("open sign-in pool: %w", err)
	}
	decoy, err := HashPassword(uuid.NewString())
	if err != nil {
		return nil, err
	}
	return &Desk{pool: pool, hashing: make(chan struct{}, runtime.GOMAXPROCS(0)), decoy: decoy}, nil
}

// Close closes the connections.
func (d *Desk) Close() { d.pool.Close() }

// Attempt is one try to sign in.
type Attempt struct {
	Email, Password string
	Net             string // the network it comes from: IPv4 /24, IPv6 /48
	Device          string // content of the device cookie, or empty
}

// Check returns the person whose address and password these are, or [ErrWrong], [Wait] or [fault.Busy].
// A browser from which the person has signed in before has a count of its own, so a stranger
// cannot lock anybody out by failing on purpose.
func (d *Desk) Check(ctx context.Context, a Attempt) (uuid.UUID, error) {
	email, device := strings.ToLower(strings.TrimSpace(a.Email)), deviceHash(a.Device)
	leave, err := d.queue(ctx)
	if err != nil {
		return uuid.Nil, err
	}
	defer leave() // after the guess has been counted: guesses sent at once find the count of those before them
	var id *uuid.UUID
	var hash *string
	var wait int
	if err := d.pool.QueryRow(ctx, `SELECT user_id, password_hash, wait FROM auth.credential($1, $2, $3)`, email, a.Net, device).Scan(&id, &hash, &wait); err != nil {
		return uuid.Nil, fmt.Errorf("%w: read credential: %w", fault.Busy, err)
	}
	if wait > 0 {
		return uuid.Nil, Wait{time.Duration(wait) * time.Second}
	}
	if hash == nil {
		hash = &d.decoy
	}
	ok, err := argon2id.ComparePasswordAndHash(a.Password, *hash)
	if err != nil {
		return uuid.Nil, err
	}
	if !ok || id == nil {
		// also when the one who guessed has hung up meanwhile
		if _, err := d.pool.Exec(context.WithoutCancel(ctx), `SELECT auth.sign_in_failed($1, $2, $3)`, email, a.Net, device); err != nil {
			return uuid.Nil, fmt.Errorf("count failure: %w", err)
		}
		return uuid.Nil, ErrWrong
	}
	return *id, nil
}

// Role returns the role of somebody who has just proved who they are: it decides where their day opens.
func (d *Desk) Role(ctx context.Context, who uuid.UUID) (actor.Role, error) {
	var role *actor.Role
	if err := d.pool.QueryRow(ctx, `SELECT auth.role_of($1)`, who).Scan(&role); err != nil {
		return "", err
	}
	if role == nil {
		return "", fault.SignedOut
	}
	return *role, nil
}

// queue waits for a place at the desk. There are as many as cores: each hash takes much memory.
func (d *Desk) queue(ctx context.Context) (leave func(), err error) {
	select {
	case d.hashing <- struct{}{}:
		return func() { <-d.hashing }, nil
	case <-time.After(5 * time.Second):
		return nil, fault.Busy
	case <-ctx.Done():
		return nil, ctx.Err()
	}
}

// Locked returns the address and name of the person whose session waits behind the lock, if it does.
func (d *Desk) Locked(ctx context.Context, token string) (email, name string, err error) {
	rows, err := d.pool.Query(ctx, `SELECT email, name FROM auth.locked_user($1)`, token)
	if err != nil {
		return "", "", err
	}
	defer rows.Close()
	if !rows.Next() {
		return "", "", errors.Join(fault.SignedOut, rows.Err())
	}
	return email, name, rows.Scan(&email, &name)
}

// Unlock opens a locked session to the person who locked it.
func (d *Desk) Unlock(ctx context.Context, token string, who uuid.UUID) error {
	var ok bool
	if err := d.pool.QueryRow(ctx, `SELECT auth.unlock_session($1, $2)`, who, token).Scan(&ok); err != nil {
		return err
	}
	if !ok {
		return fault.SignedOut
	}
	return nil
}

func (d *Desk) openSession(ctx context.Context, who uuid.UUID, token, device string) error {
	var ok bool
	if err := d.pool.QueryRow(ctx, `SELECT auth.open_session($1, $2, $3)`, who, token, deviceHash(device)).Scan(&ok); err != nil {
		return err
	}
	if !ok {
		return fault.SignedOut
	}
	return nil
}

func deviceHash(device string) []byte {
	if device == "" {
		return nil
	}
	sum := sha256.Sum256([]byte(device))
	return sum[:]
}
