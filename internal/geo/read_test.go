package geo

import (
	"archive/zip"
	"bytes"
	"errors"
	"fmt"
	"math"
	"strings"
	"testing"
	"time"

	"github.com/paulmach/orb"
	"pgregory.net/rapid"

	"muster/internal/errs"
)

// triangle is what most of the texts below mean.
var triangle = orb.Ring{{102.25, 29.2}, {102.5, 29.25}, {102.3, 29.5}, {102.25, 29.2}}

func near(a, b orb.Point) bool { return math.Abs(a[0]-b[0]) < 1e-9 && math.Abs(a[1]-b[1]) < 1e-9 }

func sameRing(a, b orb.Ring) bool {
	if len(a) != len(b) {
		return false
	}
	for i := range a {
		if !near(a[i], b[i]) {
			return false
		}
	}
	return true
}

const kmlHead = `<?xml version="1.0" encoding="UTF-8"?><kml xmlns="http://www.opengis.net/kml/2.2"><Document><Placemark><name>沟口</name>`

func TestTheFormsPeoplePaste(t *testing.T) {
	for name, text := range map[string]string{
		"by line":               "102.25,29.2\n102.5,29.25\n102.3,29.5",
		"by line, closed":       "102.25 29.2\n102.5 29.25\n102.3 29.5\n102.25 29.2\n",
		"latitude first":        "29.2,102.25\n29.25,102.5\n29.5,102.3",
		"by semicolon":          "102.25,29.2;102.5,29.25;102.3,29.5;",
		"full-width":            "１０２．２５，２９．２；１０２．５，２９．２５；１０２．３，２９．５。",
		"in brackets":           "(102.25, 29.2), (102.5, 29.25), (102.3, 29.5)",
		"an array":              "[[102.25,29.2],[102.5,29.25],[102.3,29.5]]",
		"KML's, with heights":   "102.25,29.2,1500 102.5,29.25,1501.5 102.3,29.5,0",
		"CAP's":                 "29.2,102.25 29.25,102.5 29.5,102.3 29.2,102.25",
		"all in one row":        "102.25, 29.2, 102.5, 29.25, 102.3, 29.5",
		"a table":               "序号\t经度\t纬度\n1\t102.25\t29.2\n2\t102.5\t29.25\n3\t102.3\t29.5",
		"a table, height last":  "点号,X,Y,高程\n102.25,29.2,1500\n102.5,29.25,1501\n102.3,29.5,1502",
		"numbered from 28":      "28 102.25 29.2\n29 102.5 29.25\n30 102.3 29.5",
		"points with names":     "P1: 102.25,29.2\nP2: 102.5,29.25\nP3: 102.3,29.5",
		"points in words":       "点1（102.25，29.2）、点2（102.5，29.25）、点3（102.3，29.5）",
		"in words":              "东经102.25°，北纬29.2°\n东经102.5°，北纬29.25°\n东经102.3°，北纬29.5°",
		"in words, north first": "北纬29.2度、东经102.25度；北纬29.25度、东经102.5度；北纬29.5度、东经102.3度",
		"with labels":           "经度：102.25 纬度：29.2\n经度：102.5 纬度：29.25\n经度：102.3 纬度：29.5",
		"with lat and lng":      "lat=29.2, lng=102.25\nlat=29.25, lng=102.5\nlat=29.5, lng=102.3",
		"minutes and seconds":   "102°15′0″ 29°12′0″\n102°30′00″ 29°15′00″\n102°18′ 29°30′",
		"E and N before":        "E102°15′00″ N29°12′00″, E102°30′00″ N29°15′00″, E102°18′00″ N29°30′00″",
		"E and N behind":        `29°12'0"N 102°15'0"E; 29°15'0"N 102°30'0"E; 29°30'0"N 102°18'0"E`,
		"度分秒":                   "东经102度15分0秒，北纬29度12分0秒\n东经102度30分，北纬29度15分\n东经102度18分，北纬29度30分",
		"seconds by blanks":     "102 15 0 29 12 0\n102 30 0 29 15 0\n102 18 0 29 30 0",
		"seconds by colons":     "102:15:00 29:12:00\n102:30:00 29:15:00\n102:18:00 29:30:00",
		"seconds by hyphens":    "102-15-00,29-12-00\n102-30-00,29-15-00\n102-18-00,29-30-00",
		"each on its own line":  "102.25\n29.2\n102.5\n29.25\n102.3\n29.5",
		"blank lines between":   "102.25,29.2\n\n102.5,29.25\n\n102.3,29.5",
		"in a sentence":         "请圈出以下范围：102.25,29.2；102.5,29.25；102.3,29.5，谢谢",
		"GeoJSON":               `{"type":"Polygon","coordinates":[[[102.25,29.2],[102.5,29.25],[102.3,29.5],[102.25,29.2]]]}`,
		"GeoJSON, open":         `{"type":"Feature","properties":{},"geometry":{"type":"Polygon","coordinates":[[[102.25,29.2,9],[102.5,29.25],[102.3,29.5]]]}}`,
		"a list of GeoJSON":     `[{"type":"Polygon","coordinates":[[[102.25,29.2],[102.5,29.25],[102.3,29.5],[102.25,29.2]]]}]`,
		"WKT":                   "POLYGON((102.25 29.2, 102.5 29.25, 102.3 29.5, 102.25 29.2))",
		"EWKT with heights":     "srid=4326;MultiPolygon Z (((102.25 29.2 0, 102.5 29.25 1, 102.3 29.5 2, 102.25 29.2 0)))",
		"a collection":          "GEOMETRYCOLLECTION(POLYGON((102.25 29.2,102.5 29.25,102.3 29.5,102.25 29.2)))",
		"KML":                   kmlHead + `<Polygon><outerBoundaryIs><LinearRing><coordinates>102.25,29.2,0 102.5,29.25,0 102.3,29.5,0 102.25,29.2,0</coordinates></LinearRing></outerBoundaryIs></Polygon></Placemark></Document></kml>`,
		"GML":                   `<gml:Polygon xmlns:gml="http://www.opengis.net/gml/3.2" srsName="urn:ogc:def:crs:EPSG::4490"><gml:exterior><gml:LinearRing><gml:posList>29.2 102.25 29.25 102.5 29.5 102.3 29.2 102.25</gml:posList></gml:LinearRing></gml:exterior></gml:Polygon>`,
		"GML 2":                 `<f xmlns:gml="http://www.opengis.net/gml"><gml:Polygon><gml:outerBoundaryIs><gml:LinearRing><gml:coordinates>102.25,29.2 102.5,29.25 102.3,29.5 102.25,29.2</gml:coordinates></gml:LinearRing></gml:outerBoundaryIs></gml:Polygon></f>`,
		"GML with heights":      `<gml:Surface xmlns:gml="http://www.opengis.net/gml/3.2" srsName="EPSG:4326" srsDimension="3"><gml:patches><gml:PolygonPatch srsDimension="3"><gml:exterior><gml:LinearRing><gml:posList>102.25 29.2 1 102.5 29.25 1 102.3 29.5 1 102.25 29.2 1</gml:posList></gml:LinearRing></gml:exterior></gml:PolygonPatch></gml:patches></gml:Surface>`,
	} {
		t.Run(name, func(t *testing.T) {
			got, err := Read([]byte(text), ReadOptions{})
			if err != nil {
				t.Fatal(err)
			}
			if len(got.Areas) != 1 || len(got.Areas[0].Area) != 1 || !sameRing(got.Areas[0].Area[0][0], triangle) {
				t.Errorf("read as %s: %v %v %v, notes %v", got.Format, got.Areas, got.Lines, got.Points, got.Notes)
			}
		})
	}
}

