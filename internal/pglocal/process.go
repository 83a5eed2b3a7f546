package pglocal

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"syscall"
	"time"
)

// process is a server that we started.
type process struct {
	cmd  *exec.Cmd
	done chan struct{} // closed when it has ended
}

// settings of every server. Statements stay out of the log, since they carry what people wrote.
var settings = []string{
	"listen_addresses=", "port=" + port, "unix_socket_permissions=0700", "timezone=UTC", "log_timezone=UTC",
	"log_min_error_statement=panic", "log_destination=stderr", "logging_collector=off", "jit=off",
}

// fastSettings are for a cluster that nobody will miss.
var fastSettings = []string{
	"fsync=off", "full_page_writes=off", "synchronous_commit=off", "autovacuum=off",
	"wal_level=minimal", "max_wal_senders=0", "max_connections=300",
}

// launch starts postgres over the cluster and returns when it is ready.
func launch(ctx context.Context, p place, bin binaries, socket string, o Options) (*process, error) {
	if o.Fast {
		if err := p.trustEverybody(); err != nil {
			return nil, err
		}
	}
	begun := time.Now()
	for {
		proc, lines, err := tryLaunch(ctx, p, bin, socket, o)
		if err != nil || proc != nil {
			return proc, err
		}
		// After a kill -9 the children of the old server need a moment to notice.
		orphans := slices.ContainsFunc(lines, func(l string) bool {
			return strings.Contains(l, "shared memory block") && strings.Contains(l, "in use")
		})
		if orphans && time.Since(begun) < 20*time.Second {
			if err := sleep(ctx, 200*time.Millisecond); err != nil {
				return nil, err
			}
			continue
		}
		for _, l := range lines {
			say(o.Log, "postgres: %s", l)
		}
		return nil, p.explain(lines)
	}
}

// tryLaunch returns the process, or the last lines of its log if it ended instead of becoming ready.
func tryLaunch(ctx context.Context, p place, bin binaries, socket string, o Options) (*process, []string, error) {
	log, err := os.OpenFile(p.logFile(), os.O_CREATE|os.O_TRUNC|os.O_WRONLY, 0o600)
	if err != nil {
		return nil, nil, p.problem(err, p.logFile())
	}
	defer log.Close()
	if err := p.give(p.logFile()); err != nil {
		return nil, nil, err
	}
	args := []string{"-D", p.data(), "-k", socket}
	for _, s := range settings {
		args = append(args, "-c", s)
	}
	if o.Fast {
		for _, s := range fastSettings {
			args = append(args, "-c", s)
		}
	}
	cmd := exec.Command(filepath.Join(bin.dir, "postgres"), args...)
	cmd.Stdout, cmd.Stderr = log, log
	p.prepare(cmd)
	endWithParent(cmd.SysProcAttr)
	proc := &process{cmd: cmd, done: make(chan struct{})}
	started := make(chan error, 1)
	go func() {
		// The system ends the server when the thread that began it ends, so this thread stays ours.
		runtime.LockOSThread()
		defer runtime.UnlockOSThread()
		err := cmd.Start()
		started <- err
		if err == nil {
			_ = cmd.Wait() // how it ended is in its log
			close(proc.done)
		}
	}()
	if err := <-started; err != nil {
		return nil, nil, Problem{
			What:   fmt.Sprintf("the program %s cannot be run as %s (%v)", cmd.Path, p.owner.name, bare(err)),
			Remedy: "install Postgres anew, or set POSTGRES_BIN to another one",
		}
	}
	told := false
	for begun := time.Now(); ; {
		if pf, ok := p.readPidfile(); ok && pf.pid == cmd.Process.Pid && pf.status == "ready" {
			return proc, nil, nil
		}
		select {
		case <-proc.done:
			return nil, tail(p.logFile(), 12), nil
		case <-ctx.Done():
			stopCtx, cancel := context.WithTimeout(context.WithoutCancel(ctx), 10*time.Second)
			defer cancel()
			return nil, nil, errors.Join(ctx.Err(), proc.stop(stopCtx))
		case <-time.After(5 * time.Millisecond):
		}
		if !told && time.Since(begun) > 3*time.Second {
			told = true
			say(o.Log, "Postgres is still starting; after a crash it first repairs its data.")
		}
	}
}

// stop asks for a fast shutdown, and insists when ctx ends.
func (proc *process) stop(ctx context.Context) error {
	_ = proc.cmd.Process.Signal(syscall.SIGINT) // fast; an error means that it has ended already
	select {
	case <-proc.done:
		return nil
	case <-ctx.Done():
	}
	_ = proc.cmd.Process.Signal(syscall.SIGQUIT) // immediate: repaired at the next start
	select {
	case <-proc.done:
		return nil
	case <-time.After(5 * time.Second):
	}
	_ = proc.cmd.Process.Kill()
	<-proc.done
	return nil
}

// trustEverybody drops the password for a cluster behind a 0700 directory: hashing it costs each connection of a test milliseconds.
func (p place) trustEverybody() error {
	hba := filepath.Join(p.data(), "pg_hba.conf")
	return p.problem(os.WriteFile(hba, []byte("local all all trust\n"), 0o600), hba)
}

func tail(name string, n int) []string {
	text, err := os.ReadFile(name)
	if err != nil || len(text) == 0 {
		return nil
	}
	lines := strings.Split(strings.TrimSpace(string(text)), "\n")
	return lines[max(0, len(lines)-n):]
}
