package valley

import (
	"testing"
	"time"

	"github.com/paulmach/orb"

	"muster/internal/demo"
	"muster/internal/geo"
	"muster/internal/postgres"
	"muster/internal/postgres/pgtest"
	"muster/internal/roster"
)

// NightWorld is the valley with everybody who can be called at night: supervisors,
// owner, parent company, the authorities' rosters; and places where something is
// missing.
var NightWorld = &pgtest.World{Seed: func(t testing.TB, db *postgres.DB) {
	t.Helper()
	d := data()
	night(&d)
	seedWith(t, db, d)
}}

// More regions of Ya'an.
const (
	Yingjing geo.Region = "511822000000"
	Tianquan geo.Region = "511825000000"
)

// The sites that the night adds.
const (
	Hut    = "hut"    // sleeps, at risk, no signal, in 甘洛 beside the yard, C1
	Orphan = "orphan" // sleeps, at risk, in 荥经, A3: nobody is responsible
	Camp1  = "camp1"  // three residences at risk in 天全, A4, all one man's
	Camp2  = "camp2"
	Camp3  = "camp3"
)

// The phones of the night, by whose they are.
const (
	PhoneOfSection    = "19900000002" // of A1
	PhoneOfDeputy     = "19900000003"
	PhoneOfSectionA2  = "19900000004"
	PhoneOfSupervisor = "19900000011"
	PhoneOfChief      = "19900000012"
	PhoneOfOwner      = "19900000013" // of P1
	PhoneOfParent     = "19900000014" // on duty in the parent company of A1's company
	PhoneOfHut        = "19900000051"
	PhoneOfYard       = "19900000052"
	PhoneOfSectionC1  = "19900000053"
	PhoneOfMany       = "19900000061" // five roles in A4
	PhoneOfLate       = "19900000071" // a worker who comes in late

	PhoneOfShimian        = "19900000021" // duty officer; 汉源 has nobody on its roster
	PhoneOfShimianLeader  = "19900000022"
	PhoneOfYingjing       = "19900000023"
	PhoneOfYaan           = "19900000031"
	PhoneOfYaanLeader     = "19900000032"
	PhoneOfProvince       = "19900000041"
	PhoneOfProvinceLeader = "19900000042"
)

// LateWorker is the worker who has a phone and comes in late.
const LateWorker = "late worker"

func night(d *demo.Data) {
	d.Authorities = append(d.Authorities, roster.Authority{ID: ID("荥经局"), Name: "荥经局（示例）", Kind: "transport", Sector: "both",
		Level: geo.County, Region: Yingjing, Territory: []geo.Region{Yingjing}})
	for _, code := range []string{"A3", "A4"} {
		d.Sections = append(d.Sections, roster.Section{ID: ID(code), ProjectID: ID("P1"), Code: code, Name: code + "合同段", Kind: roster.Construction,
			CompanyID: ID("builder2"), Status: roster.Building, From: since})
	}
	nightSites(d)
	nightPosts(d)
	nightRosters(d)
}

func nightSites(d *demo.Data) {
	for _, s := range []struct {
		name, section, project string
		region                 geo.Region
		at                     orb.Point
		signal                 roster.Signal
	}{
		{Hut, "C1", "P3", Ganluo, orb.Point{102.82, 28.97}, roster.NoSignal},
		{Orphan, "A3", "P1", Yingjing, orb.Point{102.63, 29.71}, roster.GoodSignal},
		{Camp1, "A4", "P1", Tianquan, orb.Point{102.58, 30.08}, roster.GoodSignal},
		{Camp2, "A4", "P1", Tianquan, orb.Point{102.59, 30.08}, roster.GoodSignal},
		{Camp3, "A4", "P1", Tianquan, orb.Point{102.60, 30.08}, roster.GoodSignal},
	} {
		d.Sites = append(d.Sites, roster.Site{ID: ID(s.name), Name: s.name, Code: "S-" + s.name, SectionID: ID(s.section), ProjectID: ID(s.project),
			Kind: roster.ResidenceOwn, Sleeps: true, AtRisk: true, RiskReason: "临沟（示例）", Region: s.region, Geometry: s.at, Datum: geo.WGS84Datum,
			Signal: s.signal, MusterPoint: "高处（示例）", Beds: 5, From: since})
	}
}

