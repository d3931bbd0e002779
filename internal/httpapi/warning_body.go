package httpapi

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"time"

	"github.com/google/uuid"
	"github.com/paulmach/orb"

	"muster/internal/errs"
	"muster/internal/geo"
	"muster/internal/postgres"
	"muster/internal/warning"
)

// areaBody is one area as a person gives it: a GeoJSON shape, a circle, or codes
// of regions. Positions are in the datum named; WGS 84 when none is.
type areaBody struct {
	Geometry     json.RawMessage `json:"geometry,omitempty"`
	Circle       *circleBody     `json:"circle,omitempty"`
	Regions      []string        `json:"regions,omitempty" maxItems:"500"`
	Level        string          `json:"level,omitempty"`
	Certain      *bool           `json:"certain,omitempty"`
	Datum        string          `json:"datum,omitempty" enum:"wgs84,cgcs2000,gcj02,bd09"`
	AcceptRepair bool            `json:"accept_repair,omitempty" doc:"已查看并接受修复后的区域"`
}

type circleBody struct {
	Lon     float64 `json:"lon"`
	Lat     float64 `json:"lat"`
	RadiusM float64 `json:"radius_m"`
}

type choiceBody struct {
	SiteID  uuid.UUID `json:"site_id"`
	Act     string    `json:"act" enum:"add,drop,measure"`
	Measure string    `json:"measure,omitempty"`
	Reason  string    `json:"reason" minLength:"1" maxLength:"200"`
}

// ContentBody is a warning as a person gives it.
type ContentBody struct {
	Mode    string       `json:"mode,omitempty" enum:"actual,exercise"`
	Hazard  string       `json:"hazard"`
	Level   string       `json:"level"`
	Title   string       `json:"title" maxLength:"80"`
	Basis   string       `json:"basis,omitempty" maxLength:"400"`
	Note    string       `json:"note,omitempty" maxLength:"400"`
	Onset   *time.Time   `json:"onset,omitempty"`
	Expires time.Time    `json:"expires"`
	Areas   []areaBody   `json:"areas" maxItems:"50"`
	Choices []choiceBody `json:"choices,omitempty" maxItems:"5000"`
}

// content turns a body into what is stored. Areas that cross themselves are
// refused unless the person has seen and accepted the mended shape.
func (s *Server) content(ctx context.Context, b ContentBody) (postgres.Content, error) {
	c := postgres.Content{Kind: "instruction", Mode: b.Mode, Hazard: warning.Hazard(b.Hazard), Level: warning.Level(b.Level),
		Title: b.Title, Basis: b.Basis, Note: b.Note, Onset: b.Onset, Expires: b.Expires}
	if c.Mode == "" {
		c.Mode = "actual"
	}
	areas, _, err := s.areas(ctx, b.Areas, c.Level, false)
	if err != nil {
		return c, err
	}
	c.Areas = areas
	for _, ch := range b.Choices {
		c.Choices = append(c.Choices, postgres.Choice{SiteID: ch.SiteID, Act: ch.Act, Measure: warning.Measure(ch.Measure), Reason: ch.Reason})
	}
	return c, nil
}

// areas reads all areas; mend says whether an invalid shape is mended (for a
// preview, which shows what changed) or refused. What mending changed comes with
// the areas that have a shape.
func (s *Server) areas(ctx context.Context, bodies []areaBody, level warning.Level, mend bool) ([]postgres.Area, []*postgres.Repair, error) {
	var list []postgres.Area
	var repairs []*postgres.Repair
	for i, b := range bodies {
		a, repair, err := s.area(ctx, b, level, mend || b.AcceptRepair)
		if err != nil {
			return nil, nil, located(err, i)
		}
		list = append(list, a)
		if repair != nil {
			repairs = append(repairs, repair)
		}
	}
	return list, repairs, nil
}

// located says which of several areas an error is about.
func located(err error, i int) error {
	e, ok := err.(*errs.Error)
	if !ok {
		return err
	}
	c := *e
	c.Details = nil
	for _, d := range e.Details {
		d.Where = fmt.Sprintf("body.areas[%d] %s", i, d.Where)
		c.Details = append(c.Details, d)
	}
	return &c
}

func (s *Server) area(ctx context.Context, b areaBody, level warning.Level, mend bool) (postgres.Area, *postgres.Repair, error) {
	a := postgres.Area{Level: level, Certain: b.Certain == nil || *b.Certain, Basis: warning.BasisGeocode}
	if b.Level != "" {
		a.Level = warning.Level(b.Level)
	}
	for _, code := range b.Regions {
		r, err := geo.ParseRegion(code)
		if err != nil {
			return a, nil, err
		}
		a.Regions = append(a.Regions, string(r))
	}
	shape, basis, err := shapeOf(b)
	if err != nil {
		return a, nil, err
	}
	if shape == nil {
		if len(a.Regions) == 0 {
			return a, nil, errs.New(errs.Fix, "area_missing", "区域里既没有图形也没有行政区划")
		}
		return a, nil, s.knownRegions(ctx, a.Regions)
	}
	a.Basis = basis
	mended, repair, err := s.DB.RepairArea(ctx, shape)
	if err != nil {
		return a, nil, err
	}
	if repair != nil && !mend {
		return a, nil, postgres.RefuseInvalid(repair)
	}
	a.Geometry = mended
	return a, repair, nil
}

// knownRegions refuses codes of nowhere. Townships are often not in the table;
// their county must be.
func (s *Server) knownRegions(ctx context.Context, codes []string) error {
	county := func(code string) string { return code[:6] + "000000" }
	asked := slices.Clone(codes)
	for _, c := range codes {
		asked = append(asked, county(c))
	}
	names, err := s.DB.RegionNames(ctx, asked)
	if err != nil {
		return err
	}
	for _, c := range codes {
		if names[c] == "" && names[county(c)] == "" {
			return errs.New(errs.Fix, "region_unknown", "没有代码为 %s 的行政区划", c)
		}
	}
	return nil
}

func shapeOf(b areaBody) (orb.MultiPolygon, warning.Basis, error) {
	datum, err := geo.ParseDatum(firstOf(b.Datum, "wgs84"))
	if err != nil {
		return nil, "", err
	}
	switch {
	case b.Circle != nil:
		shape, err := geo.Circle(datum.ToWGS84(b.Circle.Lon, b.Circle.Lat), b.Circle.RadiusM)
		return shape, warning.BasisCircle, err
	case len(b.Geometry) > 0 && string(b.Geometry) != "null":
		shape, err := geo.ParseArea(b.Geometry)
		return inWGS84(shape, datum), warning.BasisPolygon, err
	}
	return nil, "", nil
}

func inWGS84(shape orb.MultiPolygon, d geo.Datum) orb.MultiPolygon {
	for _, polygon := range shape {
		for _, ring := range polygon {
			for i, p := range ring {
				w := d.ToWGS84(p[0], p[1])
				ring[i] = orb.Point{w.Lon, w.Lat}
			}
		}
	}
	return shape
}

func firstOf(a, b string) string {
	if a != "" {
		return a
	}
	return b
}
