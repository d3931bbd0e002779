package geo

import (
	"encoding/json"
	"fmt"
	"strconv"

	"github.com/paulmach/orb"

	"muster/internal/errs"
)

const (
	// MaxVertices is the largest area taken, over all its rings.
	MaxVertices = 100_000

	maxAreaBytes  = 16 << 20
	maxComplaints = 20
	maxNesting    = 8
)

// ParseArea reads an area from GeoJSON (RFC 7946): a Polygon or MultiPolygon, a
// Feature of one, or a FeatureCollection or GeometryCollection, whose polygons
// become parts of one area. Coordinates are WGS 84, longitude first; heights
// are dropped.
//
// What can't be an area is refused (errs.Fix, or errs.Limit above MaxVertices)
// with one detail for each ring or vertex at fault and how to mend it. Rings
// that cross or overlap are not looked for here: see [Defects].
func ParseArea(geojson []byte) (orb.MultiPolygon, error) {
	if len(geojson) > maxAreaBytes {
		return nil, errs.New(errs.Limit, "area_too_large", "范围文件超过 %d MB", maxAreaBytes>>20)
	}
	p := areaParser{}
	p.object(geojson, "", 0)
	if p.vertices > MaxVertices {
		return nil, errs.New(errs.Limit, "area_too_many_vertices", "范围有 %d 个顶点，最多 %d 个", p.vertices, MaxVertices).
			With(errs.Detail{Where: "coordinates", Text: "顶点太多", Mend: "请先简化边界"})
	}
	if len(p.area) == 0 && len(p.details) == 0 {
		p.complain("", "没有面", "请给出至少一个面（Polygon 或 MultiPolygon）")
	}
	if len(p.details) > 0 {
		return nil, errs.New(errs.Fix, "area_invalid", "范围不正确：%s", p.details[0].Text).With(p.details...)
	}
	return p.area, nil
}

// MarshalArea writes an area as a GeoJSON MultiPolygon, without losing a digit.
func MarshalArea(area orb.MultiPolygon) []byte {
	b := make([]byte, 0, 64+40*Vertices(area))
	b = append(b, `{"type":"MultiPolygon","coordinates":[`...)
	for i, polygon := range area {
		b = appendComma(b, i)
		b = append(b, '[')
		for j, ring := range polygon {
			b = appendComma(b, j)
			b = appendRing(b, ring)
		}
		b = append(b, ']')
	}
	return append(b, `]}`...)
}

func appendRing(b []byte, ring orb.Ring) []byte {
	b = append(b, '[')
	for i, p := range ring {
		b = appendComma(b, i)
		b = append(b, '[')
		b = strconv.AppendFloat(b, p[0], 'f', -1, 64)
		b = append(b, ',')
		b = strconv.AppendFloat(b, p[1], 'f', -1, 64)
		b = append(b, ']')
	}
	return append(b, ']')
}

func appendComma(b []byte, i int) []byte {
	if i == 0 {
		return b
	}
	return append(b, ',')
}

// areaParser gathers the polygons of a document and what is wrong with them.
type areaParser struct {
	area     orb.MultiPolygon
	vertices int
	details  []errs.Detail
}

func (p *areaParser) complain(where, text, mend string) {
	if len(p.details) < maxComplaints {
		p.details = append(p.details, errs.Detail{Where: where, Text: text, Mend: mend})
	}
}

// object reads any GeoJSON object at the JSON path where.
func (p *areaParser) object(raw []byte, where string, depth int) {
	var o struct {
		Type        string            `json:"type"`
		Coordinates json.RawMessage   `json:"coordinates"`
		Geometry    json.RawMessage   `json:"geometry"`
		Geometries  []json.RawMessage `json:"geometries"`
		Features    []json.RawMessage `json:"features"`
	}
	if err := json.Unmarshal(raw, &o); err != nil {
		p.complain(where, "不是 GeoJSON："+err.Error(), "请检查文件是否完整")
		return
	}
	if depth > maxNesting {
		p.complain(where, "嵌套太深", "请直接给出面")
		return
	}
	switch o.Type {
	case "Polygon":
		p.polygon(o.Coordinates, where+"coordinates")
	case "MultiPolygon":
		p.multiPolygon(o.Coordinates, where+"coordinates")
	case "Feature":
		p.object(o.Geometry, where+"geometry.", depth+1)
	case "FeatureCollection":
		p.each(o.Features, where+"features", depth)
	case "GeometryCollection":
		p.each(o.Geometries, where+"geometries", depth)
	default:
		p.complain(where+"type", fmt.Sprintf("%q 不是面", o.Type), "请给出 Polygon 或 MultiPolygon")
	}
}

func (p *areaParser) each(list []json.RawMessage, where string, depth int) {
	for i, raw := range list {
		p.object(raw, fmt.Sprintf("%s[%d].", where, i), depth+1)
	}
}

func (p *areaParser) multiPolygon(raw json.RawMessage, where string) {
	var parts []json.RawMessage
	if err := json.Unmarshal(raw, &parts); err != nil {
		p.complain(where, "坐标不是数组", "请按 RFC 7946 写 MultiPolygon 的坐标")
		return
	}
	for i, part := range parts {
		p.polygon(part, fmt.Sprintf("%s[%d]", where, i))
	}
}

func (p *areaParser) polygon(raw json.RawMessage, where string) {
	var rings [][][]float64
	if err := json.Unmarshal(raw, &rings); err != nil {
		p.complain(where, "坐标不是数字的数组", "请按 RFC 7946 写 Polygon 的坐标")
		return
	}
	if len(rings) == 0 {
		p.complain(where, "面是空的", "请给出外环")
		return
	}
	polygon := make(orb.Polygon, 0, len(rings))
	for i, ring := range rings {
		p.vertices += len(ring)
		polygon = append(polygon, p.ring(ring, i, fmt.Sprintf("%s[%d]", where, i)))
	}
	p.area = append(p.area, polygon)
}

func (p *areaParser) ring(positions [][]float64, number int, where string) orb.Ring {
	ring := make(orb.Ring, 0, len(positions))
	for i, at := range positions {
		vertex := func() string { return fmt.Sprintf("%s[%d]", where, i) }
		if len(at) < 2 {
			p.complain(vertex(), fmt.Sprintf("第 %d 环第 %d 个顶点不是一对经纬度", number+1, i+1), "请写成 [经度, 纬度]")
			continue
		}
		if text, mend := (LonLat{Lon: at[0], Lat: at[1]}).complaint(); text != "" {
			p.complain(vertex(), fmt.Sprintf("第 %d 环第 %d 个顶点：%s", number+1, i+1, text), mend)
		}
		ring = append(ring, orb.Point{at[0], at[1]})
	}
	switch {
	case len(positions) < 4:
		p.complain(where, fmt.Sprintf("第 %d 环只有 %d 个顶点", number+1, len(positions)), "一个环至少要 4 个顶点，首尾相同")
	case len(ring) == len(positions) && !ring.Closed():
		p.complain(where, fmt.Sprintf("第 %d 环没有闭合", number+1), "最后一个顶点应与第一个相同")
	}
	return ring
}
