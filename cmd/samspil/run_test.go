package main_test

import (
	"bufio"
	"bytes"
	"context"
	"fmt"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"
)

// binary is the program, built once.
var binary = sync.OnceValues(func() (string, error) {
	dir, err := os.MkdirTemp("", "samspil-bin-")
	if err != nil {
		return "", err
	}
	file := filepath.Join(dir, "samspil")
	out, err := exec.Command("go", "build", "-buildvcs=false", "-o", file, ".").CombinedOutput()
	if err != nil {
		return "", fmt.Errorf("%w: %s", err, out)
	}
	return file, os.Chmod(dir, 0o755)
})

func TestMain(m *testing.M) {
	code := m.Run()
	if file, err := binary(); err == nil {
		_ = os.RemoveAll(filepath.Dir(file))
	}
	os.Exit(code)
}

// dataDir is a folder that the database's own user can reach when the test runs as root.
func dataDir(t *testing.T) string {
	t.Helper()
	dir, err := os.MkdirTemp("", "samspil-run-")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = os.RemoveAll(dir) })
	if err := os.Chmod(dir, 0o755); err != nil {
		t.Fatal(err)
	}
	return filepath.Join(dir, "data")
}

// freePort is a port that nobody uses just now.
func freePort(t *testing.T) int {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	return l.Addr().(*net.TCPAddr).Port
}

// command prepares the program as somebody starts it who has set nothing but these.
func command(t *testing.T, ctx context.Context, env map[string]string, args ...string) *exec.Cmd {
	t.Helper()
	file, err := binary()
	if err != nil {
		t.Fatal(err)
	}
	cmd := exec.CommandContext(ctx, file, args...)
	cmd.Env = []string{"PATH=" + os.Getenv("PATH"), "HOME=" + os.Getenv("HOME")}
	for k, v := range env {
		cmd.Env = append(cmd.Env, k+"="+v)
	}
	return cmd
}

// start runs "samspil run" until it says where it serves; the returned function is Ctrl-C.
func start(t *testing.T, dir string, port int) (stop func()) {
	t.Helper()
	cmd := command(t, context.Background(), map[string]string{"DATA_DIR": dir, "PORT": fmt.Sprint(port)}, "run")
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	var errs bytes.Buffer
	cmd.Stderr = &errs
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	ready := make(chan string, 1)
	go func() {
		var said strings.Builder
		for lines := bufio.NewScanner(out); lines.Scan(); {
			said.WriteString(lines.Text() + "\n")
			if strings.Contains(lines.Text(), "Ctrl-C") {
				ready <- said.String()
			}
		}
	}()
	stop = sync.OnceFunc(func() {
		_ = cmd.Process.Signal(os.Interrupt)
		if err := cmd.Wait(); err != nil {
			t.Errorf("after Ctrl-C: %v\n%s", err, errs.String())
		}
	})
	t.Cleanup(stop)
	select {
	case said := <-ready:
		if !strings.Contains(said, fmt.Sprintf("http://127.0.0.1:%d", port)) || !strings.Contains(said, "mette@ellehoej.test") || !strings.Contains(said, "samspil-demo-2026") {
			t.Errorf("the welcome lacks address or logins:\n%s", said)
		}
	case <-time.After(60 * time.Second):
		t.Fatalf("not ready after a minute:\n%s", errs.String())
	}
	return stop
}

