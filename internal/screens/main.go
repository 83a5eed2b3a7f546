// Screens takes pictures of the pages of the demo municipality: for the README, and for looking at
// a page after a change (-all).
package main

import (
	"context"
	"flag"
	"fmt"
	"log/slog"
	"net"
	"os"
	"path/filepath"
	"strings"
	"time"

	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/cdproto/network"
	"github.com/chromedp/chromedp"

	"samspil/internal/browser"
	"samspil/internal/db"
	"samspil/internal/demo"
	"samspil/internal/keys"
	"samspil/internal/pglocal"
	"samspil/internal/schema"
	"samspil/internal/signin"
	"samspil/web"
)

// shot is one picture: a page as one person sees it, {case} being the demo's first case.
type shot struct {
	name, login, path string
	readme            bool // belongs into the README
}

var shots = []shot{
	{"min-dag", "mette", "/min-dag", true},
	{"sag", "mette", "/sager/{case}", true},
	{"handlingsplan", "mette", "/sager/{case}/handlingsplan", true},
	{"handlingsplan-tavle", "mette", "/sager/{case}/handlingsplan?vis=tavle", false},
	{"netvaerk", "mette", "/sager/{case}/netvaerk", false},
	{"partner-ny", "mette", "/sager/{case}/netvaerk/ny", false},
	{"journal", "mette", "/sager/{case}/journal", true},
	{"notat-nyt", "mette", "/sager/{case}/journal/ny", false},
	{"risiko", "mette", "/sager/{case}/risiko", false},
	{"risiko-ny", "mette", "/sager/{case}/risiko/ny/B", false},
	{"risiko-underskrift", "mette", "/sager/{case}/risiko/ny/niveau", false},
	{"adgang", "mette", "/sager/{case}/adgang", false},
	{"luk", "mette", "/sager/{case}/luk", false},
	{"hvem", "mette", "/sager/{case}/hvem", false},
	{"ret", "mette", "/sager/{case}/ret", false},
	{"sikker-kontakt", "mette", "/sager/{case}/sikker-kontakt", false},
	{"tegn", "mette", "/sager/{case}/tegn", false},
	{"screening", "mette", "/sager/{case}/screening", false},
	{"sager", "mette", "/sager", true},
	{"sag-ny", "mette", "/sager/ny", false},
	{"soeg", "mette", "/soeg", false},
	{"partnere", "mette", "/partnere?situation=threats", true},
	{"profil", "mette", "/profil", false},
	{"beskeder", "mette", "/beskeder", false},
	{"hjaelp", "mette", "/hjaelp", false},
	{"overblik", "jonas", "/overblik", true},
	{"sager-leder", "jonas", "/sager", false},
	{"underretninger", "ida", "/underretninger", true},
	{"underretning-ny", "ida", "/underretninger/ny", false},
	{"underretning", "ida", "/underretninger/{report}", false},
	{"underretning-vurdering", "ida", "/underretninger/{report}/vurdering", false},
	{"underretning-screening", "ida", "/underretninger/{report}/screening", false},
	{"underretning-sag", "ida", "/underretninger/{report}/sag", false},
	{"frister", "mette", "/sager/{case}/frister", false},
	{"overblik-frister", "jonas", "/overblik/frister", false},
	{"admin", "lone", "/admin", false},
	{"sikkerhedsplan", "mette", "/sager/{case}/sikkerhedsplan", false},
	{"sikkerhedsplan-ret", "mette", "/sager/{case}/sikkerhedsplan/ret", false},
	{"check-in-ny", "mette", "/sager/{case}/sikkerhedsplan/kontrol/ny", false},
	{"haendelse", "mette", "/sager/{case}/haendelse", false},
	{"admin-partnere", "lone", "/admin/partnere", false},
	{"admin-rettelser", "lone", "/admin/rettelser", false},
	{"opsporing", "lone", "/admin/opsporing", false},
	{"opsporing-regel", "lone", "/admin/opsporing/control", false},
	{"log", "karen", "/log", false},
	{"log-ind", "", "/log-ind", false},
}

func main() {
	out := flag.String("out", "docs/screens", "folder for the pictures")
	all := flag.Bool("all", false, "all pages, not only those of the README")
	only := flag.String("only", "", "names of the pictures to take, with commas between")
	lang := flag.String("lang", "da", "language of the pages")
	dark := flag.Bool("dark", false, "dark colours")
	against := flag.String("url", "", "a running demo site; without it one is started")
	flag.Parse()
	if err := take(context.Background(), *out, *only, *lang, *against, *all || *only != "", *dark); err != nil {
		fmt.Fprintln(os.Stderr, "screens:", err)
		os.Exit(1)
	}
}

