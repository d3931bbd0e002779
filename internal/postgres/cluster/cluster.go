// Package cluster runs a private PostgreSQL server from the binaries of the
// machine as a child of this process: for `muster up`, for the bench and for
// tests. It listens on a Unix socket only, knows no password (peer
// authentication for our own user), and never touches a server that is there
// already.
package cluster

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"slices"
	"strconv"
	"strings"
	"syscall"
	"time"

	"github.com/jackc/pgx/v5"

	"muster/internal/errs"
)

// The roles of a cluster. The owner migrates, the application works, the
// superuser only makes the other two and the extension.
const (
	Super = "postgres"
	Owner = "muster_owner"
	App   = "muster_app"
)

// stopWithin is how long a fast shutdown may take before the server is told to
// quit at once (SIGQUIT: it recovers from its log at the next start).
const stopWithin = 20 * time.Second

// Options say where a cluster lives and how it is set.
type Options struct {
	Dir      string   // data directory; made when it is not there
	Settings []string // "name=value", on top of the defaults
}

// Cluster is a running private server.
type Cluster struct {
	dir, socket string
	bin         string
	cred        *syscall.Credential
	pid         int
	exited      chan struct{}
	exitErr     error
}

// Start makes the cluster when it is not there, starts it and waits until it
// answers. Beginning anew after a crash is the server's own recovery.
func Start(ctx context.Context, opt Options) (*Cluster, error) {
	bin, err := findBinaries()
	if err != nil {
		return nil, err
	}
	dir, err := filepath.Abs(opt.Dir)
	if err != nil {
		return nil, err
	}
	c := &Cluster{dir: dir, socket: socketDir(dir), bin: bin}
	if c.cred, err = unprivileged(); err != nil {
		return nil, err
	}
	if err := c.prepare(ctx); err != nil {
		return nil, err
	}
	if err := c.startUp(ctx, opt.Settings); err != nil {
		return nil, err
	}
	return c, nil
}

// startUp starts the server, again while children of one that was killed still
// hold its shared memory: they notice within moments and end.
func (c *Cluster) startUp(ctx context.Context, settings []string) error {
	patience, cancel := context.WithTimeout(ctx, stopWithin)
	defer cancel()
	for {
		c.exited = make(chan struct{})
		if err := c.launch(settings); err != nil {
			return err
		}
		err := c.await(ctx)
		if err == nil {
			return nil
		}
		_ = c.Stop()
		if !c.heldByOrphans() {
			return err
		}
		select {
		case <-patience.Done():
			return err
		case <-time.After(100 * time.Millisecond):
		}
		if err := c.ownedDir(c.socket); err != nil { // Stop took it away
			return err
		}
	}
}

// logTail is where the reason of an early end stands.
const logTail = 2048

// heldByOrphans says whether the server ended because the shared memory of its
// predecessor is still in use.
func (c *Cluster) heldByOrphans() bool {
	log, err := os.ReadFile(filepath.Join(c.dir, "server.log"))
	if err != nil {
		return false
	}
	return strings.Contains(string(log[max(0, len(log)-logTail):]), "pre-existing shared memory block")
}

// DSN is the connection string of a role to a database.
func (c *Cluster) DSN(role, database string) string { return DSN(c.socket, role, database) }

// DSN is the connection string through the socket directory of a cluster that
// another process of ours runs.
func DSN(socket, role, database string) string {
	return fmt.Sprintf("host=%s user=%s dbname=%s sslmode=disable", socket, role, database)
}

// Socket is the socket directory of the cluster of a data directory.
func Socket(dir string) string {
	abs, err := filepath.Abs(dir)
	if err != nil {
		return ""
	}
	return socketDir(abs)
}

// Exited is closed when the server has ended, by Stop or by itself.
func (c *Cluster) Exited() <-chan struct{} { return c.exited }

// Stop shuts the server down: what is not committed is rolled back, the rest is
// on disk. It returns when the server is gone.
func (c *Cluster) Stop() error {
	_ = syscall.Kill(c.pid, syscall.SIGINT)
	select {
	case <-c.exited:
	case <-time.After(stopWithin):
		_ = syscall.Kill(c.pid, syscall.SIGQUIT)
		<-c.exited
	}
	_ = os.RemoveAll(c.socket)
	return c.exitErr
}

// CreateDatabase makes a database of the owner with PostGIS in it, when it is
// not there.
func (c *Cluster) CreateDatabase(ctx context.Context, name string) error {
	admin, err := pgx.Connect(ctx, c.DSN(Super, "postgres"))
	if err != nil {
		return err
	}
	defer admin.Close(ctx)
	var there bool
	if err := admin.QueryRow(ctx, "SELECT EXISTS (SELECT FROM pg_database WHERE datname = $1)", name).Scan(&there); err != nil {
		return err
	}
	if !there {
		if _, err := admin.Exec(ctx, fmt.Sprintf("CREATE DATABASE %s OWNER %s", pgx.Identifier{name}.Sanitize(), Owner)); err != nil {
			return err
		}
	}
	inside, err := pgx.Connect(ctx, c.DSN(Super, name))
	if err != nil {
		return err
	}
	defer inside.Close(ctx)
	_, err = inside.Exec(ctx, "CREATE EXTENSION IF NOT EXISTS postgis; ALTER SCHEMA public OWNER TO "+Owner)
	return err
}

