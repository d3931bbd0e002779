package tiles

import (
	"context"
	"encoding/base64"
	"errors"
	"log/slog"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"sync"
	"time"

	"muster/internal/clock"
	"muster/internal/errs"
)

// Basemap is a raster service of somebody else, XYZ or WMTS in Web Mercator, that
// the server asks in the page's stead.
type Basemap struct {
	URL         string // templates with {z} {x} {y} {key}, separated by spaces: the base, then what lies over it
	Key         string // goes to the service only
	Attribution string
	CacheDir    string // empty: nothing is kept
	CacheBytes  int64
	Transport   http.RoundTripper // nil: the ordinary one
}

// proxy fetches tiles. Nothing that it says or keeps holds the key.
type proxy struct {
	services    []service
	attribution string
	kept        *cache
	client      *http.Client
	clock       clock.Clock
	log         *slog.Logger

	mu        sync.Mutex
	failures  int       // in a row
	restUntil time.Time // the service is left alone until then
}

// service is one template, ready but for the tile.
type service struct {
	template string // with the key in it
	public   string // without: names the tiles in the cache
	host     string
}

const (
	proxyZoom   = 18
	fetchWithin = 6 * time.Second
	maxFetched  = 1 << 20
	patience    = 4 // failures in a row before the service is left alone
	rest        = 30 * time.Second
)

func newProxy(b Basemap, c clock.Clock, log *slog.Logger) (*proxy, error) {
	if b.URL == "" {
		return nil, nil
	}
	p := &proxy{attribution: b.Attribution, clock: c, log: log}
	for _, template := range strings.Fields(b.URL) {
		s, err := newService(template, b.Key)
		if err != nil {
			return nil, err
		}
		p.services = append(p.services, s)
	}
	p.client = &http.Client{Transport: b.Transport, Timeout: fetchWithin, CheckRedirect: sameHost}
	var err error
	p.kept, err = openCache(b.CacheDir, b.CacheBytes)
	return p, err
}

// newService refuses what cannot be right; the text names no key.
func newService(template, key string) (service, error) {
	u, err := url.Parse(strings.NewReplacer("{z}", "1", "{x}", "1", "{y}", "1", "{key}", "key").Replace(template))
	switch {
	case err != nil || u.Scheme != "https" && u.Scheme != "http" || u.Host == "" || u.User != nil:
		return service{}, errs.New(errs.Fix, "basemap_url", "MUSTER_BASEMAP_URL 不是 http(s) 地址")
	case !strings.Contains(template, "{z}"), !strings.Contains(template, "{x}"), !strings.Contains(template, "{y}"):
		return service{}, errs.New(errs.Fix, "basemap_url", "MUSTER_BASEMAP_URL 里要有 {z}、{x}、{y}")
	case strings.Contains(template, "{key}") && key == "":
		return service{}, errs.New(errs.Fix, "basemap_key", "MUSTER_BASEMAP_URL 里有 {key}，但没有设置 MUSTER_BASEMAP_KEY")
	case strings.ContainsAny(strings.SplitN(template, "://", 2)[1][:len(u.Host)], "{}"):
		return service{}, errs.New(errs.Fix, "basemap_url", "MUSTER_BASEMAP_URL 的主机名里不能有变量")
	}
	return service{template: strings.ReplaceAll(template, "{key}", url.QueryEscape(key)), public: template, host: u.Host}, nil
}

func (s service) at(t Tile, template string) string {
	return strings.NewReplacer("{z}", strconv.Itoa(t.Z), "{x}", strconv.Itoa(t.X), "{y}", strconv.Itoa(t.Y)).Replace(template)
}

// serveProxy answers with the service's tile, kept or fetched, and with a
// transparent one when it cannot be had: the built-in base map lies below.
func (s *Server) serveProxy(w http.ResponseWriter, r *http.Request, zxy []string) error {
	if s.proxy == nil {
		return noTile()
	}
	t, err := ParseTile(zxy[0], zxy[1], zxy[2], proxyZoom)
	if err != nil {
		return err
	}
	layer := r.URL.Query().Get("layer")
	i := number(layer)
	if layer == "" {
		i = 0
	}
	if i < 0 || i >= len(s.proxy.services) {
		return noTile()
	}
	body, ok := s.proxy.tile(r.Context(), s.proxy.services[i], t)
	if !ok {
		w.Header().Set("Muster-Basemap", "unavailable")
		return send(w, r, content{kind: "image/png", body: transparent, caching: "no-store"})
	}
	return send(w, r, content{kind: http.DetectContentType(body), body: body, caching: oneHour})
}

// tile is what is kept while it is young, else what the service says, else what
// is kept however old.
func (p *proxy) tile(ctx context.Context, s service, t Tile) ([]byte, bool) {
	at := p.clock.Now()
	name := s.at(t, s.public)
	old, written, have := p.kept.get(name)
	if have && at.Sub(written) < keepFor || !p.willing(at) {
		return old, have
	}
	body, err := p.fetch(ctx, s, t)
	p.tell(err, at, ctx.Err() != nil)
	if err != nil {
		return old, have
	}
	if err := p.kept.put(name, body, at); err != nil {
		p.log.Warn("base map tile not kept", "err", err)
	}
	return body, true
}

func (p *proxy) willing(at time.Time) bool {
	p.mu.Lock()
	defer p.mu.Unlock()
	return !at.Before(p.restUntil)
}

// tell counts failures; a reader who went away is none of the service's.
func (p *proxy) tell(err error, at time.Time, gone bool) {
	p.mu.Lock()
	defer p.mu.Unlock()
	switch {
	case err == nil, errors.Is(err, errAbsent):
		p.failures = 0
	case !gone:
		if p.failures++; p.failures >= patience {
			p.restUntil = at.Add(rest)
		}
		p.log.Warn("base map service failed", "why", err, "failures", p.failures)
	}
}

func (p *proxy) state() string {
	if p == nil {
		return ""
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.failures >= patience {
		return "failing"
	}
	return "ok"
}

// draw puts the service's layers into the style.
func (p *proxy) draw(st *style, base string) {
	if p == nil {
		return
	}
	for i := range p.services {
		id := "basemap-" + strconv.Itoa(i)
		st.Sources[id] = styleSource{Type: "raster", TileSize: 256, MaxZoom: proxyZoom, Attribution: p.attribution,
			Tiles: []string{base + "/tiles/proxy/{z}/{x}/{y}?layer=" + strconv.Itoa(i)}}
		st.add(styleLayer{ID: id, Type: "raster", Source: id})
	}
}

// transparent is a PNG of one transparent pixel.
var transparent, _ = base64.StdEncoding.DecodeString(
	"iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR4nGNgYGBgAAAABQABpfZFQAAAAABJRU5ErkJggg==")
