package bench

import (
	"cmp"
	"context"
	"io"
	"slices"
	"time"

	"github.com/google/uuid"
	"github.com/paulmach/orb"

	"muster/internal/account"
	"muster/internal/demo"
	"muster/internal/geo"
	"muster/internal/postgres"
	"muster/internal/roster"
)

// centre of the small warning.
var centre = geo.LonLat{Lon: 103.0, Lat: 30.0}

// The large warning reaches people who answer for so many sites each, as in a
// province where one foreman has several work sites. Around the centre everybody
// has one site, and two people answer for it.
const sitesOfLead = 8

func newDispatchBench(ctx context.Context, db *postgres.DB, opt DispatchOptions, progress io.Writer) (*dispatchBench, error) {
	sealer, err := account.NewSealer(account.NewKeyRing("bench"))
	if err != nil {
		return nil, err
	}
	b := &dispatchBench{db: db, opt: opt, progress: progress, sealer: sealer, contract: uuid.New()}
	at := time.Now()
	b.say("inventing a province of %d sites", opt.Sites)
	data := demo.Generate(demo.Options{Seed: 1, At: at, Cities: 21, Projects: opt.Sites/33 + 21, Sections: opt.Sites/11 + 42, Sites: opt.Sites,
		People: 4 * opt.Sites})
	b.near = radiusOf(data.Sites, opt.Near)
	shareLeads(&data, b.near)
	for _, step := range []func() error{
		func() error { return db.SeedRegions(ctx, at) },
		func() error { return db.SeedPolicy(ctx, at) },
		func() error { return db.LoadDemo(ctx, sealer, data, func(step string) { b.say("%s", step) }) },
		func() error { return opt.Tidy(ctx) },
	} {
		if err := step(); err != nil {
			return nil, err
		}
	}
	b.office, err = db.TopAuthority(ctx)
	return b, err
}

// radiusOf is the distance from the centre within which so many sites lie.
func radiusOf(sites []roster.Site, n int) float64 {
	metres := make([]float64, len(sites))
	for i := range sites {
		metres[i] = distance(&sites[i])
	}
	slices.Sort(metres)
	return metres[min(n, len(metres)-1)]
}

func distance(s *roster.Site) float64 {
	return geo.Distance(centre, geo.FromPoint(roster.Vertices(s.Geometry)[0]))
}

// shareLeads lets one person answer for several sites of a section, outside the
// small warning.
func shareLeads(data *demo.Data, near float64) {
	section := map[uuid.UUID]uuid.UUID{}
	for i := range data.Sites {
		if distance(&data.Sites[i]) > near {
			section[data.Sites[i].ID] = data.Sites[i].SectionID
		}
	}
	given := map[uuid.UUID]int{}
	lead := map[uuid.UUID]uuid.UUID{}
	data.Posts = slices.DeleteFunc(data.Posts, func(p roster.Post) bool {
		return p.Role == roster.SiteLead && p.Seat != roster.SeatA && section[p.UnitID] != uuid.Nil
	})
	for i := range data.Posts {
		p := &data.Posts[i]
		of := section[p.UnitID]
		if p.Role != roster.SiteLead || of == uuid.Nil {
			continue
		}
		if given[of]%sitesOfLead == 0 {
			lead[of] = p.PersonID
		}
		p.PersonID = lead[of]
		given[of]++
	}
}

// nearArea is the circle of the small warning.
func (b *dispatchBench) nearArea() (orb.MultiPolygon, error) { return geo.Circle(centre, b.near) }

// quantile of durations; it sorts them.
func quantile(list []time.Duration, q float64) time.Duration {
	if len(list) == 0 {
		return 0
	}
	slices.SortFunc(list, func(a, b time.Duration) int { return cmp.Compare(a, b) })
	return list[int(q*float64(len(list)-1)+0.5)]
}
