package demo

import (
	"slices"

	"github.com/google/uuid"

	"muster/internal/geo"
	"muster/internal/roster"
)

const sichuan geo.Region = "510000000000"

// authorities makes the province's, the cities', and those of the counties that
// have sites.
func (g *generator) authorities() {
	has := map[geo.Region]bool{}
	for _, s := range g.Sites {
		has[s.Region] = true
	}
	for _, r := range geo.BuiltinRegions() {
		name := r.Name + "交通运输局（示例）"
		switch {
		case r.Level == geo.Province:
			name = r.Name + "交通运输厅（示例）"
		case r.Level == geo.County && !has[r.Code]:
			continue
		case r.Level == geo.County: // two counties are called 市中区
			city, _ := geo.LookupRegion(r.Parent)
			name = city.Name + name
		}
		g.Authorities = append(g.Authorities, roster.Authority{
			ID: g.id(), Name: name, Kind: "transport", Sector: "both", Level: r.Level,
			Region: r.Code, Territory: []geo.Region{r.Code},
		})
	}
}

// authority finds the authority of a region; uuid.Nil without one.
func (g *generator) authority(r geo.Region) uuid.UUID {
	i := slices.IndexFunc(g.Authorities, func(a roster.Authority) bool { return a.Region == r })
	if i < 0 {
		return uuid.Nil
	}
	return g.Authorities[i].ID
}

// supervision links every project to the authority of its city. The last three
// are 省直管, supervised by the province; one more crosses into another city,
// whose authority supervises it too.
func (g *generator) supervision() {
	link := func(region geo.Region, project int) {
		g.Links = append(g.Links, roster.SupervisionLink{AuthorityID: g.authority(region), ProjectID: g.Projects[project].ID, From: g.born})
	}
	crossed := false
	for i, p := range g.Projects {
		if i >= len(g.Projects)-3 {
			link(sichuan, i)
			continue
		}
		link(p.Region, i)
		if last := g.stops[i][len(g.stops[i])-1].Parent; !crossed && last != p.Region && last.Level() == geo.City {
			link(last, i)
			crossed = true
		}
	}
}