// Whoever does not say the datum is asked for it: it is hundreds of metres.
func TestTheDatumIsAskedForOrSaid(t *testing.T) {
	list := "102.25,29.2\n102.5,29.25\n102.3,29.5"
	for name, c := range map[string]struct {
		text   string
		chosen Datum
		want   Datum
		needed bool
	}{
		"bare numbers":        {list, "", WGS84Datum, true},
		"chosen":              {list, GCJ02Datum, GCJ02Datum, false},
		"said in the text":    {"高德坐标：\n" + list, "", GCJ02Datum, false},
		"said and chosen":     {"百度坐标\n" + list, WGS84Datum, WGS84Datum, false},
		"two are named":       {"高德转百度\n" + list, "", WGS84Datum, true},
		"national 2000":       {"国家2000坐标系\n" + list, "", CGCS2000Datum, false},
		"WKT":                 {"POINT(102.25 29.2)", "", WGS84Datum, true},
		"EWKT":                {"SRID=4490;POINT(102.25 29.2)", "", CGCS2000Datum, false},
		"GeoJSON":             {`{"type":"Point","coordinates":[102.25,29.2]}`, "", WGS84Datum, true},
		"GeoJSON with a crs":  {`{"type":"Point","coordinates":[102.25,29.2],"crs":{"type":"name","properties":{"name":"urn:ogc:def:crs:EPSG::4490"}}}`, "", CGCS2000Datum, false},
		"GeoJSON with CRS 84": {`{"type":"Point","coordinates":[102.25,29.2],"crs":{"type":"name","properties":{"name":"urn:ogc:def:crs:OGC:1.3:CRS84"}}}`, "", WGS84Datum, false},
		"KML":                 {kmlHead + `<Point><coordinates>102.25,29.2</coordinates></Point></Placemark></Document></kml>`, "", WGS84Datum, false},
	} {
		t.Run(name, func(t *testing.T) {
			got, err := Read([]byte(c.text), ReadOptions{Datum: c.chosen})
			if err != nil || got.Datum != c.want || got.DatumNeeded != c.needed {
				t.Fatalf("%s needed %v, %v", got.Datum, got.DatumNeeded, err)
			}
			first := LonLat{102.25, 29.2}
			if c.want == GCJ02Datum {
				first = GCJ02{102.25, 29.2}.WGS84()
			}
			at := got.Points
			if len(got.Areas) > 0 {
				at = []NamedPoint{{At: FromPoint(got.Areas[0].Area[0][0][0])}}
			}
			if len(at) != 1 || !near(at[0].At.Point(), first.Point()) {
				t.Errorf("%v, want %v", at, first)
			}
		})
	}
}

