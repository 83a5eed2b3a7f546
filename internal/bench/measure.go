package main

import (
	"context"
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"slices"
	"strconv"
	"strings"
	"sync"
	"syscall"
	"time"

	"github.com/go-chi/chi/v5"
	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"

	"samspil/internal/db"
	"samspil/web/link"
)

// subject is one page as one person.
type subject struct {
	name, token, path string
	goal              float64  // the most that it may cost, as a multiple of its bare SQL
	guest             db.Guest // who asks where nobody is signed in
	alone             bool     // nothing but policies choose its rows, so that its SQL without them is another question: the page alone is measured
}

// statement is one statement that a page has sent.
type statement struct {
	sql  string
	args []any
}

// tap notes what a page sends to the database, in order to send it again without all safeguards.
type tap struct {
	mu   sync.Mutex
	on   bool
	seen []statement
}

// TraceQueryStart implements [pgx.QueryTracer].
func (t *tap) TraceQueryStart(ctx context.Context, _ *pgx.Conn, _ pgx.TraceQueryStartData) context.Context {
	return ctx
}

// TraceQueryEnd implements [pgx.QueryTracer].
func (t *tap) TraceQueryEnd(context.Context, *pgx.Conn, pgx.TraceQueryEndData) {}

// TraceBatchStart implements [pgx.BatchTracer].
func (t *tap) TraceBatchStart(ctx context.Context, _ *pgx.Conn, _ pgx.TraceBatchStartData) context.Context {
	return ctx
}

// TraceBatchQuery implements [pgx.BatchTracer]: it keeps the statements of the page, and leaves out those of its safeguards.
func (t *tap) TraceBatchQuery(_ context.Context, _ *pgx.Conn, q pgx.TraceBatchQueryData) {
	t.mu.Lock()
	defer t.mu.Unlock()
	if !t.on || strings.Contains(q.SQL, "auth.begin") || strings.Contains(q.SQL, "auth.guest_begin") || strings.Contains(q.SQL, "auth.whoami") || strings.Contains(q.SQL, "app.open_case") || strings.Contains(q.SQL, "app.use_case") {
		return
	}
	t.seen = append(t.seen, statement{q.SQL, slices.Clone(q.Args)})
}

// TraceBatchEnd implements [pgx.BatchTracer].
func (t *tap) TraceBatchEnd(context.Context, *pgx.Conn, pgx.TraceBatchEndData) {}

type bencher struct {
	site     chi.Router
	bare     *pgxpool.Pool
	tap      *tap
	postgres string // data directory of the server, where its process id stands
}

// cost is what one request took.
type cost struct{ wall, cpu float64 } // milliseconds

func of(name, token, path string, goal float64) subject {
	return subject{name: name, token: token, path: path, goal: goal}
}

func (b *bencher) run(ctx context.Context, t town, rounds, requests int) error {
	subjects := []subject{
		of("list, caseworker", t.worker, link.Cases, 2),
		of("list, lead", t.lead, link.Cases, 2),
		of("case page", t.worker, link.Case(t.workerCase), 2),
		of("plan", t.worker, link.Plan(t.workerCase), 2),
		of("journal", t.worker, link.Journal(t.workerCase), 2),
		of("deadlines", t.worker, link.Deadlines(t.workerCase), 2),
		of("sharing register", t.worker, link.Sharing(t.workerCase), 2),
		of("sharing compass", t.worker, link.Sharing(t.workerCase)+"/kompas", 2),
		of("decisions", t.worker, link.Decisions(t.workerCase), 2),
		of("mandate map", t.worker, link.Mandates(t.workerCase), 2),
		{name: "sparring list", token: t.worker, path: link.SparringInbox, alone: true},
		{name: "reports", token: t.worker, path: link.Reports, alone: true},
		of("forum meeting", t.lead, link.Meeting(t.meeting), 2),
		of("template", t.admin, link.Template("T3"), 2),
		{name: "partner's page", path: link.Guest(t.guest.Token), goal: 2, guest: t.guest},
		of("Min dag", t.worker, link.Day, 3),
		of("Overblik", t.lead, link.Overview, 3),
	}
	fmt.Printf("%-18s %21s %21s %18s\n", "page", "page wall/CPU ms", "bare SQL wall/CPU ms", "ratio wall/CPU")
	for _, s := range subjects {
		statements, err := b.listen(s)
		if err != nil {
			return err
		}
		var pages, bares []cost
		for range rounds { // in turn, so that both meet the same machine
			p, err := b.time(requests, func() error { return b.page(s) })
			if err != nil {
				return err
			}
			pages = append(pages, p)
			if s.alone {
				continue
			}
			q, err := b.time(requests, func() error { return b.replay(ctx, s, statements) })
			if err != nil {
				return fmt.Errorf("%s, bare: %w", s.name, err)
			}
			bares = append(bares, q)
		}
		p := median(pages)
		if s.alone {
			fmt.Printf("%-18s %12.2f / %6.2f\n", s.name, p.wall, p.cpu)
			continue
		}
		q := median(bares)
		verdict := "within goal"
		if p.cpu/q.cpu > s.goal {
			verdict = "OVER GOAL"
		}
		fmt.Printf("%-18s %12.2f / %6.2f %12.2f / %6.2f %9.2f / %6.2f  goal %.0f: %s\n", s.name, p.wall, p.cpu, q.wall, q.cpu, p.wall/q.wall, p.cpu/q.cpu, s.goal, verdict)
	}
	return nil
}

