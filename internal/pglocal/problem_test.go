package pglocal

import (
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// refused starts a server that cannot start, and looks for what the user must be told.
func refused(t *testing.T, dir string, words ...string) {
	t.Helper()
	s, err := Start(t.Context(), Options{Dir: dir})
	if err == nil {
		s.Stop(t.Context())
		t.Fatal("the server started")
	}
	var p Problem
	if !errors.As(err, &p) {
		t.Fatalf("no Problem: %v", err)
	}
	t.Log(err)
	if strings.Contains(err.Error(), "\n") || p.What == "" || p.Remedy == "" {
		t.Errorf("not one sentence with a remedy: %q", err)
	}
	for _, w := range words {
		if !strings.Contains(err.Error(), w) {
			t.Errorf("%q does not say %q", err, w)
		}
	}
}

func TestDirectoryThatCannotBeWritten(t *testing.T) {
	dir := room(t)
	if os.Geteuid() != 0 { // root may write everywhere
		must(t, os.Chmod(dir, 0o555))
		refused(t, filepath.Join(dir, "pg"), "may not write to "+dir, "let "+self().name+" write to "+dir)
	}
	must(t, os.Chmod(dir, 0o755))
	if os.Geteuid() != 0 {
		shut := filepath.Join(dir, "shut")
		must(t, os.Mkdir(shut, 0o500))
		refused(t, shut, "may not write to "+shut, "chown -R "+self().name+" "+shut)
	}
	file := filepath.Join(dir, "file")
	must(t, os.WriteFile(file, nil, 0o600))
	refused(t, file, "no way to make that directory", "move away")
	refused(t, filepath.Join(file, "pg"), "no way to make that directory (not a directory)", "move away")
}

func TestSomebodyElsesDatabase(t *testing.T) {
	if os.Geteuid() == 0 {
		return // see the run as an ordinary user
	}
	refused(t, "/root/pg", "may not write to", "belongs to root", "a checkout of your own")
}

func TestBrokenDatabase(t *testing.T) {
	for name, spoil := range map[string]func(data string) error{
		"PG_VERSION": func(data string) error { return os.WriteFile(filepath.Join(data, "PG_VERSION"), []byte("?!"), 0o600) },
		"pg_control": func(data string) error { return os.Truncate(filepath.Join(data, "global/pg_control"), 100) },
		"pg_wal":     func(data string) error { return os.RemoveAll(filepath.Join(data, "pg_wal")) },
	} {
		t.Run(name, func(t *testing.T) {
			dir := filepath.Join(room(t), "pg")
			must(t, start(t, dir).Stop(t.Context()))
			must(t, spoil(filepath.Join(dir, "data")))
			refused(t, dir, "cannot use the database in "+dir, "mv "+dir)
		})
	}
}

func TestDatabaseOfAnotherVersion(t *testing.T) {
	dir := filepath.Join(room(t), "pg")
	must(t, start(t, dir).Stop(t.Context()))
	must(t, os.WriteFile(filepath.Join(dir, "data/PG_VERSION"), []byte("99\n"), 0o600))
	refused(t, dir, "made by Postgres 99", "install Postgres 99")
}

func TestPasswordFileGone(t *testing.T) {
	dir := filepath.Join(room(t), "pg")
	must(t, start(t, dir).Stop(t.Context()))
	must(t, os.Remove(filepath.Join(dir, "password")))
	refused(t, dir, "password of the database is gone", "mv "+dir)
}

func TestPostgresThatIsMissingOldOrSwearing(t *testing.T) {
	bin := filepath.Join(room(t), "bin")
	t.Setenv("POSTGRES_BIN", bin)
	refused(t, filepath.Join(room(t), "pg"), "no Postgres is installed", "install")

	must(t, os.Mkdir(bin, 0o755))
	program := func(name, text string) {
		must(t, os.WriteFile(filepath.Join(bin, name), []byte("#!/bin/sh\n"+text), 0o755))
	}
	program("initdb", "echo 'initdb: error: something went wrong' >&2; exit 1")
	program("postgres", "echo 'postgres (PostgreSQL) 15.13 (Debian)'")
	refused(t, filepath.Join(room(t), "pg"), "15.13", "too old", "row-level security", "15.14", "apt-get")

	program("postgres", "echo 'postgres (PostgreSQL) 15.14'")
	refused(t, filepath.Join(room(t), "pg"), "could not make a database", "something went wrong", "install Postgres anew")

	program("initdb", "echo 'initdb: error: could not write: No space left on device' >&2; exit 1")
	refused(t, filepath.Join(room(t), "pg"), "is full", "MB", "df -h")
}

func TestLastWordsOfPostgres(t *testing.T) {
	p := place{dir: "/srv/pg", owner: account{1, 1, "postgres"}}
	for line, want := range map[string]string{
		`FATAL:  could not write lock file "postmaster.pid": No space left on device`:  "disk with /srv/pg is full",
		`FATAL:  could not open file "postmaster.pid": Read-only file system`:          "may not write to /srv/pg",
		`FATAL:  could not map anonymous shared memory: Cannot allocate memory`:        "too little memory",
		`initdb: error: could not look up effective user ID 4711: user does not exist`: "no name on this machine",
		`PANIC:  could not locate a valid checkpoint record`:                           "cannot use the database in /srv/pg (PANIC: could not locate",
	} {
		if got := p.explain([]string{"LOG:  starting", line, "LOG:  database system is shut down"}).Error(); !strings.Contains(got, want) {
			t.Errorf("%s\n explained as %q, without %q", line, got, want)
		}
	}
}

func TestVersions(t *testing.T) {
	for text, want := range map[string]bool{
		"postgres (PostgreSQL) 15.18 (Debian 15.18-0+deb12u1)": true,
		"postgres (PostgreSQL) 15.13":                          false,
		"postgres (PostgreSQL) 16.9":                           false,
		"postgres (PostgreSQL) 16.10":                          true,
		"postgres (PostgreSQL) 17.5":                           false,
		"postgres (PostgreSQL) 18.1 (Homebrew)":                true,
		"postgres (PostgreSQL) 14.25":                          false,
		"something else":                                       false,
	} {
		if b, ok := parseVersion("/", text); (ok && b.safe()) != want {
			t.Errorf("%s: %+v, %v", text, b, ok)
		}
	}
}
