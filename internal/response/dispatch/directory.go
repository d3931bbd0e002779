package dispatch

import (
	"context"
	"encoding/json"
	"errors"
	"log/slog"
	"sync"
	"time"

	"github.com/google/uuid"

	"muster/internal/account"
	"muster/internal/clock"
	"muster/internal/response"
	"muster/internal/response/channel"
)

// Accounts is where contracts and recordings are kept.
type Accounts interface {
	ChannelAccounts(ctx context.Context) ([]response.Account, error)
	Clips(ctx context.Context) ([]response.Clip, error)
	Rules(ctx context.Context, at time.Time) (*response.Rules, error)
}

// Directory knows the contracts with the carriers, opens their gateways, and
// prefers those that work.
type Directory struct {
	Source Accounts
	Sealer *account.Sealer
	Clock  clock.Clock
	Base   string // https://… of the answer pages; empty: no links
	Log    *slog.Logger

	mu    sync.RWMutex
	ways  map[way][]*contract
	byID  map[uuid.UUID]*contract
	clips map[response.Clip]bool
	rules *response.Rules
}

type way struct {
	mode    string
	channel response.Channel
}

// contract is an account with its gateway and how it has done lately.
type contract struct {
	response.Account
	gateway  channel.Gateway
	callback channel.Callback
	broken   error

	mu    sync.Mutex
	fails int
	until time.Time // avoided until then, when there is another
}

// Refresh reads the contracts anew. A gateway is kept as long as its contract is
// unchanged: it holds connections and tokens.
func (d *Directory) Refresh(ctx context.Context) error {
	accounts, err := d.Source.ChannelAccounts(ctx)
	if err != nil {
		return err
	}
	clips, err := d.Source.Clips(ctx)
	if err != nil {
		return err
	}
	rules, err := d.Source.Rules(ctx, d.Clock.Now())
	if err != nil {
		return err
	}
	d.mu.Lock()
	defer d.mu.Unlock()
	ways, byID := map[way][]*contract{}, map[uuid.UUID]*contract{}
	for _, a := range accounts {
		c := d.byID[a.ID]
		if c == nil || c.SecretsSealed != a.SecretsSealed || !sameSettings(c.Settings, a.Settings) {
			c = d.open(a)
		}
		ways[way{a.Mode, a.Channel}] = append(ways[way{a.Mode, a.Channel}], c)
		byID[a.ID] = c
	}
	d.ways, d.byID, d.rules = ways, byID, rules
	d.clips = map[response.Clip]bool{}
	for _, c := range clips {
		d.clips[c] = true
	}
	return nil
}

func sameSettings(a, b map[string]string) bool {
	if len(a) != len(b) {
		return false
	}
	for k, v := range a {
		if b[k] != v {
			return false
		}
	}
	return true
}

// open makes the gateway of a contract. One that cannot be opened is kept, with
// the reason: its notices say it instead of waiting in silence.
func (d *Directory) open(a response.Account) *contract {
	c := &contract{Account: a}
	secrets := map[string]string{}
	plain, err := d.Sealer.Open("channel_account", "secrets", a.ID.String(), a.SecretsSealed)
	if err == nil {
		err = json.Unmarshal([]byte(plain), &secrets)
	}
	if err == nil {
		full := channel.Account{Kind: a.Channel, Provider: a.Provider, Settings: a.Settings, Secrets: secrets, Clock: d.Clock}
		c.gateway, err = channel.Open(full)
		if callback, cerr := channel.OpenCallback(full); cerr == nil {
			c.callback = callback
		}
	}
	if err != nil {
		c.broken = err
		d.Log.Error("channel account cannot be used", "account", a.Name, "mode", a.Mode, "err", err)
	}
	return c
}

// Rules is the common rule book as it was read last.
func (d *Directory) Rules() *response.Rules {
	d.mu.RLock()
	defer d.mu.RUnlock()
	if d.rules == nil {
		return response.DefaultRules()
	}
	return d.rules
}

// Account implements Post: the first contract that works, or the first at all.
func (d *Directory) Account(mode string, ch response.Channel) (response.Lane, bool) {
	d.mu.RLock()
	defer d.mu.RUnlock()
	list := d.ways[way{mode, ch}]
	if len(list) == 0 {
		return response.Lane{}, false
	}
	now := d.Clock.Now()
	chosen := list[0]
	for _, c := range list {
		if c.broken == nil && c.works(now) {
			chosen = c
			break
		}
	}
	return response.Lane{Mode: mode, Channel: ch, Account: chosen.ID}, true
}

// Contract failing so often in a row is avoided for so long.
const (
	failsToAvoid = 5
	avoidFor     = 30 * time.Second
)

func (c *contract) works(now time.Time) bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	return !now.Before(c.until)
}

// Heard implements Post.
func (d *Directory) Heard(n response.Claimed, err error) {
	d.mu.RLock()
	c := d.byID[n.AccountID]
	d.mu.RUnlock()
	if c == nil {
		return
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	f, failed := errors.AsType[*channel.Failure](err)
	if err == nil || failed && f.Class != channel.Again {
		c.fails = 0
		return
	}
	if c.fails++; c.fails >= failsToAvoid {
		c.fails, c.until = 0, d.Clock.Now().Add(avoidFor)
	}
}
