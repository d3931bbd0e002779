package app

import (
	"bytes"
	"context"
	"encoding/json"
	"io"
	"log/slog"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/google/uuid"

	"muster/internal/clock"
	"muster/internal/demo"
	"muster/internal/media"
	"muster/internal/media/s3gw"
	"muster/internal/roster"
)

// product is the whole of Muster in this process, on a cluster and an object
// store of its own, with a small province in it. Nothing moves by itself: the
// replay of passes is left out.
type product struct {
	url  string
	data demo.Data
}

// startProduct starts it, with what else is to run, and stops it again after the
// test.
func startProduct(t *testing.T, also ...func(*service)) product {
	t.Helper()
	ctx := t.Context()
	sh := shell{getenv: func(string) string { return "" }, stdout: io.Discard, stderr: t.Output(), clock: clock.System{},
		log: slog.New(slog.NewTextHandler(t.Output(), &slog.HandlerOptions{Level: slog.LevelWarn}))}
	m, err := startMachine(ctx, sh, dataDir(t), machineOptions{})
	must(t, err)
	t.Cleanup(m.stop)
	o, err := open(ctx, m.appDSN, "", m.ring)
	must(t, err)
	t.Cleanup(o.db.Close)
	s := service{opened: o, store: objectStore(t, m.dir), clock: sh.clock, getenv: sh.getenv, log: sh.log, demo: true}

	size := demo.Options{Seed: 1, At: sh.clock.Now(), Cities: 21, Projects: 21, Sections: 60, Sites: 300, People: 4000}
	must(t, s.prepare(ctx, intake{o.db, sh.log}, size.At))
	must(t, s.loadDemo(ctx, sh, size))
	for _, add := range also {
		add(&s)
	}
	return product{url: serveHere(t, s), data: demo.Generate(size)}
}

// dataDir is a directory that the database's unprivileged user can reach, which
// t.TempDir is not.
func dataDir(t *testing.T) string {
	t.Helper()
	dir, err := os.MkdirTemp("", "muster-product-")
	must(t, err)
	t.Cleanup(func() { must(t, os.RemoveAll(dir)) })
	must(t, os.Chmod(dir, 0o755))
	return dir
}

func objectStore(t *testing.T, dir string) *media.Store {
	t.Helper()
	gateway, err := s3gw.Start(t.Context(), filepath.Join(dir, "s3"))
	must(t, err)
	t.Cleanup(func() { gateway.Stop() })
	store, err := media.Open(t.Context(), gateway.Config)
	must(t, err)
	return store
}

// serveHere runs the service on a free port until the test ends.
func serveHere(t *testing.T, s service) string {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	must(t, err)
	ready := make(chan struct{})
	s.ready = func() { close(ready) }
	run, stop := context.WithCancel(context.WithoutCancel(t.Context()))
	ended := make(chan error, 1)
	go func() { ended <- s.run(run, l) }()
	t.Cleanup(func() {
		stop()
		must(t, <-ended)
	})
	select {
	case <-ready:
	case err := <-ended:
		ended <- nil
		t.Fatalf("the service ended before it was ready: %v", err)
	}
	return "http://" + l.Addr().String()
}

// gate is the device that counts who is at a site.
func (p product) gate(t *testing.T, site uuid.UUID) roster.Device {
	t.Helper()
	for _, d := range p.data.Devices {
		if d.SiteID == site && d.Purpose == "presence" {
			return d
		}
	}
	t.Fatalf("no gate at site %s", site)
	return roster.Device{}
}

// strangers are people who were never seen at a site.
func (p product) strangers(site uuid.UUID, n int) []uuid.UUID {
	seen := map[uuid.UUID]bool{}
	for pass := range p.data.Passes() {
		if pass.SiteID == site {
			seen[pass.PersonID] = true
		}
	}
	var list []uuid.UUID
	for _, person := range p.data.People {
		if !seen[person.ID] && len(list) < n {
			list = append(list, person.ID)
		}
	}
	return list
}

// goIn sends a batch of passes as the gate of a site would: these people come in
// now.
func (p product) goIn(t *testing.T, site uuid.UUID, people []uuid.UUID) {
	t.Helper()
	p.goInAt(t, site, people, time.Now())
}

// goInAt sends what the gate kept: they came in at that time.
func (p product) goInAt(t *testing.T, site uuid.UUID, people []uuid.UUID, at time.Time) {
	t.Helper()
	type pass struct {
		EventKey  string    `json:"event_key"`
		Time      time.Time `json:"time"`
		PersonID  uuid.UUID `json:"person_id"`
		Direction string    `json:"direction"`
	}
	var batch []pass
	for _, person := range people {
		batch = append(batch, pass{person.String(), at, person, "in"})
	}
	body, err := json.Marshal(map[string]any{"passes": batch})
	must(t, err)
	request, err := http.NewRequestWithContext(t.Context(), http.MethodPost, p.url+"/api/v1/passes", bytes.NewReader(body))
	must(t, err)
	request.Header.Set("Authorization", "Bearer "+demo.DeviceKey(p.gate(t, site).Serial))
	request.Header.Set("Content-Type", "application/json")
	response, err := http.DefaultClient.Do(request)
	must(t, err)
	defer response.Body.Close()
	answer, err := io.ReadAll(response.Body)
	must(t, err)
	var done struct{ Accepted int }
	if err := json.Unmarshal(answer, &done); err != nil || done.Accepted != len(people) {
		t.Fatalf("the gate was answered %s %s", response.Status, answer)
	}
}

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}