func nightPosts(d *demo.Data) {
	person := func(name, phone string) {
		d.People = append(d.People, roster.Person{ID: ID(name), Name: name, Phone: phone})
	}
	post := func(name string, kind roster.UnitKind, unit string, role roster.Role) {
		d.Posts = append(d.Posts, roster.Post{ID: ID("post " + name + unit + string(role)), PersonID: ID(name), UnitKind: kind, UnitID: ID(unit),
			Role: role, Seat: roster.SeatA, From: since})
	}
	for _, p := range []struct {
		name, phone string
		kind        roster.UnitKind
		unit        string
		role        roster.Role
	}{
		{"监理示例", PhoneOfSupervisor, roster.SectionUnit, "JL1", roster.SiteSupervisor},
		{"总监示例", PhoneOfChief, roster.SectionUnit, "JL1", roster.SectionLead},
		{"业主示例", PhoneOfOwner, roster.ProjectUnit, "P1", roster.OwnerHead},
		{"沟口示例", PhoneOfHut, roster.SiteUnit, Hut, roster.SiteLead},
		{"料场示例", PhoneOfYard, roster.SiteUnit, Yard, roster.SiteLead},
		{"合同段丙示例", PhoneOfSectionC1, roster.SectionUnit, "C1", roster.SectionLead},
		{"无号示例", "", roster.SiteUnit, Camp, roster.SiteLead}, // nobody wrote his number down
	} {
		person(p.name, p.phone)
		post(p.name, p.kind, p.unit, p.role)
	}
	person("兼职示例", PhoneOfMany)
	for _, site := range []string{Camp1, Camp2, Camp3} {
		post("兼职示例", roster.SiteUnit, site, roster.SiteLead)
	}
	post("兼职示例", roster.SectionUnit, "A4", roster.SectionLead)
	post("兼职示例", roster.SectionUnit, "A4", roster.SafetyHead)
	person(LateWorker, PhoneOfLate)
	post(LateWorker, roster.SectionUnit, "A1", roster.Worker)
}

func nightRosters(d *demo.Data) {
	for _, line := range []struct {
		phone string
		kind  roster.UnitKind
		unit  string
		role  roster.Role
	}{
		{PhoneOfShimian, roster.AuthorityUnit, "石棉局", roster.DutyOfficer}, {PhoneOfShimianLeader, roster.AuthorityUnit, "石棉局", roster.DutyLeader},
		{PhoneOfYingjing, roster.AuthorityUnit, "荥经局", roster.DutyLeader}, // no duty officer tonight
		{PhoneOfYaan, roster.AuthorityUnit, "雅安局", roster.DutyOfficer}, {PhoneOfYaanLeader, roster.AuthorityUnit, "雅安局", roster.DutyLeader},
		{PhoneOfProvince, roster.AuthorityUnit, "省厅", roster.DutyOfficer}, {PhoneOfProvinceLeader, roster.AuthorityUnit, "省厅", roster.DutyLeader},
		{PhoneOfParent, roster.CompanyUnit, "group", roster.DutyOfficer},
	} {
		id := ID("on duty " + line.phone)
		d.People = append(d.People, roster.Person{ID: id, Name: "值班示例" + line.phone[9:], Phone: line.phone})
		d.Duties = append(d.Duties, roster.DutyLine{ID: ID("duty " + line.phone), UnitKind: line.kind, UnitID: ID(line.unit), Role: line.role,
			PersonID: id, From: Evening.Add(-12 * time.Hour), Until: Evening.AddDate(0, 0, 7)})
	}
}
