package postgres

import (
	"context"
	"database/sql/driver"
	"fmt"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgtype"
	"github.com/paulmach/orb"
	"github.com/twpayne/go-geom"
	"github.com/twpayne/go-geom/encoding/ewkb"
)

// srid is EPSG:4326, WGS 84 lon lat: the only reference system in storage. It is
// set here and nowhere else, because PostGIS takes a missing one silently.
const srid = 4326

// registerGeometry teaches a connection to send orb geometries and to read them
// back. The type's oid differs from database to database.
func registerGeometry(ctx context.Context, conn *pgx.Conn) error {
	var oid *uint32
	if err := conn.QueryRow(ctx, "SELECT to_regtype('geometry')::oid").Scan(&oid); err != nil {
		return err
	}
	if oid == nil { // before the first migration
		return nil
	}
	t := &pgtype.Type{Name: "geometry", OID: *oid, Codec: geometryCodec{}}
	conn.TypeMap().RegisterType(t)
	for _, v := range []orb.Geometry{orb.Point{}, orb.LineString{}, orb.Polygon{}, orb.MultiPolygon{}} {
		conn.TypeMap().RegisterDefaultPgType(v, "geometry")
	}
	return nil
}

// geometryCodec carries orb geometries as EWKB in the binary protocol.
type geometryCodec struct{}

func (geometryCodec) FormatSupported(format int16) bool { return format == pgtype.BinaryFormatCode }
func (geometryCodec) PreferredFormat() int16            { return pgtype.BinaryFormatCode }

func (geometryCodec) PlanEncode(_ *pgtype.Map, _ uint32, _ int16, value any) pgtype.EncodePlan {
	if _, ok := value.(orb.Geometry); ok {
		return encodeGeometry{}
	}
	return nil
}

func (geometryCodec) PlanScan(_ *pgtype.Map, _ uint32, _ int16, target any) pgtype.ScanPlan {
	switch target.(type) {
	case *orb.Geometry, *orb.MultiPolygon:
		return scanGeometry{}
	}
	return nil
}

func (geometryCodec) DecodeDatabaseSQLValue(_ *pgtype.Map, _ uint32, _ int16, src []byte) (driver.Value, error) {
	return src, nil
}

func (geometryCodec) DecodeValue(_ *pgtype.Map, _ uint32, _ int16, src []byte) (any, error) {
	var g orb.Geometry
	err := scanGeometry{}.Scan(src, &g)
	return g, err
}

type encodeGeometry struct{}

func (encodeGeometry) Encode(value any, buf []byte) ([]byte, error) {
	if mp, ok := value.(orb.MultiPolygon); ok && mp == nil {
		return nil, nil
	}
	g, err := toGeom(value.(orb.Geometry))
	if err != nil {
		return nil, err
	}
	b, err := ewkb.Marshal(g, ewkb.NDR)
	return append(buf, b...), err
}

type scanGeometry struct{}

func (scanGeometry) Scan(src []byte, dst any) error {
	var g orb.Geometry
	if src != nil {
		t, err := ewkb.Unmarshal(src)
		if err != nil {
			return err
		}
		if g, err = fromGeom(t); err != nil {
			return err
		}
	}
	switch d := dst.(type) {
	case *orb.Geometry:
		*d = g
	case *orb.MultiPolygon:
		mp, err := asMultiPolygon(g)
		if err != nil {
			return err
		}
		*d = mp
	}
	return nil
}

func asMultiPolygon(g orb.Geometry) (orb.MultiPolygon, error) {
	switch g := g.(type) {
	case nil:
		return nil, nil
	case orb.MultiPolygon:
		return g, nil
	case orb.Polygon:
		return orb.MultiPolygon{g}, nil
	}
	return nil, fmt.Errorf("a %s is not an area", g.GeoJSONType())
}

// toGeom keeps the two ordinates that storage has.
func toGeom(g orb.Geometry) (geom.T, error) {
	switch g := g.(type) {
	case orb.Point:
		return geom.NewPointFlat(geom.XY, []float64{g[0], g[1]}).SetSRID(srid), nil
	case orb.LineString:
		return geom.NewLineStringFlat(geom.XY, flat(nil, g)).SetSRID(srid), nil
	case orb.Polygon:
		coords, ends := flatPolygon(nil, nil, g)
		return geom.NewPolygonFlat(geom.XY, coords, ends).SetSRID(srid), nil
	case orb.MultiPolygon:
		var coords []float64
		ends := make([][]int, len(g))
		for i, p := range g {
			coords, ends[i] = flatPolygon(coords, nil, p)
		}
		return geom.NewMultiPolygonFlat(geom.XY, coords, ends).SetSRID(srid), nil
	}
	return nil, fmt.Errorf("no storage for a %s", g.GeoJSONType())
}

func flat(coords []float64, points []orb.Point) []float64 {
	for _, p := range points {
		coords = append(coords, p[0], p[1])
	}
	return coords
}

func flatPolygon(coords []float64, ends []int, p orb.Polygon) ([]float64, []int) {
	for _, ring := range p {
		coords = flat(coords, ring)
		ends = append(ends, len(coords))
	}
	return coords, ends
}

// fromGeom drops what orb does not know (heights and measures).
func fromGeom(t geom.T) (orb.Geometry, error) {
	switch g := t.(type) {
	case *geom.Point:
		return point(g.Coords()), nil
	case *geom.LineString:
		return orb.LineString(points(g.Coords())), nil
	case *geom.Polygon:
		return polygon(g.Coords()), nil
	case *geom.MultiPolygon:
		mp := make(orb.MultiPolygon, 0, g.NumPolygons())
		for _, p := range g.Coords() {
			mp = append(mp, polygon(p))
		}
		return mp, nil
	}
	return nil, fmt.Errorf("no geometry for a %T", t)
}

func point(c geom.Coord) orb.Point { return orb.Point{c[0], c[1]} }

func points(cs []geom.Coord) []orb.Point {
	ps := make([]orb.Point, len(cs))
	for i, c := range cs {
		ps[i] = point(c)
	}
	return ps
}

func polygon(rings [][]geom.Coord) orb.Polygon {
	p := make(orb.Polygon, len(rings))
	for i, r := range rings {
		p[i] = points(r)
	}
	return p
}
