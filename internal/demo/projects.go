package demo

import (
	"fmt"

	"github.com/google/uuid"

	"muster/internal/geo"
	"muster/internal/roster"
)

// yaan is the city in which the stormy evening takes place.
const yaan geo.Region = "511800000000"

// stormy is the route of the first project of 雅安: 石棉, 汉源, 荥经, 雨城.
var stormy = []geo.Region{"511824000000", "511823000000", "511822000000", "511802000000"}

// projects makes the projects with their owners, lines and sections.
func (g *generator) projects() {
	contractors, supervisors := g.companies()
	construction := spread(max(0, g.opt.Sections-g.opt.Projects), g.opt.Projects)
	for i := range g.opt.Projects {
		stops := g.route(i)
		g.stops = append(g.stops, stops)
		g.lines = append(g.lines, g.line(stops))
		p := roster.Project{
			ID: g.id(), Code: fmt.Sprintf("SL%04d", i+1), Sector: roster.Road, Region: stops[0].Parent,
			OwnerID: g.company(fmt.Sprintf("示例%s项目公司", chineseNumber(i+1)), roster.OwnerCompany, uuid.Nil),
			Status:  roster.Building, From: g.born,
		}
		what := "高速公路"
		if i%20 == 7 {
			p.Sector, what = roster.Waterway, "航道整治"
		}
		p.Name = fmt.Sprintf("%s至%s%s示例工程%s", shortName(stops[0].Name), shortName(stops[len(stops)-1].Name), what, chineseNumber(i+1))
		switch i % 19 {
		case 5:
			p.Status = roster.Stopped
		case 11:
			p.Status = roster.Winter
		}
		g.Projects = append(g.Projects, p)
		g.sections(i, construction[i], contractors, supervisors)
	}
}

// sections makes the supervision section (监理处) of a project and cuts its line
// into construction sections.
func (g *generator) sections(project, construction int, contractors, supervisors []uuid.UUID) {
	p := g.Projects[project]
	add := func(code, name string, kind roster.SectionKind, company, by uuid.UUID, line []geo.LonLat) uuid.UUID {
		s := roster.Section{ID: g.id(), ProjectID: p.ID, Code: code, Name: name, Kind: kind, CompanyID: company,
			SupervisedBy: by, Status: p.Status, From: g.born}
		n := len(g.Sections)
		g.Sections = append(g.Sections, s)
		g.tracks = append(g.tracks, tracks{line: line, owner: project, orphan: kind == roster.Construction && n%50 == 17})
		return s.ID
	}
	office := add("JL1", "第一监理处", roster.Supervision, either(g, supervisors...), uuid.Nil, nil)
	line := g.lines[project]
	for j := range construction {
		from := min(j*(len(line)-1)/construction, len(line)-2)
		to := max((j+1)*(len(line)-1)/construction, from+1)
		add(fmt.Sprintf("A%d", j+1), chineseNumber(j+1)+"合同段", roster.Construction, either(g, contractors...), office, line[from:to+1])
	}
}

// companies makes the pool of contractors and supervisors; some contractors
// belong to a parent company.
func (g *generator) companies() (contractors, supervisors []uuid.UUID) {
	var parents []uuid.UUID
	for i := range 4 {
		parents = append(parents, g.company("示例建设集团"+chineseNumber(i+1), roster.ParentCompany, uuid.Nil))
	}
	for i := range max(3, g.opt.Sections/4) {
		parent := uuid.Nil
		if i%2 == 0 {
			parent = parents[i/2%len(parents)]
		}
		contractors = append(contractors, g.company(fmt.Sprintf("示例路桥工程公司%s", chineseNumber(i+1)), roster.ContractorCompany, parent))
	}
	for i := range max(2, g.opt.Projects/5) {
		supervisors = append(supervisors, g.company(fmt.Sprintf("示例工程监理公司%s", chineseNumber(i+1)), roster.SupervisorCompany, uuid.Nil))
	}
	return contractors, supervisors
}

func (g *generator) company(name string, kind roster.CompanyKind, parent uuid.UUID) uuid.UUID {
	c := roster.Company{ID: g.id(), Name: name, Kind: kind, ParentID: parent}
	g.Companies = append(g.Companies, c)
	return c.ID
}

// spread divides n things over k places as evenly as whole numbers allow.
func spread(n, k int) []int {
	parts := make([]int, k)
	for i := range parts {
		parts[i] = n*(i+1)/k - n*i/k
	}
	return parts
}
