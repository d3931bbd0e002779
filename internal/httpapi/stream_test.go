package httpapi_test

import (
	"bufio"
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/uuid"

	"muster/internal/account"
	"muster/internal/postgres/pgtest/valley"
)

// heard is one event of a stream.
type heard struct {
	Name string
	ID   int64
	Data string
}

func (h heard) change(t testing.TB) (noun string, id uuid.UUID) {
	t.Helper()
	var c struct {
		Noun string
		ID   uuid.UUID
	}
	if err := json.Unmarshal([]byte(h.Data), &c); err != nil {
		t.Fatal(err)
	}
	return c.Noun, c.ID
}

// stream is an open live line; hang ends it.
type stream struct {
	t      testing.TB
	events chan heard
	hang   context.CancelFunc
}

const patience = 20 * time.Second

// listen opens the live line; last is the number of the last event one has.
func (c caller) listen(last string) stream {
	c.w.Helper()
	ctx, hang := context.WithCancel(context.Background())
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, c.w.http.URL+"/api/v1/stream", nil)
	if err != nil {
		c.w.Fatal(err)
	}
	c.dress(req, "")
	if last != "" {
		req.Header.Set("Last-Event-ID", last)
	}
	res, err := c.w.http.Client().Do(req)
	if err != nil {
		c.w.Fatal(err)
	}
	if res.StatusCode != 200 || res.Header.Get("Content-Type") != "text/event-stream" {
		c.w.Fatalf("stream: %d %s", res.StatusCode, res.Header.Get("Content-Type"))
	}
	s := stream{t: c.w, events: make(chan heard, 1000), hang: hang}
	go func() {
		defer close(s.events)
		defer res.Body.Close()
		var h heard
		for lines := bufio.NewScanner(res.Body); lines.Scan(); {
			field, value, _ := strings.Cut(lines.Text(), ": ")
			switch field {
			case "event":
				h.Name = value
			case "id":
				h.ID, _ = strconv.ParseInt(value, 10, 64)
			case "data":
				h.Data = value
			case "":
				if h.Name != "" {
					s.events <- h
				}
				h = heard{}
			}
		}
	}()
	c.w.Cleanup(hang)
	return s
}

// next waits for an event of a name and gives it.
func (s stream) next(name string) heard {
	s.t.Helper()
	timeout := time.After(patience)
	for {
		select {
		case h, open := <-s.events:
			if !open {
				s.t.Fatalf("the stream ended while waiting for %s", name)
			}
			if h.Name == name {
				return h
			}
		case <-timeout:
			s.t.Fatalf("no %s came", name)
		}
	}
}

// ended waits for the end of the stream.
func (s stream) ended() {
	s.t.Helper()
	timeout := time.After(patience)
	for {
		select {
		case _, open := <-s.events:
			if !open {
				return
			}
		case <-timeout:
			s.t.Fatal("the stream goes on")
		}
	}
}

func TestAChangeArrivesWithItsNumber(t *testing.T) {
	w := newWorld(t)
	w.live()
	s := w.as("province").listen("")
	hello := s.next("hello")
	draft := w.draft("yaan", instruction("blue", around(valley.Home, 100)))
	h := s.next("change")
	if noun, id := h.change(t); noun != "warning" || id != draft.ID || h.ID != hello.ID+1 {
		t.Errorf("heard %+v after %d", h, hello.ID)
	}
	r := w.push(capDocument{}.bytes())
	if noun, id := s.next("change").change(t); noun != "warning" || id != *r.Messages[0].WarningID {
		t.Errorf("heard of %s %s", noun, id)
	}
	if noun, id := s.next("change").change(t); noun != "message" || id != r.RawID {
		t.Errorf("heard of %s %s", noun, id)
	}
}

// Whoever was away comes back with the number of the last event and misses
// nothing, while more and more happens.
func TestAReaderWhoComesBackMissesNothing(t *testing.T) {
	w := newWorld(t)
	w.live()
	province := w.as("province")
	start := province.listen("")
	last := start.next("hello").ID
	start.hang()
	const changes = 24
	var writers sync.WaitGroup
	for _, login := range []string{"yaan", "shimian"} {
		c := w.as(login)
		writers.Go(func() {
			for range changes / 2 {
				if a, err := c.try(http.MethodPost, "/warnings", instruction("blue", around(valley.Home, 100))); err != nil || a.Status != 201 {
					t.Errorf("%v %d", err, a.Status)
				}
			}
		})
	}
	first, got := last, []int64{}
	for len(got) < changes {
		s := province.listen(fmt.Sprint(last))
		for range 1 + len(got)%5 { // hang up after a few
			h := s.next("change")
			got, last = append(got, h.ID), h.ID
			if len(got) == changes {
				break
			}
		}
		s.hang()
	}
	writers.Wait()
	for i, seq := range got {
		if seq != first+int64(i)+1 {
			t.Fatalf("a gap or a repetition: %v", got)
		}
	}
}

func TestWhoWasAwayTooLongStartsAnew(t *testing.T) {
	w := newWorld(t)
	w.live()
	for range 3 {
		w.draft("yaan", instruction("blue", around(valley.Home, 100)))
	}
	newest := ask[int64](w, "SELECT seq FROM change_counter")
	w.sql("DELETE FROM change WHERE seq < $1", newest)
	for name, last := range map[string]string{"before the log begins": fmt.Sprint(newest - 2), "from another timeline": fmt.Sprint(newest + 50)} {
		s := w.as("province").listen(last)
		if h := s.next("reset"); h.ID != newest {
			t.Errorf("%s: reset to %d, want %d", name, h.ID, newest)
		}
	}
	if h := w.as("province").listen(fmt.Sprint(newest - 1)).next("change"); h.ID != newest {
		t.Errorf("the oldest in the log: %+v", h)
	}
}

