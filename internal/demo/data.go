package demo

import (
	"time"

	"github.com/google/uuid"

	"muster/internal/account"
	"muster/internal/geo"
	"muster/internal/roster"
)

// Options are the size of the province and the instant it is seen at.
type Options struct {
	Seed     uint64
	At       time.Time // the present of the demonstration
	Cities   int       // how many of the 21 cities have projects of their own
	Projects int
	Sections int // of all projects, supervision sections included
	Sites    int
	People   int
}

// Province is the demonstration: 21 cities, 60 projects, 200 sections, 1,500
// sites, 20,000 people.
func Province(at time.Time) Options {
	return Options{Seed: 1, At: at, Cities: 21, Projects: 60, Sections: 200, Sites: 1_500, People: 20_000}
}

// FullProvince is the scale that is planned for: 3,000 projects, 30,000 sites,
// 500,000 people.
func FullProvince(at time.Time) Options {
	return Options{Seed: 1, At: at, Cities: 21, Projects: 3_000, Sections: 9_000, Sites: 30_000, People: 500_000}
}

// Data is the generated province. References are by id; regions are those of
// geo.BuiltinRegions. Passes are not kept but generated when asked for.
type Data struct {
	At          time.Time
	Authorities []roster.Authority
	Links       []roster.SupervisionLink
	Companies   []roster.Company
	Projects    []roster.Project
	Sections    []roster.Section
	Sites       []roster.Site
	People      []roster.Person
	Posts       []roster.Post
	Beds        []roster.Bed
	Shifts      []roster.Shift
	Duties      []roster.DutyLine
	Devices     []roster.Device
	Users       []User

	seed    uint64
	workers []worker
	gates   []uuid.UUID // by site: the presence device, or uuid.Nil
}

// User is a demonstration account: one role in one place. Installation roles
// have no place.
type User struct {
	Login    string
	Title    string
	Role     account.Role
	PersonID uuid.UUID // uuid.Nil for installation roles

	AuthorityID, ProjectID, SectionID, SiteID uuid.UUID // at most one is set
}

// DeviceKey is the key of a demonstration device. It is no secret: whoever
// reads the serial knows it.
func DeviceKey(serial string) string { return "demo-" + serial }

// Generate invents the province that the options describe.
func Generate(opt Options) Data {
	g := newGenerator(opt)
	g.projects()
	g.sites()
	g.authorities()
	g.supervision()
	g.staff()
	g.workers()
	g.duties()
	g.devices()
	g.users()
	return g.Data
}

// tracks is what the generator remembers about a section while it works.
type tracks struct {
	line   []geo.LonLat // the piece of the project's line that it builds
	sites  []int        // indexes into Data.Sites
	owner  int          // index of the project
	orphan bool         // nobody has been named responsible
}
