package demo

import (
	"math"

	"muster/internal/geo"
)

// mountains begin west of this meridian: lines there wind in valleys, in the
// basin to the east they run straighter.
const mountains = 103.9

// route chooses the counties that a project's line joins: it begins in a city,
// stays there for two counties and goes on without turning back.
func (g *generator) route(project int) []geo.RegionInfo {
	city := g.cities[project%max(1, min(g.opt.Cities, len(g.cities)))].Code
	if city == yaan && project < len(g.cities) {
		var stops []geo.RegionInfo
		for _, code := range stormy {
			info, _ := geo.LookupRegion(code)
			stops = append(stops, info)
		}
		return stops
	}
	var own []geo.RegionInfo
	for _, c := range g.counties {
		if c.Parent == city {
			own = append(own, c)
		}
	}
	stops := []geo.RegionInfo{either(g, own...)}
	stops = append(stops, next(stops, own))
	for range 1 + g.rand.IntN(2) {
		stops = append(stops, next(stops, g.counties))
	}
	return stops
}

// next is the nearest county that is not on the route yet and lies ahead.
func next(stops, among []geo.RegionInfo) geo.RegionInfo {
	last := stops[len(stops)-1]
	best, cost := last, math.Inf(1)
	for _, c := range among {
		d := km(last.Position, c.Position)
		if d < 3 {
			continue // the point of a city and of its district
		}
		if len(stops) > 1 {
			d *= 1 + 2*turn(stops[len(stops)-2].Position, last.Position, c.Position)
		}
		if d < cost && !contains(stops, c) {
			best, cost = c, d
		}
	}
	return best
}

func contains(stops []geo.RegionInfo, c geo.RegionInfo) bool {
	for _, s := range stops {
		if s.Code == c.Code {
			return true
		}
	}
	return false
}

// turn is 0 straight ahead and 1 straight back.
func turn(a, b, c geo.LonLat) float64 {
	x1, y1, x2, y2 := b.Lon-a.Lon, b.Lat-a.Lat, c.Lon-b.Lon, c.Lat-b.Lat
	length := math.Hypot(x1, y1) * math.Hypot(x2, y2)
	if length == 0 {
		return 0
	}
	return (1 - (x1*x2+y1*y2)/length) / 2
}

// line winds from stop to stop, a vertex every kilometre or less.
func (g *generator) line(stops []geo.RegionInfo) []geo.LonLat {
	all := []geo.LonLat{stops[0].Position}
	for i := 1; i < len(stops); i++ {
		all = g.wind(all, stops[i-1].Position, stops[i].Position)
	}
	return all
}

// wind appends a winding line from a to b: the middle moves sideways, then the
// middles of the halves, each time by less.
func (g *generator) wind(line []geo.LonLat, a, b geo.LonLat) []geo.LonLat {
	length := km(a, b)
	if length < 1 {
		return append(line, b)
	}
	sway := 0.05
	if a.Lon < mountains {
		sway = 0.16
	}
	off := g.between(-sway, sway) * length * 1000
	dx, dy := b.Lon-a.Lon, b.Lat-a.Lat
	n := math.Hypot(dx, dy)
	middle := move(geo.LonLat{Lon: (a.Lon + b.Lon) / 2, Lat: (a.Lat + b.Lat) / 2}, -dy/n*off, dx/n*off)
	return g.wind(g.wind(line, a, middle), middle, b)
}

// along is the position at a share 0…1 of a line's vertices, and the direction
// of the line there.
func along(line []geo.LonLat, share float64) (at geo.LonLat, east, north float64) {
	x := share * float64(len(line)-1)
	i := min(int(x), len(line)-2)
	a, b, f := line[i], line[i+1], x-float64(i)
	at = geo.LonLat{Lon: a.Lon + f*(b.Lon-a.Lon), Lat: a.Lat + f*(b.Lat-a.Lat)}
	east, north = (b.Lon-a.Lon)*math.Cos(a.Lat*math.Pi/180), b.Lat-a.Lat
	if n := math.Hypot(east, north); n > 0 {
		return at, east / n, north / n
	}
	return at, 1, 0
}
