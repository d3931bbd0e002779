// Package pgtest gives each test a database of its own on a real, private
// PostgreSQL with PostGIS. The schema is migrated once into a template; a test's
// database is a clone of it.
package pgtest

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"muster/internal/postgres"
	"muster/internal/postgres/cluster"
)

const template = "muster_template"

var server struct {
	once sync.Once
	c    *cluster.Cluster
	dir  string
	err  error
	mu   sync.Mutex // CREATE DATABASE wants the template to itself
}

// Main is the TestMain of a package whose tests use a database: it stops the
// server when they are done. A server that does not start fails the tests.
func Main(m interface{ Run() int }) {
	code := m.Run()
	if server.c != nil {
		_ = server.c.Stop()
	}
	if server.dir != "" {
		_ = os.RemoveAll(server.dir)
	}
	os.Exit(code)
}

func start() {
	if server.dir, server.err = os.MkdirTemp("", "muster-pgtest-"); server.err != nil {
		return
	}
	// Only the server's own directory below is closed; its user must pass here.
	if server.err = os.Chmod(server.dir, 0o755); server.err != nil {
		return
	}
	ctx := context.Background()
	server.c, server.err = cluster.Start(ctx, cluster.Options{
		Dir:      filepath.Join(server.dir, "pg"),
		Settings: []string{"fsync=off", "synchronous_commit=off", "shared_buffers=128MB"},
	})
	if server.err != nil {
		return
	}
	if server.err = server.c.CreateDatabase(ctx, template); server.err != nil {
		return
	}
	_, server.err = postgres.Migrate(ctx, server.c.DSN(cluster.Owner, template))
}

// Database is a clone of the migrated template.
type Database struct {
	name string
	// AppDSN and OwnerDSN connect as the two roles.
	AppDSN, OwnerDSN string
}

// Clone makes a database for a test and drops it afterwards.
func Clone(t testing.TB) Database {
	t.Helper()
	server.once.Do(start)
	if server.err != nil {
		t.Fatalf("no test database: %v", server.err)
	}
	name := "t_" + strings.ReplaceAll(uuid.NewString(), "-", "")
	admin(t, fmt.Sprintf("CREATE DATABASE %s TEMPLATE %s OWNER %s", name, template, cluster.Owner))
	t.Cleanup(func() { admin(t, fmt.Sprintf("DROP DATABASE %s WITH (FORCE)", name)) })
	return Database{name: name, AppDSN: server.c.DSN(cluster.App, name), OwnerDSN: server.c.DSN(cluster.Owner, name)}
}

// New is Clone with a pool of the application role on it.
func New(t testing.TB) *postgres.DB {
	t.Helper()
	d := Clone(t)
	db, err := postgres.Open(t.Context(), d.AppDSN, 8)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(db.Close)
	return db
}

func admin(t testing.TB, sql string) {
	t.Helper()
	server.mu.Lock()
	defer server.mu.Unlock()
	ctx := context.Background()
	conn, err := pgx.Connect(ctx, server.c.DSN(cluster.Super, "postgres"))
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close(ctx)
	if _, err := conn.Exec(ctx, sql); err != nil {
		t.Fatal(err)
	}
}
