package killtest

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"testing"

	"github.com/jackc/pgx/v5"

	"muster/internal/postgres"
	"muster/internal/postgres/cluster"
)

// server is a PostgreSQL of a test's own, which may be killed.
type server struct {
	t       testing.TB
	dir     string
	cluster *cluster.Cluster
}

const database = "muster"

// newServer starts a server with the province in it, as the product would run it.
func newServer(t testing.TB) *server {
	t.Helper()
	dir, err := os.MkdirTemp("", "killserver-")
	must(t, err)
	t.Cleanup(func() { _ = os.RemoveAll(dir) })
	must(t, os.Chmod(dir, 0o755)) // the server's user passes here
	s := &server{t: t, dir: filepath.Join(dir, "pg")}
	must(t, s.start())
	t.Cleanup(func() { _ = s.cluster.Stop() })
	must(t, s.cluster.CreateDatabase(t.Context(), database))
	_, err = postgres.Migrate(t.Context(), s.owner())
	must(t, err)
	db, err := postgres.Open(t.Context(), s.app(), 4)
	must(t, err)
	defer db.Close()
	seed(t, db)
	return s
}

func (s *server) owner() string { return s.cluster.DSN(cluster.Owner, database) }
func (s *server) app() string   { return s.cluster.DSN(cluster.App, database) }

func (s *server) start() (err error) {
	s.cluster, err = cluster.Start(context.Background(), cluster.Options{Dir: s.dir, Settings: []string{"autovacuum=off", "shared_buffers=64MB"}})
	return err
}

// kill is kill -9 of the server's first process; the others end with it.
func (s *server) kill() error {
	pid, err := os.ReadFile(filepath.Join(s.dir, "postmaster.pid"))
	if err != nil {
		return err
	}
	first, _, _ := strings.Cut(string(pid), "\n")
	number, err := strconv.Atoi(first)
	if err != nil {
		return err
	}
	return syscall.Kill(number, syscall.SIGKILL)
}

// again starts a killed server: it recovers from its log.
func (s *server) again() error {
	<-s.cluster.Exited()
	return s.start()
}

// do runs SQL as the owner.
func (s *server) do(sql string, args ...any) {
	s.t.Helper()
	conn, err := pgx.Connect(s.t.Context(), s.owner())
	must(s.t, err)
	defer conn.Close(s.t.Context())
	_, err = conn.Exec(s.t.Context(), sql, args...)
	must(s.t, err)
}

// The database dies under a replica at every kind of transaction, and comes back.
// The replica lives on, finds it again by itself and goes on where it was.
func TestTheDatabaseIsKilledInTheMiddle(t *testing.T) {
	s := newServer(t)
	n := newNight(t, s.app(), crowdOfEvening)
	p := n.start(0, nil)
	rounds := []cut{
		{sql: "UPDATE warning SET state = 'active'"}, {sql: "UPDATE warning SET state = 'active'", after: true},
		{sql: "WITH ready AS"}, {sql: "WITH ready AS", after: true},
		{sql: "INSERT INTO notice_attempt"}, {sql: "INSERT INTO notice_attempt", after: true},
		{sql: "UPDATE inbound SET understood_at"}, {sql: "UPDATE inbound SET understood_at", after: true},
		{sql: "UPDATE duty SET step"}, {sql: "UPDATE duty SET step", after: true},
	}
	publish := request{Key: "publish", Office: n.office, Warning: n.draft(12), Version: 1}
	for _, c := range rounds {
		reached, back := make(chan struct{}), make(chan error, 1)
		c.do = func() bool {
			err := s.kill()
			close(reached)
			go func() { back <- errors.Join(err, s.again()) }()
			return false
		}
		p.wire.arm(c)
		n.until(reached, c.sql, func() {
			n.survives(p, "publish", publish)
			n.survives(p, "settle", request{})
			n.carrier.Work(t.Context())
			n.push(lease)
		})
		must(t, <-back)
		n.db.Pool().Reset()
	}
	n.survives(p, "publish", publish)
	n.rest(4 * restStep)
	t.Logf("the database was killed %d times", len(rounds))
	n.audit().print(n)
}

// until works until something has happened.
func (n *night) until(happened <-chan struct{}, what string, work func()) {
	n.t.Helper()
	for range 40 {
		select {
		case <-happened:
			return
		default:
			work()
		}
	}
	n.t.Fatalf("it was never reached: %s", what)
}

// survives does an act that the database may spoil: an error of it is told, and the
// replica lives.
func (n *night) survives(p *process, act string, q request) {
	n.t.Helper()
	if _, err := p.do(n.t.Context(), act, q); err != nil {
		if _, said := errors.AsType[refused](err); !said {
			n.t.Fatal("the replica died with the database:", err)
		}
	}
}
