// Package flowtest plays nights: the valley on a real database, a clock that is
// pushed by hand, and the fake carrier over real sockets. Tests say what happens
// and what a phone hears; no test sleeps.
package flowtest

import (
	"encoding/json"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"

	"muster/internal/clock"
	"muster/internal/postgres"
	"muster/internal/postgres/pgtest"
	"muster/internal/postgres/pgtest/valley"
	"muster/internal/response"
	"muster/internal/response/channel"
	"muster/internal/response/channel/fake"
	"muster/internal/response/dispatch"
)

// Night is one story.
type Night struct {
	T        testing.TB
	Database pgtest.Database
	DB       *postgres.DB
	Clock    *clock.Manual
	Carrier  *fake.Carrier
	Dispatch *dispatch.Dispatcher
	Server   *httptest.Server // of the carrier
	Hooks    *httptest.Server // ours, for its pushes
	Begun    time.Time
	Deaf     bool // our server is away: what carriers push finds nobody

	seen map[string]int // of each phone's log, see Phone.Got
}

// The secret of the demonstration contracts and the token of their callbacks.
const (
	secret = "flowtest-secret-of-24-characters"
	token  = "flowtest-callback-token-24-characters"
)

// New begins a night at valley.Evening. Nobody answers unless a test says so.
func New(t testing.TB) *Night {
	t.Helper()
	return NewAt(t, valley.Evening)
}

// NewAt begins a night at another time of day.
func NewAt(t testing.TB, begun time.Time) *Night {
	t.Helper()
	n := &Night{T: t, Database: valley.NightWorld.Clone(t), Clock: clock.NewManual(begun), Begun: begun, seen: map[string]int{}}
	db, err := postgres.Open(t.Context(), n.Database.AppDSN, 12)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(db.Close)
	n.DB = db
	n.Hooks = httptest.NewServer(http.HandlerFunc(n.push))
	t.Cleanup(n.Hooks.Close)
	n.contracts()
	n.Dispatch = n.NewDispatcher(n.DB)
	t.Cleanup(n.Sound)
	return n
}

// NewDispatcher is a worker on the night's database, as another replica would be.
func (n *Night) NewDispatcher(db *postgres.DB) *dispatch.Dispatcher {
	log := slog.New(slog.NewTextHandler(n.T.Output(), &slog.HandlerOptions{Level: slog.LevelError}))
	directory := &dispatch.Directory{Source: db, Sealer: valley.Sealer, Clock: n.Clock, Base: "https://muster.example", Log: log}
	hooks := &dispatch.Hooks{Directory: directory, Inbox: db, Sealer: valley.Sealer, Clock: n.Clock, Log: log}
	return &dispatch.Dispatcher{Store: db, Directory: directory, Hooks: hooks, Clock: n.Clock, Log: log}
}

// contracts are one account for SMS and one for calls in each mode, at the fake
// carrier.
func (n *Night) contracts() {
	n.T.Helper()
	var served []fake.Account
	var kept []response.Account
	for _, mode := range []string{"actual", "exercise"} {
		for _, kind := range []channel.Kind{channel.SMS, channel.Voice} {
			id := AccountID(mode, kind)
			a := channel.Account{Kind: kind, Provider: "http", Settings: map[string]string{"sign_name": mode}, Secrets: map[string]string{"secret": secret + mode}}
			served = append(served, fake.Account{Account: a, Callback: n.Hooks.URL + "/hooks/" + id.String() + "/" + token})
			kept = append(kept, response.Account{ID: id, Mode: mode, Channel: kind, Provider: "http", Name: string(kind), Priority: 1,
				Settings: a.Settings, HookHash: dispatch.HookHash(token)})
		}
	}
	n.Carrier = fake.New(fake.Options{Clock: n.Clock, Accounts: served, Crowd: fake.Bystanders(), Seed: 1})
	n.Server = httptest.NewServer(n.Carrier)
	n.T.Cleanup(n.Server.Close)
	for i, a := range kept {
		a.Settings["endpoint"] = n.Server.URL + "/http/" + string(a.Channel)
		secrets, _ := json.Marshal(served[i].Secrets)
		a.SecretsSealed = valley.Sealer.Seal("channel_account", "secrets", a.ID.String(), string(secrets))
		if err := n.DB.PutChannelAccount(n.T.Context(), a, "", postgres.Actor{Name: "test"}, n.Clock.Now()); err != nil {
			n.T.Fatal(err)
		}
	}
}

// push is what our server does with a carrier's push.
func (n *Night) push(w http.ResponseWriter, r *http.Request) {
	if n.Deaf {
		http.Error(w, "away", http.StatusServiceUnavailable)
		return
	}
	part := strings.Split(strings.Trim(r.URL.Path, "/"), "/")
	body, _ := io.ReadAll(r.Body)
	id, err := uuid.Parse(part[1])
	if err != nil {
		http.Error(w, "no id", http.StatusNotFound)
		return
	}
	contentType, answer, err := n.Dispatch.Hooks.Push(r.Context(), id, part[2], r, body)
	if err != nil {
		http.Error(w, err.Error(), http.StatusForbidden)
		return
	}
	w.Header().Set("Content-Type", contentType)
	_, _ = w.Write(answer)
}

// Settle lets everything happen that is due now: clocks, notices, the carrier's
// people, their receipts and answers, until nothing moves.
func (n *Night) Settle() {
	n.T.Helper()
	for range 50 {
		pushed := n.Carrier.Figures().Pushed
		n.Carrier.Work(n.T.Context())
		told := pushed != n.Carrier.Figures().Pushed
		if !told && !n.due() {
			return
		}
		_, err := n.DB.ExpireDue(n.T.Context(), n.Clock.Now())
		must(n.T, err)
		moved, err := n.Dispatch.Once(n.T.Context())
		must(n.T, err)
		if moved == 0 && !told {
			return
		}
	}
	n.T.Fatal("it never comes to rest")
}

// due says whether anything waits for the workers now; most half minutes of a night
// are quiet.
func (n *Night) due() (some bool) {
	n.T.Helper()
	must(n.T, n.DB.Pool().QueryRow(n.T.Context(), `
		SELECT EXISTS (SELECT FROM duty WHERE state = 'open' AND next_at <= $1)
		    OR EXISTS (SELECT FROM notice WHERE state IN ('queued', 'failed_now') AND next_at <= $1 OR state = 'sending' AND lease_until <= $1)
		    OR EXISTS (SELECT FROM warning WHERE state = 'active' AND expires <= $1)`, n.Clock.Now()).Scan(&some))
	return some
}

// Advance pushes the clock, in steps fine enough that everybody keeps his place.
func (n *Night) Advance(d time.Duration) {
	n.T.Helper()
	const step = 30 * time.Second
	for ; d > step; d -= step {
		n.Clock.Advance(step)
		n.Settle()
	}
	n.Clock.Advance(d)
	n.Settle()
}

// Jump pushes the clock at once, as when the server was down.
func (n *Night) Jump(d time.Duration) {
	n.T.Helper()
	n.Clock.Advance(d)
	n.Settle()
}
