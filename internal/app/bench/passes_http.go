package bench

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"math/rand/v2"
	"net"
	"net/http"
	"net/url"
	"slices"
	"sync"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"
	"golang.org/x/sync/errgroup"

	"muster/internal/account"
	"muster/internal/clock"
	"muster/internal/roster/gate/simulate"
)

const (
	httpBatch   = 100 // passes in one request
	httpGates   = 32  // devices that push at the same time
	httpKey     = "bench"
	httpSecret  = "a secret that is none"
	httpPatient = time.Minute
)

// overHTTP measures the whole way of a device: signed, over a socket, kept before
// it is read, people looked up, in batches.
func (b *passBench) overHTTP(ctx context.Context) ([]Figure, error) {
	if b.opt.Gates == nil {
		return nil, nil
	}
	b.say("registering %d people and %d gates", b.opt.People, httpGates)
	if err := b.register(ctx); err != nil {
		return nil, err
	}
	if err := b.opt.Tidy(ctx); err != nil {
		return nil, err
	}
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return nil, err
	}
	server := &http.Server{Handler: b.opt.Gates, ReadHeaderTimeout: httpPatient}
	go func() { _ = server.Serve(l) }()
	defer func() { _ = server.Close() }()
	b.say("%d gates over HTTP, signed, batches of %d", httpGates, httpBatch)
	got, err := b.pushAll(ctx, "http://"+l.Addr().String())
	if err != nil {
		return nil, err
	}
	return []Figure{
		{Name: fmt.Sprintf("over HTTP with HMAC, batches of %d", httpBatch), Value: got.rate() * httpBatch, Unit: "/s", Holds: true},
		{Name: "batch answered after, 99 %", Value: milliseconds(got.at(99)), Unit: "ms", Holds: true},
	}, nil
}

// pushAll lets every gate push for a while, a batch when the one before was answered.
func (b *passBench) pushAll(ctx context.Context, base string) (took, error) {
	b.rounds++
	var mu sync.Mutex
	var all took
	client := &http.Client{Timeout: httpPatient, Transport: &http.Transport{MaxIdleConnsPerHost: httpGates}}
	began := time.Now()
	g, ctx := errgroup.WithContext(ctx)
	for n := range httpGates {
		g.Go(func() error {
			waits, err := b.push(ctx, client, base, n, began)
			mu.Lock()
			defer mu.Unlock()
			all.waits = append(all.waits, waits...)
			return err
		})
	}
	err := g.Wait()
	all.lasted = time.Since(began)
	slices.Sort(all.waits)
	return all, err
}

func (b *passBench) push(ctx context.Context, client *http.Client, base string, caller int, began time.Time) ([]time.Duration, error) {
	var waits []time.Duration
	random := rand.New(rand.NewPCG(b.rounds, uint64(caller)))
	address := base + "/gate/push/" + gateToken(caller) + "/passes"
	for n := 0; time.Since(began) < b.opt.Lasts; n++ {
		body, err := b.batch(random, caller, n)
		if err != nil {
			return waits, err
		}
		at := time.Now()
		if err := pushOnce(ctx, client, address, body); err != nil {
			return waits, err
		}
		waits = append(waits, time.Since(at))
	}
	return waits, nil
}

// batch invents what a gate has seen.
func (b *passBench) batch(random *rand.Rand, caller, n int) ([]byte, error) {
	list := make([]map[string]any, httpBatch)
	for i := range list {
		nth := n*httpBatch + i
		direction := "in"
		if nth%2 == 1 {
			direction = "out"
		}
		at := b.began.Add(time.Duration(b.rounds*1_000_000+uint64(nth)) * time.Microsecond)
		list[i] = map[string]any{"event_key": fmt.Sprint(b.rounds, "-", caller, "-", nth), "time": at.Format(time.RFC3339Nano),
			"person_id": invented("person", random.IntN(b.opt.People)), "direction": direction}
	}
	return json.Marshal(map[string]any{"passes": list})
}

func pushOnce(ctx context.Context, client *http.Client, address string, body []byte) error {
	u, err := url.Parse(address)
	if err != nil {
		return err
	}
	r, err := http.NewRequestWithContext(ctx, http.MethodPost, address, bytes.NewReader(body))
	if err != nil {
		return err
	}
	c := simulate.Config{Key: httpKey, Secret: httpSecret, Clock: clock.System{}}
	for name, value := range simulate.PushHeaders(c, u.Path, uuid.NewString(), body) {
		r.Header.Set(name, value)
	}
	answer, err := client.Do(r)
	if err != nil {
		return err
	}
	defer func() { _ = answer.Body.Close() }()
	var said struct{ Accepted, Repeated int }
	text, err := io.ReadAll(answer.Body)
	if err != nil {
		return err
	}
	if answer.StatusCode != http.StatusOK || json.Unmarshal(text, &said) != nil || said.Accepted+said.Repeated != httpBatch {
		return fmt.Errorf("a batch was not taken: HTTP %d %.300s", answer.StatusCode, text)
	}
	return nil
}

func gateToken(n int) string { return fmt.Sprint("bench-gate-", n) }

// register writes the people, and gates at sites of one section.
func (b *passBench) register(ctx context.Context) error {
	people := 0
	_, err := b.opt.Owner.CopyFrom(ctx, pgx.Identifier{"person"}, []string{"id", "name", "recorded_at"}, pgx.CopyFromFunc(func() ([]any, error) {
		if people == b.opt.People {
			return nil, nil
		}
		people++
		return []any{invented("person", people-1), "示例", b.began}, nil
	}))
	if err != nil {
		return err
	}
	batch := &pgx.Batch{}
	unit := invented("unit", 0)
	batch.Queue("INSERT INTO region (code, name, level) VALUES ('510000000000', '四川省', 'province') ON CONFLICT DO NOTHING")
	batch.Queue("INSERT INTO company (id, name, kind) VALUES ($1, '示例公司', 'contractor')", unit)
	batch.Queue(`INSERT INTO project (id, code, name, sector, owner_id, region, status, valid_from, recorded_at)
		VALUES ($1, 'P', '示例', 'road', $1, '510000000000', 'building', $2, $2)`, unit, b.began)
	batch.Queue(`INSERT INTO section (id, project_id, code, name, kind, company_id, status, valid_from, recorded_at)
		VALUES ($1, $1, 'A1', 'A1', 'construction', $1, 'building', $2, $2)`, unit, b.began)
	for n := range httpGates {
		site, device := invented("site", n), invented("device", n)
		batch.Queue(`INSERT INTO site (id, project_id, section_id, code, name, kind, sleeps, region, datum, geom, h3_5, h3_7, h3_9, valid_from, recorded_at)
			VALUES ($1, $2, $2, $3, '示例', 'tunnel', false, '510000000000', 'wgs84', ST_SetSRID(ST_MakePoint(102, 30), 4326), 0, 0, 0, $4, $4)`, site, unit, fmt.Sprint(n), b.began)
		batch.Queue("INSERT INTO device (id, serial, site_id, purpose, direction, key_hash, recorded_at) VALUES ($1, $2, $3, 'presence', 'both', $4, $5)",
			device, fmt.Sprint("BENCH", n), site, account.KeyHash(gateToken(n)), b.began)
		batch.Queue(`INSERT INTO gate (device_id, protocol, secret_sealed, per_minute, applied_at, approved_at, recorded_at) VALUES ($1, 'push', $2, 100000000, $3, $3, $3)`,
			device, b.opt.Sealer.Seal("gate", "secret", device.String(), httpSecret), b.began)
	}
	return b.opt.Owner.SendBatch(ctx, batch).Close()
}
