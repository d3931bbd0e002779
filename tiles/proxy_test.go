package tiles_test

import (
	"bytes"
	"image"
	"image/png"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"muster/internal/clock"
	"muster/internal/errs"
	"muster/internal/postgres"
	"muster/internal/postgres/pgtest/valley"
	"muster/tiles"
)

const key = "secret-key-0123456789"

// wmts is a service like Tianditu's, on this machine, which can be made to fail
// and to lie.
type wmts struct {
	*httptest.Server
	mu    sync.Mutex
	asked []string
	say   http.HandlerFunc
}

func newWMTS(t *testing.T) *wmts {
	s := &wmts{say: picture}
	s.Server = httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		s.mu.Lock()
		s.asked = append(s.asked, r.URL.RequestURI())
		say := s.say
		s.mu.Unlock()
		say(w, r)
	}))
	t.Cleanup(s.Close)
	return s
}

func (s *wmts) now(say http.HandlerFunc) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.say = say
}

func (s *wmts) times() int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return len(s.asked)
}

func (s *wmts) template() string {
	return s.URL + "/vec_w/wmts?REQUEST=GetTile&TILEMATRIX={z}&TILEROW={y}&TILECOL={x}&tk={key}"
}

func picture(w http.ResponseWriter, _ *http.Request) {
	w.Header().Set("Content-Type", "image/png")
	_ = png.Encode(w, image.NewNRGBA(image.Rect(0, 0, 256, 256)))
}

// shop is the map with a proxy, and everything that was said.
type shop struct {
	*world
	service *wmts
	log     *bytes.Buffer
	dir     string
}

func newShop(t *testing.T, change func(*tiles.Basemap)) shop {
	return shopOn(t, valley.World.Open(t), change)
}

func shopOn(t *testing.T, db *postgres.DB, change func(*tiles.Basemap)) shop {
	s := shop{service: newWMTS(t), log: &bytes.Buffer{}, dir: filepath.Join(t.TempDir(), "cache")}
	b := tiles.Basemap{URL: s.service.template(), Key: key, CacheDir: s.dir, CacheBytes: 1 << 20}
	if change != nil {
		change(&b)
	}
	s.world = worldOn(t, db, tiles.Options{Basemap: b, Log: slog.New(slog.NewTextHandler(s.log, nil))})
	return s
}

// tile asks for a tile and keeps watch that the key is nowhere in what is said,
// logged or kept.
func (s shop) tile(address string) (*httptest.ResponseRecorder, bool) {
	s.Helper()
	answer, err := s.get("province", address)
	s.must(err)
	said := &bytes.Buffer{}
	_ = answer.Result().Header.Write(said)
	_, _ = said.Write(answer.Body.Bytes())
	_, _ = said.Write(s.log.Bytes())
	files, _ := filepath.Glob(filepath.Join(s.dir, "*"))
	for _, f := range files {
		_, _ = said.WriteString(f)
		if b, err := os.ReadFile(f); err == nil {
			_, _ = said.Write(b)
		}
	}
	if strings.Contains(said.String(), key) {
		s.Error("the key came out:", said.String())
	}
	return answer, answer.Header().Get("Muster-Basemap") != "unavailable"
}

func TestATileIsFetchedOnceAndKept(t *testing.T) {
	s := newShop(t, nil)
	for range 3 {
		answer, ok := s.tile("/tiles/proxy/6/50/26")
		if !ok || answer.Code != http.StatusOK || answer.Header().Get("Content-Type") != "image/png" {
			t.Fatalf("%d %v", answer.Code, answer.Header())
		}
	}
	if want := "/vec_w/wmts?REQUEST=GetTile&TILEMATRIX=6&TILEROW=26&TILECOL=50&tk=" + key; s.service.times() != 1 || s.service.asked[0] != want {
		t.Errorf("the service was asked %v", s.service.asked)
	}
	s.clock.Advance(8 * 24 * time.Hour)
	s.tile("/tiles/proxy/6/50/26")
	if s.service.times() != 2 {
		t.Errorf("after a week it was asked %d times", s.service.times())
	}
	s.service.now(http.NotFound)
	s.clock.Advance(8 * 24 * time.Hour)
	if _, ok := s.tile("/tiles/proxy/6/50/26"); !ok {
		t.Error("an old tile is better than none")
	}
}

// Whatever a service does, the page gets a transparent tile and the built-in map
// shows through.
func TestAServiceThatFailsOrLies(t *testing.T) {
	elsewhere, db := newWMTS(t), valley.World.Open(t)
	for name, say := range map[string]http.HandlerFunc{
		"is broken": func(w http.ResponseWriter, r *http.Request) {
			http.Error(w, r.URL.String(), http.StatusInternalServerError)
		},
		"forbids it": func(w http.ResponseWriter, r *http.Request) {
			http.Error(w, "bad tk "+r.URL.Query().Get("tk"), http.StatusForbidden)
		},
		"has none": http.NotFound,
		"sends a page and calls it a picture": func(w http.ResponseWriter, r *http.Request) {
			w.Header().Set("Content-Type", "image/png")
			_, _ = io.WriteString(w, "<html><script>alert('"+r.URL.Query().Get("tk")+"')</script>")
		},
		"sends a drawing that can hold scripts": func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Content-Type", "image/svg+xml")
			_, _ = io.WriteString(w, `<svg xmlns="http://www.w3.org/2000/svg"><script/></svg>`)
		},
		"sends nothing": func(http.ResponseWriter, *http.Request) {},
		"sends without end": func(w http.ResponseWriter, r *http.Request) {
			picture(w, r)
			_, _ = w.Write(make([]byte, 2<<20))
		},
		"hangs up": func(http.ResponseWriter, *http.Request) { panic(http.ErrAbortHandler) },
		"sends us to another host": func(w http.ResponseWriter, r *http.Request) {
			http.Redirect(w, r, elsewhere.URL+r.URL.RequestURI(), http.StatusFound)
		},
		"sends us around": func(w http.ResponseWriter, r *http.Request) {
			http.Redirect(w, r, r.URL.RequestURI(), http.StatusFound)
		},
	} {
		t.Run(name, func(t *testing.T) {
			s := shopOn(t, db, nil)
			s.service.now(say)
			answer, ok := s.tile("/tiles/proxy/6/50/26")
			shown, err := png.Decode(answer.Body)
			if ok || answer.Code != http.StatusOK || err != nil || answer.Header().Get("Cache-Control") != "no-store" {
				t.Fatalf("%d %v %v", answer.Code, answer.Header(), err)
			}
			if _, _, _, alpha := shown.At(0, 0).RGBA(); alpha != 0 {
				t.Error("the tile hides what lies below")
			}
			if kept, _ := filepath.Glob(filepath.Join(s.dir, "*")); len(kept) != 0 {
				t.Errorf("kept %v", kept)
			}
		})
	}
	if elsewhere.times() != 0 {
		t.Errorf("another host was asked: %v", elsewhere.asked)
	}
}

