package httpapi

import (
	"context"
	"net/http"

	"github.com/paulmach/orb"
	"github.com/paulmach/orb/geojson"

	"muster/internal/account"
	"muster/internal/errs"
	"muster/internal/geo"
)

func (s *Server) areaRoutes() {
	allow(s, operation{id: "readAreas", method: http.MethodPost, path: "/areas/read", summary: "读出粘贴或拖入的图形：GeoJSON、KML、KMZ、WKT、GML、坐标",
		maxBody: 16 << 20}, account.DraftWarning, s.readAreas)
	allow(s, operation{id: "bufferArea", method: http.MethodPost, path: "/areas/buffer", summary: "点、线、面周围一定距离以内"}, account.DraftWarning, s.bufferArea)
	allow(s, operation{id: "combineAreas", method: http.MethodPost, path: "/areas/combine", summary: "合并、减去、相交"}, account.DraftWarning, s.combineAreas)
}

type readAreasRequest struct {
	Body struct {
		Text   string `json:"text,omitempty" maxLength:"8388608"`
		File   []byte `json:"file,omitempty" doc:"文件内容（base64）；与 text 二选一"`
		Format string `json:"format,omitempty" enum:"auto,geojson,kml,kmz,wkt,gml,coords"`
		Datum  string `json:"datum,omitempty" enum:"wgs84,cgcs2000,gcj02,bd09" doc:"不填时看内容里怎么写；datum_needed 为真时须请人选定"`
		As     string `json:"as,omitempty" enum:"auto,area,line,point" doc:"一串坐标代表什么；不填：三个以上为面，两个为线"`
	}
}

type readingView struct {
	Format      string      `json:"format"`
	Datum       string      `json:"datum"`
	DatumNeeded bool        `json:"datum_needed" doc:"内容没有说明坐标系：先按 WGS 84 读出，请人选定后再读一次"`
	Swapped     bool        `json:"swapped" doc:"纬度写在了前面，已调换"`
	Areas       []readArea  `json:"areas"`
	Lines       []readLine  `json:"lines"`
	Points      []readPoint `json:"points"`
	Notes       []noteView  `json:"notes"`
}

type readArea struct {
	Name         string            `json:"name"`
	Geometry     *geojson.Geometry `json:"geometry"`
	KM2          float64           `json:"km2"`
	Repaired     bool              `json:"repaired" doc:"边界自相交或重叠，已修复；须请人看过"`
	DifferenceKM float64           `json:"difference_km2" doc:"修复后减修复前"`
	Defects      []defectView      `json:"defects"`
}

type readLine struct {
	Name     string            `json:"name"`
	Geometry *geojson.Geometry `json:"geometry"`
	LengthM  float64           `json:"length_m"`
}

type readPoint struct {
	Name     string            `json:"name"`
	Geometry *geojson.Geometry `json:"geometry"`
}

type noteView struct {
	Where string `json:"where"`
	Text  string `json:"text"`
	Mend  string `json:"mend"`
}

func (s *Server) readAreas(ctx context.Context, _ call, in *readAreasRequest) (*answer[readingView], error) {
	data := in.Body.File
	if len(data) == 0 {
		data = []byte(in.Body.Text)
	}
	r, err := geo.Read(data, geo.ReadOptions{Format: geo.Format(in.Body.Format), Datum: geo.Datum(in.Body.Datum), As: geo.ShapeKind(in.Body.As)})
	if err != nil {
		return nil, err
	}
	v := readingView{Format: string(r.Format), Datum: string(r.Datum), DatumNeeded: r.DatumNeeded, Swapped: r.Swapped,
		Areas: []readArea{}, Lines: []readLine{}, Points: []readPoint{}, Notes: []noteView{}}
	for _, a := range r.Areas {
		area, note, err := s.readArea(ctx, a)
		if err != nil {
			return nil, err
		}
		if note != nil {
			r.Notes = append(r.Notes, *note)
			continue
		}
		v.Areas = append(v.Areas, area)
	}
	for _, l := range r.Lines {
		v.Lines = append(v.Lines, readLine{l.Name, geojson.NewGeometry(l.Line), lengthOf(l.Line)})
	}
	for _, p := range r.Points {
		v.Points = append(v.Points, readPoint{p.Name, geojson.NewGeometry(p.At.Point())})
	}
	for _, n := range r.Notes {
		v.Notes = append(v.Notes, noteView(n))
	}
	return reply(v, nil)
}

// readArea mends what crosses itself; what then has no surface is noted.
func (s *Server) readArea(ctx context.Context, a geo.NamedArea) (readArea, *errs.Detail, error) {
	v := readArea{Name: a.Name, Defects: []defectView{}}
	area := a.Area
	if defects := geo.Defects(area); len(defects) > 0 {
		mended, repair, err := s.DB.RepairArea(ctx, area)
		if errs.Is(err, errs.Fix) {
			return v, &errs.Detail{Where: a.Name, Text: "有一个面没有面积，已略去", Mend: "请重新绘制"}, nil
		}
		if err != nil {
			return v, nil, err
		}
		if area = mended; repair != nil {
			v.Repaired, v.DifferenceKM = true, repair.NowKM2-repair.WasKM2
		}
		for _, d := range defects {
			v.Defects = append(v.Defects, defectView{d.Text, d.At.Lon, d.At.Lat})
		}
	}
	v.Geometry, v.KM2 = geojson.NewGeometry(simplest(area)), geo.SquareKm(area)
	return v, nil, nil
}

// simplest is a Polygon where there is only one.
func simplest(area orb.MultiPolygon) orb.Geometry {
	if len(area) == 1 {
		return area[0]
	}
	return area
}

func lengthOf(line orb.LineString) float64 {
	sum := 0.0
	for i := 1; i < len(line); i++ {
		sum += geo.Distance(geo.FromPoint(line[i-1]), geo.FromPoint(line[i]))
	}
	return sum
}