type counts struct {
	Items []struct {
		SiteID            uuid.UUID `json:"site_id"`
		Certain, Possible int
	}
}

func (h heard) counts() map[uuid.UUID]int {
	var c counts
	_ = json.Unmarshal([]byte(h.Data), &c)
	by := map[uuid.UUID]int{}
	for _, i := range c.Items {
		by[i.SiteID] = i.Certain
	}
	return by
}

func TestHeadcountsArriveAfterPasses(t *testing.T) {
	w := newWorld(t)
	w.live()
	province, section, site := w.as("province").listen(""), w.as("section").listen(""), w.as("site").listen("")
	for _, s := range []stream{province, section, site} {
		s.next("hello")
	}
	at := w.clock.Now().Add(-time.Minute)
	w.gate(valley.CampGate, entry("1", at, 6, "in"))
	// What a section hears is of its own sites only, whatever else moves.
	own := func(h heard) {
		for id := range h.counts() {
			if id != valley.ID(valley.Home) && id != valley.ID(valley.Tunnel) {
				t.Errorf("the section hears of another's site: %s", h.Data)
			}
		}
	}
	camp := valley.ID(valley.Camp)
	province.until("headcount", func(h heard) bool { return h.counts()[camp] == 1 })
	w.gate(valley.HomeGate, entry("2", at, 0, "in"))
	home := valley.ID(valley.Home)
	section.until("headcount", func(h heard) bool { own(h); return h.counts()[home] == 1 })
	site.until("headcount", func(h heard) bool { own(h); return h.counts()[home] == 1 })
	// Who goes elsewhere is counted off where he was.
	w.gate(valley.TunnelGate, entry("3", at.Add(time.Second), 0, "in"))
	var gone, come bool
	section.until("headcount", func(h heard) bool {
		n, told := h.counts()[home]
		gone = gone || told && n == 0
		come = come || h.counts()[valley.ID(valley.Tunnel)] == 1
		return gone && come
	})
}

// until waits for an event that is the one.
func (s stream) until(name string, is func(heard) bool) {
	s.t.Helper()
	for !is(s.next(name)) {
	}
}

// A section hears of the warning that touches it when it is published, not of
// drafts, and not of those elsewhere.
func TestASectionHearsOnlyOfItsOwnWarnings(t *testing.T) {
	w := newWorld(t)
	w.live()
	s := w.as("section").listen("")
	s.next("hello")
	w.publish("liangshan", instruction("blue", around(valley.Bridge, 100)))
	w.draft("yaan", instruction("blue", around(valley.Home, 100)))
	mine := w.publish("yaan", instruction("blue", around(valley.Home, 100)))
	if _, id := s.next("change").change(t); id != mine.ID {
		t.Errorf("heard of %s", id)
	}
	w.as("yaan").post("/warnings/"+mine.ID.String()+"/lift", because(2, "雨停")).must(200)
	if _, id := s.next("change").change(t); id != mine.ID {
		t.Errorf("heard of %s", id)
	}
}

// Who is responsible for a site hears that something about it changed.
func TestASiteHearsOfItsOwnDocuments(t *testing.T) {
	w := newWorld(t)
	w.live()
	streams := map[string]stream{}
	for _, login := range []string{"province", "section", "site"} {
		streams[login] = w.as(login).listen("")
		streams[login].next("hello")
	}
	camp, home := valley.ID(valley.Camp), valley.ID(valley.Home)
	w.as("owner").file("/sites/"+camp.String()+"/documents?kind=other&file_name=a.jpg", picture(8, 8)).must(201)
	w.as("section").file("/sites/"+home.String()+"/documents?kind=other&file_name=a.jpg", picture(8, 8)).must(201)
	for login, want := range map[string][]uuid.UUID{"province": {camp, home}, "section": {home}, "site": {home}} {
		var got []uuid.UUID
		for range want {
			_, id := streams[login].next("change").change(t)
			got = append(got, id)
		}
		if !slices.Equal(got, want) {
			t.Errorf("%s hears of %v", login, got)
		}
	}
}

// A right that is taken away ends the stream at the next beat.
func TestARightThatIsTakenAwayEndsTheStream(t *testing.T) {
	w := newWorld(t)
	w.api.SetHeartBeat(20 * time.Millisecond)
	w.live()
	w.grant("section", account.SiteLead, placeOf(valley.Camp))
	stays, narrower, gone := w.as("yaan").listen(""), w.as("section").listen(""), w.as("yaan2").listen("")
	w.sql("UPDATE user_grant SET until_at = $1 WHERE site_id = $2", w.clock.Now(), valley.ID(valley.Camp))
	w.sql("UPDATE app_user SET disabled_at = $1 WHERE login = 'yaan2'", w.clock.Now())
	narrower.ended()
	gone.ended()
	w.draft("yaan", instruction("blue", around(valley.Home, 100)))
	stays.next("change")
}

func TestTheStreamNeedsASession(t *testing.T) {
	w := newWorld(t)
	w.nobody().get("/stream").refused(401, "signed_out")
	w.as("auditor").get("/stream").refused(403, "no_permission")
}
