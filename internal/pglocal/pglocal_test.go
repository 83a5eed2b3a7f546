package pglocal

import (
	"bufio"
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"os/signal"
	"path/filepath"
	"regexp"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"
)

// TestMain lets the test binary also play the application that owns a server, and is then killed.
func TestMain(m *testing.M) {
	if dir := os.Getenv("PGLOCAL_OWNER_OF"); dir != "" {
		ctx, stop := signal.NotifyContext(context.Background(), syscall.SIGTERM)
		s, err := Start(ctx, Options{Dir: dir, Log: os.Stderr})
		if err != nil {
			fmt.Println(err)
			os.Exit(1)
		}
		fmt.Println("ready")
		<-ctx.Done()
		stop()
		if err := s.Stop(context.Background()); err != nil {
			fmt.Println(err)
			os.Exit(1)
		}
		os.Exit(0)
	}
	os.Exit(m.Run())
}

func TestEverythingAlsoWorksForAnOrdinaryUser(t *testing.T) {
	if os.Geteuid() != 0 {
		return // all the other tests are this one
	}
	dir := room(t)
	nobody := standInNamed(t, "nobody")
	exe := filepath.Join(dir, "pglocal.test")
	copyFile(t, os.Args[0], exe)
	home := filepath.Join(dir, "home")
	must(t, os.Mkdir(home, 0o700))
	must(t, os.Chown(home, nobody.uid, nobody.gid))
	cmd := exec.Command(exe, "-test.v", "-test.count=1", "-test.timeout=5m")
	cmd.Dir = home
	cmd.Env = []string{"PATH=" + os.Getenv("PATH"), "HOME=" + home, "TMPDIR=" + home}
	cmd.SysProcAttr = &syscall.SysProcAttr{Credential: &syscall.Credential{
		Uid: uint32(nobody.uid), Gid: uint32(nobody.gid), Groups: []uint32{},
	}}
	if out, err := cmd.CombinedOutput(); err != nil {
		t.Errorf("as nobody: %v\n%s", err, out)
	}
}

func TestSecondStartKeepsTheData(t *testing.T) {
	dir := filepath.Join(room(t), "new", "postgres")
	s := start(t, dir)
	write(t, s, "kept")
	must(t, s.Stop(t.Context()))
	if _, err := os.Stat(s.place.pidfile()); !os.IsNotExist(err) {
		t.Errorf("after Stop the server left %s (%v)", s.place.pidfile(), err)
	}
	begun := time.Now()
	s = start(t, dir)
	t.Logf("second start took %v", time.Since(begun))
	if got := read(t, s); got != "kept" {
		t.Errorf("after a restart the table holds %q", got)
	}
}

func TestNobodyElseGetsIn(t *testing.T) {
	s := start(t, filepath.Join(room(t), "pg"))
	for _, name := range []string{s.place.dir, s.place.data(), s.socket, s.place.passwordFile(), s.place.logFile()} {
		st, err := os.Stat(name)
		must(t, err)
		if st.Mode().Perm()&0o077 != 0 {
			t.Errorf("%s is open to others: %v", name, st.Mode())
		}
	}
	wrong := *s
	wrong.password = "guess"
	if wrong.answers(t.Context()) {
		t.Error("a wrong password was taken")
	}
	if got := query(t, s, `SELECT count(*)::text FROM pg_settings WHERE name = 'listen_addresses' AND setting <> ''`); got != "0" {
		t.Error("the server listens on the network")
	}
}

func TestRunningServerIsAdoptedAndLeftRunning(t *testing.T) {
	dir := filepath.Join(room(t), "pg")
	owner := start(t, dir)
	write(t, owner, "shared")
	guest := start(t, dir)
	if !guest.Adopted() || owner.Adopted() {
		t.Errorf("guest adopted: %v, owner adopted: %v", guest.Adopted(), owner.Adopted())
	}
	if got := read(t, guest); got != "shared" {
		t.Errorf("the adopted server holds %q", got)
	}
	must(t, guest.Stop(t.Context()))
	if !owner.answers(t.Context()) {
		t.Error("the guest stopped the owner's server")
	}
}

