package schema_test

import (
	"context"
	"io/fs"
	"strings"
	"sync"
	"testing"

	"github.com/jackc/pgx/v5"

	"samspil/internal/keys"
	"samspil/internal/schema"
	"samspil/internal/testkit"
	"samspil/migrations"
)

func connect(t *testing.T, url string) *pgx.Conn {
	t.Helper()
	conn, err := pgx.Connect(t.Context(), url)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = conn.Close(context.Background()) })
	return conn
}

func TestSeveralInstancesMigrateAtOnceAndAgain(t *testing.T) {
	url := testkit.Fresh(t)
	var all sync.WaitGroup
	for range 4 {
		all.Go(func() {
			if err := schema.Up(t.Context(), url, testkit.Keys); err != nil {
				t.Errorf("at once: %v", err)
			}
		})
	}
	all.Wait()
	if err := schema.Up(t.Context(), url, testkit.Keys); err != nil {
		t.Errorf("again: %v", err)
	}
	files, err := fs.Glob(migrations.FS, "*.up.sql")
	if err != nil || len(files) == 0 {
		t.Fatal("no migrations", err)
	}
	newest := files[len(files)-1][:6]
	var version string
	if err := connect(t, url).QueryRow(t.Context(), `SELECT lpad(version::text, 6, '0') FROM public.schema_migrations WHERE NOT dirty`).Scan(&version); err != nil || version != newest {
		t.Errorf("at version %q, want %q: %v", version, newest, err)
	}
}

func TestSeveralDatabasesOfOneServerAreMigratedAtOnce(t *testing.T) {
	var all sync.WaitGroup
	for range 5 {
		url := testkit.Fresh(t)
		all.Go(func() {
			for range 3 {
				if err := schema.Up(t.Context(), url, testkit.Keys); err != nil {
					t.Errorf("beside others: %v", err)
				}
			}
		})
	}
	all.Wait()
}

func TestReferenceDataIsBroughtUpToDateAndNothingLost(t *testing.T) {
	url := testkit.Fresh(t)
	if err := schema.Up(t.Context(), url, testkit.Keys); err != nil {
		t.Fatal(err)
	}
	conn := connect(t, url)
	for _, sql := range []string{
		`UPDATE app.reference_item SET da = 'Forkert' WHERE kind = 'areas' AND code = 'child'`,
		`INSERT INTO app.reference_item (kind, code, da, en, position, data, version) VALUES ('areas', 'gone', 'Udgået', 'Gone', 9, '{}', '0')`,
	} {
		if _, err := conn.Exec(t.Context(), sql); err != nil {
			t.Fatal(err)
		}
	}
	if err := schema.Up(t.Context(), url, testkit.Keys); err != nil {
		t.Fatal(err)
	}
	var name string
	var retired bool
	if err := conn.QueryRow(t.Context(), `SELECT (SELECT da FROM app.reference_item WHERE kind = 'areas' AND code = 'child'), (SELECT retired_at IS NOT NULL FROM app.reference_item WHERE code = 'gone')`).Scan(&name, &retired); err != nil {
		t.Fatal(err)
	}
	if name != "Børne- og ungeområdet" || !retired {
		t.Errorf("the area is called %q, the code that left is retired: %t", name, retired)
	}
}

func TestBrokenMigrationIsNamedWithItsRemedy(t *testing.T) {
	url := testkit.Fresh(t)
	if err := schema.Up(t.Context(), url, testkit.Keys); err != nil {
		t.Fatal(err)
	}
	if _, err := connect(t, url).Exec(t.Context(), `UPDATE public.schema_migrations SET dirty = true`); err != nil {
		t.Fatal(err)
	}
	if err := schema.Up(t.Context(), url, testkit.Keys); err == nil || !strings.Contains(err.Error(), "migrate force") {
		t.Errorf("says %v", err)
	}
}

func TestLoginURLNeverKeepsTheAdministratorsPassword(t *testing.T) {
	k := keys.From("x")
	for _, admin := range []string{"postgres://postgres:secret@db.test:5432/samspil?sslmode=require", "postgres:///samspil?host=/run/pg&user=postgres&password=secret"} {
		got, err := schema.LoginURL(admin, "samspil_app", k)
		if err != nil || strings.Contains(got, "secret") || !strings.Contains(got, "samspil_app:"+k.Password("samspil_app")+"@") {
			t.Errorf("LoginURL(%q) = %q, %v", admin, got, err)
		}
	}
}
