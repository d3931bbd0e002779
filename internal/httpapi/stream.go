package httpapi

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"reflect"
	"strconv"
	"time"

	"github.com/google/uuid"

	"muster/internal/account"
	"muster/internal/errs"
	"muster/internal/postgres"
)

// heartBeat keeps a quiet stream open through proxies; at each one the session
// is looked at again, so that a right that was taken away ends the stream.
const heartBeat = 15 * time.Second

type changeData struct {
	Seq  int64     `json:"seq"`
	Noun string    `json:"noun"`
	ID   uuid.UUID `json:"id"`
}

type countData struct {
	SiteID   uuid.UUID `json:"site_id"`
	Certain  int       `json:"certain"`
	Possible int       `json:"possible"`
}

// stream is the live line (server-sent events, HTML §9.2): `change` with its
// number as id, `headcount` as state, `reset` when what was missed is no longer
// in the log and everything has to be read anew.
func (s *Server) stream(w http.ResponseWriter, r *http.Request) {
	ctx, err := s.withSession(r)
	if err != nil {
		s.fail(w, r, err)
		return
	}
	c, err := s.caller(ctx)
	if err == nil {
		c.scope, err = c.who.May(account.SeeSites)
	}
	if err != nil {
		s.fail(w, r, err)
		return
	}
	sub, err := s.live.subscribe(ctx, c.scope)
	if err != nil {
		s.fail(w, r, err)
		return
	}
	defer s.live.unsubscribe(sub)
	out := eventWriter{w: w, control: http.NewResponseController(w)}
	out.begin()
	sent, err := s.catchUp(ctx, out, c.scope, r.Header.Get("Last-Event-ID"))
	if err != nil {
		return
	}
	beat := time.NewTicker(s.beat)
	defer beat.Stop()
	for {
		select {
		case <-r.Context().Done():
			return
		case e, open := <-sub.events:
			if !open || out.event(e, sent) != nil {
				return
			}
		case <-beat.C:
			if !s.stillMay(ctx, c.scope) || out.comment() != nil {
				return
			}
		}
	}
}

// stillMay says whether the caller's scope is what it was when the stream began;
// if not, the stream ends and begins anew with the right one.
func (s *Server) stillMay(ctx context.Context, was account.Scope) bool {
	c, err := s.caller(ctx)
	if err != nil {
		return false
	}
	scope, err := c.who.May(account.SeeSites)
	return err == nil && reflect.DeepEqual(scope, was)
}

// withSession reads the session without the middleware, which would hold the
// answer back until the handler ends.
func (s *Server) withSession(r *http.Request) (context.Context, error) {
	token := ""
	if cookie, err := r.Cookie(s.sessions.Cookie.Name); err == nil {
		token = cookie.Value
	}
	ctx, err := s.sessions.Load(r.Context(), token)
	if err != nil {
		return nil, errs.New(errs.Down, "session_store", "暂时无法确认登录").Because(err)
	}
	return ctx, nil
}

// catchUp sends what was missed since the last event the reader has. The stream
// is subscribed already: what comes twice is recognised by its number.
func (s *Server) catchUp(ctx context.Context, out eventWriter, scope account.Scope, last string) (int64, error) {
	oldest, newest, err := s.DB.ChangeSpan(ctx)
	if err != nil {
		return 0, err
	}
	after, err := strconv.ParseInt(last, 10, 64)
	if last == "" || err != nil {
		return newest, out.named("hello", newest, changeData{Seq: newest})
	}
	if after < oldest-1 || after > newest {
		return newest, out.named("reset", newest, changeData{Seq: newest})
	}
	for after < newest {
		list, err := s.DB.Changes(ctx, after, 500)
		if err != nil || len(list) == 0 {
			return after, err
		}
		for _, c := range list {
			after = c.Seq
			if s.live.sees(ctx, scope, c) {
				if err := out.event(event{seq: c.Seq, change: &c}, 0); err != nil {
					return after, err
				}
			}
		}
	}
	return after, nil
}

type eventWriter struct {
	w       http.ResponseWriter
	control *http.ResponseController
}

func (o eventWriter) begin() {
	_ = o.control.SetWriteDeadline(time.Time{})
	h := o.w.Header()
	h.Set("Content-Type", "text/event-stream")
	h.Set("Cache-Control", "no-store")
	h.Set("X-Accel-Buffering", "no")
	o.w.WriteHeader(http.StatusOK)
}

// event sends an event unless its number was sent before.
func (o eventWriter) event(e event, sent int64) error {
	if e.change != nil {
		if e.seq <= sent {
			return nil
		}
		return o.named("change", e.seq, changeData{e.seq, e.change.Noun, e.change.NounID})
	}
	return o.named("headcount", 0, map[string][]countData{"items": countsOf(e.counts)})
}

func countsOf(list []postgres.SiteCount) []countData {
	data := make([]countData, len(list))
	for i, c := range list {
		data[i] = countData{c.SiteID, c.Certain, c.Possible}
	}
	return data
}

func (o eventWriter) named(name string, id int64, data any) error {
	b, err := json.Marshal(data)
	if err != nil {
		return err
	}
	if id > 0 {
		if _, err := fmt.Fprintf(o.w, "id: %d\n", id); err != nil {
			return err
		}
	}
	if _, err := fmt.Fprintf(o.w, "event: %s\ndata: %s\n\n", name, b); err != nil {
		return err
	}
	return o.control.Flush()
}

func (o eventWriter) comment() error {
	if _, err := fmt.Fprint(o.w, ": \n\n"); err != nil {
		return err
	}
	return o.control.Flush()
}
