package httpapi

import (
	"context"
	"net/http"
	"strings"
	"time"

	"github.com/google/uuid"
	"github.com/paulmach/orb/geojson"

	"muster/internal/account"
	"muster/internal/postgres"
	"muster/internal/roster"
	"muster/internal/warning"
)

type siteView struct {
	ID          uuid.UUID         `json:"id"`
	Code        string            `json:"code"`
	Name        string            `json:"name"`
	Kind        string            `json:"kind"`
	KindLabel   string            `json:"kind_label"`
	Sleeps      bool              `json:"sleeps"`
	AtRisk      bool              `json:"at_risk"`
	RiskReason  string            `json:"risk_reason"`
	Region      codeName          `json:"region"`
	Section     unitView          `json:"section"`
	Project     unitView          `json:"project"`
	Company     string            `json:"company"`
	Geometry    *geojson.Geometry `json:"geometry"`
	Datum       string            `json:"datum"`
	Signal      string            `json:"signal"`
	MusterPoint string            `json:"muster_point"`
	Beds        int               `json:"beds"`
	Route       string            `json:"route" doc:"转移路线"`
	ClosesGate  bool              `json:"closes_gate" doc:"禁入时闸机不放行"`
	LowDanger   *time.Time        `json:"low_danger_until"`
	ClosedAt    *time.Time        `json:"closed_at"`
	From        time.Time         `json:"from" doc:"这些内容自何时起有效"`
	Version     int               `json:"version"`
	People      *headcountView    `json:"people,omitempty"`
	Devices     []deviceView      `json:"devices,omitempty"`
	Responsible []contactView     `json:"responsible,omitempty"`
	Warnings    []siteWarningView `json:"warnings,omitempty"`
	Documents   []documentView    `json:"documents,omitempty"`
}

type codeName struct {
	Code string `json:"code"`
	Name string `json:"name"`
}

type unitView struct {
	ID   uuid.UUID `json:"id"`
	Code string    `json:"code"`
	Name string    `json:"name"`
}

type headcountView struct {
	At             time.Time  `json:"at"`
	Certain        int        `json:"certain"`
	Possible       int        `json:"possible"`
	Expected       int        `json:"expected"`
	LastEvidenceAt *time.Time `json:"last_evidence_at"`
}

type deviceView struct {
	ID         uuid.UUID  `json:"id"`
	Serial     string     `json:"serial"`
	Purpose    string     `json:"purpose"`
	Direction  string     `json:"direction"`
	LastSeenAt *time.Time `json:"last_seen_at"`
}

type siteWarningView struct {
	WarningID    uuid.UUID `json:"warning_id"`
	Mode         string    `json:"mode"`
	State        string    `json:"state"`
	Title        string    `json:"title"`
	Level        string    `json:"level"`
	LevelLabel   string    `json:"level_label"`
	Measure      string    `json:"measure"`
	MeasureLabel string    `json:"measure_label"`
}

type mapView struct {
	AsOf  time.Time          `json:"as_of"`
	Seq   int64              `json:"seq"`
	Sites []postgres.SitePin `json:"sites"`
}

func (s *Server) siteRoutes() {
	allow(s, operation{id: "map", method: http.MethodGet, path: "/map", summary: "管辖范围内的全部点位和在场人数"}, account.SeeSites, s.mapPins)
	allow(s, operation{id: "listSites", method: http.MethodGet, path: "/sites", summary: "点位列表"}, account.SeeSites, s.listSites)
	allow(s, operation{id: "getSite", method: http.MethodGet, path: "/sites/{id}", summary: "点位"}, account.SeeSites, s.getSite)
	allow(s, operation{id: "headcount", method: http.MethodGet, path: "/sites/{id}/headcount", summary: "某一时刻的在场人数"}, account.SeeSites, s.headcount)
}

// mapPins reads the change log's number before the sites: what changes in
// between is told again rather than missed.
func (s *Server) mapPins(ctx context.Context, c call, _ *struct{}) (*answer[mapView], error) {
	_, seq, err := s.DB.ChangeSpan(ctx)
	if err != nil {
		return nil, err
	}
	pins, err := s.DB.SitePins(ctx, c.scope, c.at)
	if pins == nil {
		pins = []postgres.SitePin{}
	}
	return reply(mapView{c.at, seq, pins}, err)
}

type page[T any] struct {
	Items []T     `json:"items"`
	Next  *string `json:"next"`
}

