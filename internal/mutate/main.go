// Mutate breaks one rule of the database at a time, in a copy of the migrations, and demands that a test of
// one of the packages in testsOf fails. A mutation that no test notices is printed as missed, and the program ends with 1.
//
//	go run ./internal/mutate [-run regexp] [-v]
//
// It starts a throwaway Postgres, or uses the server of TEST_DATABASE_URL.
package main

import (
	"bytes"
	"context"
	"errors"
	"flag"
	"fmt"
	"os"
	"os/exec"
	"os/signal"
	"path/filepath"
	"regexp"
	"runtime"
	"strings"
	"sync"
	"syscall"
	"time"

	"github.com/jackc/pgx/v5"

	"samspil/internal/pglocal"
	"samspil/migrations"
)

// testsOf are the packages whose tests are tested: who sees what, and what waits for the risk assessment (R10, R1); reports
// and fresh eyes (R3, R4), screening, the clocks of the law (R2), check-ins, what happens to a case, decisions, the steps of a plan, the forum, reminders and absence.
var testsOf = []string{"internal/access", "internal/risk", "internal/concern", "internal/screening", "internal/deadline", "internal/safety", "internal/prompt", "internal/decision", "internal/plan",
	"internal/sharing", "internal/forum", "internal/remind", "internal/absence", "internal/mandate"}

func main() {
	only := flag.String("run", "", "only the mutations whose name matches")
	verbose := flag.Bool("v", false, "show which test caught a mutation")
	flag.Parse()
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	if err := run(ctx, *only, *verbose); err != nil {
		fmt.Fprintln(os.Stderr, "make mutate-access: "+err.Error())
		os.Exit(1)
	}
}

func run(ctx context.Context, only string, verbose bool) error {
	pattern, err := regexp.Compile(only)
	if err != nil {
		return err
	}
	if _, err := os.Stat(testsOf[0]); err != nil {
		return errors.New("run it in the root of the project")
	}
	dir, err := os.MkdirTemp("", "samspil-mutate-")
	if err != nil {
		return err
	}
	defer os.RemoveAll(dir)
	bench := workbench{dir: dir}
	for _, pkg := range testsOf {
		build := exec.CommandContext(ctx, "go", "test", "-c", "-o", bench.binary(pkg), "./"+pkg)
		build.Stderr = os.Stderr
		if err := build.Run(); err != nil {
			return fmt.Errorf("compile the tests: %w", err)
		}
	}
	stop, err := bench.useServer(ctx)
	if err != nil {
		return err
	}
	defer stop()
	if r := bench.try(ctx, mutation{name: "nothing broken"}); r.verdict != missed {
		return fmt.Errorf("the tests fail before anything is broken:\n%s", r.output)
	}
	return bench.all(ctx, pattern, verbose)
}

// verdict is what became of a mutation.
type verdict string

const (
	caught verdict = "caught"
	missed verdict = "MISSED"
	noop   verdict = "NO-OP " // the text to break is not there any more
	broken verdict = "BROKEN" // the altered migrations do not run: it says nothing about the tests
)

type result struct {
	verdict
	by     string // the test that caught it
	output string
}

type workbench struct {
	dir, server string
}

// binary is where the tests of a package are compiled to.
func (b *workbench) binary(pkg string) string {
	return filepath.Join(b.dir, filepath.Base(pkg)+".test")
}

// useServer starts a Postgres that is thrown away, unless one is given.
func (b *workbench) useServer(ctx context.Context) (stop func(), err error) {
	if b.server = os.Getenv("TEST_DATABASE_URL"); b.server != "" {
		return b.dropTemplates, nil
	}
	base := os.TempDir()
	if free, err := pglocal.FreeMB("/dev/shm"); err == nil && free > 1024 {
		base = "/dev/shm"
	}
	home := filepath.Join(base, fmt.Sprintf("samspil-mutate-%d", os.Getpid()))
	if err := os.MkdirAll(home, 0o755); err != nil {
		return nil, err
	}
	s, err := pglocal.Start(ctx, pglocal.Options{Dir: filepath.Join(home, "pg"), Fast: true})
	if err != nil {
		_ = os.RemoveAll(home)
		return nil, err
	}
	b.server = s.URL("postgres")
	return func() {
		ctx, cancel := context.WithTimeout(context.Background(), 10*time.Second)
		defer cancel()
		_ = s.Stop(ctx) // it is thrown away either way
		_ = os.RemoveAll(s.Dir())
		_ = os.RemoveAll(home)
	}, nil
}

// dropTemplates removes the databases that testkit made from altered migrations.
func (b *workbench) dropTemplates() {
	ctx := context.Background()
	c, err := pgx.Connect(ctx, b.server)
	if err != nil {
		return
	}
	defer c.Close(ctx)
	rows, _ := c.Query(ctx, `SELECT datname FROM pg_database WHERE datname LIKE 'template\_altered\_%'`)
	names, _ := pgx.CollectRows(rows, pgx.RowTo[string]) // none, if the server has gone
	for _, name := range names {
		_, _ = c.Exec(ctx, "DROP DATABASE IF EXISTS "+name+" WITH (FORCE)")
	}
}