// A service that is down is left alone for a while, so that nobody waits for it
// tile after tile; then it is tried again.
func TestAServiceThatIsDownIsLeftAlone(t *testing.T) {
	s := newShop(t, nil)
	s.service.now(func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusBadGateway) })
	for range 20 {
		s.tile("/tiles/proxy/6/50/26")
	}
	if n := s.service.times(); n != 4 {
		t.Errorf("asked %d times", n)
	}
	if answer, _ := s.tile("/tiles/state.json"); !strings.Contains(answer.Body.String(), `"basemap":"failing"`) {
		t.Error(answer.Body)
	}
	s.service.now(picture)
	s.clock.Advance(time.Minute)
	if _, ok := s.tile("/tiles/proxy/6/50/26"); !ok {
		t.Error("it is back and nobody noticed")
	}
	if answer, _ := s.tile("/tiles/state.json"); !strings.Contains(answer.Body.String(), `"basemap":"ok"`) {
		t.Error(answer.Body)
	}
}

func TestTheCacheStaysWithinItsBound(t *testing.T) {
	s := newShop(t, func(b *tiles.Basemap) { b.CacheBytes = 10_000 })
	s.service.now(func(w http.ResponseWriter, _ *http.Request) {
		b := &bytes.Buffer{}
		_ = png.Encode(b, image.NewNRGBA(image.Rect(0, 0, 2, 2)))
		_, _ = w.Write(append(b.Bytes(), make([]byte, 1000)...))
	})
	for x := range 40 {
		s.clock.Advance(time.Second)
		s.tile("/tiles/proxy/6/" + string(rune('0'+x/10)) + string(rune('0'+x%10)) + "/26")
	}
	files, _ := filepath.Glob(filepath.Join(s.dir, "*"))
	total := int64(0)
	for _, f := range files {
		info, err := os.Stat(f)
		s.must(err)
		total += info.Size()
	}
	if total > 10_000 || total < 5_000 {
		t.Errorf("%d files, %d bytes", len(files), total)
	}
	before := s.service.times()
	s.tile("/tiles/proxy/6/39/26") // the newest is still there
	if s.service.times() != before {
		t.Error("the newest tile was thrown away")
	}
}

func TestTheStyleHasNoKeyAndAsksNobodyElse(t *testing.T) {
	s := newShop(t, func(b *tiles.Basemap) { b.URL += " " + strings.Replace(b.URL, "vec", "cva", 1) })
	answer, _ := s.tile("/tiles/style.json")
	style := answer.Body.String()
	host, err := url.Parse(s.service.URL)
	s.must(err)
	for _, never := range []string{key, host.Host, "glyphs", "sprite"} {
		if strings.Contains(style, never) {
			t.Errorf("the style has %q in it", never)
		}
	}
	for _, always := range []string{`/tiles/proxy/{z}/{x}/{y}?layer=1`, `/tiles/sites/{z}/{x}/{y}.mvt`, `"province-fill"`} {
		if !strings.Contains(style, always) {
			t.Errorf("the style lacks %q: %s", always, style)
		}
	}
	if _, ok := s.tile("/tiles/proxy/6/50/26?layer=1"); !ok || !strings.HasPrefix(s.service.asked[0], "/cva_w/") {
		t.Error(s.service.asked)
	}
	if _, err := s.get("province", "/tiles/proxy/6/50/26?layer=2"); !errs.Is(err, errs.NotFound) {
		t.Error(err)
	}
}

func TestAServiceThatIsConfiguredWrongly(t *testing.T) {
	for name, b := range map[string]tiles.Basemap{
		"no address":             {URL: "tianditu/{z}/{x}/{y}"},
		"another scheme":         {URL: "file:///etc/{z}/{x}/{y}"},
		"no row":                 {URL: "https://example.invalid/{z}/{x}"},
		"no key":                 {URL: "https://example.invalid/{z}/{x}/{y}?tk={key}"},
		"the host is a variable": {URL: "https://{x}.example.invalid/{z}/{x}/{y}"},
		"a password in it":       {URL: "https://u:" + key + "@example.invalid/{z}/{x}/{y}"},
	} {
		t.Run(name, func(t *testing.T) {
			_, err := tiles.New(tiles.Options{Basemap: b, Clock: clock.NewManual(valley.Evening), Log: slog.New(slog.DiscardHandler)})
			if !errs.Is(err, errs.Fix) || strings.Contains(err.Error(), key) {
				t.Error(err)
			}
		})
	}
}
