package browser

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"

	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/target"
	"github.com/chromedp/chromedp"
)

// Start runs one browser until stop is called or the program ends, and returns the context that [Tab] takes.
func Start(ctx context.Context) (browser context.Context, stop func(), err error) {
	path, err := Find()
	if err != nil {
		return nil, nil, err
	}
	profile, err := newProfile()
	if err != nil {
		return nil, nil, err
	}
	alloc, cancelAlloc := chromedp.NewExecAllocator(ctx, options(path, profile)...)
	browser, cancel := chromedp.NewContext(alloc)
	stop = func() {
		cancel()
		cancelAlloc()
		_ = os.RemoveAll(profile) // the next start tries again
	}
	if err := chromedp.Run(browser); err != nil {
		stop()
		return nil, nil, fmt.Errorf("start %s: %w", path, err)
	}
	return browser, stop, nil
}

// options are the flags of the browser: quiet, Danish, and cut off from the network.
func options(path, profile string) []chromedp.ExecAllocatorOption {
	flags := map[string]any{
		"headless": "new", "no-first-run": true, "no-default-browser-check": true,
		"disable-gpu": true, "hide-scrollbars": true, "mute-audio": true,
		"disable-background-networking": true, "disable-component-update": true, "disable-sync": true,
		"disable-default-apps": true, "disable-extensions": true, "disable-quic": true,
		"disable-features": "Translate,MediaRouter,OptimizationHints,AutofillServerCommunication",
		"no-proxy-server":  true,
		// No name and no address but our own leads anywhere.
		"host-resolver-rules": "MAP * ~NOTFOUND, EXCLUDE localhost, EXCLUDE 127.0.0.1, EXCLUDE [::1]",
		"force-color-profile": "srgb", "lang": "da-DK", "accept-lang": "da-DK,da",
	}
	if os.Geteuid() == 0 || os.Getenv("CHROME_NO_SANDBOX") != "" {
		flags["no-sandbox"] = true // the sandbox refuses root, and has no means in most containers
	}
	var shm syscall.Statfs_t
	if err := syscall.Statfs("/dev/shm", &shm); err != nil || uint64(shm.Bavail)*uint64(shm.Bsize) < 1<<30 {
		flags["disable-dev-shm-usage"] = true // Docker gives 64 MB
	}
	opts := []chromedp.ExecAllocatorOption{
		chromedp.ExecPath(path), chromedp.UserDataDir(profile), chromedp.WindowSize(1280, 900),
		chromedp.Env("TZ=Europe/Copenhagen"),
	}
	for name, value := range flags {
		opts = append(opts, chromedp.Flag(name, value))
	}
	return opts
}

// Tab opens a tab with cookies and storage of its own, as another person at another
// machine would have. Closing it forgets them.
func Tab(browser context.Context) (tab context.Context, closeTab func(), err error) {
	// chromedp's WithNewBrowserContext fails on Chromium's own headless mode ("no
	// browser is open"), since a new context there has no window yet.
	ex := cdp.WithExecutor(browser, chromedp.FromContext(browser).Browser)
	person, err := target.CreateBrowserContext().WithDisposeOnDetach(true).Do(ex)
	if err != nil {
		return nil, nil, fmt.Errorf("new browser context: %w", err)
	}
	id, err := target.CreateTarget("about:blank").WithBrowserContextID(person).WithNewWindow(true).Do(ex)
	if err != nil {
		return nil, nil, fmt.Errorf("new tab: %w", err)
	}
	tab, cancel := chromedp.NewContext(browser, chromedp.WithTargetID(id))
	closeTab = func() {
		cancel()
		_ = target.DisposeBrowserContext(person).Do(ex) // it goes with the browser at the latest
	}
	if err := chromedp.Run(tab); err != nil {
		closeTab()
		return nil, nil, fmt.Errorf("attach to tab: %w", err)
	}
	return tab, closeTab, nil
}

// newProfile makes a directory for the browser's files. A test binary has no hook
// for its end, so the profiles of those that have ended are cleared away here.
func newProfile() (string, error) {
	const prefix = "samspil-browser-"
	old, _ := filepath.Glob(filepath.Join(os.TempDir(), prefix+"*")) // fails for a bad pattern only
	for _, dir := range old {
		pid, _, _ := strings.Cut(strings.TrimPrefix(filepath.Base(dir), prefix), "-")
		if n, err := strconv.Atoi(pid); err == nil && errors.Is(syscall.Kill(n, 0), syscall.ESRCH) {
			_ = os.RemoveAll(dir) // may belong to another user
		}
	}
	dir, err := os.MkdirTemp("", fmt.Sprintf("%s%d-", prefix, os.Getpid()))
	if errors.Is(err, fs.ErrPermission) || errors.Is(err, syscall.ENOSPC) {
		return "", Missing{fmt.Sprintf("the browser needs room for its files in %s (%v)", os.TempDir(), err), "free some, or set TMPDIR to another directory"}
	}
	return dir, err
}
