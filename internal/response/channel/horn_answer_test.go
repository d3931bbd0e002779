package channel

import (
	"context"
	"errors"
	"io"
	"testing"
	"time"

	"github.com/eclipse/paho.golang/autopaho"
	"github.com/eclipse/paho.golang/paho"
)

func TestHornAnswers(t *testing.T) {
	refused := errors.New("error publishing")
	for _, c := range []struct {
		name   string
		answer *paho.PublishResponse
		err    error
		want   *Failure
	}{
		{"taken", &paho.PublishResponse{}, nil, nil},
		{"nobody listens", &paho.PublishResponse{ReasonCode: 0x10}, nil, &Failure{Class: Again, Code: "mqtt_0x10"}},
		{"may not", &paho.PublishResponse{ReasonCode: 0x87}, refused, &Failure{Class: Never, Code: "mqtt_0x87"}},
		{"no such topic", &paho.PublishResponse{ReasonCode: 0x90}, refused, &Failure{Class: Never, Code: "mqtt_0x90", Bad: true}},
		{"quota", &paho.PublishResponse{ReasonCode: 0x97}, refused, &Failure{Class: Limit, Code: "mqtt_0x97"}},
		{"out of order", &paho.PublishResponse{ReasonCode: 0x80}, refused, &Failure{Class: Again, Code: "mqtt_0x80"}},
		{"no connection", nil, autopaho.ConnectionDownError, &Failure{Class: Again, Code: "transport"}},
		{"no answer", nil, context.DeadlineExceeded, &Failure{Class: Again, Code: "timeout", Unsure: true}},
		{"cut", nil, io.ErrUnexpectedEOF, &Failure{Class: Again, Code: "transport", Unsure: true}},
	} {
		t.Run(c.name, func(t *testing.T) {
			err := hornFailure(c.answer, c.err)
			if c.want == nil {
				if err != nil {
					t.Error(err)
				}
				return
			}
			f, ok := errors.AsType[*Failure](err)
			if !ok || f.Class != c.want.Class || f.Code != c.want.Code || f.Unsure != c.want.Unsure || f.Bad != c.want.Bad {
				t.Errorf("%#v", err)
			}
		})
	}
}

func TestHornAcknowledgements(t *testing.T) {
	at := time.Unix(1790000000, 0)
	for payload, want := range map[string]EventKind{
		`{"key":"k","state":"played"}`:              Delivered,
		`{"key":"k","state":"failed","code":"amp"}`: Failed,
		`{"key":"k","state":"received"}`:            "",
		`{"state":"played"}`:                        "",
		`not JSON`:                                  "",
		``:                                          "",
	} {
		e, ok := readHornAck("muster/horn/site-17/ack", []byte(payload), at)
		if ok != (want != "") || e.Kind != want || ok && (e.Key != "k" || !e.At.Equal(at) || e.EventID == "") {
			t.Errorf("%s: %+v", payload, e)
		}
	}
}

func TestHornAccounts(t *testing.T) {
	for name, c := range map[string]struct {
		settings map[string]string
		lacks    bool
	}{
		"plain":            {map[string]string{"url": "mqtt://broker:1883"}, false},
		"encrypted, twice": {map[string]string{"url": "mqtts://broker:8883", "repeat": "2"}, false},
		"none":             {nil, true},
		"HTTP":             {map[string]string{"url": "http://broker"}, true},
		"no host":          {map[string]string{"url": "mqtt://"}, true},
		"for ever":         {map[string]string{"url": "mqtt://broker", "repeat": "1000"}, true},
	} {
		if _, err := Open(Account{Kind: Horn, Provider: "mqtt", Settings: c.settings}); (err != nil) != c.lacks {
			t.Errorf("%s: %v", name, err)
		}
	}
}
