package tiles

import (
	"context"
	"log/slog"
	"net/http"
	"slices"
	"strings"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5/pgxpool"

	"muster/internal/account"
	"muster/internal/clock"
	"muster/internal/errs"
)

// Connect makes the tiles' own connections to a database: a map that many look at
// takes none from the ledger. Each statement is planned with its values, because
// the size of a tile and of a scope is what the plan depends on.
func Connect(ctx context.Context, database *pgxpool.Config, size int32) (*pgxpool.Pool, error) {
	cfg := database.Copy()
	cfg.MaxConns, cfg.MinConns = size, 0
	for name, value := range map[string]string{"plan_cache_mode": "force_custom_plan", "jit": "off", "max_parallel_workers_per_gather": "0",
		"application_name": "muster tiles"} {
		cfg.ConnConfig.RuntimeParams[name] = value
	}
	return pgxpool.NewWithConfig(ctx, cfg)
}

// Options are what the tiles stand on. Dir and Basemap may be empty.
type Options struct {
	Pool    *pgxpool.Pool // of Connect
	Clock   clock.Clock
	Log     *slog.Logger
	Dir     string // of the operator's GeoJSON and PMTiles
	Basemap Basemap
}

// Server answers everything under /tiles/.
type Server struct {
	pool     *pgxpool.Pool
	clock    clock.Clock
	log      *slog.Logger
	files    []file
	proxy    *proxy // nil: no service is configured
	waiting  waiting
	narrowed narrowed
}

// New reads the operator's files and makes the cache ready. A file that cannot
// be read is left out and said in the log; a service that is configured wrongly
// is an error (errs.Fix).
func New(o Options) (*Server, error) {
	p, err := newProxy(o.Basemap, o.Clock, o.Log)
	if err != nil {
		return nil, err
	}
	return &Server{pool: o.Pool, clock: o.Clock, log: o.Log, files: readFiles(o.Dir, o.Log), proxy: p,
		waiting: waiting{moved: map[uuid.UUID]bool{}}}, nil
}

// ServeTiles answers one request of somebody who is signed in. What it returns
// is to be told as a problem; then nothing has been written yet.
func (s *Server) ServeTiles(w http.ResponseWriter, r *http.Request, who account.Principal) error {
	if r.Method != http.MethodGet && r.Method != http.MethodHead {
		return errs.New(errs.Fix, "no_method", "这里只能读取")
	}
	path := strings.Split(strings.TrimPrefix(r.URL.Path, "/tiles/"), "/")
	if len(path) == 4 && path[0] != "proxy" {
		return s.serveLayer(w, r, who, path)
	}
	if _, err := who.May(account.SeeSites); err != nil {
		return err
	}
	switch {
	case len(path) == 1 && path[0] == "style.json":
		return sendJSON(w, r, s.style(origin(r)))
	case len(path) == 1 && path[0] == "state.json":
		return s.serveState(w, r)
	case len(path) == 4 && path[0] == "proxy":
		return s.serveProxy(w, r, path[1:])
	case len(path) >= 2 && path[0] == "files":
		return s.serveFile(w, r, path[1:])
	}
	return noTile()
}

func noTile() error { return errs.New(errs.NotFound, "no_layer", "没有这个图层") }

func (s *Server) serveLayer(w http.ResponseWriter, r *http.Request, who account.Principal, path []string) error {
	y, isTile := strings.CutSuffix(path[3], ".mvt")
	i := slices.IndexFunc(layers, func(l layer) bool { return l.name == path[0] })
	if i < 0 || !isTile {
		return noTile()
	}
	l := layers[i]
	scope, err := who.May(l.perm)
	if err != nil {
		return err
	}
	t, err := ParseTile(path[1], path[2], y, l.maxZoom)
	if err != nil {
		return err
	}
	var warning uuid.UUID
	if l.name == "targets" {
		if warning, err = uuid.Parse(r.URL.Query().Get("warning")); err != nil {
			return errs.New(errs.Fix, "bad_warning", "要用 ?warning= 说明是哪一条预警")
		}
	}
	body, err := s.Cut(r.Context(), l.name, t, scope, warning)
	if err != nil {
		return err
	}
	return send(w, r, content{kind: mvtType, body: body, caching: askAgain})
}

// Cut is the tile of a layer for a scope: Mapbox Vector Tile 2.1, empty where
// there is nothing. warning is for the layer targets.
func (s *Server) Cut(ctx context.Context, name string, t Tile, scope account.Scope, warning uuid.UUID) ([]byte, error) {
	i := slices.IndexFunc(layers, func(l layer) bool { return l.name == name })
	if i < 0 {
		return nil, noTile()
	}
	r := rightsOf(scope)
	if name == "sites" {
		var err error
		if r, err = s.narrow(ctx, r); err != nil {
			return nil, err
		}
	}
	return s.cut(ctx, layers[i], t, r, warning)
}

// state is how old what is shown is.
type state struct {
	CountedAt   *time.Time `json:"counted_at"`   // headcounts are as of then; null: not yet counted
	RecountedAt *time.Time `json:"recounted_at"` // all of them were counted from the ground up
	Basemap     string     `json:"basemap"`      // "", "ok", "failing"
}

func (s *Server) serveState(w http.ResponseWriter, r *http.Request) error {
	st := state{Basemap: s.proxy.state()}
	err := s.pool.QueryRow(r.Context(), "SELECT counted_at, recounted_at FROM tile_state").Scan(&st.CountedAt, &st.RecountedAt)
	if err != nil {
		return errs.New(errs.Down, "tiles_unread", "地图数据暂时读不到").Because(err)
	}
	return sendJSON(w, r, st)
}