func TestManyStartsAtOnceShareOneServer(t *testing.T) {
	dir := filepath.Join(room(t), "pg")
	got := make(chan *Server)
	for range 4 {
		go func() {
			s, err := Start(context.Background(), Options{Dir: dir})
			if err != nil {
				t.Error(err)
			}
			got <- s
		}()
	}
	owners := 0
	for range 4 {
		if s := <-got; s != nil && !s.Adopted() {
			owners++
			t.Cleanup(func() { s.Stop(context.Background()) })
		}
	}
	if owners != 1 {
		t.Errorf("%d of 4 starts began a server", owners)
	}
}

func TestKilledServerComesBackWithItsData(t *testing.T) {
	dir := filepath.Join(room(t), "pg")
	s := start(t, dir)
	write(t, s, "survives")
	must(t, syscall.Kill(s.running.cmd.Process.Pid, syscall.SIGKILL))
	<-s.running.done
	must(t, s.Stop(t.Context())) // which has nothing left to do
	s = start(t, dir)
	if got := read(t, s); got != "survives" {
		t.Errorf("after kill -9 of the server the table holds %q", got)
	}
}

func TestKilledApplicationLeavesNoServerAndNoLoss(t *testing.T) {
	dir := filepath.Join(room(t), "pg")
	app := owner(t, dir)
	guest := start(t, dir)
	write(t, guest, "survives")
	must(t, app.Process.Kill())
	app.Wait()
	s := start(t, dir) // while the old server may still be going down
	if s.Adopted() {
		t.Error("a server that was going down was adopted")
	}
	if got := read(t, s); got != "survives" {
		t.Errorf("after kill -9 of the application the table holds %q", got)
	}
}

func TestProcessNumberTakenByAnotherProgramAfterAPowerCut(t *testing.T) {
	dir := filepath.Join(room(t), "pg")
	s := start(t, dir)
	write(t, s, "survives")
	text, err := os.ReadFile(s.place.pidfile())
	must(t, err)
	must(t, syscall.Kill(s.running.cmd.Process.Pid, syscall.SIGKILL))
	<-s.running.done
	other := exec.Command("sleep", "60")
	must(t, other.Start())
	t.Cleanup(func() { other.Process.Kill(); other.Wait() })
	_, rest, _ := strings.Cut(string(text), "\n")
	must(t, os.WriteFile(s.place.pidfile(), fmt.Appendf(nil, "%d\n%s", other.Process.Pid, rest), 0o600))
	if got := read(t, start(t, dir)); got != "survives" {
		t.Errorf("the table holds %q", got)
	}
}

func TestCtrlCAtTheTerminalDoesNotReachTheServer(t *testing.T) {
	s := start(t, filepath.Join(room(t), "pg"))
	pgid, err := syscall.Getpgid(s.running.cmd.Process.Pid)
	must(t, err)
	if pgid == syscall.Getpgrp() {
		t.Error("the server is in our process group")
	}
}

func TestDeepDirectoryGetsAShortSocket(t *testing.T) {
	dir := filepath.Join(room(t), strings.Repeat("long/", 20), "pg")
	s := start(t, dir)
	if n := len(socketFile(s.socket)); n > 107 {
		t.Errorf("the socket's name has %d bytes", n)
	}
	must(t, s.Stop(t.Context()))
	must(t, os.Remove(s.socket))
	must(t, os.Mkdir(s.socket, 0o755)) // as somebody else might, to listen in
	t.Cleanup(func() { os.Remove(s.socket) })
	refused(t, dir, "does not belong to", "rm -r")
}

func TestCheckoutThatTheServerCannotReach(t *testing.T) {
	if os.Geteuid() != 0 {
		return // an ordinary user's server runs as that user
	}
	closed := filepath.Join(room(t), "root")
	must(t, os.Mkdir(closed, 0o700))
	var log bytes.Buffer
	s, err := Start(t.Context(), Options{Dir: filepath.Join(closed, "pg"), Log: &log})
	must(t, err)
	t.Cleanup(func() { s.Stop(context.Background()); os.RemoveAll(s.Dir()) })
	if !regexp.MustCompile(`^/var/lib/samspil-[0-9a-f]{10}$`).MatchString(s.Dir()) {
		t.Errorf("kept in %s", s.Dir())
	}
	if !strings.Contains(log.String(), "The database is kept in "+s.Dir()+", because ") {
		t.Errorf("nobody was told: %s", log.String())
	}
}

