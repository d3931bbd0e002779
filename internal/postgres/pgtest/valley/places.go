package valley

import (
	"fmt"
	"time"

	"github.com/paulmach/orb"

	"muster/internal/demo"
	"muster/internal/geo"
	"muster/internal/roster"
)

// The regions of the valley.
const (
	Sichuan  geo.Region = "510000000000"
	Yaan     geo.Region = "511800000000"
	Hanyuan  geo.Region = "511823000000"
	Shimian  geo.Region = "511824000000"
	Liangs   geo.Region = "513400000000"
	Ganluo   geo.Region = "513435000000"
	Township geo.Region = "511824101000" // of 石棉
)

// The sites. The first three are of section A1 or A2 of project P1, supervised
// by the office JL1; bridge and yard lie in another prefecture, but the yard's
// project P3 is supervised by the city of Ya'an.
const (
	Home   = "home"   // residence at risk in 石棉, A1: 6 people sleep here
	Tunnel = "tunnel" // tunnel in 石棉, A1
	Slope  = "slope"  // a line in 汉源, A2
	Camp   = "camp"   // rented residence in 汉源, A2: 4 people sleep here
	Bridge = "bridge" // in 甘洛, B1 of P2
	Yard   = "yard"   // an area in 甘洛, C1 of P3
)

// The devices by serial.
const (
	HomeGate   = "HOME"   // presence, both ways
	TunnelGate = "TUNNEL" // presence, inward
	CampGate   = "CAMP"   // presence, both ways
	Punch      = "PUNCH"  // attendance only, at the tunnel
	BridgeGate = "BRIDGE"
)

// Positions of the sites that are points.
var Positions = map[string]orb.Point{Home: {102.36, 29.23}, Tunnel: {102.38, 29.25}, Camp: {102.66, 29.35}, Bridge: {102.77, 28.97}}

var since = Evening.AddDate(0, 0, -100)

// Worker is the id of the n-th worker; 0–5 sleep at Home, 6–9 at Camp.
func Worker(n int) string { return fmt.Sprintf("worker%d", n) }

const workers = 10

func data() demo.Data {
	d := demo.Data{At: Evening}
	units(&d)
	sites(&d)
	people(&d)
	return d
}

func units(d *demo.Data) {
	for _, a := range []struct {
		name   string
		region geo.Region
		level  geo.Level
	}{{"省厅", Sichuan, geo.Province}, {"雅安局", Yaan, geo.City}, {"石棉局", Shimian, geo.County}, {"汉源局", Hanyuan, geo.County}, {"凉山局", Liangs, geo.City}} {
		d.Authorities = append(d.Authorities, roster.Authority{ID: ID(a.name), Name: a.name + "（示例）", Kind: "transport", Sector: "both",
			Level: a.level, Region: a.region, Territory: []geo.Region{a.region}})
	}
	d.Companies = []roster.Company{
		{ID: ID("group"), Name: "示例集团", Kind: roster.ParentCompany},
		{ID: ID("owner1"), Name: "示例项目公司一", Kind: roster.OwnerCompany},
		{ID: ID("owner2"), Name: "示例项目公司二", Kind: roster.OwnerCompany},
		{ID: ID("builder1"), Name: "示例施工一", Kind: roster.ContractorCompany, ParentID: ID("group")},
		{ID: ID("builder2"), Name: "示例施工二", Kind: roster.ContractorCompany},
		{ID: ID("watch"), Name: "示例监理", Kind: roster.SupervisorCompany},
		{ID: ID("lab"), Name: "示例检测", Kind: roster.LaboratoryCompany},
	}
	for _, p := range []struct {
		name, owner string
		region      geo.Region
		supervised  string
	}{{"P1", "owner1", Yaan, "雅安局"}, {"P2", "owner2", Liangs, "凉山局"}, {"P3", "owner2", Liangs, "雅安局"}} {
		d.Projects = append(d.Projects, roster.Project{ID: ID(p.name), Code: p.name, Name: "示例工程" + p.name, Sector: roster.Road,
			OwnerID: ID(p.owner), Region: p.region, Status: roster.Building, From: since})
		d.Links = append(d.Links, roster.SupervisionLink{AuthorityID: ID(p.supervised), ProjectID: ID(p.name), From: since})
	}
	for _, s := range []struct {
		code, project, company, by string
		kind                       roster.SectionKind
	}{
		{"JL1", "P1", "watch", "", roster.Supervision}, {"LAB", "P1", "lab", "", roster.Testing},
		{"A1", "P1", "builder1", "JL1", roster.Construction}, {"A2", "P1", "builder2", "", roster.Construction},
		{"B1", "P2", "builder2", "", roster.Construction}, {"C1", "P3", "builder2", "", roster.Construction},
	} {
		section := roster.Section{ID: ID(s.code), ProjectID: ID(s.project), Code: s.code, Name: s.code + "合同段", Kind: s.kind,
			CompanyID: ID(s.company), Status: roster.Building, From: since}
		if s.by != "" {
			section.SupervisedBy = ID(s.by)
		}
		d.Sections = append(d.Sections, section)
	}
}

