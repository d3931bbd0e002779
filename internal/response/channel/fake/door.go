package fake

import (
	"context"
	"io"
	"net/http"
	"time"

	"muster/internal/response/channel"
)

// Door is one provider's way in for one kind of message.
type Door struct {
	Name   string // provider/kind: aliyun/sms; conditions are set by it
	Label  string // what people read: 阿里云短信
	Kind   channel.Kind
	Quotas []Quota // documented limits per receiver
	// Refuse answers as the provider does when it is out of order; nil: 503.
	Refuse http.HandlerFunc
	// Push makes the requests by which the provider tells what happened; nil: it
	// tells nothing.
	Push func(to Account, what []Happening) []*http.Request
}

func (c *Carrier) door(name string) *Door {
	for _, d := range c.doors {
		if d.Name == name {
			return d
		}
	}
	return nil
}

// Guard puts a door's conditions before a handler, and makes the door known.
func (c *Carrier) Guard(d *Door, serve http.HandlerFunc) http.Handler {
	if c.door(d.Name) == nil {
		c.doors = append(c.doors, d)
	}
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		switch fate := c.Fate(r.Context(), d); fate {
		case Pass:
			serve(w, r)
		case Busy:
			d.refuse(w, r)
		case Away:
			http.Error(w, "service unavailable", http.StatusServiceUnavailable)
		case Closed:
			panic(http.ErrAbortHandler)
		case Lost:
			hang(r)
		case Unheard:
			serve(deaf{}, r)
			hang(r)
		case Nonsense:
			serve(deaf{}, r)
			_, _ = w.Write([]byte("<html><body>It works!</body></html>"))
		}
	})
}

// maxHang bounds how long a request is left without an answer.
const maxHang = time.Minute

// hang waits until the caller gives up. Its body must be read first: before that
// the server does not notice that the caller went away.
func hang(r *http.Request) {
	_, _ = io.Copy(io.Discard, io.LimitReader(r.Body, maxBody))
	gone, cancel := context.WithTimeout(r.Context(), maxHang)
	defer cancel()
	<-gone.Done()
	panic(http.ErrAbortHandler)
}

func (d *Door) refuse(w http.ResponseWriter, r *http.Request) {
	if d.Refuse == nil {
		http.Error(w, "busy", http.StatusServiceUnavailable)
		return
	}
	d.Refuse(w, r)
}

// Fate is what becomes of one request.
type Fate int

// The fates. With Unheard and Nonsense the message is taken.
const (
	Pass     Fate = iota
	Busy          // refused by the provider
	Away          // 503
	Closed        // connection cut
	Lost          // neither taken nor answered
	Unheard       // taken, never answered
	Nonsense      // taken, answered with nonsense
)

// Fate waits the door's latency and says what becomes of a request. Doors that do
// not speak HTTP ask it themselves.
func (c *Carrier) Fate(ctx context.Context, d *Door) Fate {
	now := c.weather.at(d.Name)
	if wait := c.chance.within(now.Latency); wait > 0 {
		timer := time.NewTimer(wait)
		defer timer.Stop()
		select {
		case <-ctx.Done():
			return Lost
		case <-timer.C:
		}
	}
	fate := c.fate(now)
	c.counts.fates[fate].Add(1)
	return fate
}

func (c *Carrier) fate(now Conditions) Fate {
	switch {
	case now.Outage == Error:
		return Away
	case now.Outage == Cut:
		return Closed
	case now.Outage == Hang, c.chance.hits(now.Loss):
		return Lost
	case c.chance.hits(now.Refuse):
		return Busy
	case c.chance.hits(now.LostAnswer):
		return Unheard
	case c.chance.hits(now.Garbage):
		return Nonsense
	}
	return Pass
}

// deaf is where an answer goes that nobody will read.
type deaf struct{}

func (deaf) Header() http.Header         { return http.Header{} }
func (deaf) Write(b []byte) (int, error) { return len(b), nil }
func (deaf) WriteHeader(int)             {}
