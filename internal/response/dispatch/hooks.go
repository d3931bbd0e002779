package dispatch

import (
	"bytes"
	"context"
	"crypto/sha256"
	"crypto/subtle"
	"encoding/json"
	"errors"
	"log/slog"
	"net/http"
	"time"

	"github.com/google/uuid"

	"muster/internal/account"
	"muster/internal/clock"
	"muster/internal/errs"
	"muster/internal/response"
	"muster/internal/response/channel"
)

// Inbox is where what carriers push is kept and taken.
type Inbox interface {
	// UnreadPushes are pushes that were kept and never taken, oldest first.
	UnreadPushes(ctx context.Context) ([]response.Push, error)
	KeepPush(ctx context.Context, p response.Push, at time.Time) (id uuid.UUID, known bool, err error)
	TakePush(ctx context.Context, inbound uuid.UUID, account *uuid.UUID, events []response.CarrierEvent, at time.Time) ([]response.PushVerdict, error)
	RefusePush(ctx context.Context, inbound uuid.UUID, why string, at time.Time) error
}

// Hooks takes what carriers push to us.
type Hooks struct {
	Directory *Directory
	Inbox     Inbox
	Sealer    *account.Sealer
	Clock     clock.Clock
	Log       *slog.Logger
}

// Push takes one push of an account's carrier. The token in the address is looked
// at before anything is kept: anybody can call, only the carrier knows it. Then
// the bytes are kept, then read, then taken in one transaction; a push that comes
// again is answered and changes nothing.
func (h *Hooks) Push(ctx context.Context, id uuid.UUID, token string, r *http.Request, body []byte) (contentType string, answer []byte, err error) {
	c := h.Directory.contract(id)
	if c == nil || c.callback == nil || len(c.HookHash) == 0 || subtle.ConstantTimeCompare(HookHash(token), c.HookHash) != 1 {
		return "", nil, errs.New(errs.NotFound, "no_hook", "没有这个回调地址")
	}
	at := h.Clock.Now()
	inbound, known, err := h.keep(ctx, &id, kept{r.Method, r.URL.RequestURI(), r.Header, body}, at)
	if err != nil {
		return "", nil, err
	}
	events, reply, err := c.callback.Read(r, body, at)
	if err != nil {
		h.Log.Warn("push refused", "account", c.Name, "err", err)
		return "", nil, refused(h.Inbox.RefusePush(ctx, inbound, "refused", at), err)
	}
	if !known {
		if _, err := h.Inbox.TakePush(ctx, inbound, &id, h.said(events), at); err != nil {
			return "", nil, err // the carrier pushes again
		}
	}
	return reply.ContentType, reply.Body, nil
}

func refused(kept, why error) error {
	if kept != nil {
		return kept
	}
	if errs.KindOf(why) != errs.Internal {
		return why
	}
	return errs.New(errs.Unsafe, "push_refused", "推送无法确认来源或读不懂，已存档").Because(why)
}

// Heard takes an event that came over a connection that we hold open.
func (h *Hooks) Heard(ctx context.Context, id uuid.UUID, e channel.Event) error {
	at := h.Clock.Now()
	body := []byte(string(e.Kind) + "\x00" + e.EventID + "\x00" + e.Key + "\x00" + e.ProviderID)
	inbound, known, err := h.keep(ctx, &id, kept{Body: body}, at)
	if err != nil || known {
		return err
	}
	_, err = h.Inbox.TakePush(ctx, inbound, &id, h.said([]channel.Event{e}), at)
	return err
}

// kept is a push as it is stored: with what its signature stands in.
type kept struct {
	Method string      `json:"method,omitempty"`
	URL    string      `json:"url,omitempty"`
	Header http.Header `json:"header,omitempty"`
	Body   []byte      `json:"body"`
}

func (h *Hooks) keep(ctx context.Context, account *uuid.UUID, k kept, at time.Time) (uuid.UUID, bool, error) {
	sum := sha256.Sum256(k.Body)
	id := uuid.New()
	plain, err := json.Marshal(k)
	if err != nil {
		return id, false, err
	}
	sealed := h.Sealer.Seal("inbound", "body", id.String(), string(plain))
	return h.Inbox.KeepPush(ctx, response.Push{ID: id, Account: account, Sealed: sealed, Hash: sum[:]}, at)
}

