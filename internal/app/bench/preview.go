package bench

import (
	"context"
	"fmt"
	"io"
	"slices"
	"time"

	"github.com/paulmach/orb"

	"muster/internal/account"
	"muster/internal/demo"
	"muster/internal/geo"
	"muster/internal/postgres"
	"muster/internal/warning"
)

// PreviewOptions say how large a province is previewed.
type PreviewOptions struct {
	Sites  int
	People int
	At     time.Time
	Tidy   func(context.Context) error // vacuums and analyzes what was loaded, as the owner
}

// previewGoal is what an officer who is drawing may have to wait.
const previewGoal = 60.0

// Preview measures what an officer sees while drawing: sites, measures, people
// and who answers for them, on a province of the demonstration's generator.
func Preview(ctx context.Context, db *postgres.DB, opt PreviewOptions, progress io.Writer) (Report, error) {
	report := Report{Bench: "preview", Machine: machine()}
	office, err := loadProvince(ctx, db, opt, progress)
	if err != nil {
		return report, err
	}
	for _, area := range previewAreas() {
		f, err := previewFigure(ctx, db, office, area, opt.At)
		if err != nil {
			return report, err
		}
		report.Figures = append(report.Figures, f)
	}
	f, err := planFigure(ctx, db, office, opt.At)
	report.Figures = append(report.Figures, f)
	return report, err
}

func loadProvince(ctx context.Context, db *postgres.DB, opt PreviewOptions, progress io.Writer) (postgres.Authority, error) {
	sealer, err := account.NewSealer(account.NewKeyRing("bench"))
	if err != nil {
		return postgres.Authority{}, err
	}
	if err := db.SeedRegions(ctx, opt.At); err != nil {
		return postgres.Authority{}, err
	}
	if err := db.SeedPolicy(ctx, opt.At); err != nil {
		return postgres.Authority{}, err
	}
	size := demo.FullProvince(opt.At)
	size.Sites, size.People = opt.Sites, opt.People
	if err := db.LoadDemo(ctx, sealer, demo.Generate(size), func(step string) { fmt.Fprintln(progress, step) }); err != nil {
		return postgres.Authority{}, err
	}
	if err := sendOnLeave(ctx, db, opt.At); err != nil {
		return postgres.Authority{}, err
	}
	fmt.Fprintln(progress, "整理统计信息")
	if err := opt.Tidy(ctx); err != nil {
		return postgres.Authority{}, err
	}
	return db.TopAuthority(ctx)
}

// sendOnLeave sends every twentieth of those who sleep at a site on leave.
func sendOnLeave(ctx context.Context, db *postgres.DB, at time.Time) error {
	_, err := db.Pool().Exec(ctx, `
		INSERT INTO leave (id, person_id, valid_from, recorded_at)
		SELECT gen_random_uuid(), person_id, $1, $1 FROM bed WHERE hashtext(person_id::text) % 20 = 0`, at.Add(-24*time.Hour))
	return err
}

type previewArea struct {
	name string
	area postgres.Area
	goal float64 // ms; 0: information
}

func previewAreas() []previewArea {
	circle := func(lon, lat, km float64) orb.MultiPolygon {
		c, err := geo.Circle(geo.LonLat{Lon: lon, Lat: lat}, km*1000)
		if err != nil {
			panic(err) // constants
		}
		return c
	}
	area := func(g orb.MultiPolygon, regions ...string) postgres.Area {
		return postgres.Area{Level: warning.Orange, Basis: warning.BasisPolygon, Certain: true, Geometry: g, Regions: regions}
	}
	return []previewArea{
		{"circle 15 km", area(circle(103.0, 30.0, 15)), previewGoal},
		{"circle 40 km", area(circle(104.0, 30.7, 40)), previewGoal},
		{"one county by code", area(nil, "511824000000"), previewGoal},
		{"one city by code", area(nil, "511800000000"), previewGoal},
		{"circle 150 km", area(circle(104.0, 30.5, 150)), 0},
	}
}

// nearKM is how far the page looks beyond what is drawn.
const nearKM = 3

const previewRounds = 15

func previewFigure(ctx context.Context, db *postgres.DB, office postgres.Authority, a previewArea, at time.Time) (Figure, error) {
	content := postgres.Content{Kind: "instruction", Mode: "actual", Hazard: warning.Rain, Level: warning.Orange,
		Expires: at.Add(12 * time.Hour), Areas: []postgres.Area{a.area}}
	scope := account.Scope{Ranges: []account.CodeRange{{Lo: "510000000000", Hi: "520000000000"}}}
	var ms []float64
	sites := 0
	for range previewRounds {
		began := time.Now()
		p, _, err := db.PreviewAround(ctx, scope, office.ID, content, nearKM, at)
		if err != nil {
			return Figure{}, err
		}
		ms = append(ms, float64(time.Since(began).Microseconds())/1000)
		sites = len(p.Targets)
	}
	slices.Sort(ms)
	f := Figure{Name: fmt.Sprintf("%s, %d sites, median", a.name, sites), Value: ms[len(ms)/2], Unit: "ms", Holds: true}
	if a.goal > 0 {
		f.Goal, f.Holds = fmt.Sprintf("<= %.0f", a.goal), ms[len(ms)/2] <= a.goal
	}
	return f, nil
}
