package testkit

import (
	"context"
	"net"
	"sync/atomic"

	"github.com/jackc/pgx/v5/pgxpool"
)

// Turns counts the round trips to the database of an office made with it, as in NewOfficeTuned(t, turns.Tune).
// The zero value is ready.
type Turns struct{ n atomic.Int64 }

// Tune leaves one connection, which is warm after the first visit, and counts on it.
func (c *Turns) Tune(cfg *pgxpool.Config) {
	cfg.MaxConns = 1
	dial := cfg.ConnConfig.DialFunc
	cfg.ConnConfig.DialFunc = func(ctx context.Context, network, addr string) (net.Conn, error) {
		conn, err := dial(ctx, network, addr)
		if err != nil {
			return nil, err
		}
		return &counted{Conn: conn, n: &c.n}, nil
	}
}

// Of is how many round trips fn takes.
func (c *Turns) Of(fn func()) int64 {
	before := c.n.Load()
	fn()
	return c.n.Load() - before
}

// counted counts how often a connection turns from reading to writing.
type counted struct {
	net.Conn
	n       *atomic.Int64
	writing bool
}

func (c *counted) Write(b []byte) (int, error) {
	if !c.writing {
		c.writing = true
		c.n.Add(1)
	}
	return c.Conn.Write(b)
}

func (c *counted) Read(b []byte) (int, error) {
	n, err := c.Conn.Read(b)
	if n > 0 {
		c.writing = false
	}
	return n, err
}
