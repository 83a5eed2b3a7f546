package pglocal

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"os/user"
	"regexp"
	"strconv"
	"strings"
	"syscall"
)

// Problem is something on the machine that the person at the keyboard can put right.
type Problem struct {
	What   string // what is wrong, without a full stop
	Remedy string // what to do about it, as an order, without a full stop
}

// Error is one sentence that says what is wrong and what to do.
func (p Problem) Error() string { return p.What + ": " + p.Remedy + "." }

// problem turns what the operating system refused at path into a [Problem].
func (p place) problem(err error, path string) error {
	me := userName(os.Geteuid())
	switch {
	case err == nil:
		return nil
	case errors.Is(err, syscall.ENOSPC), errors.Is(err, syscall.EDQUOT):
		return p.fullDisk()
	case errors.Is(err, syscall.EROFS):
		return Problem{
			What:   fmt.Sprintf("the database cannot be kept in %s, because that disk is read-only", p.dir),
			Remedy: "put the checkout on a disk that can be written to, or set DATABASE_URL to a Postgres of your own",
		}
	case errors.Is(err, fs.ErrPermission):
		remedy := fmt.Sprintf("hand it over with `sudo chown -R %s %s`", me, p.dir)
		if at := nearest(path); len(at) < len(p.dir) { // it is not ours to hand over
			remedy = fmt.Sprintf("let %s write to %s, or work in a checkout of your own", me, at)
		}
		return Problem{
			What:   fmt.Sprintf("the user %s may not write to %s, where the database is kept%s", me, path, ownedBy(path, me)),
			Remedy: remedy,
		}
	case errors.Is(err, syscall.ENOTDIR), errors.Is(err, fs.ErrExist), errors.Is(err, syscall.EISDIR), errors.Is(err, fs.ErrNotExist):
		return Problem{
			What:   fmt.Sprintf("the database cannot be kept in %s, because there is no way to make that directory (%v)", p.dir, bare(err)),
			Remedy: "move away what is in its place, or choose another directory",
		}
	}
	return fmt.Errorf("database directory %s: %w", p.dir, err)
}

func (p place) fullDisk() Problem {
	return Problem{
		What:   fmt.Sprintf("the disk with %s is full, and the database needs %d MB of room there", p.dir, p.neededMB()),
		Remedy: "free some space and try again (`df -h` shows where it went)",
	}
}

// deadly is what Postgres begins its last words with, after the time of day.
var deadly = regexp.MustCompile(`(FATAL|PANIC|\w+: error):`)

// explain turns the last words of a Postgres that would not start into a [Problem].
func (p place) explain(lines []string) Problem {
	last := "it left no log"
	if len(lines) > 0 {
		last = lines[len(lines)-1]
	}
	for _, l := range lines {
		if at := deadly.FindStringIndex(l); at != nil {
			last = l[at[0]:]
		}
	}
	last = strings.Join(strings.Fields(last), " ")
	all := strings.Join(lines, "\n")
	has := func(s string) bool { return strings.Contains(all, s) }
	switch {
	case has("No space left on device"), has("Disk quota exceeded"):
		return p.fullDisk()
	case has("Read-only file system"), has("Permission denied"):
		return Problem{
			What:   fmt.Sprintf("Postgres, running as %s, may not write to %s (%s)", p.owner.name, p.dir, last),
			Remedy: fmt.Sprintf("hand it over with `sudo chown -R %s %s`, on a disk that is not read-only", p.owner.name, p.dir),
		}
	case has("Cannot allocate memory"), has("could not create shared memory segment"), has("could not create semaphores"), has("could not resize shared memory"):
		return Problem{
			What:   fmt.Sprintf("Postgres got too little memory to start (%s)", last),
			Remedy: "end some programs, or give the machine or container more memory, and try again",
		}
	case has("user does not exist"):
		return Problem{
			What:   fmt.Sprintf("Postgres will not run as user number %d, who has no name on this machine", p.owner.uid),
			Remedy: fmt.Sprintf("add the user (`useradd -u %d samspil`), or run as one who is in /etc/passwd", p.owner.uid),
		}
	}
	return Problem{
		What:   fmt.Sprintf("Postgres cannot use the database in %s (%s)", p.dir, last),
		Remedy: fmt.Sprintf("move it away with `mv %s %s.broken` and start again, which makes a new one with the demo data", p.dir, p.dir),
	}
}

// bare is the reason of the operating system, without the call and the path.
func bare(err error) error {
	var pe *fs.PathError
	if errors.As(err, &pe) {
		return pe.Err
	}
	return err
}

// ownedBy says who path, or what there is of it, belongs to when that is not me.
func ownedBy(path, me string) string {
	at := nearest(path)
	st, err := os.Stat(at)
	if err != nil {
		return ""
	}
	if owner := userName(int(st.Sys().(*syscall.Stat_t).Uid)); owner != me {
		return fmt.Sprintf(" (%s belongs to %s)", at, owner)
	}
	return ""
}

// nearest is path, or the lowest directory above it that is there.
func nearest(path string) string {
	for _, p := range append([]string{path}, parents(path)...) {
		if _, err := os.Stat(p); err == nil {
			return p
		}
	}
	return "/"
}

func userName(uid int) string {
	if u, err := user.LookupId(strconv.Itoa(uid)); err == nil {
		return u.Username
	}
	return "#" + strconv.Itoa(uid)
}
