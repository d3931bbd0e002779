package roster

import (
	"time"

	"github.com/google/uuid"
	"github.com/paulmach/orb"

	"muster/internal/errs"
	"muster/internal/geo"
)

// Authority is a 主管部门, 质监机构 or 厅属单位. Its territory is a set of
// regions with all that lies inside them.
type Authority struct {
	ID        uuid.UUID
	Name      string
	Kind      string // transport, quality, department
	Sector    string // road, waterway, both
	Level     geo.Level
	Region    geo.Region
	Territory []geo.Region
}

// SupervisionLink is a 监管关系: an authority supervises a project from–until,
// wherever it lies. A zero Until is open.
type SupervisionLink struct {
	AuthorityID, ProjectID uuid.UUID
	From, Until            time.Time
}

// Company is an owner, contractor, supervisor, laboratory or parent company.
type Company struct {
	ID       uuid.UUID
	Name     string
	USCC     string // GB 32100; "" when not known
	Kind     CompanyKind
	ParentID uuid.UUID // uuid.Nil without one
}

// Project is a 项目.
type Project struct {
	ID      uuid.UUID
	Code    string
	Name    string
	Sector  Sector
	OwnerID uuid.UUID
	Region  geo.Region
	Status  Status
	From    time.Time // since when this is so
}

// Section is a 合同段; its code is unique in its project.
type Section struct {
	ID           uuid.UUID
	ProjectID    uuid.UUID
	Code, Name   string
	Kind         SectionKind
	CompanyID    uuid.UUID
	SupervisedBy uuid.UUID // the supervision section (监理处); uuid.Nil without one
	Status       Status
	From         time.Time
}

// Site is a 驻地 or 工点: a located place with people; its code is unique in its
// section. Geometry is WGS 84 and an orb.Point, orb.LineString or orb.Polygon;
// Datum is what it was received in.
type Site struct {
	ID             uuid.UUID
	ProjectID      uuid.UUID
	SectionID      uuid.UUID
	Code, Name     string
	Kind           SiteKind
	Sleeps         bool // people sleep here (住人)
	AtRisk         bool // 险
	RiskReason     string
	LowDangerUntil time.Time // until when a report says 低风险; zero without one
	Region         geo.Region
	Datum          geo.Datum
	Geometry       orb.Geometry
	Signal         Signal
	MusterPoint    string
	Beds           int
	From           time.Time
}

// Validate says what of a site cannot be stored.
func (s Site) Validate() []errs.Detail {
	var d details
	d.add(s.Name == "", "name", "没有名称", "请填写点位名称")
	d.add(s.Code == "", "code", "没有编号", "请填写点位编号")
	d.add(!s.Kind.Known(), "kind", "不认识的点位类型", "请从点位类型表中选择")
	d.add(s.AtRisk && s.RiskReason == "", "risk_reason", "标了“险”却没有原因", "请说明原因，如 临河、坡脚、沟口")
	d.add(s.Beds < 0, "beds", "床位数不能小于零", "请填写实际床位数")
	d.add(s.Datum == "", "datum", "没有说明坐标系", "wgs84、cgcs2000、gcj02 或 bd09")
	for _, p := range Vertices(s.Geometry) {
		if err := geo.FromPoint(p).Valid(); err != nil {
			return append(d, errs.Detail{Where: "geometry", Text: err.Error()})
		}
	}
	d.add(len(Vertices(s.Geometry)) == 0, "geometry", "没有位置", "请给出点、线或面")
	return d
}

// Vertices lists the positions of a site's geometry, longitude first; nil for a
// shape a site cannot have.
func Vertices(g orb.Geometry) []orb.Point {
	switch g := g.(type) {
	case orb.Point:
		return []orb.Point{g}
	case orb.LineString:
		return g
	case orb.Polygon:
		var all []orb.Point
		for _, ring := range g {
			all = append(all, ring...)
		}
		return all
	}
	return nil
}