func TestRootRunsTheServerAsTheOwnerOfTheData(t *testing.T) {
	if os.Geteuid() != 0 {
		return
	}
	dir := filepath.Join(room(t), "pg")
	s := start(t, dir)
	must(t, s.Stop(t.Context()))
	nobody := standInNamed(t, "nobody")
	must(t, filepath.WalkDir(dir, func(path string, _ os.DirEntry, err error) error {
		return errors.Join(err, os.Lchown(path, nobody.uid, nobody.gid))
	}))
	s = start(t, dir)
	if s.place.owner.name != "nobody" {
		t.Errorf("the server of nobody's data runs as %s", s.place.owner.name)
	}
}

func TestStartWaitsNoLongerThanItIsLet(t *testing.T) {
	ctx, cancel := context.WithTimeout(t.Context(), 100*time.Millisecond)
	defer cancel()
	dir := filepath.Join(room(t), "pg")
	if _, err := Start(ctx, Options{Dir: dir}); !errors.Is(err, context.DeadlineExceeded) {
		t.Errorf("got %v", err)
	}
	start(t, dir) // what was left half-done is no hindrance
}

func TestThrowawayClusterIsFast(t *testing.T) {
	s, err := Start(t.Context(), Options{Dir: filepath.Join(room(t), "pg"), Fast: true})
	must(t, err)
	t.Cleanup(func() { s.Stop(context.Background()) })
	if got := query(t, s, "SHOW fsync"); got != "off" {
		t.Errorf("fsync is %s", got)
	}
}

// room is a directory that every account can get to.
func room(t *testing.T) string {
	t.Helper()
	dir, err := os.MkdirTemp("", "pg")
	must(t, err)
	must(t, os.Chmod(dir, 0o755))
	t.Cleanup(func() { os.RemoveAll(dir) })
	return dir
}

func start(t *testing.T, dir string) *Server {
	t.Helper()
	s, err := Start(t.Context(), Options{Dir: dir, Log: io.Discard})
	must(t, err)
	t.Cleanup(func() { s.Stop(context.Background()) })
	return s
}

// owner is another process that started the server.
func owner(t *testing.T, dir string) *exec.Cmd {
	t.Helper()
	cmd := exec.Command(os.Args[0])
	cmd.Env = append(os.Environ(), "PGLOCAL_OWNER_OF="+dir)
	out, err := cmd.StdoutPipe()
	must(t, err)
	must(t, cmd.Start())
	t.Cleanup(func() { cmd.Process.Kill(); cmd.Wait() })
	if line, _ := bufio.NewReader(out).ReadString('\n'); line != "ready\n" {
		t.Fatalf("the other process said %q", line)
	}
	return cmd
}

func write(t *testing.T, s *Server, text string) {
	t.Helper()
	query(t, s, `CREATE TABLE memory (what text)`)
	query(t, s, `INSERT INTO memory VALUES ('`+text+`')`)
}

func read(t *testing.T, s *Server) string {
	t.Helper()
	return query(t, s, `SELECT what FROM memory`)
}

// query returns the first column of the first row, if there is one.
func query(t *testing.T, s *Server, sql string) (got string) {
	t.Helper()
	conn, err := pgx.Connect(t.Context(), s.URL("postgres"))
	must(t, err)
	defer conn.Close(context.Background())
	err = conn.QueryRow(t.Context(), sql).Scan(&got)
	if !errors.Is(err, pgx.ErrNoRows) {
		must(t, err)
	}
	return got
}

func standInNamed(t *testing.T, name string) account {
	t.Helper()
	out, err := exec.Command("id", "-u", name).Output()
	must(t, err)
	gid, err := exec.Command("id", "-g", name).Output()
	must(t, err)
	a := account{name: name}
	fmt.Sscan(string(out), &a.uid)
	fmt.Sscan(string(gid), &a.gid)
	return a
}

func copyFile(t *testing.T, from, to string) {
	t.Helper()
	text, err := os.ReadFile(from)
	must(t, err)
	must(t, os.WriteFile(to, text, 0o755))
}

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}