type listSitesRequest struct {
	ListRequest
	Status  string    `query:"status" enum:"open,closed,all" doc:"不填为 open"`
	Project uuid.UUID `query:"project"`
	Section uuid.UUID `query:"section"`
}

func (in listSitesRequest) filter() (postgres.RegistryFilter, error) {
	f, err := in.ListRequest.filter()
	f.Status, f.Project, f.Section = in.Status, in.Project, in.Section
	return f, err
}

func (s *Server) listSites(ctx context.Context, c call, in *listSitesRequest) (*answer[page[siteView]], error) {
	return pageByName(in, func(f postgres.RegistryFilter) ([]postgres.Site, error) { return s.DB.Sites(ctx, c.scope, f) }, viewSite,
		func(v postgres.Site) postgres.NameMark { return postgres.NameMark{Name: v.Name, ID: v.ID} })
}

func viewSite(v postgres.Site) siteView {
	return siteView{ID: v.ID, Code: v.Code, Name: v.Name, Kind: v.Kind, KindLabel: roster.SiteKind(v.Kind).Label(),
		Sleeps: v.Sleeps, AtRisk: v.AtRisk, RiskReason: v.RiskReason, Region: codeName{v.Region, v.RegionName},
		Section: unitView{v.SectionID, v.SectionCode, v.SectionName}, Project: unitView{v.ProjectID, v.ProjectCode, v.ProjectName},
		Company: v.Company, Geometry: geojson.NewGeometry(v.Geom), Datum: v.Datum, Signal: v.Signal,
		MusterPoint: v.MusterPoint, Beds: v.Beds, Route: v.Route, ClosesGate: v.ClosesGate, LowDanger: v.LowDanger, ClosedAt: v.ClosedAt,
		From: v.ValidFrom, Version: v.Version}
}

// SitePath names a site in the path.
type SitePath struct {
	ID uuid.UUID `path:"id"`
}

func (s *Server) getSite(ctx context.Context, c call, in *SitePath) (*answer[siteView], error) {
	site, err := s.DB.SiteByID(ctx, c.scope, in.ID)
	if err != nil {
		return nil, err
	}
	v := viewSite(site)
	people, err := s.DB.HeadcountNow(ctx, c.scope, in.ID, c.at)
	if err != nil {
		return nil, err
	}
	v.People = viewHeadcount(people, c.at)
	warnings, err := s.DB.SiteWarnings(ctx, c.scope, in.ID)
	if err != nil {
		return nil, err
	}
	now := account.Quiet
	for _, w := range warnings {
		now = max(now, occasion(w.Mode, w.State == "active"))
		v.Warnings = append(v.Warnings, siteWarningView{w.WarningID, w.Mode, w.State, w.Title, w.Level, warning.Level(w.Level).Label(),
			w.Measure, warning.Measure(w.Measure).Label()})
	}
	devices, err := s.DB.SiteDevices(ctx, c.scope, in.ID)
	if err != nil {
		return nil, err
	}
	for _, d := range devices {
		v.Devices = append(v.Devices, deviceView(d))
	}
	by, err := s.DB.Contacts(ctx, c.scope, []uuid.UUID{in.ID}, c.at)
	if err != nil {
		return nil, err
	}
	documents, err := s.DB.Documents(ctx, c.scope, in.ID)
	if err != nil {
		return nil, err
	}
	for _, d := range documents {
		v.Documents = append(v.Documents, viewDocument(d))
	}
	show := s.discloser(c)
	v.Responsible = show.contacts(by[in.ID], placeOf(site), now)
	return reply(v, show.audited(ctx, "site", in.ID.String()))
}

func placeOf(v postgres.Site) account.Place {
	return account.Place{Region: v.Region, Project: v.ProjectID, Section: v.SectionID, SiteID: v.ID}
}

func viewHeadcount(h postgres.Headcount, at time.Time) *headcountView {
	return &headcountView{At: at, Certain: h.Certain, Possible: h.Possible, Expected: h.Expected, LastEvidenceAt: h.LastEvidenceAt}
}

// joinCodes is for texts.
func joinCodes(names map[string]string, codes []string) []codeName {
	list := make([]codeName, 0, len(codes))
	for _, c := range codes {
		name := names[c]
		if name == "" {
			name = strings.TrimRight(c, "0")
		}
		list = append(list, codeName{c, name})
	}
	return list
}
