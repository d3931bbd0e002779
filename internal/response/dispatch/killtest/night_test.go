package killtest

import (
	"context"
	"encoding/json"
	"errors"
	"net/http"
	"net/http/httptest"
	"path/filepath"
	"sync"
	"testing"
	"time"

	"github.com/google/uuid"

	"muster/internal/account"
	"muster/internal/demo"
	"muster/internal/postgres"
	"muster/internal/postgres/pgtest"
	"muster/internal/response"
	"muster/internal/response/channel"
	"muster/internal/response/channel/fake"
	"muster/internal/response/dispatch"
	"muster/internal/warning"
)

// evening is when the night begins: 21:30 in Shanghai.
var evening = time.Date(2026, 7, 10, 13, 30, 0, 0, time.UTC)

// ring seals the people and the contracts of these tests, in every process.
var ring = account.NewKeyRing("k1")

// province is cloned by every test that does not need a server of its own.
var province = &pgtest.World{Seed: seed}

const sites = 60

func seed(t testing.TB, db *postgres.DB) {
	t.Helper()
	ctx := t.Context()
	sealer, err := account.NewSealer(ring)
	must(t, err)
	must(t, db.SeedRegions(ctx, evening))
	must(t, db.SeedPolicy(ctx, evening))
	data := demo.Generate(demo.Options{Seed: 3, At: evening, Cities: 3, Projects: 6, Sections: 18, Sites: sites, People: 6 * sites})
	must(t, db.LoadDemo(ctx, sealer, data, func(string) {}))
}

// night is one test: a database, a carrier, a clock, replicas that come and go.
type night struct {
	t       testing.TB
	dsn     string // of the application's role
	socket  string // where the server listens
	db      *postgres.DB
	clock   fileClock
	carrier *fake.Carrier
	door    *door
	office  uuid.UUID

	mu    sync.Mutex
	alive map[*process]bool
}

// newNight begins with everybody at home and no replica. People behave as the crowd
// does.
func newNight(t testing.TB, dsn string, crowd []fake.Share) *night {
	t.Helper()
	n := &night{t: t, dsn: dsn, socket: socketOf(dsn), alive: map[*process]bool{}}
	var err error
	n.clock, err = openClock(filepath.Join(t.TempDir(), "clock"))
	must(t, err)
	must(t, n.clock.set(evening))
	n.db, err = postgres.Open(t.Context(), dsn, 8)
	must(t, err)
	t.Cleanup(n.db.Close)
	top, err := n.db.TopAuthority(t.Context())
	must(t, err)
	n.office = top.ID
	n.contracts(crowd)
	t.Cleanup(func() {
		for _, p := range n.living() {
			p.killed()
		}
	})
	return n
}

const token = "killtest-callback-token-of-32-chars"

// contracts are one for SMS and one for calls, at the fake carrier.
func (n *night) contracts(crowd []fake.Share) {
	n.t.Helper()
	hooks := httptest.NewServer(http.HandlerFunc(n.balance))
	n.t.Cleanup(hooks.Close)
	sealer, err := account.NewSealer(ring)
	must(n.t, err)
	var served []fake.Account
	var kept []response.Account
	for _, kind := range []channel.Kind{channel.SMS, channel.Voice} {
		id := uuid.New()
		a := channel.Account{Kind: kind, Provider: "http", Settings: map[string]string{}, Secrets: map[string]string{"secret": uuid.NewString()}}
		served = append(served, fake.Account{Account: a, Callback: hooks.URL + "/hooks/" + id.String() + "/" + token})
		kept = append(kept, response.Account{ID: id, Mode: "actual", Channel: kind, Provider: "http", Name: string(kind), Priority: 1,
			Settings: a.Settings, HookHash: dispatch.HookHash(token)})
	}
	n.carrier = fake.New(fake.Options{Clock: n.clock, Accounts: served, Crowd: crowd, Seed: 1})
	n.door = &door{carrier: n.carrier}
	server := httptest.NewServer(n.door)
	n.t.Cleanup(server.Close)
	for i, a := range kept {
		secrets, err := json.Marshal(served[i].Secrets)
		must(n.t, err)
		a.Settings["endpoint"] = server.URL + "/http/" + string(a.Channel)
		a.SecretsSealed = sealer.Seal("channel_account", "secrets", a.ID.String(), string(secrets))
		must(n.t, n.db.PutChannelAccount(n.t.Context(), a, "", officer, evening))
	}
}

