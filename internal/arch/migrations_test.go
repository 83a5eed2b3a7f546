package arch

import (
	"io/fs"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/jackc/pgx/v5"

	"samspil/internal/schema"
	"samspil/internal/testkit"
	"samspil/migrations"
)

func migrationNames(t *testing.T) []string {
	t.Helper()
	names, err := fs.Glob(migrations.FS, "*.sql")
	if err != nil {
		t.Fatal(err)
	}
	return names
}

// Two migrations of one number are an error only when both have landed; and what cannot be taken back is said in no down file.
func TestMigrationsAreNumberedAndPaired(t *testing.T) {
	form := regexp.MustCompile(`^(\d{6})_[a-z_]+\.(up|down)\.sql$`)
	seen := map[string]string{}
	names := migrationNames(t)
	for _, name := range names {
		m := form.FindStringSubmatch(name)
		if m == nil {
			t.Errorf("%s: not 000042_what_it_does.up.sql", name)
			continue
		}
		if other := seen[m[1]+m[2]]; other != "" {
			t.Errorf("%s and %s have one number", name, other)
		}
		seen[m[1]+m[2]] = name
		if down := strings.TrimSuffix(name, "up.sql") + "down.sql"; m[2] == "up" && !slices.Contains(names, down) {
			t.Errorf("%s has no way down", name)
		}
		raw, err := migrations.FS.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		if m[2] == "up" && !strings.HasPrefix(string(raw), "--") {
			t.Errorf("%s does not say what it is for", name)
		}
		// what must hold of every table and function is said at the end of every migration
		if m[2] == "up" && m[1] > "000001" && !strings.HasSuffix(strings.TrimSpace(string(raw)), "SELECT meta.settle();") {
			t.Errorf("%s does not end with SELECT meta.settle();", name)
		}
	}
}

func TestMigrationsGoUpAndDown(t *testing.T) {
	url := testkit.Fresh(t)
	up := func() {
		t.Helper()
		if err := schema.Up(t.Context(), url, testkit.Keys); err != nil {
			t.Fatal(err)
		}
	}
	steps := func(n int) {
		t.Helper()
		if err := schema.Steps(url, n); err != nil {
			t.Fatal(err)
		}
	}
	up()
	before := catalogue(t, url)
	for range 3 {
		steps(-1)
	}
	up()
	if after := catalogue(t, url); !slices.Equal(before, after) {
		t.Errorf("three down and up again is not the same:\nbefore %q\nafter  %q", only(before, after), only(after, before))
	}
	steps(-len(migrationNames(t)) / 2)
	if left := catalogue(t, url); len(left) > 0 {
		t.Errorf("all the way down leaves %q", left)
	}
	up()
	if after := catalogue(t, url); !slices.Equal(before, after) {
		t.Errorf("all the way down and up again is not the same:\nbefore %q\nafter  %q", only(before, after), only(after, before))
	}
}

// catalogue lists every table with its columns, every function with its body, every policy and every index of ours.
func catalogue(t *testing.T, url string) []string {
	t.Helper()
	c, err := pgx.Connect(t.Context(), url)
	if err != nil {
		t.Fatal(err)
	}
	defer c.Close(t.Context())
	rows, _ := c.Query(t.Context(), `
		SELECT x FROM (
		  SELECT 'column ' || c.oid::regclass || '.' || a.attname || ' ' || format_type(a.atttypid, a.atttypmod) || ' ' || a.attnotnull || ' ' || coalesce(array_to_string(a.attacl, ','), '') AS x
		    FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped WHERE c.relkind = 'r' AND `+ours("c.relnamespace")+`
		  UNION ALL SELECT 'table ' || c.oid::regclass || ' ' || c.relforcerowsecurity || ' ' || coalesce(array_to_string(c.relacl, ','), '') FROM pg_class c WHERE c.relkind = 'r' AND `+ours("c.relnamespace")+`
		  UNION ALL SELECT 'function ' || p.oid::regprocedure || ' ' || md5(pg_get_functiondef(p.oid)) || ' ' || coalesce(array_to_string(p.proacl, ','), '') FROM pg_proc p WHERE `+ours("p.pronamespace")+`
		  UNION ALL SELECT 'policy ' || tablename || '.' || policyname || ' ' || md5(coalesce(qual, '') || coalesce(with_check, '') || cmd || roles::text) FROM pg_policies WHERE schemaname IN ('app','auth','audit')
		  UNION ALL SELECT 'index ' || indexdef FROM pg_indexes WHERE schemaname IN ('app','auth','audit')
		  UNION ALL SELECT 'constraint ' || conrelid::regclass || ' ' || pg_get_constraintdef(oid) FROM pg_constraint k WHERE `+ours("k.connamespace")+`
		  UNION ALL SELECT 'trigger ' || pg_get_triggerdef(g.oid) FROM pg_trigger g JOIN pg_class c ON c.oid = g.tgrelid WHERE NOT g.tgisinternal AND `+ours("c.relnamespace")+`
		) q ORDER BY x`)
	list, err := pgx.CollectRows(rows, pgx.RowTo[string])
	if err != nil {
		t.Fatal(err)
	}
	return list
}

func ours(column string) string {
	return column + ` IN (SELECT oid FROM pg_namespace WHERE nspname IN ('app','auth','audit'))`
}

// only are the lines of a that b lacks.
func only(a, b []string) []string {
	return slices.DeleteFunc(slices.Clone(a), func(s string) bool { return slices.Contains(b, s) })
}
