package pglocal

import (
	"crypto/sha256"
	"fmt"
	"io"
	"os"
	"os/user"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"syscall"
)

// maxSocketPath is the longest name of a Unix socket that Linux (107) and macOS (103) both take.
const maxSocketPath = 103

// place is a directory with a cluster, or for one, and the account that owns it.
type place struct {
	dir   string // absolute
	owner account
}

// account is who the server runs as. Postgres refuses to run as root.
type account struct {
	uid, gid int
	name     string
}

func (p place) data() string         { return filepath.Join(p.dir, "data") }
func (p place) passwordFile() string { return filepath.Join(p.dir, "password") }
func (p place) logFile() string      { return filepath.Join(p.dir, "log") }

func (p place) hasCluster() bool {
	_, err := os.Lstat(filepath.Join(p.data(), "PG_VERSION"))
	return err == nil
}

// choosePlace finds out who the server will run as and whether that account can
// get to dir, makes the directory, and sees that there is room in it.
func choosePlace(dir string, log io.Writer) (place, error) {
	dir, err := filepath.Abs(dir)
	if err != nil {
		return place{}, err
	}
	p := place{dir: dir, owner: self()}
	if p.owner.uid == 0 {
		p.owner = standIn(dir)
		if !p.owner.reaches(filepath.Dir(dir)) {
			p.dir = fmt.Sprintf("/var/lib/samspil-%x", sha256.Sum256([]byte(dir)))[:len("/var/lib/samspil-")+10]
			p.owner = standIn(p.dir)
			say(log, "The database is kept in %s, because Postgres runs as %s, who cannot get to %s.", p.dir, p.owner.name, dir)
		}
	}
	if err := os.MkdirAll(filepath.Dir(p.dir), 0o755); err != nil {
		return p, p.problem(err, filepath.Dir(p.dir))
	}
	if err := os.Mkdir(p.dir, 0o700); err == nil {
		if err := p.give(p.dir); err != nil {
			return p, err
		}
	} else if st, serr := os.Stat(p.dir); serr != nil || !st.IsDir() {
		return p, p.problem(err, p.dir)
	}
	return p, p.checkRoom()
}

// checkRoom refuses a disk that is as good as full, before Postgres trips over it half-way.
func (p place) checkRoom() error {
	if free, err := FreeMB(p.dir); err == nil && free < p.neededMB() {
		return p.fullDisk()
	}
	return nil
}

// neededMB is the room for a new cluster (39 MB) with its first log segments and
// the demo data, or what an existing one needs to start and to be worked with a little.
func (p place) neededMB() uint64 {
	if p.hasCluster() {
		return 20
	}
	return 150
}

// FreeMB is how much room an ordinary user has left on the disk that holds dir.
func FreeMB(dir string) (uint64, error) {
	var fs syscall.Statfs_t
	if err := syscall.Statfs(dir, &fs); err != nil {
		return 0, err
	}
	return uint64(fs.Bavail) * uint64(fs.Bsize) >> 20, nil
}

// give hands a file that root made to the account that the server runs as.
func (p place) give(name string) error {
	if os.Geteuid() != 0 {
		return nil
	}
	if err := os.Lchown(name, p.owner.uid, p.owner.gid); err != nil {
		return p.problem(err, name)
	}
	return nil
}

// socketDir is where the server puts its socket: beside the data, unless that name is too long for the system.
func (p place) socketDir() (string, error) {
	dir := filepath.Join(p.dir, "s")
	if len(socketFile(dir)) > maxSocketPath {
		name := fmt.Sprintf("samspil-%d-%x", p.owner.uid, sha256.Sum256([]byte(p.dir)))[:24]
		dir = filepath.Join(os.TempDir(), name)
		if len(socketFile(dir)) > maxSocketPath || !p.owner.reaches(os.TempDir()) {
			dir = filepath.Join("/tmp", name)
		}
	}
	if err := os.Mkdir(dir, 0o700); err == nil {
		return dir, p.give(dir)
	} else if !os.IsExist(err) {
		return "", p.problem(err, dir)
	}
	// In a shared directory somebody else may have made it first, to listen in.
	st, err := os.Lstat(dir)
	if err != nil {
		return "", p.problem(err, dir)
	}
	if !st.IsDir() || int(st.Sys().(*syscall.Stat_t).Uid) != p.owner.uid || st.Mode().Perm() != 0o700 {
		return "", Problem{
			What:   fmt.Sprintf("the directory %s for the database's socket does not belong to %s alone", dir, p.owner.name),
			Remedy: fmt.Sprintf("remove it with `rm -r %s`", dir),
		}
	}
	return dir, nil
}

func socketFile(dir string) string { return filepath.Join(dir, ".s.PGSQL."+port) }

// self is the account that runs this program.
func self() account {
	uid := os.Geteuid()
	return account{uid, os.Getegid(), userName(uid)}
}

// standIn is the account that runs the server when root starts it: the one that
// owns the cluster already, else postgres, else nobody.
func standIn(dir string) account {
	if st, err := os.Stat(filepath.Join(dir, "data", "PG_VERSION")); err == nil {
		if s := st.Sys().(*syscall.Stat_t); s.Uid != 0 {
			return account{int(s.Uid), int(s.Gid), userName(int(s.Uid))}
		}
	}
	for _, name := range []string{"postgres", "nobody"} {
		if u, err := user.Lookup(name); err == nil {
			uid, _ := strconv.Atoi(u.Uid) // always a number on Unix
			gid, _ := strconv.Atoi(u.Gid)
			return account{uid, gid, name}
		}
	}
	return account{65534, 65534, "nobody"}
}

// reaches reports whether the account may pass through dir and all that is above it.
// Directories that are not there yet will be made passable.
func (a account) reaches(dir string) bool {
	if os.Geteuid() != 0 {
		return true // it is ourselves: the system will say
	}
	return !slices.ContainsFunc(append(parents(dir), dir), func(d string) bool {
		st, err := os.Stat(d)
		return err == nil && st.IsDir() && !a.may(st, 1)
	})
}

// may reports whether the account has the bits (4 read, 2 write, 1 pass or run) on a file.
func (a account) may(st os.FileInfo, bits os.FileMode) bool {
	mode, s := st.Mode().Perm(), st.Sys().(*syscall.Stat_t)
	switch {
	case int(s.Uid) == a.uid:
		mode >>= 6
	case int(s.Gid) == a.gid:
		mode >>= 3
	}
	return mode&bits == bits
}

// parents lists the directories above path, the nearest first.
func parents(path string) []string {
	var all []string
	for path != filepath.Dir(path) && strings.HasPrefix(path, "/") {
		path = filepath.Dir(path)
		all = append(all, path)
	}
	return all
}
