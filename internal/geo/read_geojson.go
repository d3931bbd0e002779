package geo

import (
	"encoding/json"
	"fmt"

	"github.com/paulmach/orb"
)

// jsonObject is any object of GeoJSON (RFC 7946 §3).
type jsonObject struct {
	Type        string            `json:"type"`
	Coordinates json.RawMessage   `json:"coordinates"`
	Geometry    json.RawMessage   `json:"geometry"`
	Geometries  []json.RawMessage `json:"geometries"`
	Features    []json.RawMessage `json:"features"`
	Properties  map[string]any    `json:"properties"`
	CRS         *struct {         // of GeoJSON 2008; Chinese programs still write it
		Properties struct {
			Name string `json:"name"`
		} `json:"properties"`
	} `json:"crs"`
}

// geoJSON reads one object, or an array of them.
func (r *reader) geoJSON(text []byte) {
	var list []json.RawMessage
	if json.Unmarshal(text, &list) != nil {
		list = []json.RawMessage{text}
	}
	for i, raw := range list {
		where := ""
		if len(list) > 1 {
			where = fmt.Sprintf("[%d].", i)
		}
		r.jsonObject(raw, "", where, 0)
	}
}

func (r *reader) jsonObject(raw []byte, name, where string, depth int) {
	var o jsonObject
	if err := json.Unmarshal(raw, &o); err != nil {
		r.note(where, "不是完整的 GeoJSON", "请检查内容是否复制完整")
		return
	}
	if depth > maxNesting || r.full {
		return
	}
	if o.CRS != nil {
		r.reference(where+"crs", o.CRS.Properties.Name)
	}
	for _, key := range []string{"name", "名称", "NAME", "Name", "title"} {
		if text, is := o.Properties[key].(string); is && text != "" {
			name = text
			break
		}
	}
	switch o.Type {
	case "Feature":
		if len(o.Geometry) > 0 && string(o.Geometry) != "null" {
			r.jsonObject(o.Geometry, name, where+"geometry.", depth+1)
		}
	case "FeatureCollection":
		r.jsonList(o.Features, name, where+"features", depth)
	case "GeometryCollection":
		r.jsonList(o.Geometries, name, where+"geometries", depth)
	default:
		r.jsonShape(o, name, where)
	}
}

func (r *reader) jsonList(list []json.RawMessage, name, where string, depth int) {
	for i, raw := range list {
		r.jsonObject(raw, name, fmt.Sprintf("%s[%d].", where, i), depth+1)
	}
}

func (r *reader) jsonShape(o jsonObject, name, where string) {
	at := where + "coordinates"
	switch o.Type {
	case "Point":
		if p, ok := decoded[[]float64](r, o.Coordinates, at); ok {
			r.jsonPoints(name, at, [][]float64{p})
		}
	case "MultiPoint":
		if ps, ok := decoded[[][]float64](r, o.Coordinates, at); ok {
			r.jsonPoints(name, at, ps)
		}
	case "LineString":
		if ps, ok := decoded[[][]float64](r, o.Coordinates, at); ok {
			r.line(name, at, r.pairs(ps, at))
		}
	case "MultiLineString":
		lines, _ := decoded[[][][]float64](r, o.Coordinates, at)
		for _, ps := range lines {
			r.line(name, at, r.pairs(ps, at))
		}
	case "Polygon":
		if rings, ok := decoded[[][][]float64](r, o.Coordinates, at); ok {
			r.area(name, at, r.rings(rings, at))
		}
	case "MultiPolygon":
		polygons, _ := decoded[[][][][]float64](r, o.Coordinates, at)
		var parts [][][]orb.Point
		for _, rings := range polygons {
			parts = append(parts, r.rings(rings, at))
		}
		r.area(name, at, parts...)
	default:
		r.note(where+"type", fmt.Sprintf("%q 不是 GeoJSON 的图形", shortName(o.Type)), "请给出 Polygon、LineString 或 Point")
	}
}

func decoded[T any](r *reader, raw json.RawMessage, where string) (T, bool) {
	var v T
	if err := json.Unmarshal(raw, &v); err != nil {
		r.note(where, "坐标不是数字的数组", "请按 RFC 7946 书写")
		return v, false
	}
	return v, true
}

func (r *reader) jsonPoints(name, where string, ps [][]float64) {
	for _, p := range r.pairs(ps, where) {
		r.point(name, where, p)
	}
}

func (r *reader) rings(list [][][]float64, where string) [][]orb.Point {
	rings := make([][]orb.Point, len(list))
	for i, ps := range list {
		rings[i] = r.pairs(ps, fmt.Sprintf("%s[%d]", where, i))
	}
	return rings
}

// pairs keeps two numbers of each position; heights are dropped.
func (r *reader) pairs(ps [][]float64, where string) []orb.Point {
	all := make([]orb.Point, 0, len(ps))
	for i, p := range ps {
		if len(p) < 2 {
			r.note(fmt.Sprintf("%s[%d]", where, i), "不是一对经纬度，已略去", "请写成 [经度, 纬度]")
			continue
		}
		all = append(all, orb.Point{p[0], p[1]})
	}
	return all
}
