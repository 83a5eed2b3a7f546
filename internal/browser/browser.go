// Package browser finds, installs and starts the headless browser that tests and
// screenshots use. The browser that it starts can reach this machine only.
package browser

import (
	"context"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
)

// Missing says that there is no browser, and how to get one.
type Missing struct {
	What   string // what is wrong, without a full stop
	Remedy string // what to do about it, as an order, without a full stop
}

// Error is one sentence that says what is wrong and what to do.
func (m Missing) Error() string { return m.What + ": " + m.Remedy + "." }

// places lists where a browser may be, the quickest first.
//
// Debian's /usr/bin/chromium-headless-shell is not among them: it is a shell script
// that starts the browser as a child, which then outlives the tests.
var places = []string{
	"/usr/lib/chromium/chromium-headless-shell",  // Debian
	"/usr/lib64/chromium-browser/headless_shell", // Fedora
	"chromium", "chromium-browser", "google-chrome", "google-chrome-stable",
	"/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
	"/Applications/Chromium.app/Contents/MacOS/Chromium",
}

// Find returns the browser to use: CHROME_BIN if it is set, else the first of the
// places where headless Chromium, Chromium or Chrome are installed.
func Find() (string, error) {
	if path := os.Getenv("CHROME_BIN"); path != "" {
		if _, err := exec.LookPath(path); err != nil {
			return "", Missing{"CHROME_BIN names a browser that is not there or cannot be run (" + path + ")", "correct or unset it"}
		}
		return path, nil
	}
	for _, p := range places {
		if path, err := exec.LookPath(p); err == nil {
			return path, nil
		}
	}
	return "", Missing{"no Chromium or Chrome is installed, and the tests need one", remedy()}
}

// Install gets headless Chromium where the package manager lets us: as root on
// Debian, Ubuntu and Fedora. Elsewhere it fails with the command to type.
func Install(ctx context.Context, log io.Writer) error {
	if os.Geteuid() != 0 || command() == "" {
		_, err := Find()
		return err
	}
	fmt.Fprintln(log, "Installing headless Chromium: "+command())
	install := func() error { return run(ctx, log, strings.Fields(command())...) }
	err := install()
	if err != nil && has("apt-get") { // the lists of packages may be missing or stale
		if err = run(ctx, log, "apt-get", "update"); err == nil {
			err = install()
		}
	}
	if ctx.Err() != nil {
		return ctx.Err()
	}
	if err != nil {
		return Missing{fmt.Sprintf("the browser could not be installed (%v)", err), remedy()}
	}
	_, err = Find()
	return err
}

// command installs a browser on this machine, when run as root.
func command() string {
	switch {
	case has("apt-get"):
		return "apt-get install -y --no-install-recommends chromium-headless-shell"
	case has("dnf"):
		return "dnf install -y chromium-headless"
	case has("apk"):
		return "apk add chromium"
	}
	return ""
}

func remedy() string {
	c := command()
	switch {
	case has("brew"):
		c = "brew install --cask chromium"
	case c == "":
		return "install Chromium or Chrome, and name it in CHROME_BIN if it is in an unusual place"
	case os.Geteuid() != 0:
		c = "sudo " + c
	}
	return "run `" + c + "`, or set CHROME_BIN to a Chromium or Chrome"
}

func has(tool string) bool {
	_, err := exec.LookPath(tool)
	return err == nil
}

func run(ctx context.Context, log io.Writer, args ...string) error {
	cmd := exec.CommandContext(ctx, args[0], args[1:]...)
	cmd.Env = append(os.Environ(), "DEBIAN_FRONTEND=noninteractive")
	cmd.Stdout, cmd.Stderr = log, log
	if err := cmd.Run(); err != nil {
		return fmt.Errorf("%s: %w", filepath.Base(args[0]), err)
	}
	return nil
}
