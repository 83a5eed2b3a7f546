// Bench measures the pages of a large municipality: 100,000 cases, 1,000,000 notes, 500 people.
//
// Every page is measured beside the bare SQL of the same page: its own statements, sent in one batch by
// the administrator, without the look-up of the session, the opening and its trail, policies and rendering. The ratio is what
// counts; absolute numbers belong to the machine and the hour.
package main

import (
	"context"
	"flag"
	"fmt"
	"os"
	"os/signal"
	"runtime/pprof"
	"syscall"

	"github.com/jackc/pgx/v5/pgxpool"

	"samspil/internal/db"
	"samspil/internal/keys"
	"samspil/internal/pglocal"
	"samspil/internal/schema"
	"samspil/internal/signin"
	"samspil/web"
)

func main() {
	cases := flag.Int("cases", 100_000, "number of cases; ten times as many notes, four times as many steps")
	rounds := flag.Int("rounds", 5, "rounds; each measures every page and its bare SQL once, in turn")
	requests := flag.Int("n", 60, "requests a round")
	at := flag.String("at", "", "administrator's URL of an empty database to measure in, which is kept; else a private server is made and thrown away")
	profile := flag.String("cpuprofile", "", "file for a profile of the program, for go tool pprof")
	flag.Parse()
	if *profile != "" {
		f, err := os.Create(*profile)
		if err == nil {
			err = pprof.StartCPUProfile(f)
		}
		if err != nil {
			fmt.Fprintln(os.Stderr, "bench:", err)
			os.Exit(1)
		}
		defer pprof.StopCPUProfile()
	}
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	if err := bench(ctx, *at, *cases, *rounds, *requests); err != nil {
		fmt.Fprintln(os.Stderr, "bench:", err)
		os.Exit(1)
	}
}

func bench(ctx context.Context, url string, cases, rounds, requests int) error {
	k := keys.From("bench")
	if url == "" {
		server, remove, err := private(ctx)
		if err != nil {
			return err
		}
		defer remove()
		url = server
	}
	if err := schema.Up(ctx, url, k); err != nil {
		return err
	}
	town, err := build(ctx, url, k, cases)
	if err != nil {
		return fmt.Errorf("build the town: %w", err)
	}
	app, err := schema.LoginURL(url, "samspil_app", k)
	if err != nil {
		return err
	}
	login, err := schema.LoginURL(url, "samspil_login", k)
	if err != nil {
		return err
	}
	tap := &tap{}
	d, err := db.Open(ctx, app, func(c *pgxpool.Config) { c.MaxConns, c.ConnConfig.Tracer = 4, tap })
	if err != nil {
		return err
	}
	defer d.Close()
	desk, err := signin.NewDesk(ctx, login)
	if err != nil {
		return err
	}
	defer desk.Close()
	bare, err := pgxpool.New(ctx, url)
	if err != nil {
		return err
	}
	defer bare.Close()
	b := &bencher{site: web.New(web.Site{DB: d, Desk: desk, Keys: k}), bare: bare, tap: tap}
	if err := bare.QueryRow(ctx, `SELECT current_setting('data_directory')`).Scan(&b.postgres); err != nil {
		return err
	}
	return b.run(ctx, town, rounds, requests)
}

// private starts a server that is thrown away afterwards, and returns its URL.
func private(ctx context.Context) (string, func(), error) {
	dir, err := os.MkdirTemp(roomy(), "samspil-bench-")
	if err != nil {
		return "", nil, err
	}
	if err := os.Chmod(dir, 0o711); err != nil { // the server's own user must be able to enter
		return "", nil, err
	}
	server, err := pglocal.Start(ctx, pglocal.Options{Dir: dir + "/pg", Fast: true, Log: os.Stderr})
	if err != nil {
		return "", nil, err
	}
	return server.URL("postgres"), func() {
		_ = server.Stop(context.Background())
		_ = os.RemoveAll(dir)
	}, nil
}

// roomy is where the town is built: memory, when there is enough of it.
func roomy() string {
	var fs syscall.Statfs_t
	if syscall.Statfs("/dev/shm", &fs) == nil && fs.Bavail*uint64(fs.Bsize) > 8<<30 {
		return "/dev/shm"
	}
	return os.TempDir()
}