// listen asks for the page once to warm up and once to note its statements.
func (b *bencher) listen(s subject) ([]statement, error) {
	for range 6 {
		if err := b.page(s); err != nil {
			return nil, err
		}
	}
	b.tap.mu.Lock()
	b.tap.on, b.tap.seen = true, nil
	b.tap.mu.Unlock()
	err := b.page(s)
	b.tap.mu.Lock()
	defer b.tap.mu.Unlock()
	b.tap.on = false
	return b.tap.seen, err
}

func (b *bencher) page(s subject) error {
	r := httptest.NewRequest(http.MethodGet, s.path, nil)
	r.AddCookie(&http.Cookie{Name: "sid", Value: s.token})
	if s.guest.Session != "" {
		r.AddCookie(&http.Cookie{Name: "guest", Value: s.guest.Session})
	}
	w := httptest.NewRecorder()
	b.site.ServeHTTP(w, r)
	if w.Code != http.StatusOK {
		return fmt.Errorf("%s: %s answers %d", s.name, s.path, w.Code)
	}
	return nil
}

// replay sends the statements of a page in one batch as the administrator, whom no policy binds, and reads every row.
// The identity goes before them, since statements ask who reads.
func (b *bencher) replay(ctx context.Context, s subject, statements []statement) error {
	batch := &pgx.Batch{}
	if s.guest.Session != "" {
		batch.Queue(`SELECT auth.guest_begin($1, $2)`, s.guest.Token, s.guest.Session)
	} else {
		batch.Queue(`SELECT auth.begin($1)`, s.token)
	}
	if ref, ok := strings.CutPrefix(s.path, link.Cases+"/"); ok { // functions ask which case is open; here nobody decides on it, and no trail is kept
		ref, _, _ = strings.Cut(ref, "/")
		batch.Queue(`SELECT auth._opens(f.id, 127) FROM app.case_file f WHERE f.ref = $1`, ref)
	}
	for _, s := range statements {
		batch.Queue(s.sql, s.args...).Query(func(rows pgx.Rows) error {
			for rows.Next() {
				if _, err := rows.Values(); err != nil {
					return err
				}
			}
			return rows.Err()
		})
	}
	return b.bare.SendBatch(ctx, batch).Close()
}

func (b *bencher) time(n int, do func() error) (cost, error) {
	for range 3 {
		if err := do(); err != nil {
			return cost{}, err
		}
	}
	cpu, begun := b.cpu(), time.Now()
	for range n {
		if err := do(); err != nil {
			return cost{}, err
		}
	}
	wall := time.Since(begun)
	return cost{wall.Seconds() * 1000 / float64(n), (b.cpu() - cpu).Seconds() * 1000 / float64(n)}, nil
}

// cpu is the time that this process and all processes of the database have computed so far.
func (b *bencher) cpu() time.Duration {
	var u syscall.Rusage
	_ = syscall.Getrusage(syscall.RUSAGE_SELF, &u) // cannot fail for oneself
	total := time.Duration(u.Utime.Nano() + u.Stime.Nano())
	raw, err := os.ReadFile(b.postgres + "/postmaster.pid")
	if err != nil {
		return total
	}
	postmaster, _, _ := strings.Cut(string(raw), "\n")
	entries, _ := os.ReadDir("/proc")
	for _, e := range entries {
		stat, err := os.ReadFile("/proc/" + e.Name() + "/stat")
		if err != nil {
			continue
		}
		_, after, ok := strings.Cut(string(stat), ") ") // the name may hold spaces
		if f := strings.Fields(after); ok && len(f) > 13 && (f[1] == postmaster || e.Name() == postmaster) {
			user, _ := strconv.Atoi(f[11])
			system, _ := strconv.Atoi(f[12])
			total += time.Duration(user+system) * 10 * time.Millisecond // clock ticks are a hundredth of a second on Linux
		}
	}
	return total
}

func median(costs []cost) cost {
	mid := func(get func(cost) float64) float64 {
		v := []float64{}
		for _, c := range costs {
			v = append(v, get(c))
		}
		slices.Sort(v)
		return v[len(v)/2]
	}
	return cost{mid(func(c cost) float64 { return c.wall }), mid(func(c cost) float64 { return c.cpu })}
}
