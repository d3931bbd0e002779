package fake

import (
	"maps"
	"slices"
	"sync"
	"sync/atomic"

	"muster/internal/errs"
)

// Span is a range of milliseconds; High not above Low means exactly Low.
type Span struct {
	Low  int `json:"low"`
	High int `json:"high"`
}

// Outage is how a carrier is away.
type Outage string

// The outages.
const (
	Open  Outage = ""     // 正常
	Error Outage = "503"  // 答 503
	Cut   Outage = "cut"  // 断开: the connection is closed without an answer
	Hang  Outage = "hang" // 挂起: no answer until the caller gives up
)

// Conditions are what a door's requests meet. Shares are from 0 to 1.
type Conditions struct {
	Latency    Span    `json:"latency"`     // 答复延迟, ms
	Loss       float64 `json:"loss"`        // 丢失: not taken, never answered
	LostAnswer float64 `json:"lost_answer"` // 答复丢失: taken, but never answered
	Refuse     float64 `json:"refuse"`      // 拒绝: refused with the provider's "system busy"
	Garbage    float64 `json:"garbage"`     // 错误答复: taken, answered with nonsense
	Outage     Outage  `json:"outage"`
	NoLimits   bool    `json:"no_limits"` // 不限额: the documented limits are off

	Receipt        Span    `json:"receipt"`         // 回执延迟, ms
	ReceiptLoss    float64 `json:"receipt_loss"`    // 回执丢失
	ReceiptTwice   float64 `json:"receipt_twice"`   // 回执重复
	ReceiptUnknown float64 `json:"receipt_unknown"` // 多余回执: beside it one for a message nobody sent
	ReceiptShuffle bool    `json:"receipt_shuffle"` // 回执乱序
	Silent         bool    `json:"silent"`          // 不回执: no receipts and nobody acts; screens still fill
}

func (c Conditions) check() error {
	shares := map[string]float64{"loss": c.Loss, "lost_answer": c.LostAnswer, "refuse": c.Refuse, "garbage": c.Garbage,
		"receipt_loss": c.ReceiptLoss, "receipt_twice": c.ReceiptTwice, "receipt_unknown": c.ReceiptUnknown}
	for _, name := range slices.Sorted(maps.Keys(shares)) {
		if s := shares[name]; !(s >= 0 && s <= 1) {
			return errs.New(errs.Fix, "bad_share", "%s 应在 0 到 1 之间", name)
		}
	}
	for _, s := range []Span{c.Latency, c.Receipt} {
		if s.Low < 0 || max(s.Low, s.High) > 3_600_000 {
			return errs.New(errs.Fix, "bad_span", "延迟应在 0 到 3600000 毫秒之间")
		}
	}
	if !slices.Contains([]Outage{Open, Error, Cut, Hang}, c.Outage) {
		return errs.New(errs.Fix, "bad_outage", "没有这种故障：%s", c.Outage)
	}
	return nil
}

// DefaultConditions are a carrier on a good day.
func DefaultConditions() Conditions {
	return Conditions{Latency: Span{20, 120}, Receipt: Span{800, 4000}}
}

// weather keeps the conditions of the doors; readers take no lock.
type weather struct {
	mu sync.Mutex
	by atomic.Pointer[map[string]Conditions]
}

func (w *weather) at(door string) Conditions {
	by := w.by.Load()
	if by == nil {
		return Conditions{}
	}
	if c, ok := (*by)[door]; ok {
		return c
	}
	return (*by)[""]
}

func (w *weather) set(door string, c Conditions) {
	w.mu.Lock()
	defer w.mu.Unlock()
	next := map[string]Conditions{}
	if by := w.by.Load(); by != nil && door != "" {
		maps.Copy(next, *by)
	}
	next[door] = c
	w.by.Store(&next)
}

// SetConditions changes what requests through a door meet from now on; the empty
// name means every door and takes back what was set for single ones. A new carrier
// has perfect conditions: no latency, no loss, limits on.
func (c *Carrier) SetConditions(door string, now Conditions) error {
	if err := now.check(); err != nil {
		return err
	}
	if door != "" && c.door(door) == nil {
		return errs.New(errs.NotFound, "no_door", "没有这个接口：%s", door)
	}
	c.weather.set(door, now)
	return nil
}

// ConditionsAt tells what requests through a door meet.
func (c *Carrier) ConditionsAt(door string) Conditions { return c.weather.at(door) }
