package browser

import (
	"context"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

func TestBrowserThatIsNamedIsTaken(t *testing.T) {
	named := filepath.Join(t.TempDir(), "chrome")
	t.Setenv("CHROME_BIN", named)
	if _, err := Find(); err == nil || !strings.Contains(err.Error(), "CHROME_BIN names a browser that is not there") {
		t.Errorf("for a missing one: %v", err)
	}
	if err := os.WriteFile(named, nil, 0o755); err != nil {
		t.Fatal(err)
	}
	if got, err := Find(); err != nil || got != named {
		t.Errorf("found %s, %v", got, err)
	}
}

func TestMachineWithoutBrowserIsToldTheCommand(t *testing.T) {
	was := places
	places = []string{"no-such-browser"}
	defer func() { places = was }()
	t.Setenv("CHROME_BIN", "")
	t.Setenv("PATH", fakeTools(t, "apt-get", "exit 100"))
	_, err := Find()
	if err == nil || !strings.Contains(err.Error(), "apt-get install -y --no-install-recommends chromium-headless-shell`, or set CHROME_BIN") || strings.Contains(err.Error(), "\n") {
		t.Errorf("Find: %v", err)
	}
	if err := Install(t.Context(), t.Output()); err == nil || !strings.Contains(err.Error(), "apt-get install") {
		t.Errorf("Install: %v", err)
	}
}

func TestInstallRefreshesTheListsWhenThePackageIsUnknown(t *testing.T) {
	if os.Geteuid() != 0 {
		return // only root installs
	}
	was := places
	defer func() { places = was }()
	tools := fakeTools(t, "apt-get", `cd $(dirname $0); if [ $1 = update ]; then touch fresh; elif [ -e fresh ]; then cp apt-get chromium; else exit 100; fi`)
	places = []string{filepath.Join(tools, "chromium")}
	t.Setenv("CHROME_BIN", "")
	t.Setenv("PATH", tools+":"+os.Getenv("PATH"))
	if err := Install(context.Background(), t.Output()); err != nil {
		t.Error(err)
	}
}

// fakeTools is a directory with a package manager that behaves badly.
func fakeTools(t *testing.T, name, script string) string {
	t.Helper()
	dir := t.TempDir()
	if err := os.WriteFile(filepath.Join(dir, name), []byte("#!/bin/sh\n"+script+"\n"), 0o755); err != nil {
		t.Fatal(err)
	}
	return dir
}