func TestSwappedAxesAreTurnedAndSaid(t *testing.T) {
	for name, c := range map[string]struct {
		text    string
		swapped bool
	}{
		"unsaid":             {"29.2,102.25\n29.25,102.5\n29.5,102.3", true},
		"said in words":      {"北纬29.2 东经102.25\n北纬29.25 东经102.5\n北纬29.5 东经102.3", false},
		"said wrongly":       {"东经29.2 北纬102.25\n东经29.25 北纬102.5\n东经29.5 北纬102.3", true},
		"GeoJSON":            {`{"type":"Point","coordinates":[29.2,102.25]}`, true},
		"as it should be":    {"102.25,29.2", false},
		"by GML's own order": {`<gml:Point xmlns:gml="http://www.opengis.net/gml" srsName="urn:ogc:def:crs:EPSG::4326"><gml:pos>29.2 102.25</gml:pos></gml:Point>`, false},
	} {
		got, err := Read([]byte(c.text), ReadOptions{})
		if err != nil || got.Swapped != c.swapped || c.swapped != strings.Contains(fmt.Sprint(got.Notes), "调换") {
			t.Errorf("%s: swapped %v, notes %v, %v", name, got.Swapped, got.Notes, err)
		}
	}
}

func TestWhatTheShapesAre(t *testing.T) {
	for name, c := range map[string]struct {
		text                 string
		as                   ShapeKind
		areas, lines, points int
	}{
		"two positions":        {"102.25,29.2\n102.5,29.25", "", 0, 1, 0},
		"one position":         {"102.25,29.2", "", 0, 0, 1},
		"three for a line":     {"102.25,29.2\n102.5,29.25\n102.3,29.5", LineShape, 0, 1, 0},
		"three for points":     {"102.25,29.2\n102.5,29.25\n102.3,29.5", PointShape, 0, 0, 3},
		"two areas with names": {"甲片\n102.25,29.2\n102.5,29.25\n102.3,29.5\n乙片\n103.25,29.2\n103.5,29.25\n103.3,29.5", "", 2, 0, 0},
		"two areas apart":      {"102.25,29.2\n102.5,29.25\n102.3,29.5\n\n103.25,29.2\n103.5,29.25\n103.3,29.5", "", 2, 0, 0},
		"a line of WKT":        {"LINESTRING(102.25 29.2, 102.5 29.25)", "", 0, 1, 0},
		"several of WKT":       {"POINT(102 29);MULTIPOINT((102 29),(103 29))\nMULTILINESTRING((102 29,103 29),(102 30,103 30))", "", 0, 2, 3},
		"an empty one between": {"POLYGON EMPTY\nPOINT Z EMPTY\nPOINT(102 29)", "", 0, 0, 1},
		"mixed GeoJSON": {`{"type":"FeatureCollection","features":[{"type":"Feature","properties":{"name":"沟"},"geometry":{"type":"LineString","coordinates":[[102,29],[103,29]]}},
			{"type":"Feature","geometry":null},{"type":"Feature","geometry":{"type":"MultiPoint","coordinates":[[102,29],[103,29]]}}]}`, "", 0, 1, 2},
	} {
		got, err := Read([]byte(c.text), ReadOptions{As: c.as})
		if err != nil || len(got.Areas) != c.areas || len(got.Lines) != c.lines || len(got.Points) != c.points {
			t.Errorf("%s: %d areas, %d lines, %d points; %v %v", name, len(got.Areas), len(got.Lines), len(got.Points), got.Notes, err)
		}
	}
	got, _ := Read([]byte("甲片：\n102.25,29.2\n102.5,29.25\n102.3,29.5"), ReadOptions{})
	if len(got.Areas) != 1 || got.Areas[0].Name != "甲片" {
		t.Errorf("the name is lost: %+v", got.Areas)
	}
}