func take(ctx context.Context, out, only, lang, site string, all, dark bool) error {
	if err := os.MkdirAll(out, 0o755); err != nil {
		return err
	}
	if site == "" {
		url, stop, err := start(ctx)
		if err != nil {
			return err
		}
		defer stop()
		site = url
	}
	parent, stop, err := browser.Start(ctx)
	if err != nil {
		return err
	}
	defer stop()
	for _, login := range []string{"mette", "ida", "jonas", "lone", "karen", ""} {
		if err := person(parent, site, login, out, only, lang, all, dark); err != nil {
			return fmt.Errorf("as %s: %w", login, err)
		}
	}
	return nil
}

func person(parent context.Context, site, login, out, only, lang string, all, dark bool) error {
	ctx, done, err := browser.Tab(parent)
	if err != nil {
		return err
	}
	defer done()
	ctx, stop := context.WithTimeout(ctx, 3*time.Minute)
	defer stop()
	ref := ""
	if login != "" {
		if ref, err = signIn(ctx, site, login, lang); err != nil {
			return err
		}
	}
	for _, s := range shots {
		if s.login != login || !all && !s.readme || only != "" && !strings.Contains(","+only+",", ","+s.name+",") {
			continue
		}
		for _, width := range []int64{1440, 390} {
			if !all && width == 390 {
				continue // the README shows the desk
			}
			var png []byte
			shoot := chromedp.FullScreenshot(&png, 100)
			if !all {
				shoot = chromedp.CaptureScreenshot(&png)
			}
			file := filepath.Join(out, fmt.Sprintf("%s-%d.png", s.name, width))
			scheme := "light"
			if dark {
				scheme = "dark"
			}
			err := chromedp.Run(ctx,
				emulation.SetDeviceMetricsOverride(width, 900, 1, width < 500),
				emulation.SetEmulatedMedia().WithFeatures([]*emulation.MediaFeature{{Name: "prefers-color-scheme", Value: scheme}}),
				chromedp.Navigate(site+strings.NewReplacer("{case}", ref, "{report}", ref).Replace(s.path)), chromedp.WaitReady("body"),
				shoot)
			if err != nil {
				return fmt.Errorf("%s: %w", s.path, err)
			}
			if err := os.WriteFile(file, png, 0o644); err != nil {
				return err
			}
		}
	}
	return nil
}

// examples are the lists in which a person finds the case, or the report of concern, that stands for all: by its number.
var examples = map[string][2]string{"mette": {"/sager", "2026-0147"}, "ida": {"/underretninger", "-0412"}}

// signIn signs a demo person in, and returns the reference of their example.
func signIn(ctx context.Context, site, login, lang string) (string, error) {
	path := ""
	err := chromedp.Run(ctx,
		network.SetCookie("lang", lang).WithURL(site),
		chromedp.Navigate(site+"/log-ind"),
		chromedp.SetValue("#email", login+"@ellehoej.test"), chromedp.SetValue("#password", demo.Password), chromedp.Submit("#password"),
		chromedp.WaitNotPresent("#email"))
	example, has := examples[login]
	if err != nil || !has {
		return "", err
	}
	err = chromedp.Run(ctx, chromedp.Navigate(site+example[0]),
		chromedp.Evaluate(fmt.Sprintf(`([...document.querySelectorAll("main a[href^='%s/']")].find(a => a.textContent.includes(%q)) || {}).pathname || ""`, example[0], example[1]), &path))
	ref, _, _ := strings.Cut(strings.TrimPrefix(path, example[0]+"/"), "/")
	return ref, err
}

// start runs a demo site that is thrown away afterwards.
func start(ctx context.Context) (string, func(), error) {
	slog.SetLogLoggerLevel(slog.LevelError)
	dir, err := os.MkdirTemp("", "samspil-screens-")
	if err != nil {
		return "", nil, err
	}
	if err := os.Chmod(dir, 0o711); err != nil { // the server's own user must be able to enter
		return "", nil, err
	}
	server, err := pglocal.Start(ctx, pglocal.Options{Dir: dir + "/pg", Fast: true})
	if err != nil {
		return "", nil, err
	}
	k, url := keys.From("screens"), server.URL("postgres")
	if err := schema.Up(ctx, url, k); err != nil {
		return "", nil, err
	}
	if err := demo.Seed(ctx, url, k); err != nil {
		return "", nil, err
	}
	app, err := schema.LoginURL(url, "samspil_app", k)
	if err != nil {
		return "", nil, err
	}
	login, err := schema.LoginURL(url, "samspil_login", k)
	if err != nil {
		return "", nil, err
	}
	d, err := db.Open(ctx, app, nil)
	if err != nil {
		return "", nil, err
	}
	desk, err := signin.NewDesk(ctx, login)
	if err != nil {
		return "", nil, err
	}
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return "", nil, err
	}
	srv := web.Server(web.New(web.Site{DB: d, Desk: desk, Keys: k}))
	go func() { _ = srv.Serve(l) }() // ends with Close
	return "http://" + l.Addr().String(), func() {
		_ = srv.Close()
		desk.Close()
		d.Close()
		_ = server.Stop(context.Background())
		_ = os.RemoveAll(dir)
	}, nil
}
