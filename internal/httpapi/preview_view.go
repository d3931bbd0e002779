package httpapi

import (
	"time"

	"github.com/google/uuid"

	"muster/internal/account"
	"muster/internal/postgres"
	"muster/internal/warning"
)

type previewView struct {
	AsOf    time.Time    `json:"as_of"`
	TookMS  float64      `json:"took_ms"`
	Area    *areaCheck   `json:"area,omitempty"`
	Totals  previewTotal `json:"totals"`
	Targets []targetView `json:"targets"`
	Dropped []targetView `json:"dropped"`
	Empty   *emptyView   `json:"empty,omitempty" doc:"在区域内但无人在场、也无人应在"`
	Near    *nearView    `json:"near,omitempty" doc:"紧邻区域之外有人的点位，近的在前"`
}

type previewTotal struct {
	Sites     int            `json:"sites"`
	Sections  int            `json:"sections"`
	Projects  int            `json:"projects"`
	Certain   int            `json:"certain"`
	Possible  int            `json:"possible"`
	Expected  int            `json:"expected"`
	Reachable int            `json:"reachable"` // targets with somebody who answers for them
	ByMeasure []measureTotal `json:"by_measure"`
}

type measureTotal struct {
	Measure  string `json:"measure"`
	Label    string `json:"label"`
	Sites    int    `json:"sites"`
	Certain  int    `json:"certain"`
	Possible int    `json:"possible"`
}

var measures = []warning.Measure{warning.Evacuate, warning.Shelter, warning.KeepOut, warning.Stop, warning.Patrol, warning.Read}

func totals(targets []postgres.Target) previewTotal {
	t := previewTotal{ByMeasure: []measureTotal{}}
	sections, projects := map[uuid.UUID]bool{}, map[uuid.UUID]bool{}
	by := map[warning.Measure]*measureTotal{}
	for _, m := range measures {
		by[m] = &measureTotal{Measure: string(m), Label: m.Label()}
	}
	for _, x := range targets {
		sections[x.SectionID], projects[x.ProjectID] = true, true
		t.Certain += x.PeopleCertain
		t.Possible += x.PeoplePossible
		t.Expected += x.PeopleExpected
		if len(x.Responsible) > 0 {
			t.Reachable++
		}
		m := by[x.Measure]
		m.Sites++
		m.Certain += x.PeopleCertain
		m.Possible += x.PeoplePossible
	}
	t.Sites, t.Sections, t.Projects = len(targets), len(sections), len(projects)
	for _, m := range measures {
		if by[m].Sites > 0 {
			t.ByMeasure = append(t.ByMeasure, *by[m])
		}
	}
	return t
}

func (s *Server) viewPreview(p postgres.Preview, show *discloser, began time.Time) previewView {
	v := previewView{AsOf: p.AsOf, TookMS: float64(s.Clock.Now().Sub(began).Microseconds()) / 1000, Totals: totals(p.Targets),
		Targets: []targetView{}, Dropped: []targetView{}}
	for _, t := range p.Targets {
		v.Targets = append(v.Targets, viewTarget(t, show, account.Quiet))
	}
	for _, t := range p.Dropped {
		v.Dropped = append(v.Dropped, viewTarget(t, show, account.Quiet))
	}
	return v
}
