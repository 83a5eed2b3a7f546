package main

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"syscall"
	"time"

	"github.com/go-chi/chi/v5"
	"github.com/jackc/pgx/v5/pgxpool"

	"samspil/internal/config"
	"samspil/internal/db"
	"samspil/internal/demo"
	"samspil/internal/jobs"
	"samspil/internal/keys"
	"samspil/internal/mail"
	"samspil/internal/maildrop"
	"samspil/internal/pglocal"
	"samspil/internal/schema"
	"samspil/internal/signin"
	"samspil/web"
	"samspil/web/link"
)

// runAll is "make run": from nothing to a first page.
func runAll(ctx context.Context, c config.Config, _ []string) error {
	listener, err := listen(c) // first, so that a port in use is said before anything is built
	if err != nil {
		return err
	}
	defer listener.Close()
	if c.DatabaseURL == "" {
		if _, _, err := pglocal.FindBinaries(); err != nil {
			if err := pglocal.Install(ctx, os.Stderr); err != nil {
				return err
			}
		}
		server, err := pglocal.Start(ctx, pglocal.Options{Dir: filepath.Join(c.DataDir, "postgres"), Log: os.Stderr})
		if err != nil {
			return err
		}
		defer func() { _ = server.Stop(context.Background()) }() // the program ends; the log has said why
		c.DatabaseURL = server.URL("postgres")
	}
	k, err := keys.LoadOrCreate(c.KeyFile)
	if err != nil {
		return err
	}
	if err := schema.Up(ctx, c.DatabaseURL, k); err != nil {
		return err
	}
	if err := demo.Seed(ctx, c.DatabaseURL, k); err != nil && !errors.Is(err, demo.ErrNotEmpty) {
		return err
	}
	if address, err := c.MailServer(); err == nil && address == "" {
		drop, err := maildrop.Open(intoFiles(filepath.Join(c.DataDir, "mail")))
		if err != nil {
			return err
		}
		defer drop.Close()
		c.SMTPURL = drop.URL()
	}
	return serveOn(ctx, c, k, listener, true)
}

// intoFiles keeps the mails of the demo, one file each, for its owner's eyes.
func intoFiles(dir string) func(maildrop.Mail) error {
	return func(m maildrop.Mail) error {
		if err := os.MkdirAll(dir, 0o700); err != nil {
			return err
		}
		f, err := os.CreateTemp(dir, time.Now().Format("2006-01-02-150405")+"-*.eml") // two may come at once
		if err != nil {
			return err
		}
		slog.Info("mail", "file", f.Name())
		_, err = f.Write(m.Data)
		return errors.Join(err, f.Close())
	}
}

// letters is how letters leave this installation.
func letters(c config.Config, k keys.Keys) (jobs.Post, error) {
	address, err := c.MailServer()
	if err != nil {
		return jobs.Post{}, err
	}
	server, err := mail.Parse(address, c.SMTPFrom)
	if !server.Set() && err == nil {
		slog.Warn("no mail server: letters wait until SMTP_URL names one")
	}
	return jobs.Post{Server: server, Keys: k, Guests: c.Public() + link.Guest("")}, err
}

func serve(ctx context.Context, c config.Config, welcome bool) error {
	k, err := keys.Load(c.KeyFile)
	if err != nil {
		return err
	}
	listener, err := listen(c)
	if err != nil {
		return err
	}
	return serveOn(ctx, c, k, listener, welcome)
}

func listen(c config.Config) (net.Listener, error) {
	l, err := net.Listen("tcp", c.Address())
	if errors.Is(err, syscall.EADDRINUSE) {
		return nil, fmt.Errorf("port %d is in use by another program; stop it, or choose another port: PORT=%d make run", c.Port, c.Port+1)
	}
	if errors.Is(err, syscall.EACCES) {
		return nil, fmt.Errorf("port %d may only be used by root; choose one from 1024 up: PORT=8080 make run", c.Port)
	}
	return l, err
}

func serveOn(ctx context.Context, c config.Config, k keys.Keys, l net.Listener, welcome bool) error {
	appURL, loginURL, err := c.Logins(k)
	if err != nil {
		return err
	}
	jobURL, err := c.Jobs(k)
	if err != nil {
		return err
	}
	proxy, err := c.Proxy()
	if err != nil {
		return err
	}
	d, err := db.Open(ctx, appURL, func(p *pgxpool.Config) { p.MaxConns = c.PoolSize })
	if err != nil {
		return err
	}
	defer d.Close()
	desk, err := signin.NewDesk(ctx, loginURL)
	if err != nil {
		return err
	}
	defer desk.Close()
	post, err := letters(c, k)
	if err != nil {
		return err
	}
	crew, err := jobs.Open(ctx, jobURL, post, nil)
	if err != nil {
		return err
	}
	srv := web.Server(web.New(web.Site{DB: d, Desk: desk, Keys: k, Secure: c.SecureCookies, ProxyNet: proxy, Public: c.Configured(), Working: crew.Working}))
	working, rest := context.WithCancel(ctx)
	rested := make(chan struct{})
	go func() { crew.Run(working); close(rested) }()
	defer func() { rest(); <-rested }() // also when the site could not be served
	failed := make(chan error, 1)
	go func() { failed <- srv.Serve(l) }()
	slog.Info("serving", "address", "http://"+c.Address())
	if welcome {
		fmt.Print(demo.Welcome("http://" + c.Address()))
	}
	select {
	case err := <-failed:
		return err
	case <-ctx.Done():
	}
	slog.Info("stopping: waiting for jobs and requests under way")
	<-rested
	stopping, cancel := context.WithTimeout(context.WithoutCancel(ctx), 10*time.Second)
	defer cancel()
	return srv.Shutdown(stopping)
}

func routes(context.Context, config.Config, []string) error {
	return chi.Walk(web.New(web.Site{}), func(method, route string, _ http.Handler, _ ...func(http.Handler) http.Handler) error {
		fmt.Println(method, route)
		return nil
	})
}

func healthcheck(ctx context.Context, c config.Config, _ []string) error {
	ctx, cancel := context.WithTimeout(ctx, 3*time.Second)
	defer cancel()
	r, err := http.NewRequestWithContext(ctx, http.MethodGet, fmt.Sprintf("http://127.0.0.1:%d/readyz", c.Port), nil)
	if err != nil {
		return err
	}
	resp, err := http.DefaultClient.Do(r)
	if err != nil {
		return err
	}
	defer resp.Body.Close()
	if resp.StatusCode != http.StatusOK {
		return fmt.Errorf("the site answers %s", resp.Status)
	}
	return nil
}
