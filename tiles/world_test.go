package tiles_test

import (
	"context"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/paulmach/orb/encoding/mvt"
	"github.com/paulmach/orb/geojson"

	"muster/internal/account"
	"muster/internal/clock"
	"muster/internal/postgres"
	"muster/internal/postgres/pgtest"
	"muster/internal/postgres/pgtest/valley"
	"muster/internal/roster"
	"muster/internal/warning"
	"muster/tiles"
)

func TestMain(m *testing.M) { pgtest.Main(m) }

// world is the valley with the map on it.
type world struct {
	testing.TB
	db    *postgres.DB
	tiles *tiles.Server
	clock *clock.Manual
}

func newWorld(t testing.TB, o tiles.Options) *world {
	t.Helper()
	return worldOn(t, valley.World.Open(t), o)
}

func worldOn(t testing.TB, db *postgres.DB, o tiles.Options) *world {
	t.Helper()
	w := &world{TB: t, db: db, clock: clock.NewManual(valley.Evening)}
	pool, err := tiles.Connect(t.Context(), db.Pool().Config(), 4)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(pool.Close)
	o.Pool, o.Clock = pool, w.clock
	if o.Log == nil {
		o.Log = slog.New(slog.DiscardHandler)
	}
	if w.tiles, err = tiles.New(o); err != nil {
		t.Fatal(err)
	}
	w.must(w.tiles.Recount(t.Context(), valley.Evening))
	return w
}

func (w *world) must(err error) {
	w.Helper()
	if err != nil {
		w.Fatal(err)
	}
}

func (w *world) sql(text string, args ...any) {
	w.Helper()
	_, err := w.db.Pool().Exec(w.Context(), text, args...)
	w.must(err)
}

// who is an account of the valley.
func (w *world) who(login string) account.Principal {
	w.Helper()
	u, err := w.db.UserByLogin(w.Context(), login)
	w.must(err)
	p, err := w.db.Principal(w.Context(), u.ID, w.clock.Now())
	w.must(err)
	return p
}

func (w *world) scope(login string) account.Scope {
	w.Helper()
	s, err := w.who(login).May(account.SeeSites)
	w.must(err)
	return s
}

// get asks for an address under /tiles/ as an account.
func (w *world) get(login, address string, headers ...string) (*httptest.ResponseRecorder, error) {
	w.Helper()
	r := httptest.NewRequestWithContext(w.Context(), http.MethodGet, address, nil)
	for i := 0; i < len(headers); i += 2 {
		r.Header.Set(headers[i], headers[i+1])
	}
	answer := httptest.NewRecorder()
	return answer, w.tiles.ServeTiles(answer, r, w.who(login))
}

// features decodes a layer of a tile: what is in a source layer.
func (w *world) features(name, sourceLayer string, t tiles.Tile, s account.Scope, warning uuid.UUID) []*geojson.Feature {
	w.Helper()
	body, err := w.tiles.Cut(w.Context(), name, t, s, warning)
	w.must(err)
	decoded, err := mvt.Unmarshal(body)
	w.must(err)
	for _, l := range decoded {
		if l.Name == sourceLayer {
			return l.Features
		}
	}
	return nil
}

// names is one property of some features.
func values(list []*geojson.Feature, property string) (all []any) {
	for _, f := range list {
		all = append(all, f.Properties[property])
	}
	return all
}

// total is what the numbers of a source layer add up to over many tiles.
type total struct{ Sites, Certain, Possible int }

func (t *total) add(list []*geojson.Feature) {
	for _, f := range list {
		if n, counted := f.Properties["sites"].(float64); counted {
			t.Sites += int(n)
		} else {
			t.Sites++
		}
		t.Certain += int(f.Properties["certain"].(float64))
		t.Possible += int(f.Properties["possible"].(float64))
	}
}

// known is the same by the desk's list of sites, which counts for itself.
func (w *world) known(s account.Scope, at time.Time) (t total) {
	w.Helper()
	pins, err := w.db.SitePins(w.Context(), s, at)
	w.must(err)
	for _, p := range pins {
		t.Sites++
		t.Certain += p.Certain
		t.Possible += p.Possible
	}
	return t
}

// covering is all tiles of a zoom between two positions.
func covering(z int, west, south, east, north float64) (list []tiles.Tile) {
	a, b := tileAt(z, west, north), tileAt(z, east, south)
	for x := a.X; x <= b.X; x++ {
		for y := a.Y; y <= b.Y; y++ {
			list = append(list, tiles.Tile{Z: z, X: x, Y: y})
		}
	}
	return list
}

// pass lets a person go through a gate.
func (w *world) pass(serial, site, person string, direction roster.Direction, at time.Time) {
	w.Helper()
	d, err := w.db.DeviceByKey(w.Context(), valley.DeviceKey(serial))
	w.must(err)
	_, err = w.db.FlushPasses(w.Context(), postgres.PassBatch{Device: d, At: at, Passes: []roster.Pass{{DeviceID: d.ID, DeviceTime: at,
		EventKey: uuid.NewString(), PersonID: valley.ID(person), SiteID: valley.ID(site), Direction: direction, ReceivedAt: at}}})
	w.must(err)
}

// publish publishes an instruction of the city of Ya'an.
func (w *world) publish(areas ...postgres.Area) uuid.UUID {
	w.Helper()
	ctx, at := context.Background(), w.clock.Now()
	by := postgres.Actor{ID: w.who("yaan").UserID, Name: "yaan"}
	id, err := w.db.CreateDraft(ctx, valley.ID("雅安局"), postgres.Content{Kind: "instruction", Mode: "actual", Hazard: warning.FlashFlood,
		Level: warning.Red, Title: "测试用预警", Basis: "会商意见", Expires: at.Add(12 * time.Hour), Areas: areas}, by, postgres.Once{}, at)
	w.must(err)
	_, err = w.db.Publish(ctx, account.Everywhere(), id, 1, postgres.Publication{Office: valley.ID("雅安局"), Leader: true, By: by}, at)
	w.must(err)
	return id
}
