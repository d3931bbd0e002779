package demo_test

import (
	"crypto/sha256"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/paulmach/orb"

	"muster/internal/demo"
	"muster/internal/geo"
	"muster/internal/roster"
)

var evening = time.Date(2026, 7, 10, 13, 30, 0, 0, time.UTC)

func TestTheProvinceIsAsLargeAsAsked(t *testing.T) {
	opt := demo.Province(evening)
	d := demo.Generate(opt)
	if len(d.Projects) != opt.Projects || len(d.Sections) != opt.Sections || len(d.Sites) != opt.Sites || len(d.People) != opt.People {
		t.Errorf("%d projects, %d sections, %d sites, %d people", len(d.Projects), len(d.Sections), len(d.Sites), len(d.People))
	}
	passes := 0
	for range d.Passes() {
		passes++
	}
	t.Logf("%d passes, %d posts, %d beds, %d shifts, %d duties, %d devices, %d authorities",
		passes, len(d.Posts), len(d.Beds), len(d.Shifts), len(d.Duties), len(d.Devices), len(d.Authorities))
	if passes < 2*opt.People {
		t.Errorf("only %d passes", passes)
	}
	if len(d.Users) != 11 {
		t.Errorf("%d accounts", len(d.Users))
	}
}

func TestTheSameSeedGivesTheSameProvince(t *testing.T) {
	small := demo.Options{Seed: 7, At: evening, Cities: 21, Projects: 21, Sections: 60, Sites: 200, People: 3000}
	other := small
	other.Seed = 8
	a, b, c := digest(demo.Generate(small)), digest(demo.Generate(small)), digest(demo.Generate(other))
	if a != b {
		t.Error("the same seed gave two provinces")
	}
	if a == c {
		t.Error("another seed gave the same province")
	}
}

func digest(d demo.Data) [32]byte {
	h := sha256.New()
	fmt.Fprintf(h, "%+v %+v %+v %+v %+v %+v", d.Authorities, d.Projects, d.Sections, d.Sites, d.People, d.Users)
	fmt.Fprintf(h, "%+v %+v %+v %+v", d.Posts, d.Beds, d.Shifts, d.Duties)
	for p := range d.Passes() {
		fmt.Fprintf(h, "%+v", p)
	}
	return [32]byte(h.Sum(nil))
}

func TestSitesAreStorableAndMixed(t *testing.T) {
	d := demo.Generate(demo.Province(evening))
	within := roster.Sichuan("").Range
	kinds, shapes, cities, risky := map[roster.SiteKind]int{}, map[string]int{}, map[geo.Region]int{}, 0
	for _, s := range d.Sites {
		if bad := s.Validate(); len(bad) > 0 {
			t.Fatalf("%s: %v", s.Code, bad)
		}
		for _, p := range roster.Vertices(s.Geometry) {
			if !within.Contains(p) {
				t.Errorf("%s lies outside the province at %v", s.Code, p)
			}
		}
		if p, is := s.Geometry.(orb.Polygon); is && len(geo.Defects(orb.MultiPolygon{p})) > 0 {
			t.Errorf("%s is no valid area", s.Code)
		}
		kinds[s.Kind]++
		shapes[s.Geometry.GeoJSONType()]++
		city := s.Region.Parent()
		cities[city]++
		if s.AtRisk {
			risky++
		}
	}
	if len(cities) != 21 {
		t.Errorf("sites in %d cities", len(cities))
	}
	for city, n := range cities {
		if n < 3 {
			t.Errorf("%s has %d sites", city, n)
		}
	}
	if len(kinds) < len(roster.SiteKinds())-1 {
		t.Errorf("kinds: %v", kinds)
	}
	between := func(what string, n, lo, hi int) {
		if n < lo || n > hi {
			t.Errorf("%s: %d, want %d–%d", what, n, lo, hi)
		}
	}
	between("lines", shapes["LineString"], 140, 220)
	between("areas", shapes["Polygon"], 30, 70)
	between("at risk", risky, 180, 270)
}

// The stormy evening needs somebody to warn where it takes place.
func TestTheStormHasResidencesUnderIt(t *testing.T) {
	d := demo.Generate(demo.Province(evening))
	beds := map[geo.Region]int{}
	for _, s := range d.Sites {
		if s.Kind.IsResidence() {
			beds[s.Region] += s.Beds
		}
	}
	for _, county := range []geo.Region{"511824000000", "511823000000"} {
		if beds[county] == 0 {
			t.Errorf("nobody sleeps in %s", county)
		}
	}
}

func TestNamesSayThatTheyAreInvented(t *testing.T) {
	d := demo.Generate(demo.Province(evening))
	for _, p := range d.People {
		if !strings.Contains(p.Name, "示例") || p.IDNumber != "" || len(p.Validate()) > 0 {
			t.Fatalf("%+v: %v", p, p.Validate())
		}
	}
	for _, p := range d.Projects {
		if !strings.Contains(p.Name, "示例") {
			t.Errorf("project %s", p.Name)
		}
	}
	companies := map[string]bool{}
	for _, c := range d.Companies {
		if !strings.Contains(c.Name, "示例") || companies[c.Name] {
			t.Errorf("company %s", c.Name)
		}
		companies[c.Name] = true
	}
}

// About one site in fifty has nobody responsible; the others have.
func TestSomeSitesHaveNobody(t *testing.T) {
	d := demo.Generate(demo.Province(evening))
	held := map[uuid.UUID]bool{}
	for _, p := range d.Posts {
		held[p.UnitID] = held[p.UnitID] || p.Role != roster.Worker
	}
	nobody := 0
	for _, s := range d.Sites {
		if !held[s.ID] && !held[s.SectionID] {
			nobody++
		}
	}
	if nobody < 10 || nobody > 60 {
		t.Errorf("%d of %d sites have nobody", nobody, len(d.Sites))
	}
}

func TestPassesAreTakenAndUnique(t *testing.T) {
	d := demo.Generate(demo.Options{Seed: 1, At: evening, Cities: 21, Projects: 21, Sections: 60, Sites: 300, People: 4000})
	type key struct {
		device uuid.UUID
		at     time.Time
		event  string
	}
	seen, ways := map[key]bool{}, map[roster.Direction]int{}
	for p := range d.Passes() {
		k := key{p.DeviceID, p.DeviceTime, p.EventKey}
		if seen[k] || p.DeviceTime.After(evening) || p.DeviceTime.Before(evening.Add(-46*time.Hour)) || p.DeviceID == uuid.Nil {
			t.Fatalf("pass %+v", p)
		}
		seen[k] = true
		ways[p.Direction]++
	}
	if len(ways) != 3 {
		t.Errorf("directions %v", ways)
	}
}

func BenchmarkFullProvince(b *testing.B) {
	for b.Loop() {
		demo.Generate(demo.FullProvince(evening))
	}
}
