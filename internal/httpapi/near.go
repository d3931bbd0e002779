package httpapi

import (
	"github.com/google/uuid"

	"muster/internal/postgres"
	"muster/internal/roster"
)

// nearByDefault is how far beyond a drawn area people are looked for, in km.
const nearByDefault = 3.0

// SiteLine is a site in a short list.
type SiteLine struct {
	SiteID     uuid.UUID `json:"site_id"`
	Name       string    `json:"name"`
	Kind       string    `json:"kind"`
	KindLabel  string    `json:"kind_label"`
	Lon        float64   `json:"lon"`
	Lat        float64   `json:"lat"`
	RegionName string    `json:"region_name"`
	Section    unitView  `json:"section"`
	Project    idName    `json:"project"`
	People     fewPeople `json:"people"`
}

type fewPeople struct {
	Certain  int `json:"certain"`
	Possible int `json:"possible"`
	Expected int `json:"expected"`
}

type emptyView struct {
	Count int        `json:"count"`
	Items []SiteLine `json:"items"`
}

type nearView struct {
	KM       float64    `json:"km"`
	Count    int        `json:"count"`
	Certain  int        `json:"certain"`
	Possible int        `json:"possible"`
	Expected int        `json:"expected"`
	Items    []nearLine `json:"items"`
}

type nearLine struct {
	SiteLine
	DistanceM int `json:"distance_m"`
}

// viewEmpty lists the sites under an area where nobody is and nobody should be.
func viewEmpty(targets []postgres.Target) *emptyView {
	v := &emptyView{Items: []SiteLine{}}
	for _, t := range targets {
		if t.PeopleCertain+t.PeoplePossible+t.PeopleExpected > 0 {
			continue
		}
		if v.Count++; len(v.Items) < maxBounded {
			v.Items = append(v.Items, SiteLine{t.SiteID, t.Name, t.Kind, roster.SiteKind(t.Kind).Label(), t.Lon, t.Lat, t.RegionName,
				unitView{t.SectionID, t.SectionCode, t.SectionName}, idName{t.ProjectID, t.ProjectName}, fewPeople{}})
		}
	}
	return v
}

func viewNear(list []postgres.NearSite, km float64) *nearView {
	v := &nearView{KM: km, Items: []nearLine{}}
	for _, n := range list {
		v.Count, v.Certain, v.Possible, v.Expected = n.AllSites, n.AllCertain, n.AllPossible, n.AllExpected
		line := SiteLine{n.SiteID, n.Name, n.Kind, roster.SiteKind(n.Kind).Label(), n.Lon, n.Lat, n.RegionName,
			unitView{n.SectionID, n.SectionCode, n.SectionName}, idName{n.ProjectID, n.ProjectName}, fewPeople{n.PeopleCertain, n.PeoplePossible, n.PeopleExpected}}
		v.Items = append(v.Items, nearLine{line, int(n.DistanceM + 0.5)})
	}
	return v
}