// Recover reads what was kept and never taken, because we died between the two.
// What cannot be read is put aside with the reason; what cannot be taken now keeps
// nothing else from being taken, and is tried again at the next start.
func (h *Hooks) Recover(ctx context.Context) error {
	list, err := h.Inbox.UnreadPushes(ctx)
	failed := []error{err}
	for _, p := range list {
		failed = append(failed, h.reread(ctx, p))
	}
	return errors.Join(failed...)
}

func (h *Hooks) reread(ctx context.Context, p response.Push) error {
	var k kept
	plain, err := h.Sealer.Open("inbound", "body", p.ID.String(), p.Sealed)
	if err == nil {
		err = json.Unmarshal([]byte(plain), &k)
	}
	var c *contract
	if p.Account != nil {
		c = h.Directory.contract(*p.Account)
	}
	if err != nil || c == nil || c.callback == nil || k.URL == "" {
		return h.Inbox.RefusePush(ctx, p.ID, "unreadable", h.Clock.Now())
	}
	r, err := http.NewRequestWithContext(ctx, k.Method, k.URL, bytes.NewReader(k.Body))
	if err != nil {
		return h.Inbox.RefusePush(ctx, p.ID, "unreadable", h.Clock.Now())
	}
	r.Header = k.Header
	events, _, err := c.callback.Read(r, k.Body, p.ReceivedAt)
	if err != nil {
		return h.Inbox.RefusePush(ctx, p.ID, "refused", h.Clock.Now())
	}
	_, err = h.Inbox.TakePush(ctx, p.ID, p.Account, h.said(events), h.Clock.Now())
	return err
}

// said turns a carrier's events into ours. A phone number becomes its keyed
// hashes here and is not handed on.
func (h *Hooks) said(events []channel.Event) []response.CarrierEvent {
	list := make([]response.CarrierEvent, 0, len(events))
	for _, e := range events {
		s := response.CarrierEvent{Kind: string(e.Kind), ProviderID: e.ProviderID, Text: e.Text, Digit: e.Digit, PlayedOut: e.PlayedOut, At: e.At}
		if id, err := uuid.Parse(e.Key); err == nil {
			s.NoticeID = &id
		}
		if e.Phone != "" {
			s.Phones = h.Sealer.Hashes(account.PhonePurpose, e.Phone)
		}
		if e.Failure != nil {
			s.Code, s.Reason, s.Bad = e.Failure.Code, e.Failure.Text, e.Failure.Bad
		}
		list = append(list, s)
	}
	return list
}

// HookHash is what is kept of the token in a callback address.
func HookHash(token string) []byte {
	sum := sha256.Sum256([]byte(token))
	return sum[:]
}

func (d *Directory) contract(id uuid.UUID) *contract {
	d.mu.RLock()
	defer d.mu.RUnlock()
	return d.byID[id]
}

// listenAll holds a connection to every carrier that tells over one, once for
// each contract.
func (d *Dispatcher) listenAll(ctx context.Context, listening map[string]context.CancelFunc) {
	for key, listener := range d.Directory.listeners() {
		if listening[key.String()] != nil {
			continue
		}
		listenCtx, cancel := context.WithCancel(ctx)
		listening[key.String()] = cancel
		go func() {
			err := listener.Listen(listenCtx, func(e channel.Event) {
				if err := d.Hooks.Heard(listenCtx, key, e); err != nil && listenCtx.Err() == nil {
					d.Log.Error("event not taken", "err", err)
				}
			})
			if err != nil {
				d.Log.Error("carrier's connection ended", "account", key, "err", err)
			}
		}()
	}
}

func (d *Directory) listeners() map[uuid.UUID]channel.Listener {
	d.mu.RLock()
	defer d.mu.RUnlock()
	found := map[uuid.UUID]channel.Listener{}
	for id, c := range d.byID {
		if l, ok := c.gateway.(channel.Listener); ok && c.broken == nil {
			found[id] = l
		}
	}
	return found
}