func TestHolesAndParts(t *testing.T) {
	hole := `<innerBoundaryIs><LinearRing><coordinates>102.3,29.25 102.32,29.25 102.32,29.27 102.3,29.25</coordinates></LinearRing></innerBoundaryIs>`
	outer := `<outerBoundaryIs><LinearRing><coordinates>102.25,29.2 102.5,29.25 102.3,29.5 102.25,29.2</coordinates></LinearRing></outerBoundaryIs>`
	kml := kmlHead + `<MultiGeometry><Polygon>` + hole + outer + `</Polygon></MultiGeometry></Placemark></Document></kml>`
	got, err := Read([]byte(kml), ReadOptions{})
	if err != nil || len(got.Areas) != 1 || len(got.Areas[0].Area[0]) != 2 || !sameRing(got.Areas[0].Area[0][0], triangle) || got.Areas[0].Name != "沟口" {
		t.Errorf("%+v %v", got, err)
	}
}

// An open ring is closed, and that is said.
func TestAnOpenRingIsClosedAndSaid(t *testing.T) {
	got, err := Read([]byte("POLYGON((102.25 29.2, 102.5 29.25, 102.3 29.5))"), ReadOptions{})
	if err != nil || len(got.Areas) != 1 || !got.Areas[0].Area[0][0].Closed() || !strings.Contains(fmt.Sprint(got.Notes), "没有闭合") {
		t.Errorf("%+v %v", got, err)
	}
}

func zipped(name string, size int, body []byte) []byte {
	var b bytes.Buffer
	z := zip.NewWriter(&b)
	w, _ := z.Create(name)
	_, _ = w.Write(body)
	_, _ = w.Write(bytes.Repeat([]byte(" "), size))
	_ = z.Close()
	return b.Bytes()
}

func TestAKMZIsOpened(t *testing.T) {
	kml := []byte(kmlHead + `<Point><coordinates>102.25,29.2</coordinates></Point></Placemark></Document></kml>`)
	got, err := Read(zipped("files/doc.KML", 0, kml), ReadOptions{})
	if err != nil || got.Format != KMZ || len(got.Points) != 1 {
		t.Errorf("%+v %v", got, err)
	}
}

