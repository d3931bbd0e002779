package roster

import (
	"bytes"
	"encoding/json"
	"fmt"
	"strings"

	"github.com/paulmach/orb"

	"muster/internal/errs"
	"muster/internal/geo"
)

// feature is a GeoJSON feature, its coordinates not yet read.
type feature struct {
	Geometry *struct {
		Type        string          `json:"type"`
		Coordinates json.RawMessage `json:"coordinates"`
	} `json:"geometry"`
	Properties map[string]any `json:"properties"`
}

// geojson reads sites from a FeatureCollection (RFC 7946). Properties go by the
// same headings as columns of a table.
func (in *reader) geojson(raw []byte) error {
	var doc struct {
		Type     string    `json:"type"`
		Features []feature `json:"features"`
	}
	d := json.NewDecoder(bytes.NewReader(bytes.TrimPrefix(raw, []byte("\xef\xbb\xbf"))))
	d.UseNumber()
	if err := d.Decode(&doc); err != nil || doc.Type != "FeatureCollection" {
		return errs.New(errs.Fix, "import_geojson", "不是 GeoJSON 的 FeatureCollection").Because(err)
	}
	if len(doc.Features) > MaxRows {
		return errs.New(errs.Limit, "import_rows", "文件超过 %d 个要素，请分成几个", MaxRows)
	}
	unknown := map[string]bool{}
	for i, f := range doc.Features {
		in.Rows++
		in.feature(i+1, f, unknown)
	}
	return nil
}

func (in *reader) feature(number int, f feature, unknown map[string]bool) {
	r := &row{in: in, line: number, cells: map[field]string{}, titles: map[field]string{}}
	for name, v := range f.Properties {
		if to, known := in.layout.fieldOf(name, nil); known {
			r.cells[to], r.titles[to] = propertyText(v), name
		} else if !unknown[name] {
			unknown[name] = true
			in.list(number, "没有用到的属性："+name)
		}
	}
	if f.Geometry == nil {
		r.problem("geometry", "没有位置", "请给出 Point、LineString 或 Polygon")
		return
	}
	g, text, mend := readGeometry(f.Geometry.Type, f.Geometry.Coordinates)
	if text != "" {
		r.cells["geometry"] = f.Geometry.Type
		r.problem("geometry", text, mend)
		return
	}
	r.geometry = g
	in.layout.read(in, r)
}

func propertyText(v any) string {
	switch v := v.(type) {
	case nil:
		return ""
	case string:
		return strings.TrimSpace(v)
	case bool:
		return map[bool]string{true: "是", false: "否"}[v]
	default:
		return fmt.Sprint(v)
	}
}

// readGeometry reads one of the three shapes a site can have, in the datum
// received, or says what is wrong with it.
func readGeometry(kind string, raw json.RawMessage) (g orb.Geometry, text, mend string) {
	switch kind {
	case "Point":
		var at []float64
		if json.Unmarshal(raw, &at) != nil || len(at) < 2 {
			return nil, "坐标不是一对数", "请写成 [经度, 纬度]"
		}
		return orb.Point{at[0], at[1]}, "", ""
	case "LineString":
		var at [][]float64
		if json.Unmarshal(raw, &at) != nil {
			return nil, "坐标不是成对的数", "请写成 [[经度, 纬度], …]"
		}
		return readLine(at)
	case "Polygon":
		return readPolygon(raw)
	}
	return nil, "不是点、线或面", "点位只能是 Point、LineString 或 Polygon，请把多部分图形拆开"
}

func readLine(at [][]float64) (orb.Geometry, string, string) {
	line := make(orb.LineString, 0, len(at))
	for _, p := range at {
		if len(p) < 2 {
			return nil, "坐标不是成对的数", "请写成 [[经度, 纬度], …]"
		}
		line = append(line, orb.Point{p[0], p[1]})
	}
	if len(line) < 2 || line.Bound().Min == line.Bound().Max {
		return nil, "线至少要有两个不同的点", "只有一个位置时请用 Point"
	}
	return line, "", ""
}

func readPolygon(raw json.RawMessage) (orb.Geometry, string, string) {
	var rings [][][]float64
	if json.Unmarshal(raw, &rings) != nil || len(rings) == 0 {
		return nil, "坐标不是环的数组", "请按 RFC 7946 写 Polygon 的坐标"
	}
	polygon := make(orb.Polygon, 0, len(rings))
	for _, at := range rings {
		line, text, mend := readLine(at)
		if text != "" {
			return nil, text, mend
		}
		ring := orb.Ring(line.(orb.LineString))
		if len(ring) < 4 || !ring.Closed() {
			return nil, "面的边界没有闭合", "一个环至少要 4 个顶点，首尾相同"
		}
		polygon = append(polygon, ring)
	}
	if defects := geo.Defects(orb.MultiPolygon{polygon}); len(defects) > 0 {
		return nil, fmt.Sprintf("面不正确：%s（%s）", defects[0].Text, defects[0].At), "请在绘图软件里修正边界"
	}
	return polygon, "", ""
}
