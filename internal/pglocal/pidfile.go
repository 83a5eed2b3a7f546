package pglocal

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"strconv"
	"strings"
	"syscall"
	"time"

	"github.com/jackc/pgx/v5"
)

// pidfile is what a running Postgres writes about itself into its data directory.
// Its eighth line tells when it is ready, so nobody needs to knock again and again.
type pidfile struct {
	pid    int
	socket string
	status string // starting, ready, stopping, standby
}

func (p place) pidfile() string { return filepath.Join(p.data(), "postmaster.pid") }

func (p place) readPidfile() (pidfile, bool) {
	text, err := os.ReadFile(p.pidfile())
	if err != nil {
		return pidfile{}, false
	}
	lines := strings.Split(string(text), "\n")
	for len(lines) < 8 {
		lines = append(lines, "")
	}
	pid, err := strconv.Atoi(strings.TrimSpace(lines[0]))
	if err != nil || pid <= 1 {
		return pidfile{}, false
	}
	return pidfile{pid: pid, socket: strings.TrimSpace(lines[4]), status: strings.TrimSpace(lines[7])}, true
}

func (f pidfile) alive() bool {
	err := syscall.Kill(f.pid, 0)
	return err == nil || errors.Is(err, syscall.EPERM)
}

// isPostgres reports whether the process is a Postgres, as far as this system tells.
func (f pidfile) isPostgres() bool {
	if runtime.GOOS != "linux" {
		return true
	}
	comm, err := os.ReadFile(fmt.Sprintf("/proc/%d/comm", f.pid))
	return err != nil || bytes.HasPrefix(comm, []byte("postgres"))
}

// answers reports whether the server takes our password and runs a statement.
func (s *Server) answers(ctx context.Context) bool {
	ctx, cancel := context.WithTimeout(ctx, 5*time.Second)
	defer cancel()
	conn, err := pgx.Connect(ctx, s.URL("postgres"))
	if err != nil {
		return false
	}
	defer conn.Close(ctx)
	_, err = conn.Exec(ctx, "SELECT 1")
	return err == nil
}
