// Samspil is where a municipality works on cases of honour-related conflict and negative social control
// together with its partners. This program is all of it: server, migrations, demo data, users.
package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"os"
	"os/signal"
	"runtime"
	"syscall"

	"samspil/internal/config"
	"samspil/internal/pglocal"
)

// build names the commit that this program was made of; the linker sets it.
var build = "unknown"

// command is one thing the program can be asked to do.
type command struct {
	name, help string
	run        func(ctx context.Context, c config.Config, args []string) error
}

var commands = []command{
	{"run", "start a private Postgres if DATABASE_URL is not set, migrate, seed the demo municipality, serve", runAll},
	{"serve", "serve the site from a database that is ready", func(ctx context.Context, c config.Config, _ []string) error { return serve(ctx, c, false) }},
	{"migrate", "bring the database up to this program's version (migrate force N: after a broken one)", migrateDatabase},
	{"seed", "load the demo municipality into an empty database", seed},
	{"user", "user add|reset|disable EMAIL: accounts; see user help", user},
	{"intake", "intake TEAM on|off: the team that reports of concern come to", intake},
	{"routes", "list all routes", routes},
	{"healthcheck", "ask a running site whether it is well; exit 1 if not", healthcheck},
	{"version", "print the version", showVersion},
}

func main() {
	if len(os.Args) < 2 {
		usage(os.Stderr)
		os.Exit(2)
	}
	for _, cmd := range commands {
		if cmd.name != os.Args[1] {
			continue
		}
		ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
		err := start(ctx, cmd, os.Args[2:])
		stop()
		if err != nil {
			explain(err)
			os.Exit(1)
		}
		return
	}
	if os.Args[1] == "help" || os.Args[1] == "-h" || os.Args[1] == "--help" {
		usage(os.Stdout)
		return
	}
	fmt.Fprintf(os.Stderr, "samspil: there is no command %q\n", os.Args[1])
	usage(os.Stderr)
	os.Exit(2)
}

func start(ctx context.Context, cmd command, args []string) error {
	c, err := config.Load()
	if err != nil {
		return err
	}
	logs(c)
	return cmd.run(ctx, c, args)
}

// logs sets up structured logs. They carry paths and codes, never what a person typed or is called.
func logs(c config.Config) {
	var h slog.Handler = slog.NewTextHandler(os.Stderr, nil)
	if c.LogFormat == "json" {
		h = slog.NewJSONHandler(os.Stderr, nil)
	}
	slog.SetDefault(slog.New(h))
}

// explain prints one sentence about what is wrong, and the remedy where one is known.
func explain(err error) {
	var problem pglocal.Problem
	if errors.As(err, &problem) {
		fmt.Fprintf(os.Stderr, "samspil: %s\n", problem.Error())
		return
	}
	fmt.Fprintf(os.Stderr, "samspil: %v\n", err)
}

func usage(w io.Writer) {
	fmt.Fprintln(w, "usage: samspil COMMAND")
	for _, cmd := range commands {
		fmt.Fprintf(w, "  %-12s %s\n", cmd.name, cmd.help)
	}
}

func showVersion(context.Context, config.Config, []string) error {
	fmt.Printf("samspil %s, %s\n", build, runtime.Version())
	return nil
}
