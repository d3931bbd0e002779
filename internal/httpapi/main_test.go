package httpapi_test

import (
	"bytes"
	"context"
	"fmt"
	"log/slog"
	"net/http/httptest"
	"os"
	"sync"
	"testing"
	"time"

	"github.com/google/uuid"

	"muster/internal/clock"
	"muster/internal/httpapi"
	"muster/internal/media"
	"muster/internal/media/s3gw"
	"muster/internal/postgres"
	"muster/internal/postgres/pgtest"
	"muster/internal/postgres/pgtest/valley"
	"muster/internal/warning/feed"
	"muster/web"
)

// gateway is the object store of all tests of this process.
var gateway *s3gw.Gateway

func TestMain(m *testing.M) {
	dir, err := os.MkdirTemp("", "muster-s3-")
	if err == nil {
		gateway, err = s3gw.Start(context.Background(), dir)
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, "no object store:", err)
		os.Exit(1)
	}
	pgtest.Main(withStore{m, dir})
}

// withStore stops the store when the tests are done.
type withStore struct {
	m   *testing.M
	dir string
}

func (w withStore) Run() int {
	code := w.m.Run()
	gateway.Stop()
	_ = os.RemoveAll(w.dir)
	return code
}

// world is the valley with a server in front of it.
type world struct {
	testing.TB
	db    *postgres.DB
	owner string // DSN of the owner
	clock *clock.Manual
	api   *httpapi.Server
	http  *httptest.Server
	log   *syncBuffer
	codes chan carried // sign-in codes on their way
	into  uuid.UUID    // the warning that the next draft is merged into

	mu       sync.Mutex
	sessions map[string]string
}

func newWorld(t testing.TB) *world {
	t.Helper()
	d := valley.World.Clone(t)
	db, err := postgres.Open(t.Context(), d.AppDSN, 12)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(db.Close)
	store, err := media.Open(t.Context(), gateway.Config)
	if err != nil {
		t.Fatal(err)
	}
	w := &world{TB: t, db: db, owner: d.OwnerDSN, clock: clock.NewManual(valley.Evening), log: &syncBuffer{}, codes: make(chan carried, 16),
		sessions: map[string]string{}}
	w.api = httpapi.New(httpapi.Options{DB: db, Sealer: valley.Sealer, Clock: w.clock, Intake: intake{db}, Store: store, Courier: courier(w.codes), Checkin: web.Checkin(),
		Log: slog.New(slog.NewJSONHandler(w.log, &slog.HandlerOptions{Level: slog.LevelDebug}))})
	w.http = httptest.NewServer(w.api)
	t.Cleanup(w.http.Close)
	return w
}

// live starts the streams.
func (w *world) live() {
	ctx, stop := context.WithCancel(context.Background())
	done := make(chan error, 1)
	go func() { done <- w.api.Run(ctx) }()
	w.Cleanup(func() {
		stop()
		if err := <-done; err != nil {
			w.Error("the streams ended with", err)
		}
	})
}

// sql changes the world behind the API's back.
func (w *world) sql(text string, args ...any) {
	w.Helper()
	if _, err := w.db.Pool().Exec(w.Context(), text, args...); err != nil {
		w.Fatalf("%s: %v", text, err)
	}
}

// ask reads one value.
func ask[T any](w *world, sql string, args ...any) T {
	w.Helper()
	var v T
	if err := w.db.Pool().QueryRow(w.Context(), sql, args...).Scan(&v); err != nil {
		w.Fatalf("%s: %v", sql, err)
	}
	return v
}

// intake is what the program does with a document: store, understand.
type intake struct{ db *postgres.DB }

func (in intake) Receive(ctx context.Context, source, contentType string, body []byte, at time.Time) (postgres.Receipt, error) {
	raw, repeated, err := in.db.StoreRaw(ctx, source, contentType, body, at)
	if err != nil {
		return postgres.Receipt{}, err
	}
	result := feed.Parse(body, at)
	u := postgres.Understood{RawID: raw, Format: result.Format, Outcome: string(result.Outcome), Messages: result.Messages}
	for _, r := range result.Reasons {
		u.Reasons = append(u.Reasons, postgres.Reason(r))
	}
	trusted, err := in.db.TrustsSource(ctx, source)
	if err != nil {
		return postgres.Receipt{}, err
	}
	if trusted {
		for _, m := range result.Messages {
			u.Trusted = append(u.Trusted, m.Sender)
		}
	}
	r, err := in.db.Understand(ctx, u, at)
	r.Repeated = repeated
	return r, err
}

type syncBuffer struct {
	mu sync.Mutex
	b  bytes.Buffer
}

func (s *syncBuffer) Write(p []byte) (int, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.b.Write(p)
}

func (s *syncBuffer) String() string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.b.String()
}
