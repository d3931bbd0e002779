package cluster

import (
	"context"
	"crypto/sha256"
	"errors"
	"fmt"
	"os"
	"os/user"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"syscall"
	"time"

	"muster/internal/errs"
)

// findBinaries looks for a server: $PGBIN, then the newest that Debian has.
func findBinaries() (string, error) {
	found, _ := filepath.Glob("/usr/lib/postgresql/*/bin")
	slices.SortFunc(found, func(a, b string) int { return majorVersion(b) - majorVersion(a) })
	for _, dir := range append([]string{os.Getenv("PGBIN")}, found...) {
		if st, err := os.Stat(filepath.Join(dir, "initdb")); dir != "" && err == nil && st.Mode()&0o111 != 0 {
			return dir, nil
		}
	}
	return "", errs.New(errs.Down, "no_postgres",
		"没有找到 PostgreSQL 服务程序：请安装 postgresql-15-postgis-3，或用 PGBIN 指明目录")
}

func majorVersion(bin string) int {
	v, _ := strconv.Atoi(filepath.Base(filepath.Dir(bin)))
	return v
}

// unprivileged is the user that the server runs as when we are root, which
// PostgreSQL refuses to be; nil otherwise.
func unprivileged() (*syscall.Credential, error) {
	if os.Geteuid() != 0 {
		return nil, nil
	}
	u, err := user.Lookup("postgres")
	if err != nil {
		if u, err = user.Lookup("nobody"); err != nil {
			return nil, err
		}
	}
	uid, err1 := strconv.ParseUint(u.Uid, 10, 32)
	gid, err2 := strconv.ParseUint(u.Gid, 10, 32)
	return &syscall.Credential{Uid: uint32(uid), Gid: uint32(gid)}, errors.Join(err1, err2)
}

// socketDir is short (a socket path may have 107 bytes) and the same for the
// same data directory.
func socketDir(dir string) string {
	return fmt.Sprintf("/tmp/muster-%x", sha256.Sum256([]byte(dir)))[:24]
}

// prepare makes the directories, waits out a server that is still shutting down
// after our predecessor was killed, and makes the cluster when it is not there.
func (c *Cluster) prepare(ctx context.Context) error {
	for _, d := range []string{c.dir, c.socket} {
		if err := c.ownedDir(d); err != nil {
			return err
		}
	}
	if err := c.awaitPredecessor(ctx); err != nil {
		return err
	}
	if _, err := os.Stat(filepath.Join(c.dir, "PG_VERSION")); err == nil {
		return nil
	}
	return c.initialise()
}

func (c *Cluster) ownedDir(dir string) error {
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return err
	}
	if c.cred == nil {
		return nil
	}
	if err := os.Lchown(dir, int(c.cred.Uid), int(c.cred.Gid)); err != nil {
		return err
	}
	if blocked := blockedBy(dir, c.cred.Uid, c.cred.Gid); blocked != "" {
		return errs.New(errs.Fix, "dir_closed", "数据库用户进不了 %s（root 不能直接运行 PostgreSQL）：请把 --data 放到其他用户可以进入的目录下", blocked)
	}
	return nil
}

// Reachable says whether the server's user could work below a directory: it
// matters only when we are root. The directory itself need not exist yet.
func Reachable(dir string) bool {
	cred, err := unprivileged()
	if err != nil || cred == nil {
		return err == nil
	}
	abs, err := filepath.Abs(dir)
	return err == nil && blockedBy(abs, cred.Uid, cred.Gid) == ""
}

// blockedBy finds the first directory above dir that a user may not pass.
func blockedBy(dir string, uid, gid uint32) string {
	for parent := filepath.Dir(dir); ; parent = filepath.Dir(parent) {
		if st, err := os.Stat(parent); err == nil {
			own := st.Sys().(*syscall.Stat_t)
			mode := st.Mode().Perm()
			pass := mode&0o001 != 0 || own.Uid == uid && mode&0o100 != 0 || own.Gid == gid && mode&0o010 != 0
			if !pass {
				return parent
			}
		}
		if parent == filepath.Dir(parent) {
			return ""
		}
	}
}

func (c *Cluster) awaitPredecessor(ctx context.Context) error {
	deadline := time.After(stopWithin)
	for {
		pid := runningPid(c.dir)
		if pid == 0 {
			return nil
		}
		_ = syscall.Kill(pid, syscall.SIGINT)
		select {
		case <-time.After(50 * time.Millisecond):
		case <-deadline:
			return errs.New(errs.Conflict, "cluster_busy", "%s 里的数据库（进程 %d）一直没有停下", c.dir, pid)
		case <-ctx.Done():
			return ctx.Err()
		}
	}
}

func (c *Cluster) initialise() error {
	out, err := c.command("initdb", "-D", c.dir, "-U", Super, "-A", "peer", "-E", "UTF8",
		"--locale=C.UTF-8", "--data-checksums", "--no-instructions").CombinedOutput()
	if err != nil {
		return fmt.Errorf("initdb: %w: %s", err, strings.TrimSpace(string(out)))
	}
	me, err := user.Current()
	if err != nil {
		return err
	}
	var ident strings.Builder
	for _, role := range []string{Super, Owner, App} {
		fmt.Fprintf(&ident, "own %s %s\n", me.Username, role)
	}
	// Nothing but the socket, nobody but ourselves: no password exists anywhere.
	for name, text := range map[string]string{"pg_hba.conf": "local all all peer map=own\n", "pg_ident.conf": ident.String()} {
		if err := os.WriteFile(filepath.Join(c.dir, name), []byte(text), 0o600); err != nil {
			return err
		}
	}
	return nil
}

// Installed says whether this machine has the programs of a server.
func Installed() error {
	_, err := findBinaries()
	return err
}
