// Package testkit gives tests a real Postgres with a small office in it.
//
// [Office] clones a migrated database, so a test may commit, fail and race as it likes:
// opening a case needs a committed trace, and a rolled-back test would never see one.
// The server is the one that TEST_DATABASE_URL names; "make test" starts one. Without it a
// test fails: it never skips.
package testkit

import (
	"context"
	"crypto/sha256"
	"fmt"
	"io/fs"
	"net/url"
	"os"
	"strings"
	"sync"
	"testing"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"

	"samspil/internal/db"
	"samspil/internal/keys"
	"samspil/internal/reference"
	"samspil/internal/schema"
	"samspil/migrations"
)

// Keys are the keys of every test installation.
var Keys = keys.From("testkit")

// templateLock is the advisory lock under which test packages that run at once build the template.
const templateLock = 4711

// server returns the URL of a database on the test server.
func server(database string) string {
	base := os.Getenv("TEST_DATABASE_URL")
	if base == "" {
		panic("no test database: run \"make test\", or \"go run ./internal/testrun ./path/to/package\"")
	}
	u := must(url.Parse(base))
	u.Path = "/" + database
	return u.String()
}

// clone makes a database of the test's own and returns the administrator's URL for it.
func clone(t testing.TB, template string) string {
	t.Helper()
	name := "test_" + strings.ReplaceAll(uuid.NewString(), "-", "")
	run(t.Context(), "postgres", fmt.Sprintf("CREATE DATABASE %s TEMPLATE %s STRATEGY FILE_COPY", name, template))
	t.Cleanup(func() { run(context.Background(), "postgres", "DROP DATABASE IF EXISTS "+name+" WITH (FORCE)") })
	if template != "template0" {
		run(t.Context(), name, `SELECT meta.own_database()`) // a copy has lost who may enter, and the limits of its logins
	}
	return server(name)
}

// template returns the name of a migrated database with the office in it, built once per set of
// migrations. Nobody connects to it, or it could not be cloned.
var template = sync.OnceValue(func() string {
	return build("office", officeSQL, func(ctx context.Context, url string) error {
		c := must(pgx.Connect(ctx, url))
		defer c.Close(ctx)
		_, err := c.Exec(ctx, officeSQL)
		return err
	})
})

// migrationFiles are the program's own, or those of a directory in which one rule has been broken, to see
// that the tests notice (internal/mutate).
func migrationFiles() fs.FS {
	if dir := os.Getenv("SAMSPIL_TEST_MIGRATIONS"); dir != "" {
		return os.DirFS(dir)
	}
	return migrations.FS
}

// build makes a migrated template database and has it filled. It is named after everything that goes
// into it: the migrations, the reference data, and content.
func build(kind, content string, fill func(ctx context.Context, url string) error) string {
	ctx, sum, files := context.Background(), sha256.New(), migrationFiles()
	for _, f := range must(fs.Glob(files, "*.sql")) {
		sum.Write(must(fs.ReadFile(files, f)))
	}
	sum.Write([]byte(content + reference.Version()))
	if os.Getenv("SAMSPIL_TEST_MIGRATIONS") != "" {
		kind = "altered_" + kind // so that internal/mutate finds what it has to clear away
	}
	name := fmt.Sprintf("template_%s_%x", kind, sum.Sum(nil)[:6])
	c := must(pgx.Connect(ctx, server("postgres")))
	defer c.Close(ctx) // and so unlock
	must(c.Exec(ctx, `SELECT pg_advisory_lock($1)`, templateLock))
	if must(c.Exec(ctx, `SELECT FROM pg_database WHERE datname = $1`, name)).RowsAffected() > 0 {
		return name
	}
	must(c.Exec(ctx, "DROP DATABASE IF EXISTS "+name+"_new"))
	must(c.Exec(ctx, "CREATE DATABASE "+name+"_new"))
	if err := schema.UpFrom(ctx, files, server(name+"_new"), Keys); err != nil {
		panic(err)
	}
	if err := fill(ctx, server(name+"_new")); err != nil {
		panic(err)
	}
	must(c.Exec(ctx, "ALTER DATABASE "+name+"_new RENAME TO "+name)) // only a finished one bears the name
	return name
}

// Fresh returns an administrator's URL of a new, empty database, for tests of migrating and seeding.
func Fresh(t testing.TB) string {
	t.Helper()
	return clone(t, "template0")
}

// open connects to a database as the application's own login does.
func open(t testing.TB, adminURL string, tune func(*pgxpool.Config)) *db.DB {
	t.Helper()
	d := must(db.Open(context.Background(), must(schema.LoginURL(adminURL, "samspil_app", Keys)), func(c *pgxpool.Config) {
		c.MaxConns = 4
		if tune != nil {
			tune(c)
		}
	}))
	t.Cleanup(d.Close)
	return d
}

func run(ctx context.Context, database, sql string) {
	c := must(pgx.Connect(ctx, server(database)))
	defer c.Close(context.WithoutCancel(ctx))
	must(c.Exec(ctx, sql))
}

func must[T any](v T, err error) T {
	if err != nil {
		panic(err)
	}
	return v
}
