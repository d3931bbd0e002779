package demo

import (
	"github.com/google/uuid"

	"muster/internal/roster"
)

// staff gives every authority, project and section its people, and every site
// its lead (A角, B角). A section in fifty has nobody, and neither have its sites;
// of the other sites one in fifty lacks its lead.
func (g *generator) staff() {
	for i := range g.Authorities {
		g.office(roster.AuthorityUnit, g.Authorities[i].ID, roster.DutyOfficer, roster.DutyLeader)
	}
	for i := range g.Projects {
		g.office(roster.ProjectUnit, g.Projects[i].ID, roster.DutyOfficer, roster.OwnerHead)
	}
	for i := range g.Sections {
		g.sectionStaff(i)
	}
}

// office gives a unit two officers and two leaders.
func (g *generator) office(kind roster.UnitKind, unit uuid.UUID, officer, leader roster.Role) {
	for _, role := range []roster.Role{officer, leader} {
		for _, seat := range []roster.Seat{roster.SeatA, roster.SeatB} {
			g.post(g.person("zh"), kind, unit, role, seat)
		}
	}
}

func (g *generator) sectionStaff(section int) {
	s, t := g.Sections[section], &g.tracks[section]
	if s.Kind == roster.Supervision {
		for _, seat := range []roster.Seat{roster.SeatA, roster.SeatB} {
			g.post(g.person("zh"), roster.SectionUnit, s.ID, roster.SiteSupervisor, seat)
		}
		return
	}
	if t.orphan {
		return
	}
	for _, role := range []roster.Role{roster.SectionLead, roster.SectionDeputy, roster.SafetyHead} {
		g.post(g.person("zh"), roster.SectionUnit, s.ID, role, roster.SeatA)
	}
	for n, i := range t.sites {
		if n > 0 && g.chance(0.02) {
			continue
		}
		for _, seat := range []roster.Seat{roster.SeatA, roster.SeatB} {
			g.post(g.person("zh"), roster.SiteUnit, g.Sites[i].ID, roster.SiteLead, seat)
		}
	}
}

// worker is how a worker of a section spends the day; home and work are indexes
// into Data.Sites, -1 for none.
type worker struct {
	person     int
	home, work int
	night      bool
}

// workers fills the province up to the number of people that was asked for: a
// post in a section, a bed in one of its residences, a shift at one of its work
// sites.
func (g *generator) workers() {
	var places []int // sections by the number of their sites
	for i := range g.tracks {
		for range g.tracks[i].sites {
			places = append(places, i)
		}
	}
	missing := max(0, g.opt.People-len(g.People))
	if len(places) == 0 {
		return
	}
	for i, n := range spread(missing, len(places)) {
		homes, works := g.split(g.tracks[places[i]].sites)
		for range n {
			g.worker(places[i], homes, works)
		}
	}
}

// split tells residences from work sites.
func (g *generator) split(sites []int) (homes, works []int) {
	for _, i := range sites {
		if g.Sites[i].Kind.IsResidence() {
			homes = append(homes, i)
		} else {
			works = append(works, i)
		}
	}
	return homes, works
}

func (g *generator) worker(section int, homes, works []int) {
	w := worker{person: len(g.People), home: -1, work: -1, night: g.chance(0.25)}
	language := "zh"
	if at := g.tracks[section].line[0]; at.Lon < mountains && g.chance(0.2) {
		language = "ii"
		if at.Lat > 29.5 {
			language = "bo"
		}
	}
	id := g.person(language)
	g.post(id, roster.SectionUnit, g.Sections[section].ID, roster.Worker, roster.SeatA)
	if len(homes) > 0 && g.chance(0.95) {
		w.home = either(g, homes...)
		g.Sites[w.home].Beds++
		g.Beds = append(g.Beds, roster.Bed{ID: g.id(), PersonID: id, SiteID: g.Sites[w.home].ID, From: g.born})
	}
	if len(works) > 0 && g.Sections[section].Status == roster.Building {
		w.work = either(g, works...)
		g.shift(w, id)
	}
	g.Data.workers = append(g.Data.workers, w)
}

// shift is the one that runs or comes next: 07:00–19:00 or 19:00–07:00.
func (g *generator) shift(w worker, person uuid.UUID) {
	begins := 7
	if w.night {
		begins = 19
	}
	from := clockTime(g.At, -1, begins)
	for !from.Add(shiftLength).After(g.At) {
		from = from.AddDate(0, 0, 1)
	}
	g.Shifts = append(g.Shifts, roster.Shift{ID: g.id(), PersonID: person, SiteID: g.Sites[w.work].ID, From: from, Until: from.Add(shiftLength)})
}
