package geo

import (
	"archive/zip"
	"bytes"
	"io"
	"path"
	"strconv"
	"strings"

	"github.com/paulmach/orb"

	"muster/internal/errs"
)

// kml walks the tree; a placemark's name is that of its shapes.
func (r *reader) kml(e *element, name string) {
	for _, k := range e.kids {
		switch k.name {
		case "Placemark":
			r.kml(k, k.words("name"))
		case "Polygon":
			r.area(name, placemark(name), r.kmlPolygon(k, placemark(name)))
		case "LineString":
			r.line(name, placemark(name), r.kmlCoordinates(k, placemark(name)))
		case "Point":
			for _, at := range r.kmlCoordinates(k, placemark(name)) {
				r.point(name, placemark(name), at)
			}
		case "LinearRing": // on its own it is a line (OGC 12-007r2 §10.5)
			r.line(name, placemark(name), r.kmlCoordinates(k, placemark(name)))
		case "NetworkLink", "GroundOverlay", "Track", "MultiTrack":
			r.note(placemark(name), "没有读取 "+k.name, "请把图形本身保存到文件里")
		default:
			r.kml(k, name)
		}
	}
}

func placemark(name string) string {
	if name == "" {
		return "Placemark"
	}
	return "Placemark “" + name + "”"
}

func (r *reader) kmlPolygon(e *element, where string) [][]orb.Point {
	var rings [][]orb.Point
	outer := false
	for _, k := range e.kids {
		ring := k.kid("LinearRing")
		if ring == nil {
			continue
		}
		switch k.name {
		case "outerBoundaryIs":
			rings, outer = append([][]orb.Point{r.kmlCoordinates(ring, where)}, rings...), true
		case "innerBoundaryIs":
			rings = append(rings, r.kmlCoordinates(ring, where))
		}
	}
	if !outer {
		r.note(where, "面没有外边界，已略去", "请补上 outerBoundaryIs")
		return nil
	}
	return rings
}

// kmlCoordinates reads lon,lat[,height] separated by blanks; blanks after a
// comma, which the standard forbids and some programs write, are closed up.
func (r *reader) kmlCoordinates(e *element, where string) []orb.Point {
	c := e.kid("coordinates")
	if c == nil {
		return nil
	}
	var all []orb.Point
	for _, tuple := range strings.Fields(closeUp.Replace(c.text.String())) {
		lon, rest, _ := strings.Cut(tuple, ",")
		lat, _, _ := strings.Cut(rest, ",")
		x, err1 := strconv.ParseFloat(lon, 64)
		y, err2 := strconv.ParseFloat(lat, 64)
		if err1 != nil || err2 != nil {
			r.note(where, "坐标 "+shortName(tuple)+" 不是一对经纬度，已略去", "请写成 经度,纬度")
			continue
		}
		all = append(all, orb.Point{x, y})
	}
	return all
}

var closeUp = strings.NewReplacer(", ", ",", " ,", ",")

// unzipKML is the KML inside a KMZ: doc.kml, else the first one. What unpacks to
// more than is read is refused; nothing else in the archive is unpacked.
func unzipKML(data []byte) ([]byte, error) {
	z, err := zip.NewReader(bytes.NewReader(data), int64(len(data)))
	if err != nil {
		return nil, errs.New(errs.Fix, "kmz_broken", "压缩文件打不开").With(errs.Detail{Where: "file", Text: "不是完整的 KMZ", Mend: "请重新导出"})
	}
	var found *zip.File
	for _, f := range z.File {
		if !strings.EqualFold(path.Ext(f.Name), ".kml") {
			continue
		}
		if found == nil || strings.EqualFold(f.Name, "doc.kml") {
			found = f
		}
	}
	if found == nil {
		return nil, errs.New(errs.Fix, "kmz_empty", "压缩文件里没有 KML").With(errs.Detail{Where: "file", Text: "没有 .kml 文件", Mend: "请重新导出"})
	}
	in, err := found.Open()
	if err != nil {
		return nil, errs.New(errs.Fix, "kmz_broken", "压缩文件打不开")
	}
	defer in.Close()
	kml, err := io.ReadAll(io.LimitReader(in, maxReadBytes+1))
	switch {
	case len(kml) > maxReadBytes:
		return nil, errs.New(errs.Unsafe, "kmz_bomb", "压缩文件解开后超过 %d MB，已拒收", maxReadBytes>>20)
	case err != nil:
		return nil, errs.New(errs.Fix, "kmz_broken", "压缩文件不完整")
	}
	return kml, nil
}
