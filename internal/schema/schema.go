// Package schema brings a database up to the program's own version: migrations, the passwords of
// its logins, and the reference data. It runs as an administrator of the database server; nothing
// that serves a page does.
package schema

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"net/url"
	"strings"
	"time"

	"github.com/golang-migrate/migrate/v4"
	_ "github.com/golang-migrate/migrate/v4/database/pgx/v5" // the pgx5:// driver
	"github.com/golang-migrate/migrate/v4/source/iofs"
	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"

	"samspil/internal/keys"
	"samspil/internal/reference"
	"samspil/migrations"
)

// lockKey is the advisory lock that lets one migrator at a time through.
const lockKey = 73_617_115

// Logins are the database logins that the program uses, each with less than the last.
var Logins = []string{"samspil_app", "samspil_login", "samspil_job", "samspil_audit"}

// ErrDirty says that an earlier migration broke off in the middle.
var ErrDirty = errors.New("an earlier migration broke off half-way")

// ErrOtherKey says that the key file does not belong to the database.
var ErrOtherKey = errors.New("this database was made with another key: bring back the key file that belongs to it (KEY_FILE); with a new one nothing that is sealed can ever be read")

// oldest is the first Postgres 15 without the known holes in row security (security.md 3.3).
const oldest = 150014

// Up migrates the database behind adminURL, sets the logins' passwords and loads the reference data.
// It may be run as often as one likes, and by several instances at once.
func Up(ctx context.Context, adminURL string, k keys.Keys) error {
	return UpFrom(ctx, migrations.FS, adminURL, k)
}

// UpFrom is [Up] with migrations from elsewhere: the tests of the tests alter them one rule at a time.
func UpFrom(ctx context.Context, files fs.FS, adminURL string, k keys.Keys) error {
	conn, err := pgx.Connect(ctx, adminURL)
	if err != nil {
		return fmt.Errorf("connect as administrator: %w", err)
	}
	defer conn.Close(context.WithoutCancel(ctx)) // and so unlock
	var version int
	if err := conn.QueryRow(ctx, `SELECT current_setting('server_version_num')::int`).Scan(&version); err != nil {
		return err
	}
	if version < oldest {
		return fmt.Errorf("this Postgres is %d.%d, which is too old: 15.14 or newer is needed, for its repairs of row security", version/10000, version%10000)
	}
	// Polling, never blocking: CREATE INDEX CONCURRENTLY would wait for a blocked locker for ever.
	for got := false; !got; {
		if err := conn.QueryRow(ctx, `SELECT pg_try_advisory_lock($1)`, lockKey).Scan(&got); err != nil {
			return err
		}
		if !got {
			select {
			case <-ctx.Done():
				return ctx.Err()
			case <-time.After(100 * time.Millisecond):
			}
		}
	}
	if err := apply(files, adminURL); err != nil {
		return err
	}
	if _, err := conn.Exec(ctx, `SELECT meta.own_database()`); err != nil { // a copied or restored database has lost it
		return fmt.Errorf("settle the database: %w", err)
	}
	if err := sameKey(ctx, conn, k); err != nil {
		return err
	}
	for _, login := range Logins {
		if err := setPassword(ctx, conn, login, k.Password(login)); err != nil {
			return fmt.Errorf("set password of %s: %w", login, err)
		}
	}
	return reference.Load(ctx, conn)
}

// setPassword gives a login its password. Logins belong to the whole server, and our lock to one database: when another
// database is migrated at the same moment, Postgres refuses one of the two, who then tries again.
func setPassword(ctx context.Context, conn *pgx.Conn, login, password string) (err error) {
	for range 20 {
		// ALTER ROLE takes no parameters; the password is base64url and needs no escape
		_, err = conn.Exec(ctx, fmt.Sprintf(`ALTER ROLE %s PASSWORD '%s'`, login, password))
		var refused *pgconn.PgError
		if !errors.As(err, &refused) || refused.Code != "XX000" { // "tuple concurrently updated" has no code of its own
			return err
		}
		time.Sleep(20 * time.Millisecond)
	}
	return err
}

// sameKey refuses another key than the one that the database was made with.
func sameKey(ctx context.Context, conn *pgx.Conn, k keys.Keys) error {
	var same bool
	err := conn.QueryRow(ctx, `INSERT INTO meta.installation AS i (id, key_sign) VALUES (1, $1) ON CONFLICT (id) DO UPDATE SET key_sign = i.key_sign RETURNING key_sign = $1`, k.Sign()).Scan(&same)
	if err == nil && !same {
		err = ErrOtherKey
	}
	return err
}

func apply(files fs.FS, adminURL string) error {
	m, err := migrator(files, adminURL)
	if err != nil {
		return err
	}
	defer m.Close()
	var dirty migrate.ErrDirty
	switch err := m.Up(); {
	case err == nil, errors.Is(err, migrate.ErrNoChange):
		return nil
	case errors.As(err, &dirty):
		return fmt.Errorf("%w: version %d; mend its cause, then run: samspil migrate force %d", ErrDirty, dirty.Version, dirty.Version-1)
	default:
		return fmt.Errorf("migrate: %w", err)
	}
}

func migrator(files fs.FS, adminURL string) (*migrate.Migrate, error) {
	src, err := iofs.New(files, ".")
	if err != nil {
		return nil, err
	}
	return migrate.NewWithSourceInstance("iofs", src, "pgx5"+strings.TrimPrefix(strings.TrimPrefix(adminURL, "postgresql"), "postgres"))
}

// Force marks the database as being at version, after a broken migration has been looked at by a person.
func Force(adminURL string, version int) error {
	m, err := migrator(migrations.FS, adminURL)
	if err != nil {
		return err
	}
	defer m.Close()
	return m.Force(version)
}

// Steps goes n migrations up, or down when n is negative.
func Steps(adminURL string, n int) error {
	m, err := migrator(migrations.FS, adminURL)
	if err != nil {
		return err
	}
	defer m.Close()
	return m.Steps(n)
}

// LoginURL is adminURL with another login, whose password comes from k.
func LoginURL(adminURL, login string, k keys.Keys) (string, error) {
	u, err := url.Parse(adminURL)
	if err != nil {
		return "", errors.New("the database URL cannot be understood")
	}
	u.User = url.UserPassword(login, k.Password(login))
	q := u.Query()
	q.Del("user") // a socket URL may carry them as parameters
	q.Del("password")
	u.RawQuery = q.Encode()
	return u.String(), nil
}