// draft prepares a red flash-flood warning over the province.
func (n *night) draft(hours int) uuid.UUID {
	n.t.Helper()
	at := n.clock.Now()
	area := postgres.Area{Level: warning.Red, Basis: warning.BasisGeocode, Certain: true, Regions: []string{"510000000000"}}
	id, err := n.db.CreateDraft(n.t.Context(), n.office, postgres.Content{Kind: "instruction", Mode: "actual", Hazard: warning.FlashFlood,
		Level: warning.Red, Title: "测试用预警", Basis: "应急预案", Expires: at.Add(time.Duration(hours) * time.Hour), Areas: []postgres.Area{area}},
		officer, postgres.Once{}, at)
	must(n.t, err)
	return id
}

// publish publishes a draft from outside, at the first try.
func (n *night) publish(id uuid.UUID) {
	n.t.Helper()
	_, err := n.db.Publish(n.t.Context(), account.Everywhere(), id, 1, postgres.Publication{Office: n.office, Leader: true, By: officer}, n.clock.Now())
	must(n.t, err)
}

// push moves the clock of everybody.
func (n *night) push(d time.Duration) {
	n.t.Helper()
	must(n.t, n.clock.set(n.clock.Now().Add(d)))
}

// living are the replicas that live.
func (n *night) living() []*process {
	n.mu.Lock()
	defer n.mu.Unlock()
	var list []*process
	for p := range n.alive {
		list = append(list, p)
	}
	return list
}

// anew does an act until it is answered, by a new replica whenever the last one
// died over it: the officer presses the button again.
func (n *night) anew(act string, q request) {
	n.t.Helper()
	for range 10 {
		p := n.one()
		if p == nil {
			continue // it died at its start
		}
		_, err := p.do(n.t.Context(), act, q)
		if err == nil {
			return
		}
		if later(err) {
			continue
		}
		if no, said := errors.AsType[refused](err); said {
			n.t.Fatal(no)
		}
		<-p.dead
	}
	n.t.Fatalf("%s is never answered", act)
}

// one is a replica that lives, for work step by step.
func (n *night) one() *process {
	if living := n.living(); len(living) > 0 {
		return living[0]
	}
	return n.start(0, nil)
}

// settle lets everything happen that is due, until nothing moves. It says whether
// the replica lived to see that.
func (n *night) settle(p *process) bool {
	n.t.Helper()
	for range 100 {
		moved, err := p.do(n.t.Context(), "settle", request{})
		if later(err) {
			continue
		}
		if no, said := errors.AsType[refused](err); said {
			n.t.Fatal(no)
		}
		if err != nil {
			<-p.dead
			return false
		}
		pushed := n.carrier.Figures().Pushed
		n.carrier.Work(n.t.Context())
		if moved == 0 && pushed == n.carrier.Figures().Pushed {
			return true
		}
	}
	n.t.Fatal("it never comes to rest")
	return false
}

// restStep is longer than a lease, and than the time between two calls to a number.
const restStep = 61 * time.Second

// rest pushes the clock in steps until leases, carrier's repeats and waiting times
// are over, with a replica that nobody disturbs.
func (n *night) rest(d time.Duration) {
	n.t.Helper()
	for ; d > 0; d -= restStep {
		n.push(restStep)
		if p := n.one(); p == nil || !n.settle(p) {
			n.t.Fatal("a replica died that nobody killed")
		}
	}
}

func (n *night) count(sql string, args ...any) int {
	n.t.Helper()
	var c int
	must(n.t, n.db.Pool().QueryRow(context.WithoutCancel(n.t.Context()), sql, args...).Scan(&c))
	return c
}

func must(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}
