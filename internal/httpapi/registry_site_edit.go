package httpapi

import (
	"context"
	"encoding/json"
	"net/http"
	"time"

	"github.com/google/uuid"
	"github.com/paulmach/orb"

	"muster/internal/account"
	"muster/internal/errs"
	"muster/internal/geo"
	"muster/internal/postgres"
	"muster/internal/roster"
	"muster/internal/warning"
)

func (s *Server) siteEditRoutes() {
	allow(s, operation{id: "createSite", method: http.MethodPost, path: "/sites", summary: "新建点位", status: http.StatusCreated}, account.EditSites, s.createSite)
	allow(s, operation{id: "replaceSite", method: http.MethodPut, path: "/sites/{id}", summary: "修改或关闭点位"}, account.EditSites, s.replaceSite)
	allow(s, operation{id: "siteCurve", method: http.MethodGet, path: "/sites/{id}/curve", summary: "在场人数曲线，及其间的预警"}, account.SeeSites, s.siteCurve)
}

// SiteBody is a site as a person fills it in.
type SiteBody struct {
	SectionID   uuid.UUID       `json:"section_id"`
	Code        string          `json:"code" maxLength:"200"`
	Name        string          `json:"name" maxLength:"200"`
	Kind        string          `json:"kind"`
	Sleeps      bool            `json:"sleeps"`
	AtRisk      bool            `json:"at_risk"`
	RiskReason  string          `json:"risk_reason,omitempty"`
	LowDanger   *time.Time      `json:"low_danger_until,omitempty"`
	Region      string          `json:"region,omitempty" maxLength:"12" doc:"不填：按位置确定"`
	Datum       string          `json:"datum" enum:"wgs84,cgcs2000,gcj02,bd09" doc:"geometry 的坐标系"`
	Geometry    json.RawMessage `json:"geometry" doc:"GeoJSON：Point、LineString 或 Polygon"`
	Signal      string          `json:"signal" enum:"none,weak,good"`
	MusterPoint string          `json:"muster_point,omitempty"`
	Route       string          `json:"route,omitempty"`
	ClosesGate  bool            `json:"closes_gate,omitempty"`
	Beds        int             `json:"beds,omitempty" minimum:"0"`
	Closed      bool            `json:"closed,omitempty"`
	From        time.Time       `json:"from,omitempty" doc:"自何时起如此；不填为现在"`
}

func (b SiteBody) site(id uuid.UUID) (postgres.SiteEdit, error) {
	s := postgres.SiteEdit{Route: b.Route, ClosesGate: b.ClosesGate, Closed: b.Closed, Site: roster.Site{ID: id, SectionID: b.SectionID, Code: b.Code,
		Name: b.Name, Kind: roster.SiteKind(b.Kind), Sleeps: b.Sleeps, AtRisk: b.AtRisk, RiskReason: b.RiskReason, Datum: geo.Datum(b.Datum),
		Signal: roster.Signal(b.Signal), MusterPoint: b.MusterPoint, Beds: b.Beds, From: b.From}}
	if b.LowDanger != nil {
		s.LowDangerUntil = *b.LowDanger
	}
	if b.Region != "" {
		region, err := geo.ParseRegion(b.Region)
		if err != nil {
			return s, err
		}
		s.Region = region
	}
	var err error
	s.Geometry, err = siteShape(b.Geometry, geo.Datum(b.Datum))
	return s, err
}

// siteShape is one point, line or area in WGS 84. Swapped axes are refused: here
// nobody looks at the map before it is stored.
func siteShape(raw json.RawMessage, datum geo.Datum) (orb.Geometry, error) {
	r, err := geo.Read(raw, geo.ReadOptions{Format: geo.GeoJSON, Datum: datum})
	if err != nil {
		return nil, err
	}
	wrong := func(text, mend string) error {
		return errs.New(errs.Fix, "site_shape", "%s", text).With(errs.Detail{Where: "geometry", Text: text, Mend: mend})
	}
	all := allOf(r)
	switch {
	case r.Swapped:
		return nil, wrong("经度和纬度像是写反了", "请把经度写在前面")
	case len(all) != 1:
		return nil, wrong("点位应是一个点、一条线或一个面", "请只给出一个图形")
	}
	area, is := all[0].(orb.MultiPolygon)
	if !is {
		return all[0], nil
	}
	if len(area) != 1 {
		return nil, wrong("点位的面只能有一块", "请拆成几个点位")
	}
	if d := geo.Defects(area); len(d) > 0 {
		return nil, wrong("面的边界不正确："+d[0].Text, "请重新绘制")
	}
	return area[0], nil
}

