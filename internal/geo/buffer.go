package geo

import (
	"math"

	"github.com/paulmach/orb"
	"github.com/paulmach/orb/simplify"

	"muster/internal/errs"
)

const (
	// MaxBufferM is the widest buffer along a line, in metres: no valley and no
	// road reaches further, a larger number is a unit mistake.
	MaxBufferM = 100_000

	// MaxBufferEdges bounds the pieces that have to be united.
	MaxBufferEdges = 4_000

	// bufferSides is the number of corners of the ends; the outline is drawn
	// around the true one, 0.12 % wider at most.
	bufferSides = 64

	// bufferStepM is how long an edge may be before it is cut: on longer ones a
	// straight line in longitude/latitude and its parallel part company.
	bufferStepM = 5_000.0
)

// Around is what lies within a distance in metres of a geometry, on the WGS 84
// ellipsoid, as pieces whose union it is: everything within the distance is in,
// nothing further out than 1 % of it. Edges are straight in longitude/latitude.
// errs.Fix for radii outside 1 m … 100 km and for positions outside China,
// errs.Limit for what has too many edges.
func Around(g orb.Geometry, metres float64) ([]orb.Polygon, error) {
	if !(metres >= minRadiusM && metres <= MaxBufferM) {
		return nil, errs.New(errs.Fix, "buffer_radius", "缓冲距离不正确：%g 米", metres).
			With(errs.Detail{Where: "radius_m", Text: "距离应为 1 米至 100 公里", Mend: "请核对距离的单位（米）"})
	}
	const tolerance = 1.0 / 200 // of the radius: what simplifying may cost, added again
	b := buffer{metres: metres * (1 + tolerance), tolerance: metres * tolerance / metresPerDegree}
	b.geometry(g)
	switch {
	case b.err != nil:
		return nil, b.err
	case b.edges > MaxBufferEdges:
		return nil, errs.New(errs.Limit, "buffer_too_long", "线太长或太细：最多 %d 段", MaxBufferEdges).
			With(errs.Detail{Where: "geometry", Text: "线太长或太细", Mend: "请分段画，或先简化"})
	case len(b.pieces) == 0:
		return nil, errs.New(errs.Fix, "buffer_empty", "没有可以扩展的点、线或面").
			With(errs.Detail{Where: "geometry", Text: "没有点、线或面", Mend: "请先画一条线或一个点"})
	}
	return b.pieces, nil
}

// metresPerDegree is no less than a degree is long anywhere.
const metresPerDegree = 111_700.0

// buffer gathers the pieces.
type buffer struct {
	metres    float64
	tolerance float64 // in degrees
	edges     int
	pieces    []orb.Polygon
	err       error
}

func (b *buffer) geometry(g orb.Geometry) {
	switch g := g.(type) {
	case orb.Point:
		b.edge(g, g)
	case orb.MultiPoint:
		for _, p := range g {
			b.edge(p, p)
		}
	case orb.LineString:
		b.line(g)
	case orb.MultiLineString:
		for _, l := range g {
			b.line(l)
		}
	case orb.Polygon:
		b.pieces = append(b.pieces, g)
		for _, ring := range g {
			b.line(orb.LineString(ring))
		}
	case orb.MultiPolygon:
		for _, p := range g {
			b.geometry(p)
		}
	}
}

func (b *buffer) line(l orb.LineString) {
	if len(l) > 2 {
		l = simplify.DouglasPeucker(b.tolerance).LineString(l.Clone())
	}
	for i := 1; i < len(l); i++ {
		b.edge(l[i-1], l[i])
	}
}

// edge adds what lies around one edge, in steps.
func (b *buffer) edge(from, to orb.Point) {
	for _, p := range []orb.Point{from, to} {
		if err := FromPoint(p).Valid(); err != nil {
			b.err = err
			return
		}
	}
	steps := max(1, int(math.Ceil(Distance(FromPoint(from), FromPoint(to))/max(bufferStepM, b.metres/10))))
	if b.edges += steps; b.edges > MaxBufferEdges {
		return
	}
	at := func(i int) LonLat {
		t := float64(i) / float64(steps)
		return LonLat{Lon: from[0] + t*(to[0]-from[0]), Lat: from[1] + t*(to[1]-from[1])}
	}
	for i := range steps {
		b.pieces = append(b.pieces, orb.Polygon{capsule(at(i), at(i+1), b.metres)})
	}
}

// capsule is drawn around the two half circles at the ends of an edge and the
// straight sides between them, counter-clockwise.
func capsule(from, to LonLat, metres float64) orb.Ring {
	reach := metres / math.Cos(math.Pi/bufferSides)
	ahead := bearing(from, to)
	ring := make(orb.Ring, 0, bufferSides+3)
	half := func(center LonLat, first float64) {
		for i := range bufferSides/2 + 1 {
			turn := first - 2*math.Pi*float64(i)/bufferSides
			ring = append(ring, destination(center, turn, reach).Point())
		}
	}
	half(to, ahead+math.Pi/2)
	half(from, ahead-math.Pi/2)
	return append(ring, ring[0])
}

// bearing is the direction from one position to a near one, in radians clockwise
// from north; north for the same position.
func bearing(from, to LonLat) float64 {
	lat := radians((from.Lat + to.Lat) / 2)
	e2 := flattening * (2 - flattening)
	sin, cos := math.Sincos(lat)
	// The radii of curvature of the parallel and of the meridian.
	east := (to.Lon - from.Lon) * cos
	north := (to.Lat - from.Lat) * (1 - e2) / (1 - e2*sin*sin)
	return math.Atan2(east, north)
}