func sites(d *demo.Data) {
	line := orb.LineString{{102.60, 29.33}, {102.64, 29.34}, {102.70, 29.36}}
	area := orb.Polygon{{{102.80, 28.95}, {102.81, 28.95}, {102.81, 28.96}, {102.80, 28.96}, {102.80, 28.95}}}
	for _, s := range []roster.Site{
		{Name: Home, SectionID: ID("A1"), ProjectID: ID("P1"), Kind: roster.ResidenceOwn, Sleeps: true, AtRisk: true, RiskReason: "临河（示例）",
			Region: Shimian, Geometry: Positions[Home], MusterPoint: "上方平台（示例）", Beds: 6},
		{Name: Tunnel, SectionID: ID("A1"), ProjectID: ID("P1"), Kind: roster.Tunnel, Region: Shimian, Geometry: Positions[Tunnel]},
		{Name: Slope, SectionID: ID("A2"), ProjectID: ID("P1"), Kind: roster.Slope, Region: Hanyuan, Geometry: line},
		{Name: Camp, SectionID: ID("A2"), ProjectID: ID("P1"), Kind: roster.ResidenceRent, Sleeps: true, Region: Hanyuan, Geometry: Positions[Camp], Beds: 4},
		{Name: Bridge, SectionID: ID("B1"), ProjectID: ID("P2"), Kind: roster.Bridge, Region: Ganluo, Geometry: Positions[Bridge]},
		{Name: Yard, SectionID: ID("C1"), ProjectID: ID("P3"), Kind: roster.Yard, Region: Ganluo, Geometry: area},
	} {
		s.ID, s.Code, s.Datum, s.Signal, s.From = ID(s.Name), "S-"+s.Name, geo.WGS84Datum, roster.GoodSignal, since
		d.Sites = append(d.Sites, s)
	}
	for _, g := range []roster.Device{
		{Serial: HomeGate, SiteID: ID(Home), Purpose: "presence", Direction: "both"},
		{Serial: TunnelGate, SiteID: ID(Tunnel), Purpose: "presence", Direction: "in"},
		{Serial: CampGate, SiteID: ID(Camp), Purpose: "presence", Direction: "both"},
		{Serial: Punch, SiteID: ID(Tunnel), Purpose: "attendance", Direction: "in"},
		{Serial: BridgeGate, SiteID: ID(Bridge), Purpose: "presence", Direction: "both"},
	} {
		g.ID = ID("device " + g.Serial)
		d.Devices = append(d.Devices, g)
	}
}

func people(d *demo.Data) {
	post := func(name, phone string, kind roster.UnitKind, unit string, role roster.Role) {
		d.People = append(d.People, roster.Person{ID: ID(name), Name: name, Phone: phone})
		d.Posts = append(d.Posts, roster.Post{ID: ID("post " + name), PersonID: ID(name), UnitKind: kind, UnitID: ID(unit), Role: role,
			Seat: roster.SeatA, From: since})
	}
	post(NameOfLead, PhoneOfLead, roster.SiteUnit, Home, roster.SiteLead)
	post("合同段甲示例", "19900000002", roster.SectionUnit, "A1", roster.SectionLead)
	post("副职甲示例", "19900000003", roster.SectionUnit, "A1", roster.SectionDeputy)
	post("合同段乙示例", "19900000004", roster.SectionUnit, "A2", roster.SectionLead)
	for n := range workers {
		name, home, section := Worker(n), Home, "A1"
		if n >= 6 {
			home, section = Camp, "A2"
		}
		d.People = append(d.People, roster.Person{ID: ID(name), Name: fmt.Sprintf("工人示例%d", n), IDNumber: idNumber(n)})
		d.Posts = append(d.Posts, roster.Post{ID: ID("post " + name), PersonID: ID(name), UnitKind: roster.SectionUnit, UnitID: ID(section),
			Role: roster.Worker, Seat: roster.SeatA, From: since})
		d.Beds = append(d.Beds, roster.Bed{ID: ID("bed " + name), PersonID: ID(name), SiteID: ID(home), From: since})
	}
	d.Shifts = []roster.Shift{{ID: ID("shift"), PersonID: ID(Worker(0)), SiteID: ID(Tunnel), From: Evening.Add(-2 * time.Hour), Until: Evening.Add(10 * time.Hour)}}
}

// IDNumber is the (invented) ID number of the n-th worker.
func IDNumber(n int) string { return idNumber(n) }

// idNumber makes a number with a right check digit (GB 11643) in a district
// code that is given to nobody.
func idNumber(n int) string {
	body := fmt.Sprintf("999999190001%02d%03d", 1+n%28, n)
	sum := 0
	for i, weight := range []int{7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2} {
		sum += int(body[i]-'0') * weight
	}
	return body + string("10X98765432"[sum%11])
}