// launch starts the server from a thread that lives as long as it does: the
// kernel sends the death signal when the *thread* that forked ends.
func (c *Cluster) launch(settings []string) error {
	log, err := os.OpenFile(filepath.Join(c.dir, "server.log"), os.O_CREATE|os.O_APPEND|os.O_WRONLY, 0o600)
	if err != nil {
		return err
	}
	args := []string{"-D", c.dir}
	for _, s := range slices.Concat(defaults(c.socket), []string{"wal_compression=" + c.compression()}, settings) {
		args = append(args, "-c", s)
	}
	cmd := c.command("postgres", args...)
	cmd.Stdout, cmd.Stderr = log, log
	started := make(chan error)
	go func() {
		runtime.LockOSThread()
		defer log.Close()
		err := cmd.Start()
		started <- err
		if err == nil {
			c.exitErr = cmd.Wait()
			close(c.exited)
		}
	}()
	if err := <-started; err != nil {
		return fmt.Errorf("start postgres: %w", err)
	}
	c.pid = cmd.Process.Pid
	return nil
}

func defaults(socket string) []string {
	return []string{"listen_addresses=", "unix_socket_directories=" + socket, "unix_socket_permissions=0700",
		"shared_buffers=256MB", "work_mem=32MB", "maintenance_work_mem=256MB", "max_connections=100",
		// Short spatial queries lose more to compiling and to starting workers
		// than they can win.
		"jit=off", "max_parallel_workers_per_gather=0", "random_page_cost=1.1",
		"max_wal_size=4GB", "timezone=UTC", "log_min_messages=warning"}
}

// compression is how the server packs whole pages into its log: by lz4 where it was
// built with it. After a checkpoint every page that is touched is packed once, and
// with the older way that is when passes wait longest (muster bench passes).
func (c *Cluster) compression() string {
	if c.command("postgres", "-D", c.dir, "-c", "wal_compression=lz4", "-C", "wal_compression").Run() == nil {
		return "lz4"
	}
	return "on"
}

// await waits until the server answers and has the roles.
func (c *Cluster) await(ctx context.Context) error {
	for {
		err := c.ensureRoles(ctx)
		if err == nil {
			return nil
		}
		select {
		case <-c.exited:
			return errs.New(errs.Down, "postgres_exited", "数据库没有起来，日志在 %s", filepath.Join(c.dir, "server.log")).Because(err)
		case <-ctx.Done():
			return errors.Join(ctx.Err(), err)
		case <-time.After(10 * time.Millisecond):
		}
	}
}

func (c *Cluster) ensureRoles(ctx context.Context) error {
	conn, err := pgx.Connect(ctx, c.DSN(Super, "postgres"))
	if err != nil {
		return err
	}
	defer conn.Close(ctx)
	for _, role := range []string{Owner, App} {
		var there bool
		if err := conn.QueryRow(ctx, "SELECT EXISTS (SELECT FROM pg_roles WHERE rolname = $1)", role).Scan(&there); err != nil {
			return err
		}
		if !there {
			if _, err := conn.Exec(ctx, "CREATE ROLE "+role+" LOGIN"); err != nil {
				return err
			}
		}
	}
	return nil
}

// command builds a call of one of the server's programs: as the unprivileged
// user, in a process group of its own (a ^C on the terminal must reach us, not
// the server), ending with us.
func (c *Cluster) command(name string, args ...string) *exec.Cmd {
	cmd := exec.Command(filepath.Join(c.bin, name), args...)
	cmd.Dir = c.dir
	cmd.Env = []string{"LC_ALL=C.UTF-8", "TZ=UTC", "PATH=" + c.bin + ":/usr/bin:/bin"}
	cmd.SysProcAttr = &syscall.SysProcAttr{Credential: c.cred, Setpgid: true, Pdeathsig: syscall.SIGINT}
	return cmd
}

// runningPid reads the pid of a server that holds the data directory, 0 when
// there is none alive.
func runningPid(dir string) int {
	b, err := os.ReadFile(filepath.Join(dir, "postmaster.pid"))
	if err != nil {
		return 0
	}
	first, _, _ := strings.Cut(string(b), "\n")
	pid, err := strconv.Atoi(strings.TrimSpace(first))
	if err != nil || syscall.Kill(pid, 0) != nil {
		return 0
	}
	name, _ := os.ReadFile(fmt.Sprintf("/proc/%d/comm", pid))
	if strings.TrimSpace(string(name)) != "postgres" {
		return 0
	}
	return pid
}