// all tries every mutation, as many at a time as there are cores.
func (b *workbench) all(ctx context.Context, only *regexp.Regexp, verbose bool) error {
	count, began := map[verdict]int{}, time.Now()
	var wg sync.WaitGroup
	var mu sync.Mutex
	seats := make(chan bool, runtime.GOMAXPROCS(0))
	for _, m := range mutations {
		if !only.MatchString(m.name) || ctx.Err() != nil {
			continue
		}
		seats <- true
		wg.Go(func() {
			r := b.try(ctx, m)
			<-seats
			mu.Lock()
			defer mu.Unlock()
			count[r.verdict]++
			by := ""
			if verbose && r.by != "" {
				by = "  (" + r.by + ")"
			}
			fmt.Printf("%s  %s%s\n", r.verdict, m.name, by)
			if r.verdict == broken {
				fmt.Println(r.output)
			}
		})
	}
	wg.Wait()
	fmt.Printf("%d caught, %d missed, %d no-op, %d broken, in %s\n", count[caught], count[missed], count[noop], count[broken], time.Since(began).Round(time.Second))
	if ctx.Err() != nil || count[missed]+count[noop]+count[broken] > 0 {
		return errors.New("a rule can be broken and no test notices")
	}
	return nil
}

// try runs the tests over altered migrations; first those that should notice.
func (b *workbench) try(ctx context.Context, m mutation) result {
	dir, err := os.MkdirTemp(b.dir, "m")
	if err != nil {
		return result{verdict: broken, output: err.Error()}
	}
	defer os.RemoveAll(dir)
	changed, err := m.write(dir)
	if err != nil {
		return result{verdict: broken, output: err.Error()}
	}
	if !changed && m.name != "nothing broken" {
		return result{verdict: noop}
	}
	if m.by != "" {
		if r := b.test(ctx, dir, m.by); r.verdict != missed {
			return r
		}
	}
	return b.test(ctx, dir, ".")
}

var firstFailure = regexp.MustCompile(`(?m)^--- FAIL: (\w+)`)

// test runs the tests of the packages, one after the other, until one of them notices.
func (b *workbench) test(ctx context.Context, migrations, run string) (r result) {
	for _, pkg := range testsOf {
		if r = b.testOf(ctx, pkg, migrations, run); r.verdict != missed {
			return r
		}
	}
	return r
}

func (b *workbench) testOf(ctx context.Context, pkg, migrations, run string) result {
	ctx, cancel := context.WithTimeout(ctx, 2*time.Minute)
	defer cancel()
	cmd := exec.CommandContext(ctx, b.binary(pkg), "-test.run", run)
	cmd.Dir = pkg
	cmd.Env = append(os.Environ(), "TEST_DATABASE_URL="+b.server, "SAMSPIL_TEST_MIGRATIONS="+migrations)
	var out bytes.Buffer
	cmd.Stdout, cmd.Stderr = &out, &out
	switch err := cmd.Run(); {
	case err == nil:
		return result{verdict: missed}
	case strings.Contains(out.String(), "panic:") || strings.Contains(out.String(), "fixture: ") || !firstFailure.MatchString(out.String()):
		return result{verdict: broken, output: out.String()[:min(1500, out.Len())]}
	default:
		return result{caught, firstFailure.FindStringSubmatch(out.String())[1], out.String()}
	}
}

// mutation is one broken rule.
type mutation struct {
	name string
	by   string // the tests that should notice; they are tried first
	old  string // a regular expression over a file of migrations; it must match something that no later migration overwrites
	now  string // what stands there instead; $1 is the first group
}

// migrationFiles reads the migrations in the order in which they run.
func migrationFiles() (files []file, err error) {
	names, err := migrations.FS.ReadDir(".")
	if err != nil {
		return nil, err
	}
	for _, f := range names {
		raw, err := migrations.FS.ReadFile(f.Name())
		if err != nil {
			return nil, err
		}
		files = append(files, file{f.Name(), string(raw)})
	}
	return files, nil
}

// write copies the migrations to dir with the rule broken, and reports whether anything changed.
func (m mutation) write(dir string) (changed bool, err error) {
	files, err := migrationFiles()
	if err != nil {
		return false, err
	}
	dead := overwritten(files)
	for _, f := range files {
		if m.old != "" && strings.HasSuffix(f.name, ".up.sql") {
			var places int
			f.text, places = m.breakRule(f.text, dead[f.name])
			changed = changed || places > 0
		}
		if err := os.WriteFile(filepath.Join(dir, f.name), []byte(f.text), 0o600); err != nil {
			return false, err
		}
	}
	return changed, nil
}