func (s *Server) createSite(ctx context.Context, c call, in *struct {
	OnceHeader
	Body SiteBody
}) (*answer[siteView], error) {
	site, err := in.Body.site(uuid.Nil)
	if err != nil {
		return nil, err
	}
	id, err := s.DB.CreateSite(ctx, c.scope, site, c.actor(), in.once(c, "create site", in.Body), c.at)
	if err != nil {
		return nil, err
	}
	return s.getSite(ctx, c, &SitePath{id})
}

func (s *Server) replaceSite(ctx context.Context, c call, in *struct {
	SitePath
	Body struct {
		Version int `json:"version"`
		SiteBody
	}
}) (*answer[siteView], error) {
	site, err := in.Body.site(in.ID)
	if err != nil {
		return nil, err
	}
	if err := s.DB.UpdateSite(ctx, c.scope, in.Body.Version, site, c.actor(), c.at); err != nil {
		return nil, err
	}
	return s.getSite(ctx, c, &in.SitePath)
}

const (
	curveStep    = 10 * time.Minute
	curveUsual   = 48 * time.Hour
	curveLongest = 14 * 24 * time.Hour
)

type curveView struct {
	From     time.Time         `json:"from"`
	To       time.Time         `json:"to"`
	StepS    int               `json:"step_s"`
	Points   []curvePoint      `json:"points"`
	Warnings []pastWarningView `json:"warnings"`
}

type curvePoint struct {
	At       time.Time `json:"at"`
	Certain  int       `json:"certain"`
	Possible int       `json:"possible"`
}

type pastWarningView struct {
	WarningID    uuid.UUID  `json:"warning_id"`
	Title        string     `json:"title"`
	Mode         string     `json:"mode"`
	State        string     `json:"state"`
	Level        string     `json:"level"`
	LevelLabel   string     `json:"level_label"`
	Measure      string     `json:"measure"`
	MeasureLabel string     `json:"measure_label"`
	From         time.Time  `json:"from"`
	Until        *time.Time `json:"until"`
}

func (s *Server) siteCurve(ctx context.Context, c call, in *struct {
	SitePath
	From time.Time `query:"from" doc:"不填：to 之前 48 小时"`
	To   time.Time `query:"to" doc:"不填：现在"`
}) (*answer[curveView], error) {
	from, to := in.From, in.To
	if to.IsZero() {
		to = c.at
	}
	if from.IsZero() {
		from = to.Add(-curveUsual)
	}
	from, to = from.Truncate(curveStep), to.UTC()
	if to.Before(from) || to.Sub(from) > curveLongest {
		return nil, errs.New(errs.Fix, "curve_window", "时间窗口不对：最长 %d 天，开始早于结束", int(curveLongest.Hours()/24))
	}
	points, err := s.DB.Curve(ctx, c.scope, in.ID, from, to, curveStep)
	if err != nil {
		return nil, err
	}
	warnings, err := s.DB.WarningsBetween(ctx, c.scope, in.ID, from, to)
	if err != nil {
		return nil, err
	}
	v := curveView{From: from, To: to, StepS: int(curveStep.Seconds()), Points: make([]curvePoint, len(points)), Warnings: []pastWarningView{}}
	for i, p := range points {
		v.Points[i] = curvePoint(p)
	}
	for _, w := range warnings {
		v.Warnings = append(v.Warnings, pastWarningView{w.WarningID, w.Title, w.Mode, w.State, w.Level, warning.Level(w.Level).Label(), w.Measure,
			warning.Measure(w.Measure).Label(), w.From, w.Until})
	}
	return reply(v, nil)
}
