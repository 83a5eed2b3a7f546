package pglocal

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"
)

// binaries is one installed Postgres.
type binaries struct {
	dir          string
	version      string
	major, minor int
}

// oldest names the first release of each version in which the faults in row-level
// security that we know of are mended (CVE-2025-8713). Later versions began without them.
var oldest = map[int]int{15: 14, 16: 10, 17: 6}

func (b binaries) safe() bool { return b.major >= 15 && b.minor >= oldest[b.major] }

// FindBinaries returns the directory with initdb and postgres, and their version.
// It looks in POSTGRES_BIN, where the systems' packages put them, in the PATH, and
// where [Install] puts them. Version 15 is preferred, as the one that is tested
// most; then the newest.
func FindBinaries() (dir, version string, err error) {
	b, err := choose(self(), 0)
	return b.dir, b.version, err
}

// binariesFor returns the Postgres that the cluster was made by, or any when there is none yet.
func binariesFor(p place) (binaries, error) {
	major := 0
	if p.hasCluster() {
		text, err := os.ReadFile(filepath.Join(p.data(), "PG_VERSION"))
		if err != nil {
			return binaries{}, p.problem(err, p.data())
		}
		if major, err = strconv.Atoi(strings.TrimSpace(string(text))); err != nil {
			return binaries{}, p.explain([]string{"FATAL: the file PG_VERSION does not contain a version"})
		}
	}
	b, err := choose(p.owner, major)
	if errors.Is(err, errOtherVersion) {
		return b, Problem{
			What:   fmt.Sprintf("the database in %s was made by Postgres %d, and only version %s is installed", p.dir, major, b.version),
			Remedy: fmt.Sprintf("install Postgres %d, or make a new database with `mv %s %s.old`", major, p.dir, p.dir),
		}
	}
	return b, err
}

var errOtherVersion = errors.New("no Postgres of that version")

// choose picks the best Postgres that who may run; major 0 is any.
func choose(who account, major int) (binaries, error) {
	var safe, old, shut []binaries
	for _, dir := range candidates() {
		if !runnable(filepath.Join(dir, "initdb")) {
			continue
		}
		b, ok := inspect(dir)
		switch {
		case !ok:
		case !who.reaches(dir):
			shut = append(shut, b)
		case !b.safe():
			old = append(old, b)
		default:
			safe = append(safe, b)
		}
	}
	if len(safe) > 0 {
		best := slices.MaxFunc(safe, func(a, b binaries) int {
			return cmp.Or(cmp.Compare(a.rank(major), b.rank(major)), cmp.Compare(a.minor, b.minor))
		})
		if major != 0 && best.major != major {
			return best, errOtherVersion
		}
		return best, nil
	}
	if len(old) > 0 {
		return binaries{}, Problem{
			What: fmt.Sprintf("the Postgres %s in %s is too old, because its row-level security has known faults (15.14, 16.10, 17.6 or newer is needed)",
				old[0].version, old[0].dir),
			Remedy: "update it with the package manager, for instance `sudo apt-get update && sudo apt-get install postgresql`",
		}
	}
	if len(shut) > 0 {
		return binaries{}, Problem{
			What:   fmt.Sprintf("Postgres runs as %s, who cannot get to its programs in %s", who.name, shut[0].dir),
			Remedy: "install it for everybody, for instance with `apt-get install postgresql`",
		}
	}
	return binaries{}, Problem{
		What:   "no Postgres is installed (initdb and postgres were not found)",
		Remedy: "install it, for instance with `" + installHint() + "`, or set POSTGRES_BIN to the directory it is in, or set DATABASE_URL to a server",
	}
}

// rank orders versions by how much we would like to run them.
func (b binaries) rank(major int) int {
	switch {
	case b.major == major:
		return 1000
	case b.major == 15:
		return 999
	}
	return b.major
}

// candidates lists the directories where a Postgres may be.
func candidates() []string {
	if dir := os.Getenv("POSTGRES_BIN"); dir != "" {
		return []string{dir} // who says where it is means that one
	}
	var dirs []string
	for _, pattern := range []string{
		"/usr/lib/postgresql/*/bin",           // Debian, Ubuntu
		"/usr/pgsql-*/bin",                    // postgresql.org's own packages
		"/usr/libexec/postgresql*",            // Alpine
		"/opt/homebrew/opt/postgresql@*/bin",  // Homebrew
		"/usr/local/opt/postgresql@*/bin",     // Homebrew on Intel
		"/usr/local/pgsql*/bin",               // built from source
		filepath.Join(npmDir(), "native/bin"), // what Install fetched
	} {
		found, _ := filepath.Glob(pattern) // fails for a bad pattern only
		dirs = append(dirs, found...)
	}
	if path, err := exec.LookPath("initdb"); err == nil {
		if real, err := filepath.EvalSymlinks(path); err == nil {
			path = real
		}
		dirs = append(dirs, filepath.Dir(path))
	}
	return dirs
}

var versionText = regexp.MustCompile(`\(PostgreSQL\) ((\d+)(?:\.(\d+))?\S*)`)

// inspect asks the postgres in dir for its version.
func inspect(dir string) (binaries, bool) {
	ctx, cancel := context.WithTimeout(context.Background(), 10*time.Second)
	defer cancel()
	cmd := exec.CommandContext(ctx, filepath.Join(dir, "postgres"), "--version")
	cmd.Dir = "/"
	out, err := cmd.Output()
	if err != nil {
		return binaries{}, false
	}
	return parseVersion(dir, string(out))
}

func parseVersion(dir, text string) (binaries, bool) {
	m := versionText.FindStringSubmatch(text)
	if m == nil {
		return binaries{}, false
	}
	major, _ := strconv.Atoi(m[2]) // digits, by the pattern
	minor, _ := strconv.Atoi(m[3]) // empty for a beta, which counts as 0
	return binaries{dir: dir, version: m[1], major: major, minor: minor}, true
}

func runnable(path string) bool {
	st, err := os.Stat(path)
	return err == nil && st.Mode().IsRegular() && st.Mode().Perm()&0o111 != 0
}