func TestWhatIsRefused(t *testing.T) {
	deep := strings.Repeat("<Folder>", 500)
	for name, c := range map[string]struct {
		text []byte
		kind errs.Kind
		code string
	}{
		"nothing":            {nil, errs.Fix, "area_unreadable"},
		"words":              {[]byte("请把上游三个村都撤出来"), errs.Fix, "area_unreadable"},
		"dates":              {[]byte("2026年7月10日20时，30人"), errs.Fix, "area_unreadable"},
		"projected metres":   {[]byte("3388888.1,35456789.2\n3388999.1,35456999.2\n3389999.1,35457999.2"), errs.Fix, "area_unreadable"},
		"another continent":  {[]byte("2.35,48.85\n2.4,48.9\n2.5,48.8"), errs.Fix, "area_unreadable"},
		"broken JSON":        {[]byte(`{"type":"Polygon","coordinates":[[[102.25,`), errs.Fix, "area_unreadable"},
		"broken WKT":         {[]byte("POLYGON((102.25 29.2, 102.5"), errs.Fix, "area_unreadable"},
		"broken XML":         {[]byte("<kml><Placemark>"), errs.Fix, "xml_broken"},
		"an external entity": {[]byte(`<?xml version="1.0"?><!DOCTYPE kml [<!ENTITY x SYSTEM "file:///etc/passwd">]><kml><Placemark><name>&x;</name></Placemark></kml>`), errs.Unsafe, "xml_doctype"},
		"a billion laughs":   {[]byte(`<!DOCTYPE lolz [<!ENTITY lol "lol">]><kml>&lol;</kml>`), errs.Unsafe, "xml_doctype"},
		"deep XML":           {[]byte("<kml>" + deep), errs.Limit, "xml_too_large"},
		"a ZIP bomb":         {zipped("doc.kml", maxReadBytes+1, nil), errs.Unsafe, "kmz_bomb"},
		"a ZIP of pictures":  {zipped("a.png", 10, nil), errs.Fix, "kmz_empty"},
		"half a ZIP":         {zipped("doc.kml", 100, nil)[:60], errs.Fix, "kmz_broken"},
		"too long":           {bytes.Repeat([]byte("1"), maxReadBytes+1), errs.Limit, "read_too_large"},
		"too many shapes":    {[]byte(strings.Repeat("POINT(102 29)\n", maxShapes+1)), errs.Limit, "read_too_many"},
	} {
		t.Run(name, func(t *testing.T) {
			_, err := Read(c.text, ReadOptions{})
			e, ok := errors.AsType[*errs.Error](err)
			if !ok || e.Kind != c.kind || e.Code != c.code || e.Text == "" {
				t.Errorf("%v, want %s %s", err, c.kind, c.code)
			}
		})
	}
}

// Any text is answered, and what comes out can be stored.
func TestAnyTextIsAnswered(t *testing.T) {
	pieces := []string{"102.25", "29.2", "经度", "纬度", ",", ";", "\n", " ", "°", "′", "″", "E", "N", "(", ")", "[", "{", "<", "POLYGON", "POINT(", "kml", "1", "-", ".", ":", "度", "分", "秒", "P1", "1e9", "�", "\x00"}
	rapid.Check(t, func(t *rapid.T) {
		text := strings.Join(rapid.SliceOfN(rapid.SampledFrom(pieces), 0, 60).Draw(t, "pieces"), "")
		format := rapid.SampledFrom([]Format{AutoFormat, GeoJSON, KML, KMZ, WKT, GML, Coordinates}).Draw(t, "format")
		got, err := Read([]byte(text), ReadOptions{Format: format})
		if err != nil {
			if errs.KindOf(err) == errs.Internal {
				t.Fatalf("%v", err)
			}
			return
		}
		for _, a := range got.Areas {
			if _, err := ParseArea(MarshalArea(a.Area)); err != nil {
				t.Fatalf("an area that is none: %v", err)
			}
		}
		for _, p := range got.Points {
			if p.At.Valid() != nil {
				t.Fatalf("%v is in no China", p.At)
			}
		}
	})
}

