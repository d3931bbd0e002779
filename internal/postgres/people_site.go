package postgres

import (
	"slices"
	"time"

	"github.com/paulmach/orb"

	"muster/internal/errs"
	"muster/internal/geo"
	"muster/internal/roster"
)

// siteRow is a site as stored, with the cells by which it is found.
type siteRow struct {
	site       roster.Site
	h3         [3]int64 // the cells of its first position at resolutions 5, 7, 9
	cells      []int64  // the other cells at resolution 7 of a line or polygon
	from       time.Time
	recordedAt time.Time
}

// siteColumns are what values gives, in order.
var siteColumns = []string{"id", "project_id", "section_id", "code", "name", "kind", "sleeps", "at_risk", "risk_reason",
	"low_danger_until", "region", "datum", "geom", "h3_5", "h3_7", "h3_9", "signal", "muster_point", "beds", "valid_from", "recorded_at"}

// newSiteRow finds a site's cells. Each column has its own call: the cell at
// resolution 7 is not always the parent of that at resolution 9.
func newSiteRow(s roster.Site, at time.Time) (siteRow, error) {
	vertices := roster.Vertices(s.Geometry)
	if len(vertices) == 0 {
		return siteRow{}, errs.New(errs.Fix, "site_shape", "点位 %s 没有位置", s.Code)
	}
	r := siteRow{site: s, from: s.From, recordedAt: at}
	if r.from.IsZero() {
		r.from = at
	}
	for i, res := range []int{5, 7, 9} {
		r.h3[i] = geo.CellAt(geo.FromPoint(vertices[0]), res)
	}
	if _, point := s.Geometry.(orb.Point); point {
		return r, nil
	}
	var err error
	r.cells, err = geo.CellsOfGeometry(s.Geometry, 7)
	r.cells = slices.DeleteFunc(r.cells, func(c int64) bool { return c == r.h3[1] })
	return r, err
}

func (r siteRow) values() []any {
	s := r.site
	return []any{s.ID, s.ProjectID, s.SectionID, s.Code, s.Name, string(s.Kind), s.Sleeps, s.AtRisk, s.RiskReason,
		nilTime(s.LowDangerUntil), string(s.Region), string(s.Datum), s.Geometry, r.h3[0], r.h3[1], r.h3[2],
		string(s.Signal), s.MusterPoint, s.Beds, r.from, r.recordedAt}
}

// cellRows are the rows of site_cell.
func (r siteRow) cellRows() [][]any {
	rows := make([][]any, len(r.cells))
	for i, c := range r.cells {
		rows[i] = []any{c, r.site.ID, r.h3[1]}
	}
	return rows
}

// nilTime is NULL for the zero time: open, or not known.
func nilTime(t time.Time) *time.Time {
	if t.IsZero() {
		return nil
	}
	return &t
}

// nilText is NULL for "".
func nilText(s string) *string {
	if s == "" {
		return nil
	}
	return &s
}
