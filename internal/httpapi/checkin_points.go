package httpapi

import (
	"context"
	"crypto/rand"
	"encoding/base32"
	"net/http"
	"strings"
	"time"

	"github.com/danielgtaylor/huma/v2"
	"github.com/google/uuid"

	"muster/internal/account"
	"muster/internal/postgres"
	"muster/internal/roster"
)

func (s *Server) checkinPointRoutes() {
	allow(s, operation{id: "listCheckinPoints", method: http.MethodGet, path: "/sites/{id}/checkin-points", summary: "点位的扫码点"}, account.SeeSites, s.listCheckinPoints)
	allow(s, operation{id: "addCheckinPoint", method: http.MethodPost, path: "/sites/{id}/checkin-points", summary: "新设扫码点；屏幕地址只显示这一次", status: http.StatusCreated},
		account.EditDevices, s.addCheckinPoint)
	allow(s, operation{id: "closeCheckinPoint", method: http.MethodDelete, path: "/checkin-points/{id}", summary: "停用扫码点", status: http.StatusNoContent}, account.EditDevices, s.closeCheckinPoint)
	allow(s, operation{id: "checkinPoster", method: http.MethodGet, path: "/checkin-points/{id}/poster", summary: "张贴用的二维码，A4 的 PDF"}, account.SeeSites, s.checkinPoster)
	allow(s, operation{id: "listCheckins", method: http.MethodGet, path: "/sites/{id}/checkins", summary: "最近的扫码打卡；可只看有疑点的"}, account.SeePeople, s.listCheckins)
}

type checkinPointView struct {
	ID         uuid.UUID `json:"id"`
	Title      string    `json:"title"`
	Kind       string    `json:"kind"`
	Purpose    string    `json:"purpose"`
	Direction  string    `json:"direction"`
	RadiusM    int       `json:"radius_m"`
	RecordedAt time.Time `json:"recorded_at"`
	Path       string    `json:"path" doc:"码里的地址，主机名之后"`
	ScreenPath *string   `json:"screen_path" doc:"屏幕打开的地址，主机名之后；只在新设的这一次回答里有"`
}

func viewCheckinPoint(p postgres.CheckinPoint) checkinPointView {
	return checkinPointView{ID: p.ID, Title: p.Title, Kind: p.Kind, Purpose: p.Purpose, Direction: p.Direction, RadiusM: p.RadiusM, RecordedAt: p.RecordedAt, Path: "/c/" + p.Code}
}

func (s *Server) listCheckinPoints(ctx context.Context, c call, in *SitePath) (*answer[page[checkinPointView]], error) {
	if _, err := s.DB.SiteByID(ctx, c.scope, in.ID); err != nil {
		return nil, err
	}
	list, err := s.DB.CheckinPoints(ctx, c.scope, in.ID)
	out := page[checkinPointView]{Items: []checkinPointView{}}
	for _, p := range list {
		out.Items = append(out.Items, viewCheckinPoint(p))
	}
	return reply(out, err)
}

type addCheckinPointRequest struct {
	SitePath
	OnceHeader
	Body struct {
		Title     string `json:"title" minLength:"1" maxLength:"40" doc:"例如 大门、集合点"`
		Kind      string `json:"kind" enum:"screen,printed" doc:"screen 屏幕动态码；printed 张贴的静态码，只能弱证明"`
		Purpose   string `json:"purpose" enum:"entry,muster" doc:"entry 进出；muster 集合点清点"`
		Direction string `json:"direction,omitempty" enum:"in,out,both" default:"both"`
		RadiusM   int    `json:"radius_m,omitempty" minimum:"20" maximum:"5000" default:"200" doc:"离点位多少米以内算在现场"`
	}
}

