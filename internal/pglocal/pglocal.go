// Package pglocal runs a private Postgres from the binaries that are on the machine.
//
// It is for development and for tests: nobody has to install a server, make a
// user or choose a port. [Start] makes the database cluster when there is none,
// and [Server.Stop] ends the server again. The server listens on a Unix socket
// only, so no port is taken and nothing on the network can reach it.
//
// In production Samspil is given a DATABASE_URL instead, and this package does nothing.
package pglocal

import (
	"context"
	"fmt"
	"io"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"time"
)

// Options say where the cluster lives and how.
type Options struct {
	// Dir holds everything: the data, the password, the socket and the server's log.
	// It is made when it is not there.
	Dir string
	// Fast trades safety for speed (no fsync, no password): for tests, whose cluster is thrown away.
	Fast bool
	// Log gets whole sentences about what happens, for the person who waits. Nil means nobody does.
	Log io.Writer
}

// Server is a Postgres that answers.
type Server struct {
	place    place
	socket   string
	password string
	running  *process // nil when the server was already there
}

// Start returns a running server over the cluster in o.Dir.
//
// An empty directory gets a new cluster. A server that runs there already is
// adopted, and is then left running by [Server.Stop]. What the user can put
// right comes back as a [Problem].
func Start(ctx context.Context, o Options) (*Server, error) {
	if o.Log == nil {
		o.Log = io.Discard
	}
	where, err := choosePlace(o.Dir, o.Log)
	if err != nil {
		return nil, err
	}
	unlock, err := where.lock(ctx)
	if err != nil {
		return nil, err
	}
	defer unlock()

	if s, err := adopt(ctx, where); s != nil || err != nil {
		return s, err
	}
	bin, err := binariesFor(where)
	if err != nil {
		return nil, err
	}
	if !where.hasCluster() {
		say(o.Log, "Making a private Postgres %s database in %s.", bin.version, where.dir)
		if err := initCluster(ctx, where, bin); err != nil {
			return nil, err
		}
	}
	s := &Server{place: where}
	if s.password, err = where.readPassword(); err != nil {
		return nil, err
	}
	if s.socket, err = where.socketDir(); err != nil {
		return nil, err
	}
	s.running, err = launch(ctx, where, bin, s.socket, o)
	if err != nil {
		return nil, err
	}
	return s, nil
}

// URL is how the superuser reaches a database of the server.
// It names every part, so that no PG… variable of the environment gets between.
func (s *Server) URL(database string) string {
	u := url.URL{
		Scheme: "postgres",
		User:   url.UserPassword(superuser, s.password),
		Path:   "/" + database,
		RawQuery: url.Values{
			"host":    {s.socket},
			"port":    {port},
			"sslmode": {"disable"}, // it is a socket in a directory of our own
		}.Encode(),
	}
	return u.String()
}

// Dir is where the cluster really is; see [Options.Dir] for where it was wanted.
func (s *Server) Dir() string { return s.place.dir }

// Adopted reports whether the server was running before [Start], and so outlives [Server.Stop].
func (s *Server) Adopted() bool { return s.running == nil }

// Stop ends the server if [Start] began it: open transactions are rolled back, and
// the data is written out. When ctx ends first the server is stopped the hard way,
// and repairs its data at the next start.
func (s *Server) Stop(ctx context.Context) error {
	if s.running == nil {
		return nil
	}
	return s.running.stop(ctx)
}

const (
	superuser = "postgres"
	port      = "5432" // only a part of the socket's name
)

// adopt returns the server that runs over the cluster already, or nil when none does.
func adopt(ctx context.Context, where place) (*Server, error) {
	begun := time.Now()
	for {
		pf, ok := where.readPidfile()
		if !ok || !pf.alive() {
			return nil, nil
		}
		s := &Server{place: where, socket: pf.socket}
		if pf.status == "ready" {
			var err error
			if s.password, err = where.readPassword(); err != nil {
				return nil, err
			}
			if s.answers(ctx) {
				return s, nil
			}
			if !pf.isPostgres() { // the machine went down, and another program got the number
				return nil, os.Remove(where.pidfile())
			}
		}
		// It is starting, or on its way out after its owner was killed.
		if time.Since(begun) > 30*time.Second {
			return nil, Problem{
				What:   fmt.Sprintf("a Postgres (process %d) holds the database in %s but does not answer", pf.pid, where.dir),
				Remedy: fmt.Sprintf("stop it with `kill -INT %d` and try again", pf.pid),
			}
		}
		if err := sleep(ctx, 50*time.Millisecond); err != nil {
			return nil, err
		}
	}
}

// lock keeps two starts over the same directory apart, until unlock.
func (p place) lock(ctx context.Context) (unlock func(), err error) {
	name := filepath.Join(p.dir, "lock")
	f, err := os.OpenFile(name, os.O_CREATE|os.O_RDWR, 0o600)
	if err != nil {
		return nil, p.problem(err, name)
	}
	if err := p.give(name); err != nil {
		f.Close()
		return nil, err
	}
	for {
		err := syscall.Flock(int(f.Fd()), syscall.LOCK_EX|syscall.LOCK_NB)
		if err == nil {
			return func() { f.Close() }, nil
		}
		if err := sleep(ctx, 20*time.Millisecond); err != nil {
			f.Close()
			return nil, err
		}
	}
}

func sleep(ctx context.Context, d time.Duration) error {
	select {
	case <-ctx.Done():
		return ctx.Err()
	case <-time.After(d):
		return nil
	}
}

func say(log io.Writer, format string, args ...any) {
	fmt.Fprintln(log, strings.TrimSpace(fmt.Sprintf(format, args...)))
}
