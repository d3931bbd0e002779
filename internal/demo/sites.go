package demo

import (
	"fmt"
	"math"

	"github.com/paulmach/orb"

	"muster/internal/geo"
	"muster/internal/roster"
)

// ingredient is how often a kind of work site occurs.
type ingredient struct {
	kind   roster.SiteKind
	share  float64
	line   float64 // share of them that are lines
	area   float64 // share of them that are areas
	places string  // what their names are made of
}

// mixes are the work sites of a sector; three sites in ten are residences.
var mixes = map[roster.Sector][]ingredient{roster.Road: {
	{roster.Tunnel, 0.20, 0, 0, "隧道"},
	{roster.Bridge, 0.20, 0.02, 0, "大桥"},
	{roster.Slope, 0.14, 0.65, 0, "边坡"},
	{roster.Pit, 0.05, 0, 0.02, "基坑"},
	{roster.Subgrade, 0.12, 0.65, 0, "路基"},
	{roster.RiverWork, 0.07, 0, 0, "水中墩"},
	{roster.Plant, 0.09, 0, 0.20, "拌合站"},
	{roster.Yard, 0.07, 0, 0.20, "梁场"},
	{roster.Spoil, 0.05, 0, 0.20, "弃渣场"},
	{roster.Magazine, 0.01, 0, 0, "民爆库"},
}, roster.Waterway: {
	{roster.Vessel, 0.30, 0, 0, "施工船"},
	{roster.RiverWork, 0.40, 0.2, 0, "护岸"},
	{roster.Plant, 0.15, 0, 0.2, "拌合站"},
	{roster.Yard, 0.15, 0, 0.2, "预制场"},
}}

var risks = []string{"临河，高出河床不足五米（示例）", "坡脚，位于高陡边坡下（示例）", "沟口，位于泥石流沟堆积扇（示例）", "低洼，易积水（示例）"}

// sites puts the sites along the construction sections, the first of each being
// a residence.
func (g *generator) sites() {
	var building []int
	for i, s := range g.Sections {
		if s.Kind == roster.Construction {
			building = append(building, i)
		}
	}
	for i, n := range spread(g.opt.Sites, len(building)) {
		for j := range n {
			g.site(building[i], j, n)
		}
	}
}

func (g *generator) site(section, number, of int) {
	s, t := g.Sections[section], &g.tracks[section]
	site := roster.Site{
		ID: g.id(), ProjectID: s.ProjectID, SectionID: s.ID, Code: fmt.Sprintf("%s-%03d", s.Code, number+1),
		Datum: either(g, geo.WGS84Datum, geo.WGS84Datum, geo.WGS84Datum, geo.CGCS2000Datum, geo.CGCS2000Datum, geo.GCJ02Datum),
		From:  g.born,
	}
	at, east, north := along(t.line, (float64(number)+g.between(0.1, 0.9))/float64(of))
	if number == 0 || g.chance(0.23) {
		site.Kind = either(g, roster.ResidenceOwn, roster.ResidenceOwn, roster.ResidenceOwn, roster.ResidenceRent, roster.ResidenceShared)
		site.Name = fmt.Sprintf("示例%s驻地%s", s.Name, chineseNumber(number+1))
		site.Sleeps, site.MusterPoint = true, "驻地上方空旷平台（示例）"
		off := g.between(100, 1500) * either(g, -1.0, 1.0)
		site.Geometry = move(at, -north*off, east*off).Point()
	} else {
		g.work(&site, section, at, east, north, number)
	}
	position := geo.FromPoint(roster.Vertices(site.Geometry)[0])
	county := g.nearestCounty(position)
	site.Region = county.Code
	g.conditions(&site, position)
	t.sites = append(t.sites, len(g.Sites))
	g.Sites = append(g.Sites, site)
}

// work makes the site a work site on the line.
func (g *generator) work(site *roster.Site, section int, at geo.LonLat, east, north float64, number int) {
	mix := mixes[g.Projects[g.tracks[section].owner].Sector]
	draw, m := g.rand.Float64(), mix[0]
	for _, m = range mix {
		if draw -= m.share; draw < 0 {
			break
		}
	}
	site.Kind, site.Name = m.kind, fmt.Sprintf("示例%s%s", m.places, chineseNumber(number+1))
	off := g.between(-300, 300)
	at = move(at, -north*off, east*off)
	switch draw = g.rand.Float64(); {
	case draw < m.line:
		site.Geometry = stretch(at, east, north, g.between(80, 1200))
	case draw < m.line+m.area:
		site.Geometry = patch(at, g.between(40, 150), g.between(40, 150), g.between(0, math.Pi))
	default:
		site.Geometry = at.Point()
	}
}

// conditions are what the policy asks about a site.
func (g *generator) conditions(site *roster.Site, at geo.LonLat) {
	if site.AtRisk = g.chance(0.15); site.AtRisk {
		site.RiskReason = either(g, risks...)
	}
	if site.Kind.IsResidence() && !site.AtRisk && g.chance(0.4) {
		site.LowDangerUntil = midnight(g.At).AddDate(0, 6, 0)
	}
	site.Signal = roster.GoodSignal
	if at.Lon < mountains {
		switch draw := g.rand.Float64(); {
		case draw < 0.08:
			site.Signal = roster.NoSignal
		case draw < 0.25:
			site.Signal = roster.WeakSignal
		}
	}
}

// stretch is a line of some metres along the road.
func stretch(at geo.LonLat, east, north, length float64) orb.LineString {
	bend := length / 20
	return orb.LineString{
		at.Point(),
		move(at, east*length/2-north*bend, north*length/2+east*bend).Point(),
		move(at, east*length, north*length).Point(),
	}
}

// patch is a rectangle of some metres, turned by an angle.
func patch(at geo.LonLat, width, depth, angle float64) orb.Polygon {
	sin, cos := math.Sincos(angle)
	corner := func(x, y float64) orb.Point { return move(at, x*cos-y*sin, x*sin+y*cos).Point() }
	return orb.Polygon{{corner(0, 0), corner(width, 0), corner(width, depth), corner(0, depth), corner(0, 0)}}
}
