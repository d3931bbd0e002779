package cluster

import (
	"context"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"

	"github.com/jackc/pgx/v5"
)

// passable is a directory that the server's unprivileged user can reach, which
// t.TempDir is not when the tests run as root.
func passable(t *testing.T) string {
	t.Helper()
	dir, err := os.MkdirTemp("", "muster-cluster-")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = os.RemoveAll(dir) })
	if err := os.Chmod(dir, 0o755); err != nil {
		t.Fatal(err)
	}
	return dir
}

func mustStart(t *testing.T, dir string) *Cluster {
	t.Helper()
	c, err := Start(t.Context(), Options{Dir: dir})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = c.Stop() })
	return c
}

func run(t *testing.T, dsn, sql string) {
	t.Helper()
	conn, err := pgx.Connect(t.Context(), dsn)
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close(context.WithoutCancel(t.Context()))
	if _, err := conn.Exec(t.Context(), sql); err != nil {
		t.Fatal(err)
	}
}

// What was committed before a kill -9 is there after the next start.
func TestAKilledServerComesBackWithItsData(t *testing.T) {
	dir := filepath.Join(passable(t), "pg")
	c := mustStart(t, dir)
	if err := c.CreateDatabase(t.Context(), "muster"); err != nil {
		t.Fatal(err)
	}
	run(t, c.DSN(Owner, "muster"), "CREATE TABLE kept AS SELECT 7 AS n")
	if err := syscall.Kill(c.pid, syscall.SIGKILL); err != nil {
		t.Fatal(err)
	}
	<-c.Exited()

	c = mustStart(t, dir)
	run(t, c.DSN(Owner, "muster"), "DO $$ BEGIN ASSERT (SELECT n FROM kept) = 7; END $$")
	if err := c.CreateDatabase(t.Context(), "muster"); err != nil {
		t.Fatalf("a database that is there: %v", err)
	}
}

// Our predecessor was killed and its server has not noticed yet: the new start
// waits it out instead of failing or talking to it.
func TestAServerWithoutAnOwnerIsWaitedOut(t *testing.T) {
	dir := filepath.Join(passable(t), "pg")
	old := mustStart(t, dir)
	if runningPid(old.dir) != old.pid {
		t.Fatalf("the running server %d is not seen", old.pid)
	}
	fresh := mustStart(t, dir)
	<-old.Exited()
	if fresh.pid == old.pid || runningPid(fresh.dir) != fresh.pid {
		t.Fatal("the old server still has the directory")
	}
}

// No password exists: nobody comes in but over the socket, as the same user.
func TestTheServerListensOnItsSocketOnly(t *testing.T) {
	c := mustStart(t, filepath.Join(passable(t), "pg"))
	run(t, c.DSN(Super, "postgres"), "DO $$ BEGIN ASSERT current_setting('listen_addresses') = ''; END $$")
	hba, err := os.ReadFile(filepath.Join(c.dir, "pg_hba.conf"))
	if err != nil || strings.TrimSpace(string(hba)) != "local all all peer map=own" {
		t.Errorf("pg_hba.conf: %q, %v", hba, err)
	}
	st, err := os.Stat(c.socket)
	if err != nil || st.Mode().Perm() != 0o700 {
		t.Errorf("the socket directory is open: %v, %v", st.Mode(), err)
	}
}

func TestADirectoryThatTheServersUserCannotReachIsSaidSo(t *testing.T) {
	if os.Geteuid() != 0 {
		t.Log("only root gives the server another user; not checked here")
		return
	}
	dir := filepath.Join(passable(t), "closed", "pg")
	if err := os.MkdirAll(filepath.Dir(dir), 0o700); err != nil {
		t.Fatal(err)
	}
	if Reachable(dir) {
		t.Error("a closed directory is taken for reachable")
	}
	if _, err := Start(t.Context(), Options{Dir: dir}); err == nil || !strings.Contains(err.Error(), "dir_closed") {
		t.Errorf("want the closed directory named, got %v", err)
	}
}
