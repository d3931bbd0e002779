package killtest

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/http"
	"os"
	"time"

	"github.com/google/uuid"

	"muster/internal/account"
	"muster/internal/errs"
	"muster/internal/postgres"
	"muster/internal/response/dispatch"
	"muster/internal/warning/feed"
)

// ordersEnv holds what a replica is told at its start.
const ordersEnv = "MUSTER_KILLTEST_REPLICA"

// orders are what a replica is told at its start.
type orders struct {
	DSN      string
	Ring     string // the key ring
	Clock    string // file of the common clock
	Parallel int    // hand-overs at once; 0: it works only when it is told to settle
}

// replica is one process of Muster, as far as the flow goes: the way in, acts of
// officers, the dispatcher, the ear for carriers.
type replica struct {
	db       *postgres.DB
	clock    fileClock
	dispatch *dispatch.Dispatcher
}

// replicate is main of a replica. It says its address when it is ready, and ends
// with the process that started it.
func replicate(said string) {
	go func() {
		_, _ = io.Copy(io.Discard, os.Stdin)
		os.Exit(0)
	}()
	var o orders
	if err := json.Unmarshal([]byte(said), &o); err != nil {
		panic(err)
	}
	if err := serve(context.Background(), o); err != nil {
		fmt.Fprintln(os.Stderr, "replica ended:", err)
		os.Exit(1)
	}
}

func serve(ctx context.Context, o orders) error {
	r, err := openReplica(ctx, o)
	if err != nil {
		return err
	}
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return err
	}
	mux := http.NewServeMux()
	mux.HandleFunc("POST /hooks/{account}/{token}", r.push)
	mux.HandleFunc("POST /do/{act}", r.do)
	if o.Parallel > 0 {
		go func() { _ = r.dispatch.Run(ctx) }()
	}
	fmt.Println("http://" + listener.Addr().String())
	return (&http.Server{Handler: mux, ReadHeaderTimeout: time.Minute}).Serve(listener)
}

// openReplica starts as the product does: what was stored and not understood is
// read again.
func openReplica(ctx context.Context, o orders) (*replica, error) {
	db, err := postgres.Open(ctx, o.DSN, 8)
	if err != nil {
		return nil, err
	}
	sealer, err := account.NewSealer(o.Ring)
	if err != nil {
		return nil, err
	}
	clock, err := openClock(o.Clock)
	if err != nil {
		return nil, err
	}
	log := slog.New(slog.DiscardHandler)
	directory := &dispatch.Directory{Source: db, Sealer: sealer, Clock: clock, Log: log}
	hooks := &dispatch.Hooks{Directory: directory, Inbox: db, Sealer: sealer, Clock: clock, Log: log}
	r := &replica{db: db, clock: clock, dispatch: &dispatch.Dispatcher{Store: db, Directory: directory, Hooks: hooks, Clock: clock, Log: log,
		Pace: dispatch.Pace{Parallel: max(o.Parallel, 8), Timeout: 10 * time.Second, Lease: lease, Poll: 100 * time.Millisecond}}}
	if err := directory.Refresh(ctx); err != nil {
		return nil, err
	}
	if err := r.readUnread(ctx); err != nil {
		return nil, err
	}
	return r, hooks.Recover(ctx)
}

// lease is that of the product.
const lease = 30 * time.Second

func (r *replica) push(w http.ResponseWriter, req *http.Request) {
	body, err := io.ReadAll(req.Body)
	id, err2 := uuid.Parse(req.PathValue("account"))
	if err != nil || err2 != nil {
		http.Error(w, "unreadable", http.StatusBadRequest)
		return
	}
	contentType, answer, err := r.dispatch.Hooks.Push(req.Context(), id, req.PathValue("token"), req, body)
	if err != nil {
		http.Error(w, err.Error(), http.StatusServiceUnavailable)
		return
	}
	w.Header().Set("Content-Type", contentType)
	_, _ = w.Write(answer)
}

