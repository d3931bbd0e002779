package pgtest

import (
	"fmt"
	"strings"
	"sync"
	"testing"

	"github.com/google/uuid"

	"muster/internal/postgres"
	"muster/internal/postgres/cluster"
)

// World is a database that is seeded once; each test works on a clone of it and
// changes nothing for the others.
type World struct {
	Seed func(t testing.TB, db *postgres.DB)

	once sync.Once
	name string
}

// Clone is a database of the test's own with the world in it. It goes with the
// server: dropping each would take three times as long as making it.
func (w *World) Clone(t testing.TB) Database {
	t.Helper()
	w.once.Do(func() { w.make(t) })
	if w.name == "" {
		t.Fatal("the world of these tests could not be made")
	}
	name := "t_" + strings.ReplaceAll(uuid.NewString(), "-", "")
	admin(t, fmt.Sprintf("CREATE DATABASE %s TEMPLATE %s OWNER %s STRATEGY FILE_COPY", name, w.name, cluster.Owner))
	return Database{name: name, AppDSN: server.c.DSN(cluster.App, name), OwnerDSN: server.c.DSN(cluster.Owner, name)}
}

// Open is Clone with a pool of the application role on it.
func (w *World) Open(t testing.TB) *postgres.DB {
	t.Helper()
	return open(t, w.Clone(t))
}

// make seeds a clone of the empty template; closing the pool frees it to be
// cloned in turn. The server's end takes it away.
func (w *World) make(t testing.TB) {
	t.Helper()
	server.once.Do(start)
	if server.err != nil {
		t.Fatalf("no test database: %v", server.err)
	}
	name := "w_" + strings.ReplaceAll(uuid.NewString(), "-", "")
	admin(t, fmt.Sprintf("CREATE DATABASE %s TEMPLATE %s OWNER %s STRATEGY FILE_COPY", name, template, cluster.Owner))
	db, err := postgres.Open(t.Context(), server.c.DSN(cluster.App, name), 4)
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	w.Seed(t, db)
	w.name = name
}

func open(t testing.TB, d Database) *postgres.DB {
	t.Helper()
	db, err := postgres.Open(t.Context(), d.AppDSN, 12)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(db.Close)
	return db
}
