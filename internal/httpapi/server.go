package httpapi

import (
	"context"
	"log/slog"
	"net/http"
	"strings"
	"time"

	"github.com/alexedwards/scs/pgxstore"
	"github.com/alexedwards/scs/v2"
	"github.com/danielgtaylor/huma/v2"
	"github.com/danielgtaylor/huma/v2/adapters/humachi"
	"github.com/go-chi/chi/v5"
	"github.com/go-chi/chi/v5/middleware"
	"github.com/prometheus/client_golang/prometheus/promhttp"

	"muster/internal/account"
	"muster/internal/clock"
	"muster/internal/errs"
	"muster/internal/media"
	"muster/internal/postgres"
)

// Intake takes in a document: stores its bytes, understands it, proposes.
type Intake interface {
	Receive(ctx context.Context, source, contentType string, body []byte, at time.Time) (postgres.Receipt, error)
}

// Options are what the server stands on. All but Hooks, Courier and Tiles are
// needed.
type Options struct {
	DB     *postgres.DB
	Sealer *account.Sealer
	Clock  clock.Clock
	Intake Intake
	Store  *media.Store
	Page   http.Handler // the desk, for every path that is not the API's
	Hooks  Hooks        // what carriers push to us; nil: nothing is taken
	// Courier brings sign-in codes to phones; nil: nobody signs in by phone.
	Courier Courier
	WeChat  *WeChat      // sign-in inside WeChat; nil: none
	Tiles   Tiles        // what the map shows; nil: no tiles
	Gates   http.Handler // devices by their own protocols; nil: none
	Checkin http.Handler // the pages of who scans a code, and of screens; nil: nobody scans
	Public  string       // our address as others reach us, in codes; empty: that of the request
	Log     *slog.Logger
	Demo    bool // the data are invented; the page says so
	Secure  bool // cookies only over TLS
}

// Server answers HTTP.
type Server struct {
	Options
	sessions *scs.SessionManager
	api      huma.API
	routes   []Route
	live     *hub
	beat     time.Duration
	handler  http.Handler
}

// Route is one operation with the permission it needs: the table that the
// rights test walks.
type Route struct {
	Method, Path string
	Permission   account.Permission // empty: no session needed, or only a session
	Key          string             // "device", "feed": a key instead of a session
}

const sessionLife = 12 * time.Hour

// New builds the server. Run must be called for server-sent events to flow.
func New(o Options) *Server {
	s := &Server{Options: o, live: newHub(o.DB, o.Clock, o.Log), beat: heartBeat}
	s.sessions = scs.New()
	s.sessions.Store = pgxstore.NewWithCleanupInterval(o.DB.Pool(), 0)
	s.sessions.HashTokenInStore = true
	s.sessions.Lifetime = sessionLife
	s.sessions.Cookie.Name = "muster_session"
	s.sessions.Cookie.SameSite = http.SameSiteLaxMode
	s.sessions.Cookie.Secure = o.Secure
	s.sessions.ErrorFunc = func(w http.ResponseWriter, r *http.Request, err error) { s.fail(w, r, err) }
	s.handler = s.router()
	return s
}

// Run keeps the live streams going until ctx ends.
func (s *Server) Run(ctx context.Context) error { return s.live.run(ctx) }

// Routes lists the operations.
func (s *Server) Routes() []Route { return s.routes }

// OpenAPI is the document that describes the API.
func (s *Server) OpenAPI() *huma.OpenAPI { return s.api.OpenAPI() }

// ServeHTTP implements http.Handler.
func (s *Server) ServeHTTP(w http.ResponseWriter, r *http.Request) { s.handler.ServeHTTP(w, r) }

func (s *Server) router() http.Handler {
	r := chi.NewRouter()
	r.Use(middleware.Recoverer, s.logged)
	r.Get("/healthz", s.healthz)
	r.Get("/readyz", s.readyz)
	r.Handle("/metrics", promhttp.Handler())
	s.answerPages(r)
	s.gates(r)
	s.checkinRoutes(r)
	s.lookPages(r)
	s.wechatPages(r)
	for _, method := range []string{http.MethodGet, http.MethodPost} {
		r.Method(method, "/hooks/{account}/{token}", http.HandlerFunc(s.hook))
	}
	s.tileRoutes(r)
	r.Route("/api/v1", func(r chi.Router) {
		r.Use(s.sameOrigin())
		r.NotFound(s.noRoute)
		r.MethodNotAllowed(s.noMethod)
		s.register(r)
	})
	if s.Page != nil {
		r.NotFound(s.Page.ServeHTTP)
	}
	return r
}

