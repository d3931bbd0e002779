package geo

import (
	"bytes"
	"regexp"
	"strings"
	"unicode/utf8"

	"github.com/paulmach/orb"
	"golang.org/x/text/encoding/simplifiedchinese"

	"muster/internal/errs"
)

// Format is how a text or file writes its shapes.
type Format string

// The formats that are read.
const (
	AutoFormat   Format = "auto"    // find out
	GeoJSON      Format = "geojson" // RFC 7946
	KML          Format = "kml"     // OGC 12-007r2
	KMZ          Format = "kmz"     // KML in a ZIP
	WKT          Format = "wkt"     // OGC 06-103r4 §7, and PostGIS's SRID=…;
	GML          Format = "gml"     // ISO 19136, the simple features of it
	Coordinates  Format = "coords"  // numbers as people write them
	maxReadBytes        = 8 << 20
	maxShapes           = 500
)

// ReadOptions say what is known about a text beforehand; the zero value: nothing.
type ReadOptions struct {
	Format Format
	Datum  Datum // "" when nobody said
	As     ShapeKind
}

// ShapeKind is what a bare list of coordinates stands for.
type ShapeKind string

// The kinds. AutoShape takes three positions and more for an area, two for a line.
const (
	AutoShape  ShapeKind = "auto"
	AreaShape  ShapeKind = "area"
	LineShape  ShapeKind = "line"
	PointShape ShapeKind = "point"
)

// Reading is what was found, in WGS 84.
type Reading struct {
	Format      Format
	Datum       Datum // by which the positions were converted
	DatumNeeded bool  // the text does not say its datum: WGS 84 was only supposed
	Swapped     bool  // latitude came first, and was put second
	Areas       []NamedArea
	Lines       []NamedLine
	Points      []NamedPoint
	Notes       []errs.Detail // what a person should know, at most 20
}

// NamedArea is an area with the name it has in the file. It is closed and its
// positions are in China; whether its rings cross, [Defects] says.
type NamedArea struct {
	Name string
	Area orb.MultiPolygon
}

// NamedLine is a line with its name.
type NamedLine struct {
	Name string
	Line orb.LineString
}

// NamedPoint is a position with its name.
type NamedPoint struct {
	Name string
	At   LonLat
}

// Read finds areas, lines and points in what somebody pasted or dropped. What
// cannot be used is left out and noted; errs.Fix when nothing is left, with the
// notes as details, errs.Limit for what is too large, errs.Unsafe for XML with a
// DOCTYPE and for ZIP bombs. It takes time linear in the length of the text.
func Read(data []byte, o ReadOptions) (Reading, error) {
	if len(data) > maxReadBytes {
		return Reading{}, errs.New(errs.Limit, "read_too_large", "内容超过 %d MB", maxReadBytes>>20)
	}
	format := o.Format
	if format == "" || format == AutoFormat {
		format = formatOf(data)
	}
	r := &reader{as: o.As}
	if err := r.read(data, format); err != nil {
		return Reading{}, err
	}
	return r.settle(format, o.Datum)
}

func (r *reader) read(data []byte, format Format) error {
	if format == KMZ {
		kml, err := unzipKML(data)
		if err != nil {
			return err
		}
		data = kml
	}
	text := asUTF8(data)
	switch format {
	case GeoJSON:
		r.geoJSON(text)
	case KML, KMZ, GML:
		return r.xml(text, format)
	case WKT:
		r.wkt(string(text))
	case Coordinates:
		r.coordinates(string(text))
	default:
		return errs.New(errs.Fix, "format_unknown", "不认识的格式：%q", format).
			With(errs.Detail{Where: "format", Text: "不认识的格式", Mend: "auto、geojson、kml、kmz、wkt、gml 或 coords"})
	}
	return nil
}

var (
	wktStart   = regexp.MustCompile(`(?i)^(SRID\s*=\s*\d+\s*;\s*)?(POINT|LINESTRING|POLYGON|MULTIPOINT|MULTILINESTRING|MULTIPOLYGON|GEOMETRYCOLLECTION)\s*(Z|M|ZM)?\s*(\(|EMPTY)`)
	geoJSONKey = regexp.MustCompile(`"type"\s*:`)
	gmlWord    = regexp.MustCompile(`(?i)gml`)
	kmlRoot    = regexp.MustCompile(`(?i)<(kml|document|placemark|folder)[\s>]`)
)

// formatOf looks at how a text begins.
func formatOf(data []byte) Format {
	const enough = 4096
	if bytes.HasPrefix(data, []byte("PK\x03\x04")) {
		return KMZ
	}
	head := bytes.TrimSpace(bytes.TrimPrefix(data, []byte("\xef\xbb\xbf")))
	head = head[:min(len(head), enough)]
	switch {
	case bytes.HasPrefix(head, []byte("{")) || bytes.HasPrefix(head, []byte("[")) && geoJSONKey.Match(head):
		return GeoJSON
	case bytes.HasPrefix(head, []byte("<")) && kmlRoot.Match(head):
		return KML
	case bytes.HasPrefix(head, []byte("<")) && gmlWord.Match(head):
		return GML
	case bytes.HasPrefix(head, []byte("<")):
		return KML
	case wktStart.Match(head):
		return WKT
	}
	return Coordinates
}

// asUTF8 decodes what older Chinese programs write (GB 18030), and drops a byte
// order mark.
func asUTF8(data []byte) []byte {
	data = bytes.TrimPrefix(data, []byte("\xef\xbb\xbf"))
	if utf8.Valid(data) {
		return data
	}
	if decoded, err := simplifiedchinese.GB18030.NewDecoder().Bytes(data); err == nil {
		return decoded
	}
	return bytes.ToValidUTF8(data, []byte("�"))
}

// shortName is a name as it may stand in a list: one line, not too long.
func shortName(text string) string {
	const longest = 60
	name := []rune(strings.Join(strings.Fields(text), " "))
	return string(name[:min(len(name), longest)])
}
