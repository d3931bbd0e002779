package app

import (
	"context"
	"net"
	"strings"

	"github.com/google/uuid"
	"github.com/prometheus/client_golang/prometheus"

	"muster/internal/response"
	"muster/internal/response/channel"
	"muster/internal/response/dispatch"
)

// responder builds what hands notices to carriers and takes what they push. base
// is the address of the answer pages; empty: notices carry no links.
func (s *service) responder(base string) *dispatch.Dispatcher {
	directory := &dispatch.Directory{Source: s.db, Sealer: s.sealer, Clock: s.clock, Base: base, Log: s.log}
	hooks := &dispatch.Hooks{Directory: directory, Inbox: s.db, Sealer: s.sealer, Clock: s.clock, Log: s.log}
	return &dispatch.Dispatcher{Store: s.db, Directory: directory, Hooks: hooks, Clock: s.clock, Log: s.log}
}

// courier brings sign-in codes to phones by the SMS contracts of the notices.
type courier struct{ directory *dispatch.Directory }

// SendCode implements httpapi.Courier.
func (c courier) SendCode(ctx context.Context, phone, code string) error {
	return c.directory.HandOver(ctx, "actual", channel.Message{Key: uuid.NewString(), To: phone, Template: response.SignInText.ID,
		Vars: []channel.Var{{Name: "code", Value: code}}, Text: strings.Replace(response.SignInText.Text, "${code}", code, 1)})
}

// watchdog builds what listens for our own silence. Its alarms leave by ways that
// the environment names; without any they stay in the log and on the page.
func (s *service) watchdog(getenv func(string) string) (*dispatch.Watchdog, error) {
	exits, err := dispatch.OpenAlarmExits(dispatch.ExitConfig{URL: getenv("MUSTER_ALARM_URL"), Secret: getenv("MUSTER_ALARM_SECRET"),
		SMTP: getenv("MUSTER_ALARM_SMTP"), Mail: getenv("MUSTER_ALARM_MAIL")}, s.clock)
	if err != nil {
		return nil, err
	}
	beat, err := dispatch.OpenHeartBeat(getenv("MUSTER_HEARTBEAT_URL"))
	if err != nil {
		return nil, err
	}
	return dispatch.NewWatchdog(dispatch.WatchdogOptions{Store: s.db, Exits: exits, Beat: beat, Limits: response.DefaultLimits, Clock: s.clock,
		Log: s.log, Metrics: prometheus.DefaultRegisterer}), nil
}

// withCarrier lets the fake carrier run beside the demonstration: every phone's
// screen is on its page.
func (s *service) withCarrier(ctx context.Context, hooks string) (address string, err error) {
	l, err := listenNear("127.0.0.1:8421")
	if err != nil {
		return "", err
	}
	address = "http://" + l.Addr().String()
	k, err := fakeCarrier(ctx, s.opened, s.clock, address, hooks)
	if err != nil {
		_ = l.Close()
		return "", err
	}
	s.also = append(s.also, func(ctx context.Context) error { return serveCarrier(ctx, k, l) })
	return address, nil
}

// listenNear takes an address, or any free one where it is taken.
func listenNear(address string) (net.Listener, error) {
	l, err := net.Listen("tcp", address)
	if err != nil {
		l, err = net.Listen("tcp", "127.0.0.1:0")
	}
	return l, err
}
