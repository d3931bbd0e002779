package bench

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/http"
	"strings"
	"time"

	"github.com/google/uuid"
	"golang.org/x/sync/errgroup"

	"muster/internal/clock"
	"muster/internal/errs"
	"muster/internal/response"
	"muster/internal/response/channel"
	"muster/internal/response/channel/fake"
	"muster/internal/response/dispatch"
)

const attemptGoal = 5 * time.Second

// carried measures the whole way: dispatcher, requests over loopback, receipts
// that come back and are written down.
func (b *dispatchBench) carried(ctx context.Context) ([]Figure, error) {
	way, err := b.openWay(ctx)
	if err != nil {
		return nil, err
	}
	defer way.close()
	n := b.opt.Notices / 5
	if err := b.fill(ctx, n); err != nil {
		return nil, err
	}
	began := time.Now()
	way.start(ctx)
	sent, err := b.until(ctx, began, "SELECT NOT EXISTS (SELECT FROM notice WHERE state IN ('queued', 'sending', 'failed_now'))")
	if err != nil {
		return nil, err
	}
	told, err := b.until(ctx, began, "SELECT NOT EXISTS (SELECT FROM notice WHERE state = 'sent' AND channel = 'sms' AND account_id = '"+way.sms.String()+"')")
	if err != nil {
		return nil, err
	}
	figures := []Figure{perSecond(fmt.Sprintf("the fake carrier over loopback, %d SMS", n), n, sent),
		perSecond("the same with the receipts written down", n, told)}
	b.say("publishing a red warning with the dispatcher running")
	red, err := b.publishNear(ctx)
	if err != nil {
		return figures, err
	}
	first, err := b.attempts(ctx, red)
	return append(figures, first...), err
}

// attempts says when people under a warning were tried for the first time.
func (b *dispatchBench) attempts(ctx context.Context, red published) ([]Figure, error) {
	if _, err := b.until(ctx, red.at, "SELECT NOT EXISTS (SELECT FROM notice WHERE state IN ('queued', 'sending') AND channel IN ('voice', 'sms'))"); err != nil {
		return nil, err
	}
	var people int
	var first, last time.Time
	err := b.db.Pool().QueryRow(ctx, `
		SELECT count(*), min(at), max(at) FROM (
		    SELECT min(a.at) AS at FROM notice n JOIN notice_attempt a ON a.notice_id = n.id WHERE n.warning_id = $1 GROUP BY n.party_id) tried`,
		red.id).Scan(&people, &first, &last)
	done := red.at.Add(red.took)
	return []Figure{within("red: the first attempt after publishing", first.Sub(done), attemptGoal),
		within(fmt.Sprintf("red: the first attempt at the last of %d people", people), last.Sub(done), attemptGoal)}, err
}

// patience bounds every wait.
const patience = 5 * time.Minute

// until asks until the answer is yes, and gives how long after began that was.
func (b *dispatchBench) until(ctx context.Context, began time.Time, sql string) (time.Duration, error) {
	ctx, cancel := context.WithTimeout(ctx, patience)
	defer cancel()
	tick := time.NewTicker(20 * time.Millisecond)
	defer tick.Stop()
	for {
		var yes bool
		err := b.db.Pool().QueryRow(ctx, sql).Scan(&yes)
		if err != nil || yes {
			return time.Since(began), err
		}
		select {
		case <-ctx.Done():
			return 0, errs.New(errs.Internal, "bench_never_done", "等了%s仍未完成", patience)
		case <-tick.C:
		}
	}
}

// wayOut is the fake carrier, our end for its pushes, and the dispatcher.
type wayOut struct {
	sms      uuid.UUID
	dispatch *dispatch.Dispatcher
	carrier  *fake.Carrier
	servers  []*http.Server
	stop     func()
}

func (b *dispatchBench) openWay(ctx context.Context) (*wayOut, error) {
	log := slog.New(slog.DiscardHandler)
	directory := &dispatch.Directory{Source: b.db, Sealer: b.sealer, Clock: clock.System{}, Log: log}
	w := &wayOut{stop: func() {}}
	w.dispatch = &dispatch.Dispatcher{Store: b.db, Directory: directory, Clock: clock.System{}, Log: log,
		Hooks: &dispatch.Hooks{Directory: directory, Inbox: b.db, Sealer: b.sealer, Clock: clock.System{}, Log: log}}
	hooks, err := w.serve(http.HandlerFunc(w.push))
	if err != nil {
		return nil, err
	}
	var customers []fake.Account
	for _, kind := range []channel.Kind{channel.SMS, channel.Voice} {
		id := uuid.New()
		if kind == channel.SMS {
			w.sms = id
		}
		customers = append(customers, fake.Account{Callback: hooks + "/" + id.String(),
			Account: channel.Account{Kind: kind, Provider: "http", Settings: map[string]string{}, Secrets: map[string]string{"secret": uuid.NewString()}}})
	}
	w.carrier = fake.New(fake.Options{Accounts: customers, Crowd: fake.Bystanders()})
	address, err := w.serve(w.carrier)
	if err != nil {
		return nil, err
	}
	for _, c := range customers {
		if err := b.contractWith(ctx, c, address); err != nil {
			return nil, err
		}
	}
	return w, nil
}

// hookToken is in the address that the carrier pushes to.
const hookToken = "bench"

func (b *dispatchBench) contractWith(ctx context.Context, c fake.Account, address string) error {
	id := uuid.MustParse(c.Callback[strings.LastIndex(c.Callback, "/")+1:])
	secrets, err := json.Marshal(c.Secrets)
	if err != nil {
		return err
	}
	return b.db.PutChannelAccount(ctx, response.Account{ID: id, Mode: "actual", Channel: c.Kind, Provider: "http", Name: string(c.Kind), Priority: 1,
		Settings:      map[string]string{"endpoint": address + "/http/" + string(c.Kind)},
		SecretsSealed: b.sealer.Seal("channel_account", "secrets", id.String(), string(secrets)), HookHash: dispatch.HookHash(hookToken)},
		"", officer, time.Now())
}

func (w *wayOut) serve(h http.Handler) (string, error) {
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return "", err
	}
	s := &http.Server{Handler: h, ReadHeaderTimeout: time.Minute}
	w.servers = append(w.servers, s)
	go func() { _ = s.Serve(listener) }()
	return "http://" + listener.Addr().String(), nil
}

// push takes what the carrier tells.
func (w *wayOut) push(rw http.ResponseWriter, r *http.Request) {
	id, err := uuid.Parse(strings.Trim(r.URL.Path, "/"))
	body, err2 := io.ReadAll(r.Body)
	if firstError(err, err2) != nil {
		http.Error(rw, "unreadable", http.StatusBadRequest)
		return
	}
	contentType, answer, err := w.dispatch.Hooks.Push(r.Context(), id, hookToken, r, body)
	if err != nil {
		http.Error(rw, "not taken", http.StatusServiceUnavailable)
		return
	}
	rw.Header().Set("Content-Type", contentType)
	_, _ = rw.Write(answer)
}

func (w *wayOut) start(ctx context.Context) {
	ctx, cancel := context.WithCancel(ctx)
	g, ctx := errgroup.WithContext(ctx)
	g.Go(func() error { return w.dispatch.Run(ctx) })
	g.Go(func() error { return w.carrier.Run(ctx) })
	w.stop = func() {
		cancel()
		_ = g.Wait()
	}
}

func (w *wayOut) close() {
	w.stop()
	for _, s := range w.servers {
		_ = s.Close()
	}
}
