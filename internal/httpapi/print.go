package httpapi

import (
	"bytes"
	"context"
	"crypto/sha256"
	_ "embed"
	"encoding/base64"
	"html/template"
	"net/http"
	"time"

	"github.com/danielgtaylor/huma/v2"
	"github.com/paulmach/orb"

	"muster/internal/account"
	"muster/internal/clock"
	"muster/internal/postgres"
	"muster/internal/warning"
)

//go:embed print.html
var printHTML string

//go:embed print.css
var printCSS string

// The page has no script, and its style is named by its hash (CSP 3 §6.7.2).
var (
	printTemplate  = template.Must(template.New("print").Funcs(template.FuncMap{"when": when, "plus1": func(i int) int { return i + 1 }}).Parse(printHTML))
	printStyleHash = sha256.Sum256([]byte(printCSS))
	printPolicy    = "default-src 'none'; style-src 'sha256-" + base64.StdEncoding.EncodeToString(printStyleHash[:]) +
		"'; form-action 'none'; base-uri 'none'; frame-ancestors 'none'"
)

// when is a time by the clock of the place, as people write it.
func when(t any) string {
	switch x := t.(type) {
	case time.Time:
		return x.In(clock.Shanghai).Format("2006-01-02 15:04")
	case *time.Time:
		if x != nil {
			return when(*x)
		}
	}
	return "—"
}

// mostPrinted is how many sites are printed; the page says when there are more.
const mostPrinted = 2000

type printPage struct {
	Style     template.CSS
	Warning   warningRow
	State     string
	Exercise  bool
	Sentences []printSentence
	Targets   []targetView
	More      int
	Totals    previewTotal
	Map       *printMap
	Regions   []string
	Viewer    string
	At        time.Time
	Marks     [8]struct{} // as often as the watermark stands on a sheet
}

// printSentence is an instruction with how many sites it is for.
type printSentence struct {
	Measure, Text string
	Sites         int
}

func (s *Server) printRoutes() {
	allow(s, operation{id: "printWarning", method: http.MethodGet, path: "/warnings/{id}/print", summary: "预警打印页（A4，含地图）"}, account.SeeWarnings, s.printWarning)
}

func (s *Server) printWarning(ctx context.Context, c call, in *WarningPath) (*huma.StreamResponse, error) {
	page, err := s.printPage(ctx, c, in)
	if err != nil {
		return nil, err
	}
	var b bytes.Buffer
	if err := printTemplate.Execute(&b, page); err != nil {
		return nil, err
	}
	return &huma.StreamResponse{Body: func(ctx huma.Context) {
		for name, value := range map[string]string{"Content-Type": "text/html; charset=utf-8", "Content-Security-Policy": printPolicy,
			"Cache-Control": "no-store", "Referrer-Policy": "no-referrer", "X-Content-Type-Options": "nosniff"} {
			ctx.SetHeader(name, value)
		}
		_, _ = ctx.BodyWriter().Write(b.Bytes())
	}}, nil
}

func (s *Server) printPage(ctx context.Context, c call, in *WarningPath) (*printPage, error) {
	show := s.discloser(c)
	w, targets, err := s.shownTargets(ctx, show, in.ID, 0)
	if err != nil {
		return nil, err
	}
	areas, err := s.DB.WarningAreas(ctx, c.scope, in.ID, w.Revision)
	if err != nil {
		return nil, err
	}
	p := &printPage{Style: template.CSS(printCSS), Warning: viewRow(w), State: warningStateLabels.of(w.State), Exercise: w.Mode == "exercise",
		Viewer: c.who.Title + "（" + c.who.Login + "）", At: c.at, Targets: targets}
	p.sum()
	if p.Map, p.Regions, err = s.printMap(ctx, areas, targets); err != nil {
		return nil, err
	}
	if len(targets) > mostPrinted {
		p.Targets, p.More = targets[:mostPrinted], len(targets)-mostPrinted
	}
	err = show.audited(ctx, "print", in.ID.String())
	if err == nil {
		err = s.DB.Audited(ctx, c.actor(), "print_warning", "warning", in.ID.String(), map[string]any{"sites": len(targets)}, c.at)
	}
	return p, err
}

// sum counts people and gathers the sentences, the strictest first.
func (p *printPage) sum() {
	p.Totals.Sites = len(p.Targets)
	said := map[string]int{}
	for _, t := range p.Targets {
		p.Totals.Certain += t.People.Certain
		p.Totals.Possible += t.People.Possible
		p.Totals.Expected += t.People.Expected
		key := t.Measure + t.Sentence
		if _, there := said[key]; !there {
			said[key] = len(p.Sentences)
			p.Sentences = append(p.Sentences, printSentence{Measure: t.MeasureLabel, Text: t.Sentence})
		}
		p.Sentences[said[key]].Sites++
	}
}

// printMap draws what is known of where: areas, regions that are named by code,
// and the targets. Nothing of that: no map.
func (s *Server) printMap(ctx context.Context, areas []postgres.AreaRow, targets []targetView) (*printMap, []string, error) {
	var all orb.MultiPoint
	var drawn []drawnArea
	var codes []string
	add := func(shape orb.MultiPolygon, level warning.Level) {
		if len(shape) > 0 {
			b := shape.Bound()
			all = append(all, b.Min, b.Max)
			drawn = append(drawn, drawnArea{shape, string(level)})
		}
	}
	for _, a := range areas {
		add(a.Geom, a.Level)
		if codes = append(codes, a.Regions...); len(a.Regions) > 0 && len(a.Geom) == 0 {
			shape, err := s.DB.RegionShapes(ctx, a.Regions)
			if err != nil {
				return nil, nil, err
			}
			add(shape, a.Level)
		}
	}
	for _, t := range targets {
		all = append(all, orb.Point{t.Lon, t.Lat})
	}
	names, err := s.regionWords(ctx, codes)
	if err != nil || len(all) == 0 {
		return nil, names, err
	}
	f := newFrame(all.Bound())
	outlines, err := s.DB.Outlines(ctx, f.window)
	m := drawMap(f, outlines, drawn, targets)
	return &m, names, err
}

func (s *Server) regionWords(ctx context.Context, codes []string) ([]string, error) {
	names, err := s.DB.RegionNames(ctx, codes)
	var list []string
	for _, r := range joinCodes(names, codes) {
		list = append(list, r.Name)
	}
	return list, err
}
