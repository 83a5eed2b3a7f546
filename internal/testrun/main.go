// Testrun runs the tests with everything they need: one throwaway Postgres for all
// packages, and a headless browser. What is missing is installed where that is
// allowed; otherwise the run fails and says what to do. No test is skipped.
//
//	go run ./internal/testrun [-race] [flags of go test] [packages]
//
// Without packages all are tested. With DATABASE_URL set, that server is used
// (as a superuser; the tests make databases and roles of their own in it).
package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"os/signal"
	"slices"
	"strings"
	"syscall"
	"time"

	"samspil/internal/browser"
	"samspil/internal/pglocal"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM, syscall.SIGHUP)
	code, err := test(ctx, os.Args[1:])
	stop()
	if err != nil {
		fmt.Fprintln(os.Stderr, "make test: "+err.Error())
	}
	os.Exit(code)
}

// test returns the exit code of go test, or 1 with the reason why there is none.
func test(ctx context.Context, args []string) (code int, err error) {
	if slices.Contains(args, "-race") {
		if _, err := exec.LookPath("gcc"); err != nil {
			return 1, errors.New("the race detector needs a C compiler: run `sudo apt-get install gcc libc6-dev`")
		}
	}
	chrome, err := findBrowser(ctx)
	if err != nil {
		return 1, err
	}
	room, clean, err := makeRoom()
	if err != nil {
		return 1, err
	}
	defer clean()
	server := os.Getenv("DATABASE_URL")
	if server == "" {
		s, err := startPostgres(ctx, room.cluster)
		if err != nil {
			return 1, err
		}
		defer func() {
			ctx, cancel := context.WithTimeout(context.Background(), 10*time.Second)
			defer cancel()
			err = errors.Join(err, s.Stop(ctx), os.RemoveAll(s.Dir()))
		}()
		server = s.URL("postgres")
	}
	return goTest(ctx, withPackages(args), map[string]string{
		"TEST_DATABASE_URL": server, "CHROME_BIN": chrome, "TMPDIR": room.tmp,
		"DATABASE_URL": "", // a test that used it would not be ours to throw away
	})
}

// startPostgres runs the cluster that all packages share, after installing Postgres if need be.
func startPostgres(ctx context.Context, dir string) (*pglocal.Server, error) {
	if _, _, err := pglocal.FindBinaries(); err != nil {
		if err := pglocal.Install(ctx, os.Stderr); err != nil {
			return nil, err
		}
	}
	return pglocal.Start(ctx, pglocal.Options{Dir: dir, Fast: true})
}

func findBrowser(ctx context.Context) (string, error) {
	path, err := browser.Find()
	if err == nil || os.Getenv("CHROME_BIN") != "" {
		return path, err
	}
	if err := browser.Install(ctx, os.Stderr); err != nil {
		return "", err
	}
	return browser.Find()
}

// goTest runs go test in a process group of its own, so that an interrupt ends the
// tests first and lets the database go after them.
func goTest(ctx context.Context, args []string, env map[string]string) (int, error) {
	cmd := exec.Command("go", append([]string{"test", "-timeout=25m"}, args...)...) // go test's own ten minutes are short for a browser on a slow machine; the last one given holds
	cmd.Stdout, cmd.Stderr = os.Stdout, os.Stderr
	cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true}
	cmd.Env = slices.DeleteFunc(os.Environ(), func(kv string) bool {
		name, _, _ := strings.Cut(kv, "=")
		_, ours := env[name]
		return ours
	})
	for name, value := range env {
		if value != "" {
			cmd.Env = append(cmd.Env, name+"="+value)
		}
	}
	if slices.Contains(args, "-race") {
		cmd.Env = append(cmd.Env, "CGO_ENABLED=1")
	}
	if err := cmd.Start(); err != nil {
		return 1, err
	}
	done := make(chan error, 1)
	go func() { done <- cmd.Wait() }()
	var err error
	select {
	case err = <-done:
	case <-ctx.Done():
		_ = syscall.Kill(-cmd.Process.Pid, syscall.SIGINT) // an error means that all have ended
		select {
		case <-done:
		case <-time.After(5 * time.Second):
			_ = syscall.Kill(-cmd.Process.Pid, syscall.SIGKILL)
			<-done
		}
		return 130, errors.New("interrupted")
	}
	var exit *exec.ExitError
	if errors.As(err, &exit) {
		return max(exit.ExitCode(), 1), nil // go test has said what is wrong
	}
	return 0, err
}

// withPackages adds all packages to arguments that name none. A word after a flag
// that takes one (-run X) is not a package: packages have a slash or are a dot.
func withPackages(args []string) []string {
	takesWord := func(flag string) bool {
		return slices.Contains([]string{"-run", "-skip", "-bench", "-count", "-timeout", "-p", "-parallel", "-cpu",
			"-tags", "-coverprofile", "-cpuprofile", "-memprofile", "-o", "-benchtime", "-coverpkg", "-shuffle"}, flag)
	}
	for i, a := range args {
		if a == "-args" {
			return append(append(slices.Clone(args[:i]), "./..."), args[i:]...)
		}
		if !strings.HasPrefix(a, "-") && (i == 0 || !takesWord(args[i-1])) {
			return args
		}
	}
	return append(slices.Clone(args), "./...")
}
