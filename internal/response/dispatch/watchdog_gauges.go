package dispatch

import (
	"errors"

	"github.com/prometheus/client_golang/prometheus"

	"muster/internal/response"
)

// watchGauges are what the watchdog saw in its last round, for those who draw
// curves. Each replica shows the same, but for alarms of its own exits.
type watchGauges struct {
	alarms *prometheus.GaugeVec // by code
	age    *prometheus.GaugeVec // seconds, by mode and channel
	queued *prometheus.GaugeVec
	duties prometheus.Gauge
	looked prometheus.Gauge // Unix seconds; it stands still when the watchdog does not see
}

func newWatchGauges(r prometheus.Registerer) *watchGauges {
	vec := func(name, help string, labels ...string) *prometheus.GaugeVec {
		return prometheus.NewGaugeVec(prometheus.GaugeOpts{Namespace: "muster", Name: name, Help: help}, labels)
	}
	single := func(name, help string) prometheus.Gauge {
		return prometheus.NewGauge(prometheus.GaugeOpts{Namespace: "muster", Name: name, Help: help})
	}
	g := &watchGauges{
		alarms: vec("alarms_open", "Silences found in the last round of the watchdog.", "code"),
		age:    vec("notice_queue_age_seconds", "How long the oldest notice that could leave has been waiting.", "mode", "channel"),
		queued: vec("notices_ready", "Notices that could leave now.", "mode", "channel"),
		duties: single("duties_overdue", "Open duties whose next look is past."),
		looked: single("watchdog_looked_timestamp_seconds", "When the watchdog saw the database the last time."),
	}
	if r != nil {
		g.alarms, g.age, g.queued = shared(r, g.alarms), shared(r, g.age), shared(r, g.queued)
		g.duties, g.looked = shared(r, g.duties), shared(r, g.looked)
	}
	for _, code := range response.AlarmCodes() {
		g.alarms.WithLabelValues(string(code))
	}
	return g
}

// shared registers a collector, or gives the one that another watchdog of this
// process registered.
func shared[C prometheus.Collector](r prometheus.Registerer, c C) C {
	err := r.Register(c)
	if there, ok := errors.AsType[prometheus.AlreadyRegisteredError](err); ok {
		return there.ExistingCollector.(C)
	}
	if err != nil {
		panic(err) // two collectors of one name: a mistake in this file
	}
	return c
}

func (g *watchGauges) show(p response.Pulse, findings []response.Finding) {
	g.looked.Set(float64(p.At.Unix()))
	g.duties.Set(float64(p.Climb.Count))
	g.age.Reset()
	g.queued.Reset()
	for _, l := range p.Lanes {
		g.age.WithLabelValues(l.Mode, string(l.Channel)).Set(l.Ready.Age(p.At).Seconds())
		g.queued.WithLabelValues(l.Mode, string(l.Channel)).Set(float64(l.Ready.Count))
	}
	g.none()
	for _, f := range findings {
		g.alarms.WithLabelValues(string(f.Code)).Inc()
	}
}

func (g *watchGauges) blind(code response.AlarmCode) {
	g.none()
	g.alarms.WithLabelValues(string(code)).Set(1)
}

// none keeps a curve at zero for every code instead of ending it.
func (g *watchGauges) none() {
	for _, code := range response.AlarmCodes() {
		g.alarms.WithLabelValues(string(code)).Set(0)
	}
}
