package main

import (
	"context"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"
)

func TestAllPackagesUnlessSomeAreNamed(t *testing.T) {
	for args, want := range map[string]string{
		"":                      "./...",
		"-race":                 "-race ./...",
		"-run Sag -v":           "-run Sag -v ./...",
		"-run=Sag ./internal/a": "-run=Sag ./internal/a",
		"-race .":               "-race .",
		"-v -args x":            "-v ./... -args x",
		"-count 1 -run A":       "-count 1 -run A ./...",
	} {
		if got := withPackages(strings.Fields(args)); !slices.Equal(got, strings.Fields(want)) {
			t.Errorf("%q became %q", args, got)
		}
	}
}

// module is a package with one test, in a directory that becomes the working directory.
func module(t *testing.T, test string) (dir string) {
	t.Helper()
	dir = t.TempDir()
	t.Chdir(dir)
	for name, text := range map[string]string{
		"go.mod":    "module probe\n\ngo 1.26.0\n",
		"a_test.go": "package probe\n\nimport (\"os\"; \"testing\"; \"time\")\n\nvar _, _ = os.Getenv, time.Sleep\n\nfunc TestProbe(t *testing.T) {\n" + test + "\n}\n",
	} {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	return dir
}

func TestResultOfTheTestsIsTheResultOfTheRun(t *testing.T) {
	t.Setenv("DATABASE_URL", "")
	dir := module(t, `
		os.WriteFile("seen", []byte(os.Getenv("TEST_DATABASE_URL")+" "+os.Getenv("CHROME_BIN")), 0o644)
		if os.Getenv("TEST_DATABASE_URL") == "" || os.Getenv("CHROME_BIN") == "" { t.Error("not given") }`)
	if code, err := test(t.Context(), []string{"-count=1"}); code != 0 || err != nil {
		t.Errorf("a good test: %d, %v", code, err)
	}
	seen, err := os.ReadFile(filepath.Join(dir, "seen"))
	if err != nil || !strings.HasPrefix(string(seen), "postgres://postgres:") || !strings.Contains(string(seen), "/postgres?") {
		t.Errorf("the test saw %q, %v", seen, err)
	}
	nothingLeft(t)
	module(t, `t.Error("as it should")`)
	if code, err := test(t.Context(), []string{"-count=1"}); code != 1 || err != nil {
		t.Errorf("a bad test: %d, %v", code, err)
	}
	nothingLeft(t)
}

func TestGivenServerIsUsed(t *testing.T) {
	t.Setenv("DATABASE_URL", "postgres://given/postgres")
	module(t, `if os.Getenv("TEST_DATABASE_URL") != "postgres://given/postgres" || os.Getenv("DATABASE_URL") != "" { t.Error(os.Environ()) }`)
	if code, err := test(t.Context(), []string{"-count=1"}); code != 0 || err != nil {
		t.Errorf("%d, %v", code, err)
	}
}

func TestInterruptEndsTheTestsAndThenTheDatabase(t *testing.T) {
	t.Setenv("DATABASE_URL", "")
	dir := module(t, `os.WriteFile("begun", nil, 0o644); time.Sleep(time.Minute); os.WriteFile("survived", nil, 0o644)`)
	ctx, interrupt := context.WithCancel(t.Context())
	go func() {
		for {
			if _, err := os.Stat(filepath.Join(dir, "begun")); err == nil {
				interrupt()
				return
			}
			time.Sleep(20 * time.Millisecond)
		}
	}()
	begun := time.Now()
	if code, err := test(ctx, nil); code != 130 || err == nil {
		t.Errorf("%d, %v", code, err)
	}
	if time.Since(begun) > 50*time.Second {
		t.Error("it waited for the test")
	}
	nothingLeft(t)
}

func TestMissingThingsAreNamedWithTheCommand(t *testing.T) {
	t.Setenv("CHROME_BIN", "/no/browser")
	if code, err := test(t.Context(), nil); code == 0 || err == nil || !strings.Contains(err.Error(), "CHROME_BIN") {
		t.Errorf("%d, %v", code, err)
	}
	t.Setenv("CHROME_BIN", "/bin/sh")
	t.Setenv("PATH", t.TempDir())
	if code, err := test(t.Context(), []string{"-race"}); code == 0 || err == nil || !strings.Contains(err.Error(), "apt-get install gcc") {
		t.Errorf("%d, %v", code, err)
	}
}

func nothingLeft(t *testing.T) {
	t.Helper()
	for _, base := range []string{"/dev/shm", os.TempDir()} {
		if left, _ := filepath.Glob(filepath.Join(base, "samspil-test-"+pid())); len(left) > 0 {
			t.Errorf("left behind: %v", left)
		}
	}
}

func pid() string { return strconv.Itoa(os.Getpid()) }