// request is what an officer's browser, a bureau or the test's hand asks for. Key
// stays the same when it is asked again.
type request struct {
	Key      string
	Document []byte
	Office   uuid.UUID
	Warning  uuid.UUID
	Version  int
	Answer   postgres.Answer
}

var officer = postgres.Actor{Name: "killtest"}

// do does one act and gives a number that the act has.
func (r *replica) do(w http.ResponseWriter, req *http.Request) {
	var q request
	if err := json.NewDecoder(req.Body).Decode(&q); err != nil {
		http.Error(w, err.Error(), http.StatusBadRequest)
		return
	}
	n, err := r.act(req.Context(), req.PathValue("act"), q)
	if err != nil {
		http.Error(w, errs.TextOf(err)+": "+err.Error(), errs.KindOf(err).Status())
		return
	}
	_, _ = fmt.Fprint(w, n)
}

func (r *replica) act(ctx context.Context, act string, q request) (int, error) {
	at, all := r.clock.Now(), account.Everywhere()
	by := postgres.Publication{Office: q.Office, Leader: true, By: officer, Once: postgres.Once{Actor: officer.Name, Key: q.Key, Hash: []byte(act)}}
	switch act {
	case "receive":
		id, _, err := r.db.StoreRaw(ctx, "killtest", "application/xml", q.Document, at)
		if err != nil {
			return 0, err
		}
		return 0, r.understand(ctx, postgres.RawMessage{ID: id, Source: "killtest", Body: q.Document})
	case "publish":
		_, err := r.db.Publish(ctx, all, q.Warning, q.Version, by, at)
		return 0, err
	case "give":
		standing, err := r.db.Give(ctx, all, q.Answer, at)
		return len(standing), err
	case "lift":
		return 0, r.db.Lift(ctx, all, q.Warning, q.Version, "雨停", by, at)
	case "expire":
		return r.db.ExpireDue(ctx, at)
	case "settle":
		return r.dispatch.Once(ctx)
	}
	return 0, fmt.Errorf("no act %q", act)
}

func (r *replica) understand(ctx context.Context, raw postgres.RawMessage) error {
	at := r.clock.Now()
	said := feed.Parse(raw.Body, at)
	u := postgres.Understood{RawID: raw.ID, Format: said.Format, Outcome: string(said.Outcome), Messages: said.Messages}
	for _, why := range said.Reasons {
		u.Reasons = append(u.Reasons, postgres.Reason(why))
	}
	_, err := r.db.Understand(ctx, u, at)
	return err
}

func (r *replica) readUnread(ctx context.Context) error {
	for last := uuid.Nil; ; {
		raw, err := r.db.Unread(ctx, last)
		if errs.Is(err, errs.NotFound) {
			return nil
		}
		if err != nil {
			return err
		}
		if err := r.understand(ctx, raw); err != nil {
			return err
		}
		last = raw.ID
	}
}

// fileClock is a clock that stands in a file: all processes of a test have the same
// time, which moves when the test says so.
type fileClock struct{ file *os.File }

func openClock(path string) (fileClock, error) {
	f, err := os.OpenFile(path, os.O_RDWR|os.O_CREATE, 0o600)
	return fileClock{f}, err
}

// Now implements clock.Clock.
func (c fileClock) Now() time.Time {
	var text [len(clockForm)]byte
	if _, err := c.file.ReadAt(text[:], 0); err != nil && err != io.EOF {
		panic(err)
	}
	at, err := time.Parse(clockForm, string(text[:]))
	if err != nil {
		panic(err)
	}
	return at
}

// clockForm has always the same length, so that it is written in one piece.
const clockForm = "2006-01-02T15:04:05Z"

func (c fileClock) set(at time.Time) error {
	_, err := c.file.WriteAt([]byte(at.UTC().Format(clockForm)), 0)
	return err
}
