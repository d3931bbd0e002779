package dispatch

import (
	"context"
	"log/slog"
	"sync"
	"time"

	"github.com/google/uuid"
	"github.com/prometheus/client_golang/prometheus"

	"muster/internal/clock"
	"muster/internal/response"
)

// Watched is where the watchdog looks and where alarms are kept.
type Watched interface {
	// Pulse reads the state of the machine; accounts are judged over window.
	Pulse(ctx context.Context, window time.Duration, at time.Time) (response.Pulse, error)
	// RaiseAlarms opens, keeps and closes alarms; one per finding, however many
	// replicas look.
	RaiseAlarms(ctx context.Context, findings []response.Finding, calm time.Duration, at time.Time) (opened, closed []response.Alarm, err error)
	// ClaimAlarms gives what is to be told now to this replica until lease.
	ClaimAlarms(ctx context.Context, again time.Duration, lease, at time.Time) ([]response.Alarm, error)
	// TellAlarm keeps that an alarm, or its end, left.
	TellAlarm(ctx context.Context, a response.Alarm, at time.Time) error
}

// WatchdogOptions are what a watchdog stands on.
type WatchdogOptions struct {
	Store   Watched
	Exits   []AlarmExit // none: alarms are only logged
	Beat    *HeartBeat  // nil: nobody outside listens
	Limits  response.Limits
	Clock   clock.Clock
	Log     *slog.Logger
	Metrics prometheus.Registerer // nil: none
}

// Watchdog looks for silence: every ten seconds it reads the pulse, keeps the
// alarms and tells them. It may run on every replica.
type Watchdog struct {
	WatchdogOptions
	lines   []*exitLine
	gauges  *watchGauges
	dark    *darkness
	telling sync.WaitGroup
}

// darkness is the alarm of a watchdog that cannot see: it is kept here, because
// where alarms are kept is what is gone.
type darkness struct {
	alarm response.Alarm
	told  time.Time
}

const (
	watchEvery  = 10 * time.Second
	watchWait   = 8 * time.Second // for the database, in one round
	tellingTime = time.Minute     // another replica tells it after that
)

// NewWatchdog makes a watchdog. Its gauges are registered at once.
func NewWatchdog(o WatchdogOptions) *Watchdog {
	w := &Watchdog{WatchdogOptions: o, gauges: newWatchGauges(o.Metrics)}
	for _, e := range o.Exits {
		w.lines = append(w.lines, newExitLine(e))
	}
	return w
}

// Run looks until ctx ends, and lets what is being told end.
func (w *Watchdog) Run(ctx context.Context) error {
	defer w.Settle()
	tick := time.NewTicker(watchEvery)
	defer tick.Stop()
	for {
		w.Round(ctx)
		select {
		case <-ctx.Done():
			return nil
		case <-tick.C:
		}
	}
}

// Round looks once. It waits for the database, not for the exits.
func (w *Watchdog) Round(ctx context.Context) {
	at := w.Clock.Now()
	err := w.look(ctx, at)
	switch {
	case ctx.Err() != nil:
		return
	case err != nil:
		w.blind(err, at)
	default:
		w.sees(at)
		w.Beat.beat(ctx, at, w.Log, &w.telling)
	}
	for _, l := range w.lines {
		w.drain(ctx, l, at)
	}
}

// Settle waits until nothing is being told.
func (w *Watchdog) Settle() { w.telling.Wait() }

func (w *Watchdog) look(ctx context.Context, at time.Time) error {
	ctx, cancel := context.WithTimeout(ctx, watchWait)
	defer cancel()
	pulse, err := w.Store.Pulse(ctx, w.Limits.Window, at)
	if err != nil {
		return err
	}
	findings := append(response.Judge(pulse, w.Limits), w.ownFindings()...)
	w.gauges.show(pulse, findings)
	if _, _, err := w.Store.RaiseAlarms(ctx, findings, w.Limits.Calm, at); err != nil {
		return err
	}
	due, err := w.Store.ClaimAlarms(ctx, w.Limits.Again, at.Add(tellingTime), at)
	if err != nil {
		return err
	}
	w.tell(due)
	if len(w.lines) == 0 {
		w.wasTold(ctx, due)
	}
	return nil
}

func (w *Watchdog) ownFindings() []response.Finding {
	var list []response.Finding
	for _, l := range w.lines {
		if l.failing(w.Limits.ExitFails) {
			list = append(list, response.Finding{Code: response.AlarmExitFailed, Subject: l.exit.Name(), Words: "告警出口“" + l.exit.Name() + "”连续失败"})
		}
	}
	return list
}

// tell logs alarms and gives them to every exit.
func (w *Watchdog) tell(list []response.Alarm) {
	for _, a := range list {
		if a.Over() {
			w.Log.Info("alarm over", "code", a.Code, "subject", a.Subject)
		} else {
			w.Log.Error("alarm", "code", a.Code, "subject", a.Subject, "words", a.Words, "playbook", a.Code.Playbook())
		}
	}
	for _, l := range w.lines {
		l.put(list)
	}
}

// drain lets an exit tell what it has, in the background.
func (w *Watchdog) drain(ctx context.Context, l *exitLine, at time.Time) {
	list := l.take(at)
	if len(list) == 0 {
		return
	}
	w.telling.Go(func() {
		ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), exitWait)
		defer cancel()
		err := l.exit.Tell(ctx, list, at)
		l.settle(list, err, at)
		if err != nil {
			w.Log.Error("alarm exit failed", "exit", l.exit.Name(), "alarms", len(list), "err", err)
			return
		}
		w.wasTold(ctx, list)
	})
}

// wasTold writes down what left. What could not be written is told again later.
func (w *Watchdog) wasTold(ctx context.Context, list []response.Alarm) {
	for _, a := range list {
		if a.Code == response.DatabaseDown || a.Code == response.SchemaDiffers {
			continue // kept here only
		}
		if err := w.Store.TellAlarm(ctx, a, w.Clock.Now()); err != nil {
			w.Log.Error("alarm told, not written down", "code", a.Code, "err", err)
		}
	}
}

// blind: a database that restarts is no alarm, one that stays away is.
func (w *Watchdog) blind(err error, at time.Time) {
	f := response.Blind(err)
	w.Log.Error("watchdog cannot see", "code", f.Code, "err", err)
	w.gauges.blind(f.Code)
	if w.dark == nil {
		w.dark = &darkness{alarm: response.Alarm{ID: uuid.New(), OpenedAt: at}}
	}
	d := w.dark
	d.alarm.Code, d.alarm.Words, d.alarm.SeenAt = f.Code, f.Words, at
	if at.Sub(d.alarm.OpenedAt) < w.Limits.Blind || !d.told.IsZero() && at.Sub(d.told) < w.Limits.Again {
		return
	}
	d.told = at
	w.tell([]response.Alarm{d.alarm})
}

func (w *Watchdog) sees(at time.Time) {
	d := w.dark
	w.dark = nil
	if d != nil && !d.told.IsZero() {
		d.alarm.ClosedAt = &at
		w.tell([]response.Alarm{d.alarm})
	}
}
