package roster

import (
	"fmt"
	"math"
	"regexp"
	"strconv"
	"strings"

	"github.com/paulmach/orb"

	"muster/internal/geo"
)

var (
	decimalDegrees = regexp.MustCompile(`^[-+]?\d{1,3}(\.\d+)?°?$`)
	dms            = regexp.MustCompile(`^(\d{1,3})[°度](?:(\d{1,2}(?:\.\d+)?)['′’分](?:(\d{1,2}(?:\.\d+)?)(?:["″”秒]|''|′′)?)?)?$`)
)

// parseAngle reads degrees: 102.25, 102.25E, 102°15′0.3″, 102度15分.
func parseAngle(text string) (float64, error) {
	s := strings.ToUpper(withoutSpaces(text))
	s = strings.Trim(s, "EN东北经纬")
	if decimalDegrees.MatchString(s) {
		return strconv.ParseFloat(strings.TrimSuffix(s, "°"), 64)
	}
	m := dms.FindStringSubmatch(s)
	if m == nil {
		return 0, fix("angle_form", "不是经纬度", `可写成 102.2501 或 102°15′0.3″`)
	}
	var part [3]float64
	for i := range part {
		part[i], _ = strconv.ParseFloat(orElse(m[i+1], "0"), 64)
	}
	if part[1] >= 60 || part[2] >= 60 {
		return 0, fix("angle_form", "分、秒应小于 60", `可写成 102.2501 或 102°15′0.3″`)
	}
	return part[0] + part[1]/60 + part[2]/3600, nil
}

// datum is the row's own, else the file's; never guessed.
func (r *row) datum() geo.Datum {
	d := value(r, fDatum, parseDatumWord)
	if d == "" && r.text(fDatum) == "" {
		d = r.in.opt.Datum
	}
	if d == "" && r.text(fDatum) == "" {
		r.problem(fDatum, "没有说明坐标系，位置可能偏差几百米",
			"请加一列“坐标系”（WGS84、CGCS2000、GCJ02 或 BD09），或在导入时为整个文件选定")
	}
	return d
}

// parseDatumWord knows what forms write beside the usual spellings.
func parseDatumWord(text string) (geo.Datum, error) {
	switch wordKey(text) {
	case "国家2000", "2000国家大地坐标系", "大地2000", "cgcs2000坐标系":
		return geo.CGCS2000Datum, nil
	case "火星坐标", "火星坐标系", "高德", "腾讯", "gcj02坐标系":
		return geo.GCJ02Datum, nil
	case "百度", "百度坐标", "百度坐标系", "bd09坐标系":
		return geo.BD09Datum, nil
	case "wgs84坐标系", "gps":
		return geo.WGS84Datum, nil
	}
	return geo.ParseDatum(withoutSpaces(text))
}

// place reads the geometry of a site and turns it into WGS 84.
func (r *row) place() (orb.Geometry, geo.Datum) {
	g := r.geometry
	if g == nil {
		p := orb.Point{needed(r, fLon, parseAngle), needed(r, fLat, parseAngle)}
		if r.bad && (p[0] == 0 || p[1] == 0) {
			return nil, ""
		}
		g = p
	}
	datum := r.datum()
	if datum == "" || !r.inRange(g) {
		return nil, ""
	}
	return toWGS84(g, datum), datum
}

// inRange holds positions that lie outside the deployment's range, and offers
// the swap where that would put them inside.
func (r *row) inRange(g orb.Geometry) bool {
	within := r.in.opt.Range
	if within == (orb.Bound{}) {
		within = orb.Bound{Min: orb.Point{geo.MinLon, geo.MinLat}, Max: orb.Point{geo.MaxLon, geo.MaxLat}}
	}
	for _, p := range Vertices(g) {
		switch {
		case within.Contains(p):
			continue
		case within.Contains(orb.Point{p[1], p[0]}):
			r.problem(fLon, "经度和纬度像是写反了", fmt.Sprintf("请改为经度 %s、纬度 %s", degrees(p[1]), degrees(p[0])))
		default:
			r.problem(fLon, fmt.Sprintf("位置（%s，%s）不在本系统的范围内", degrees(p[0]), degrees(p[1])),
				fmt.Sprintf("经度应在 %s–%s、纬度应在 %s–%s 之间，请核对",
					degrees(within.Min[0]), degrees(within.Max[0]), degrees(within.Min[1]), degrees(within.Max[1])))
		}
		return false
	}
	return true
}

func degrees(x float64) string { return strconv.FormatFloat(math.Round(x*1e6)/1e6, 'f', -1, 64) }

// toWGS84 converts every vertex.
func toWGS84(g orb.Geometry, d geo.Datum) orb.Geometry {
	convert := func(p orb.Point) orb.Point { return d.ToWGS84(p[0], p[1]).Point() }
	line := func(ps []orb.Point) []orb.Point {
		all := make([]orb.Point, len(ps))
		for i, p := range ps {
			all[i] = convert(p)
		}
		return all
	}
	switch g := g.(type) {
	case orb.Point:
		return convert(g)
	case orb.LineString:
		return orb.LineString(line(g))
	case orb.Polygon:
		p := make(orb.Polygon, len(g))
		for i, ring := range g {
			p[i] = orb.Ring(line(ring))
		}
		return p
	}
	return nil
}