// sameOrigin refuses what another site makes a browser send in the officer's name.
func (s *Server) sameOrigin() func(http.Handler) http.Handler {
	p := http.NewCrossOriginProtection()
	p.SetDenyHandler(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		s.fail(w, r, errs.New(errs.Forbidden, "cross_site", "这个请求来自别的网站"))
	}))
	return p.Handler
}

// gates lets devices in, at the addresses that their protocols fix.
func (s *Server) gates(r chi.Router) {
	if s.Gates == nil {
		return
	}
	for _, prefix := range gatePrefixes {
		r.Handle(prefix+"*", s.Gates)
	}
}

// gatePrefixes are ours; ZKTeco's and Uniview's devices can be given a host only.
var gatePrefixes = []string{"/gate/", "/iclock/", "/LAPI/"}

// register declares the operations; each file below adds its own.
func (s *Server) register(r chi.Router) {
	useProblems()
	cfg := huma.DefaultConfig("Muster", "1")
	cfg.DocsPath = "" // its page would load a script from elsewhere
	cfg.OpenAPIPath = "/openapi"
	cfg.SchemasPath = ""
	cfg.CreateHooks = nil
	cfg.Servers = []*huma.Server{{URL: "/api/v1"}}
	cfg.Components.SecuritySchemes = map[string]*huma.SecurityScheme{
		"session": {Type: "apiKey", In: "cookie", Name: "muster_session"},
		"key":     {Type: "http", Scheme: "bearer"},
	}
	r.Group(func(r chi.Router) {
		r.Use(s.sessions.LoadAndSave)
		s.api = humachi.New(r, cfg)
		s.sessionRoutes()
		s.codeRoutes()
		s.wechatRoutes()
		s.siteRoutes()
		s.siteEditRoutes()
		s.unitRoutes()
		s.companyRoutes()
		s.peopleRoutes()
		s.postRoutes()
		s.deviceRoutes()
		s.exportRoutes()
		s.printRoutes()
		s.regionRoutes()
		s.messageRoutes()
		s.warningRoutes()
		s.areaRoutes()
		s.dutyRoutes()
		s.standingRoutes()
		s.feedRoutes()
		s.draftRoutes()
		s.secondLookRoutes()
		s.planRoutes()
		s.pasteRoutes()
		s.attachmentRoutes()
		s.passRoutes()
		s.auditRoutes()
		s.documentRoutes()
		s.importRoutes()
		s.userRoutes()
		s.boardRoutes()
		s.responseRoutes()
		s.oversightRoutes()
		s.reportRoutes()
		s.myRoutes()
		s.alarmRoutes()
		s.vocabularyRoutes()
		s.voiceClipRoutes()
		s.eveningRoutes()
		s.vesselRoutes()
		s.gateRoutes()
		s.checkinPointRoutes()
		s.leaveRoutes()
		s.correctionRoutes()
		s.crewRoutes()
	})
	// A stream lives longer than a session's answer may be buffered.
	r.Get("/stream", s.stream)
	s.routes = append(s.routes, Route{Method: http.MethodGet, Path: "/stream", Permission: account.SeeSites})
}

// publicPath is a path as it may be logged: what opens something is left out.
func publicPath(path string) string {
	for _, secret := range []string{"/a/", "/s/", "/hooks/", "/gate/"} {
		if strings.HasPrefix(path, secret) {
			return secret + "…"
		}
	}
	return path
}

// logged writes one line per request: method, path, status, time. Paths carry
// ids only; queries and bodies are never logged.
func (s *Server) logged(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		ww := middleware.NewWrapResponseWriter(w, r.ProtoMajor)
		began := s.Clock.Now()
		next.ServeHTTP(ww, r)
		level := slog.LevelDebug
		if ww.Status() >= 500 {
			level = slog.LevelError
		}
		s.Log.Log(r.Context(), level, "http", "method", r.Method, "path", publicPath(r.URL.Path), "status", ww.Status(),
			"ms", s.Clock.Now().Sub(began).Milliseconds())
	})
}

const skewAllowed = time.Second

func (s *Server) healthz(w http.ResponseWriter, _ *http.Request) { _, _ = w.Write([]byte("ok\n")) }

// readyz says whether this replica can do its work: the database answers, its
// clock agrees with ours to a second, the object store answers.
func (s *Server) readyz(w http.ResponseWriter, r *http.Request) {
	ctx, cancel := context.WithTimeout(r.Context(), 3*time.Second)
	defer cancel()
	skew, err := s.DB.ClockSkew(ctx, s.Clock.Now())
	switch {
	case err != nil:
		s.fail(w, r, err)
	case skew.Abs() > skewAllowed:
		http.Error(w, "clock differs from the database's by "+skew.String(), http.StatusServiceUnavailable)
	default:
		if err := s.Store.Ping(ctx); err != nil {
			s.fail(w, r, err)
			return
		}
		_, _ = w.Write([]byte("ready\n"))
	}
}