// addCheckinPoint makes the point's secret; nobody is ever shown it. A screen gets
// a token of its own, shown once.
func (s *Server) addCheckinPoint(ctx context.Context, c call, in *addCheckinPointRequest) (*answer[checkinPointView], error) {
	b := in.Body
	p := postgres.CheckinPoint{ID: uuid.New(), SiteID: in.ID, Code: pointCode(), Title: b.Title, Kind: b.Kind, Purpose: b.Purpose, Direction: b.Direction, RadiusM: b.RadiusM}
	if b.Purpose == "muster" {
		p.Direction = "out"
	}
	p.SecretSealed = s.Sealer.Seal("checkin_point", "secret", p.ID.String(), rand.Text())
	token := ""
	if b.Kind == "screen" {
		token = account.NewKey("screen")
	}
	id, fresh, err := s.DB.AddCheckinPoint(ctx, c.scope, p, token, c.actor(), in.once(c, "checkin "+in.ID.String(), b), c.at)
	if err != nil {
		return nil, err
	}
	if p, err = s.DB.CheckinPointByID(ctx, c.scope, id); err != nil {
		return nil, err
	}
	v := viewCheckinPoint(p)
	if fresh && token != "" {
		path := "/checkin/screen/" + token
		v.ScreenPath = &path
	}
	return reply(v, nil)
}

// pointCode is short, so that the modules of the code are large.
func pointCode() string {
	var b [6]byte
	_, _ = rand.Read(b[:])
	return strings.ToLower(base32.StdEncoding.WithPadding(base32.NoPadding).EncodeToString(b[:]))
}

// CheckinPointPath names a point in the path.
type CheckinPointPath struct {
	ID uuid.UUID `path:"id"`
}

func (s *Server) closeCheckinPoint(ctx context.Context, c call, in *CheckinPointPath) (*nothing, error) {
	if _, err := s.DB.CheckinPointByID(ctx, c.scope, in.ID); err != nil {
		return nil, err
	}
	return nil, s.DB.CloseCheckinPoint(ctx, in.ID, c.actor(), c.at)
}

type listCheckinsRequest struct {
	SitePath
	Flagged bool `query:"flagged" doc:"只看没有计入的、在范围外的、共用手机的、代打卡的"`
}

type checkinView struct {
	PersonID     uuid.UUID  `json:"person_id"`
	Name         *string    `json:"name"`
	At           time.Time  `json:"at"`
	ReceivedAt   time.Time  `json:"received_at"`
	Title        string     `json:"title"`
	Direction    string     `json:"direction"`
	Outcome      string     `json:"outcome"`
	OutcomeLabel string     `json:"outcome_label"`
	Fence        string     `json:"fence"`
	DistanceM    *int       `json:"distance_m"`
	AccuracyM    *int       `json:"accuracy_m"`
	Flags        []flagView `json:"flags"`
	ByProxy      bool       `json:"by_proxy"`
}

const (
	checkinsBack = 48 * time.Hour
	mostCheckins = 200
)

func (s *Server) listCheckins(ctx context.Context, c call, in *listCheckinsRequest) (*answer[page[checkinView]], error) {
	site, err := s.DB.SiteByID(ctx, c.scope, in.ID)
	if err != nil {
		return nil, err
	}
	list, err := s.DB.CheckinScans(ctx, in.ID, in.Flagged, c.at.Add(-checkinsBack), mostCheckins)
	if err != nil {
		return nil, err
	}
	show, out := s.discloser(c), page[checkinView]{Items: []checkinView{}}
	for _, r := range list {
		who := show.contact(postgres.Contact{PersonID: r.PersonID, Name: r.Name}, placeOf(site), account.Quiet)
		v := checkinView{PersonID: who.PersonID, Name: who.Name, At: r.At, ReceivedAt: r.ReceivedAt,
			Title: r.Title, Direction: r.Direction, Outcome: r.Outcome, OutcomeLabel: roster.CheckinOutcome(r.Outcome).Label(), Fence: r.Fence, DistanceM: r.DistanceM,
			AccuracyM: r.AccuracyM, Flags: []flagView{}, ByProxy: r.ByPerson != nil}
		for _, f := range r.Flags {
			v.Flags = append(v.Flags, flagView{f, roster.CheckinFlag(f).Label()})
		}
		out.Items = append(out.Items, v)
	}
	return reply(out, show.audited(ctx, "site", in.ID.String()))
}

// sheetOf is a page that is printed: PDF, not JSON.
type sheetOf struct {
	ContentType string `header:"Content-Type"`
	Disposition string `header:"Content-Disposition"`
	Body        []byte
}

var _ huma.Resolver = (*hostOf)(nil)

// hostOf is where a request went, for addresses that are printed.
type hostOf struct{ base string }

// Resolve implements huma.Resolver.
func (h *hostOf) Resolve(hc huma.Context) []error {
	scheme := "http"
	if hc.TLS() != nil {
		scheme = "https"
	}
	h.base = scheme + "://" + hc.Host()
	return nil
}