// Whatever is written is read as it was, in every form.
func TestWrittenIsRead(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		n := rapid.IntRange(3, 30).Draw(t, "corners")
		ring := make(orb.Ring, n-2)
		for i := range ring {
			ring[i] = orb.Point{float64(rapid.IntRange(74_0000, 135_0000).Draw(t, "lon")) / 1e4, float64(rapid.IntRange(4_0000, 53_0000).Draw(t, "lat")) / 1e4}
		}
		ring = append(orb.Ring{{102.5, 29.5}, {102.6, 29.5}}, orb.Ring(distinct(ring))...)
		ring = append(ring, orb.Point{73.0001, 53.9999}) // not closed, and no line
		form := rapid.SampledFrom(forms).Draw(t, "form")
		got, err := Read([]byte(form.write(ring)), ReadOptions{})
		if err != nil || len(got.Areas) != 1 || !sameRing(got.Areas[0].Area[0][0], append(ring, ring[0])) {
			t.Fatalf("%s: %v %v", form.name, got, err)
		}
	})
}

type form struct {
	name  string
	write func(orb.Ring) string
}

// forms write a ring in some of the ways above.
var forms = []form{
	{"lines", joined("\n", func(p orb.Point) string { return fmt.Sprintf("%v,%v", p[0], p[1]) })},
	{"latitude first", joined("\n", func(p orb.Point) string { return fmt.Sprintf("%v %v", p[1], p[0]) })},
	{"words", joined("；", func(p orb.Point) string { return fmt.Sprintf("东经%v度，北纬%v度", p[0], p[1]) })},
	{"brackets", joined("，", func(p orb.Point) string { return fmt.Sprintf("（%v，%v）", p[0], p[1]) })},
	{"heights", joined(" ", func(p orb.Point) string { return fmt.Sprintf("%v,%v,1200.5", p[0], p[1]) })},
	{"seconds", joined("\n", func(p orb.Point) string { return dmsOf(p[0]) + "E, " + dmsOf(p[1]) + "N" })},
	{"WKT", func(r orb.Ring) string {
		return "POLYGON((" + joined(", ", func(p orb.Point) string { return fmt.Sprintf("%v %v", p[0], p[1]) })(append(r[:len(r):len(r)], r[0])) + "))"
	}},
}

func joined(by string, one func(orb.Point) string) func(orb.Ring) string {
	return func(r orb.Ring) string {
		all := make([]string, len(r))
		for i, p := range r {
			all[i] = one(p)
		}
		return strings.Join(all, by)
	}
}

// dmsOf writes ten-thousandths of a degree exactly: they are 0.36″.
func dmsOf(x float64) string {
	n := int(math.Round(x * 1e4))
	rest := n % 10000 * 36 // hundredths of a second
	return fmt.Sprintf("%d°%d′%d.%02d″", n/10000, rest/6000, rest%6000/100, rest%100)
}

func TestNonsenseIsAnsweredAtOnce(t *testing.T) {
	for name, text := range map[string]string{
		"words":     strings.Repeat("今天下午有雨，请注意防范。", 8_000),
		"digits":    strings.Repeat("7", 100_000),
		"numbers":   strings.Repeat("1 ", 50_000),
		"pairs":     strings.Repeat("102.25,29.2 ", 9_000),
		"brackets":  strings.Repeat("[", 100_000),
		"JSON":      `{"type":"Polygon","coordinates":` + strings.Repeat("[", 100_000),
		"WKT":       "GEOMETRYCOLLECTION" + strings.Repeat("(GEOMETRYCOLLECTION", 5_000),
		"degrees":   strings.Repeat("102°", 25_000),
		"E and N":   strings.Repeat("EN", 50_000) + "102",
		"new lines": strings.Repeat("\n", 100_000),
		"labels":    strings.Repeat("P1", 50_000),
		"empty WKT": strings.Repeat("POINT EMPTY ", 9_000),
		"dashes":    strings.Repeat("-", 100_000) + "1",
	} {
		began := time.Now()
		_, err := Read([]byte(text), ReadOptions{})
		t.Logf("%s: %v", name, time.Since(began))
		if err != nil && errs.KindOf(err) == errs.Internal {
			t.Errorf("%s: %v", name, err)
		}
	}
}