// signIn signs Mette in and returns the status of her start page.
func signIn(t *testing.T, port int) int {
	t.Helper()
	base := fmt.Sprintf("http://127.0.0.1:%d", port)
	r, err := http.NewRequestWithContext(t.Context(), http.MethodPost, base+"/log-ind", strings.NewReader("email=mette@ellehoej.test&password=samspil-demo-2026"))
	if err != nil {
		t.Fatal(err)
	}
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	r.Header.Set("Sec-Fetch-Site", "same-origin")
	client := http.Client{CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
	resp, err := client.Do(r)
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close()
	return resp.StatusCode
}

func TestFirstStartMakesTheDemoAndTheSecondKeepsIt(t *testing.T) {
	dir, port := dataDir(t), freePort(t)
	stop := start(t, dir, port)
	if status := signIn(t, port); status != http.StatusSeeOther {
		t.Errorf("sign-in answers %d", status)
	}
	key, err := os.ReadFile(filepath.Join(dir, "keys", "master.key"))
	if err != nil {
		t.Fatal(err)
	}
	begun := time.Now()
	stop()
	t.Logf("stopped in %s", time.Since(begun).Round(time.Millisecond))
	if _, err := net.DialTimeout("tcp", fmt.Sprintf("127.0.0.1:%d", port), time.Second); err == nil {
		t.Error("something still listens after Ctrl-C")
	}
	start(t, dir, port)
	again, err := os.ReadFile(filepath.Join(dir, "keys", "master.key"))
	if err != nil || !bytes.Equal(key, again) {
		t.Errorf("the second start has another key: %v", err)
	}
	if status := signIn(t, port); status != http.StatusSeeOther {
		t.Errorf("sign-in after the second start answers %d", status)
	}
}

func TestTroubleIsOneSentenceWithItsRemedy(t *testing.T) {
	busy, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer busy.Close()
	port := busy.Addr().(*net.TCPAddr).Port
	file := dataDir(t)
	if err := os.WriteFile(file, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	for name, test := range map[string]struct {
		env  map[string]string
		args string
		want []string
	}{
		"port in use":         {map[string]string{"DATA_DIR": t.TempDir(), "PORT": fmt.Sprint(port)}, "run", []string{"in use", "PORT="}},
		"no such port":        {map[string]string{"PORT": "70000"}, "run", []string{"between 1 and 65535"}},
		"data dir is a file":  {map[string]string{"DATA_DIR": file, "PORT": fmt.Sprint(freePort(t))}, "run", []string{":"}},
		"no database":         {map[string]string{"DATA_DIR": t.TempDir()}, "migrate", []string{"DATABASE_URL"}},
		"no key":              {map[string]string{"DATA_DIR": t.TempDir(), "DATABASE_URL": "postgres://x@127.0.0.1:1/x"}, "serve", []string{"key file"}},
		"open to the network": {map[string]string{"HOST": "0.0.0.0", "DATA_DIR": t.TempDir()}, "serve", []string{"SECURE_COOKIES"}},
		"unknown command":     {nil, "dance", []string{`no command "dance"`}},
	} {
		t.Run(name, func(t *testing.T) {
			ctx, cancel := context.WithTimeout(t.Context(), 20*time.Second)
			defer cancel()
			out, err := command(t, ctx, test.env, test.args).CombinedOutput()
			if err == nil {
				t.Fatal("it starts all the same")
			}
			for _, want := range test.want {
				if !strings.Contains(string(out), want) {
					t.Errorf("does not say %q:\n%s", want, out)
				}
			}
			if strings.Contains(string(out), "goroutine") {
				t.Errorf("shows its insides:\n%s", out)
			}
		})
	}
}

func TestMadeAsRootTheDatabaseStopsWithTheProgramEvenWhenItIsKilled(t *testing.T) {
	dir, port := dataDir(t), freePort(t)
	cmd := command(t, t.Context(), map[string]string{"DATA_DIR": dir, "PORT": fmt.Sprint(port)}, "run")
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	pid := func() string {
		found, _ := filepath.Glob(filepath.Join(dir, "postgres", "data", "postmaster.pid"))
		return strings.Join(found, "")
	}
	deadline := time.Now().Add(60 * time.Second)
	for resp, err := http.Get(fmt.Sprintf("http://127.0.0.1:%d/readyz", port)); err != nil || resp.StatusCode != http.StatusOK; resp, err = http.Get(fmt.Sprintf("http://127.0.0.1:%d/readyz", port)) {
		if time.Now().After(deadline) {
			t.Fatal("not ready after a minute")
		}
		time.Sleep(50 * time.Millisecond)
	}
	if pid() == "" {
		t.Fatal("the database is not where it was asked to be")
	}
	_ = cmd.Process.Signal(syscall.SIGKILL)
	_ = cmd.Wait() // says "killed"
	for pid() != "" {
		if time.Now().After(deadline) {
			t.Fatal("the database runs on without its program")
		}
		time.Sleep(50 * time.Millisecond)
	}
}
