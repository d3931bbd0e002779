package app

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"syscall"

	"muster/internal/account"
	"muster/internal/errs"
	"muster/internal/postgres"
	"muster/internal/postgres/cluster"
)

// machine is the private database of one data directory.
//
//	DIR/pg      the cluster          DIR/s3    the object store
//	DIR/keys    the key ring (0600)  DIR/lock  held by the running `up`
type machine struct {
	dir      string
	ring     string
	appDSN   string
	ownerDSN string
	cluster  *cluster.Cluster // nil when another process runs it
	lock     *os.File
}

type machineOptions struct {
	join bool // use the database of a running `up` instead of refusing
}

const database = "muster"

// startMachine starts the cluster of a data directory, made when it is not
// there. A second one on the same directory is refused, or joins the first.
func startMachine(ctx context.Context, sh shell, dir string, opt machineOptions) (*machine, error) {
	dir, err := usableDir(sh, dir)
	if err != nil {
		return nil, err
	}
	m := &machine{dir: dir}
	if m.ring, err = keptRing(filepath.Join(dir, "keys")); err != nil {
		return nil, err
	}
	m.lock, err = lockFile(filepath.Join(dir, "lock"))
	if errors.Is(err, errLocked) && opt.join {
		return m, m.join(ctx)
	}
	if err != nil {
		return nil, err
	}
	if m.cluster, err = cluster.Start(ctx, cluster.Options{Dir: filepath.Join(dir, "pg")}); err != nil {
		m.stop()
		return nil, err
	}
	if err := m.cluster.CreateDatabase(ctx, database); err != nil {
		m.stop()
		return nil, err
	}
	m.appDSN, m.ownerDSN = m.cluster.DSN(cluster.App, database), m.cluster.DSN(cluster.Owner, database)
	if _, err := postgres.Migrate(ctx, m.ownerDSN); err != nil {
		m.stop()
		return nil, err
	}
	return m, nil
}

// join uses the cluster that a running process has started.
func (m *machine) join(ctx context.Context) error {
	running := cluster.Socket(filepath.Join(m.dir, "pg"))
	m.appDSN, m.ownerDSN = cluster.DSN(running, cluster.App, database), cluster.DSN(running, cluster.Owner, database)
	db, err := postgres.Open(ctx, m.appDSN, 1)
	if err != nil {
		return err
	}
	db.Close()
	return nil
}

func (m *machine) stop() {
	if m.cluster != nil {
		_ = m.cluster.Stop()
	}
	if m.lock != nil {
		_ = m.lock.Close()
	}
}

// usableDir is where the data go. PostgreSQL will not run as root and its user
// cannot work below a closed home; then the data go to /var/lib and it is said.
func usableDir(sh shell, dir string) (string, error) {
	abs, err := filepath.Abs(dir)
	if err != nil {
		return "", err
	}
	if !cluster.Reachable(filepath.Join(abs, "pg")) {
		elsewhere := "/var/lib/muster" + strings.ReplaceAll(abs, "/", "-")
		sh.printf("数据放在 %s：数据库不能以 root 运行，它的用户进不了 %s\n", elsewhere, abs)
		abs = elsewhere
	}
	// The database's user passes through here; what is secret has its own mode.
	if err := os.MkdirAll(abs, 0o755); err != nil {
		return "", errs.New(errs.Fix, "data_dir", "不能建立数据目录 %s", abs).Because(err)
	}
	return abs, nil
}

func keptRing(path string) (string, error) {
	b, err := os.ReadFile(path)
	if err == nil {
		return strings.TrimSpace(string(b)), nil
	}
	if !errors.Is(err, os.ErrNotExist) {
		return "", err
	}
	ring := account.NewKeyRing("k1")
	return ring, os.WriteFile(path, []byte(ring+"\n"), 0o600)
}

var errLocked = errors.New("locked")

// lockFile takes a file for this process; the kernel gives it back when the
// process ends, however it ends.
func lockFile(path string) (*os.File, error) {
	f, err := os.OpenFile(path, os.O_CREATE|os.O_RDWR, 0o600)
	if err != nil {
		return nil, err
	}
	if err := syscall.Flock(int(f.Fd()), syscall.LOCK_EX|syscall.LOCK_NB); err != nil {
		_ = f.Close()
		return nil, fmt.Errorf("%w: %w", errLocked, errs.New(errs.Conflict, "already_running",
			"另一个 muster 正在使用 %s", filepath.Dir(path)))
	}
	return f, nil
}
