package pglocal

import (
	"context"
	"crypto/rand"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
	"syscall"
)

// initCluster makes a new cluster beside where it belongs, and puts it there when
// it is complete: an interrupted start leaves nothing that looks like a database.
func initCluster(ctx context.Context, p place, bin binaries) error {
	tmp, pw := filepath.Join(p.dir, "data.new"), p.passwordFile()
	if err := os.RemoveAll(tmp); err != nil {
		return p.problem(err, tmp)
	}
	defer os.RemoveAll(tmp)
	if err := os.Mkdir(tmp, 0o700); err != nil {
		return p.problem(err, tmp)
	}
	if err := p.give(tmp); err != nil {
		return err
	}
	// initdb reads the password from a file of its own account: a pipe of root's would be refused.
	if err := os.WriteFile(pw, []byte(rand.Text()+"\n"), 0o600); err != nil {
		return p.problem(err, pw)
	}
	if err := p.give(pw); err != nil {
		return err
	}
	locale := "C.UTF-8" // Danish order is asked for where it matters: COLLATE "da-x-icu"
	if runtime.GOOS == "darwin" {
		locale = "en_US.UTF-8"
	}
	cmd := exec.CommandContext(ctx, filepath.Join(bin.dir, "initdb"), "-D", tmp, "-U", superuser,
		"--auth=scram-sha-256", "--pwfile="+pw, "--encoding=UTF8", "--locale="+locale,
		"--no-sync", "--no-instructions")
	p.prepare(cmd)
	out, err := cmd.CombinedOutput()
	if ctx.Err() != nil {
		return ctx.Err()
	}
	if err != nil {
		problem := p.explain(strings.Split(strings.TrimSpace(string(out)), "\n"))
		if strings.HasPrefix(problem.What, "Postgres cannot use the database") {
			problem.What = fmt.Sprintf("Postgres could not make a database in %s (%s)", p.dir, lastLine(string(out)))
			problem.Remedy = fmt.Sprintf("see that `%s --version` works, or install Postgres anew", cmd.Path)
		}
		return problem
	}
	if err := os.RemoveAll(p.data()); err != nil {
		return p.problem(err, p.data())
	}
	return p.problem(os.Rename(tmp, p.data()), p.data())
}

// prepare lets a program of Postgres run as the owner of the place, apart from our terminal.
func (p place) prepare(cmd *exec.Cmd) {
	cmd.Dir = "/" // the working directory may be one that the account cannot enter
	cmd.Env = []string{"PATH=" + os.Getenv("PATH"), "LC_ALL=C.UTF-8", "TZ=UTC"}
	cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true} // Ctrl-C is for us; we stop Postgres last
	if os.Geteuid() == 0 {
		cmd.SysProcAttr.Credential = &syscall.Credential{
			Uid: uint32(p.owner.uid), Gid: uint32(p.owner.gid), Groups: []uint32{},
		}
	}
}

func (p place) readPassword() (string, error) {
	text, err := os.ReadFile(p.passwordFile())
	if os.IsNotExist(err) {
		return "", Problem{
			What:   fmt.Sprintf("the password of the database is gone (there is no file %s)", p.passwordFile()),
			Remedy: fmt.Sprintf("put it back, or make a new database with `mv %s %s.old`", p.dir, p.dir),
		}
	}
	if err != nil {
		return "", p.problem(err, p.passwordFile())
	}
	return strings.TrimSpace(string(text)), nil
}

func lastLine(s string) string {
	lines := strings.Split(strings.TrimSpace(s), "\n")
	return strings.TrimSpace(lines[len(lines)-1])
}
