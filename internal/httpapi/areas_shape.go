package httpapi

import (
	"context"
	"encoding/json"
	"time"

	"github.com/paulmach/orb"
	"github.com/paulmach/orb/geojson"

	"muster/internal/errs"
	"muster/internal/geo"
	"muster/internal/postgres"
)

// shapeTime is how long an operation on shapes may take: long enough for the
// largest that are taken, too short to tie a connection up.
const shapeTime = 10 * time.Second

// shapeView is the shape that comes out; nothing left is null.
type shapeView struct {
	Geometry *geojson.Geometry `json:"geometry"`
	KM2      float64           `json:"km2"`
	Vertices int               `json:"vertices"`
	Repaired bool              `json:"repaired" doc:"放进来的图形自相交，先修复再计算；须请人看过"`
}

func viewShape(area orb.MultiPolygon, repaired bool) shapeView {
	v := shapeView{KM2: geo.SquareKm(area), Vertices: geo.Vertices(area), Repaired: repaired}
	if len(area) > 0 {
		v.Geometry = geojson.NewGeometry(simplest(area))
	}
	return v
}

type bufferRequest struct {
	Body struct {
		Geometry json.RawMessage `json:"geometry" doc:"Point、LineString、Polygon 或它们的 Multi"`
		RadiusM  float64         `json:"radius_m"`
		Datum    string          `json:"datum,omitempty" enum:"wgs84,cgcs2000,gcj02,bd09"`
	}
}

func (s *Server) bufferArea(ctx context.Context, _ call, in *bufferRequest) (*answer[shapeView], error) {
	ctx, cancel := context.WithTimeout(ctx, shapeTime)
	defer cancel()
	r, err := geo.Read(in.Body.Geometry, geo.ReadOptions{Format: geo.GeoJSON, Datum: geo.Datum(firstOf(in.Body.Datum, "wgs84"))})
	if err != nil {
		return nil, err
	}
	var pieces []orb.Polygon
	for _, g := range allOf(r) {
		around, err := geo.Around(g, in.Body.RadiusM)
		if err != nil {
			return nil, err
		}
		if pieces = append(pieces, around...); len(pieces) > geo.MaxBufferEdges {
			return nil, errs.New(errs.Limit, "buffer_too_long", "线太长或太细：最多 %d 段", geo.MaxBufferEdges)
		}
	}
	area, err := s.DB.UniteAreas(ctx, pieces)
	return reply(viewShape(area, false), slow(ctx, err))
}

func allOf(r geo.Reading) []orb.Geometry {
	var all []orb.Geometry
	for _, a := range r.Areas {
		all = append(all, a.Area)
	}
	for _, l := range r.Lines {
		all = append(all, l.Line)
	}
	for _, p := range r.Points {
		all = append(all, p.At.Point())
	}
	return all
}

// slow says that it took too long, whatever the database says about it.
func slow(ctx context.Context, err error) error {
	if err != nil && ctx.Err() != nil {
		return errs.New(errs.Limit, "shape_slow", "图形太复杂，%d 秒内算不完，请先简化", int(shapeTime.Seconds())).Because(err)
	}
	return err
}

type combineRequest struct {
	Body struct {
		Op string   `json:"op" enum:"union,subtract,intersect" doc:"合并、从 a 中减去 b、相交"`
		A  areaBody `json:"a"`
		B  areaBody `json:"b"`
	}
}

func (s *Server) combineAreas(ctx context.Context, _ call, in *combineRequest) (*answer[shapeView], error) {
	ctx, cancel := context.WithTimeout(ctx, shapeTime)
	defer cancel()
	var sides [2]orb.MultiPolygon
	repaired := false
	for i, b := range []areaBody{in.Body.A, in.Body.B} {
		mended, repair, err := s.drawn(ctx, b)
		if err != nil {
			return nil, slow(ctx, err)
		}
		sides[i], repaired = mended, repaired || repair != nil
	}
	area, err := s.DB.CombineAreas(ctx, in.Body.Op, sides[0], sides[1])
	return reply(viewShape(area, repaired), slow(ctx, err))
}

// drawn is a shape that somebody drew, mended. Regions have no shape that could
// be cut: their outlines may be sketches.
func (s *Server) drawn(ctx context.Context, b areaBody) (orb.MultiPolygon, *postgres.Repair, error) {
	shape, _, err := shapeOf(b)
	if err == nil && shape == nil {
		err = errs.New(errs.Fix, "area_missing", "要合并的区域必须是图形；行政区划不能裁剪").
			With(errs.Detail{Where: "geometry", Text: "没有图形", Mend: "请给出 geometry 或 circle"})
	}
	if err != nil {
		return nil, nil, err
	}
	return s.DB.RepairArea(ctx, shape)
}
