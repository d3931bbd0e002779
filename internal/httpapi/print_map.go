package httpapi

import (
	"fmt"
	"math"
	"strings"

	"github.com/paulmach/orb"

	"muster/internal/geo"
	"muster/internal/postgres"
)

// The size of the printed map, in units of the drawing.
const (
	printWidth  = 680.0
	printHeight = 430.0
	mostLabels  = 60 // numbers beside marks; more would cover each other
)

// printMap is a map as html/template draws it: SVG with attributes only, because
// the page lets no other style in.
type printMap struct {
	Width, Height float64
	Outlines      []printPath
	Areas         []printPath
	Marks         []printMark
	Names         []printMark
	Scale         printScale
	Approximate   bool // some outline is only a sketch
}

type printPath struct{ D, Color string }

type printMark struct {
	X, Y  float64
	Text  string
	Color string
}

type printScale struct {
	X, Y, Length float64
	Text         string
}

// levelColors and measureColors are those of the desk, dark enough for paper.
var (
	levelColors   = map[string]string{"red": "#c8102e", "orange": "#d9730d", "yellow": "#b58900", "blue": "#1f5fa8"}
	measureColors = map[string]string{"evacuate": "#a3001b", "shelter": "#7a1fa2", "keep_out": "#5d4037", "stop": "#c75000", "patrol": "#1f5fa8", "read": "#555555"}
)

func colorOf(colors map[string]string, code string) string {
	if c, known := colors[code]; known {
		return c
	}
	return "#555555"
}

// frame turns positions into places on the paper: plate carrée, with longitude
// shortened as in the middle of the window.
type frame struct {
	window orb.Bound
	scale  float64 // units per degree of latitude
	short  float64
}

// newFrame holds everything that is drawn, with a margin.
func newFrame(all orb.Bound) frame {
	const least, margin = 0.02, 0.12
	w, h := max(all.Max[0]-all.Min[0], least), max(all.Max[1]-all.Min[1], least)
	middle := all.Center()
	f := frame{short: math.Cos(middle[1] * math.Pi / 180)}
	f.scale = min(printWidth/(w*(1+2*margin)*f.short), printHeight/(h*(1+2*margin)))
	halfW, halfH := printWidth/f.scale/f.short/2, printHeight/f.scale/2
	f.window = orb.Bound{Min: orb.Point{middle[0] - halfW, middle[1] - halfH}, Max: orb.Point{middle[0] + halfW, middle[1] + halfH}}
	return f
}

func (f frame) at(p orb.Point) (x, y float64) {
	return round1((p[0] - f.window.Min[0]) * f.short * f.scale), round1((f.window.Max[1] - p[1]) * f.scale)
}

func round1(x float64) float64 { return math.Round(x*10) / 10 }

// path draws an area; steps shorter than a tenth of a unit are left out.
func (f frame) path(area orb.MultiPolygon) string {
	var b strings.Builder
	for _, polygon := range area {
		for _, ring := range polygon {
			lastX, lastY := math.NaN(), math.NaN()
			for i, p := range ring {
				x, y := f.at(p)
				if x == lastX && y == lastY {
					continue
				}
				fmt.Fprintf(&b, "%c%g %g", "ML"[min(i, 1)], x, y)
				lastX, lastY = x, y
			}
			b.WriteString("Z")
		}
	}
	return b.String()
}

// ruler is a round distance that takes about a fifth of the width.
func (f frame) ruler() printScale {
	middle := f.window.Center()
	perDegree := geo.Distance(geo.FromPoint(middle), geo.LonLat{Lon: middle[0], Lat: middle[1] + 0.01}) * 100
	metres := printWidth / 5 / f.scale * perDegree
	round := math.Pow(10, math.Floor(math.Log10(metres)))
	for _, k := range []float64{5, 2} {
		if k*round <= metres {
			round *= k
			break
		}
	}
	text := fmt.Sprintf("%g 公里", round/1000)
	if round < 1000 {
		text = fmt.Sprintf("%g 米", round)
	}
	return printScale{X: 14, Y: printHeight - 16, Length: round1(round / perDegree * f.scale), Text: text}
}

// drawMap puts outlines, areas and targets on paper.
func drawMap(f frame, outlines []postgres.OutlineRow, areas []drawnArea, targets []targetView) printMap {
	m := printMap{Width: printWidth, Height: printHeight, Scale: f.ruler()}
	for _, o := range outlines {
		m.Approximate = m.Approximate || o.Approximate
		m.Outlines = append(m.Outlines, printPath{D: f.path(o.Geom)})
		if o.Lon != nil && o.Lat != nil && f.window.Contains(orb.Point{*o.Lon, *o.Lat}) {
			x, y := f.at(orb.Point{*o.Lon, *o.Lat})
			m.Names = append(m.Names, printMark{X: x, Y: y, Text: o.Name})
		}
	}
	for _, a := range areas {
		m.Areas = append(m.Areas, printPath{f.path(a.shape), colorOf(levelColors, a.level)})
	}
	for i, t := range targets {
		x, y := f.at(orb.Point{t.Lon, t.Lat})
		mark := printMark{X: x, Y: y, Color: colorOf(measureColors, t.Measure)}
		if len(targets) <= mostLabels {
			mark.Text = fmt.Sprint(i + 1)
		}
		m.Marks = append(m.Marks, mark)
	}
	return m
}

// drawnArea is an area of a warning with its level.
type drawnArea struct {
	shape orb.MultiPolygon
	level string
}
