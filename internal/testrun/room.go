package main

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"

	"samspil/internal/pglocal"
)

// room is where a run keeps what it throws away.
type room struct {
	cluster string // made by pglocal
	tmp     string // the TMPDIR of the tests
}

// enoughMB is what must be free in memory before the cluster goes there: in Docker
// /dev/shm has 64 MB. On tmpfs a test's database is made in a third of the time.
const enoughMB = 2048

// makeRoom clears away what killed runs have left, and makes room for this one.
func makeRoom() (room, func(), error) {
	const prefix = "samspil-test-"
	fast, slow := "/dev/shm", os.TempDir()
	for _, base := range []string{fast, slow} {
		old, _ := filepath.Glob(filepath.Join(base, prefix+"*")) // fails for a bad pattern only
		for _, dir := range old {
			pid, err := strconv.Atoi(strings.TrimPrefix(filepath.Base(dir), prefix))
			if err == nil && errors.Is(syscall.Kill(pid, 0), syscall.ESRCH) {
				_ = os.RemoveAll(dir) // may belong to another user
			}
		}
	}
	name := fmt.Sprintf("%s%d", prefix, os.Getpid())
	tmp := filepath.Join(slow, name)
	base := tmp
	if free, err := pglocal.FreeMB(fast); err == nil && free > enoughMB {
		base = filepath.Join(fast, name)
	}
	clean := func() {
		_ = os.RemoveAll(base) // the next run tries again
		_ = os.RemoveAll(tmp)
	}
	for _, dir := range []string{tmp, base} {
		if err := os.MkdirAll(dir, 0o755); err != nil {
			clean()
			return room{}, nil, fmt.Errorf("the tests need a directory to write in (%w): make room there, or set TMPDIR to another one", err)
		}
	}
	inner := filepath.Join(tmp, "tmp")
	if err := errors.Join(os.Mkdir(inner, 0o777), os.Chmod(inner, 0o777|os.ModeSticky)); err != nil { // tests run as other users too
		clean()
		return room{}, nil, err
	}
	return room{cluster: filepath.Join(base, "pg"), tmp: inner}, clean, nil
}
