package roster

import (
	"fmt"
	"strings"

	"muster/internal/geo"
)

func (in *reader) company(r *row) {
	c := CompanyRow{Line: r.line, External: r.text(fExternal), Parent: r.text(fParent)}
	c.Company.Name = r.need(fUnit)
	c.Company.Kind = needed(r, fUnitKind, ParseCompanyKind)
	c.Company.USCC = value(r, fUSCC, ParseUSCC)
	r.key(fUnit, "name", c.Company.Name)
	if c.Company.USCC != "" {
		r.key(fUSCC, "uscc", c.Company.USCC)
	}
	if !r.bad {
		in.Companies = append(in.Companies, c)
	}
}

func (in *reader) project(r *row) {
	p := ProjectRow{Line: r.line, External: r.text(fExternal), Owner: r.need(fOwner)}
	p.Project.Code, p.Project.Name = r.need(fCode), r.need(fProject)
	p.Project.Sector = orElse(value(r, fSector, ParseSector), Road)
	p.Project.Status = orElse(value(r, fStatus, ParseStatus), Building)
	r.need(fRegion)
	p.Project.Region = r.region()
	p.Project.From, _ = r.span(fStart, fEnd)
	r.key(fCode, p.Project.Code)
	if !r.bad {
		in.Projects = append(in.Projects, p)
	}
}

func (in *reader) section(r *row) {
	s := SectionRow{Line: r.line, External: r.text(fExternal), Project: r.need(fProject),
		Company: r.need(fUnit), SupervisedBy: r.text(fSupervised)}
	s.Section.Code = r.need(fSection)
	s.Section.Name = orElse(r.text(fName), s.Section.Code)
	s.Section.Kind = needed(r, fUnitKind, ParseSectionKind)
	s.Section.Status = value(r, fStatus, ParseStatus) // "": as it is; a new one is being built
	s.Section.From, _ = r.span(fStart, fEnd)
	r.key(fSection, s.Project, s.Section.Code)
	if !r.bad {
		in.Sections = append(in.Sections, s)
	}
}

func (in *reader) site(r *row) {
	s := SiteRow{Line: r.line, External: r.text(fExternal), Ref: SectionRef{r.text(fProject), r.need(fSection)}}
	s.Site.Name = r.need(fName)
	s.Site.Code = orElse(r.text(fCode), s.Site.Name)
	s.Site.Kind = needed(r, fSiteKind, ParseSiteKind)
	s.Site.Sleeps = s.Site.Kind.IsResidence()
	if r.text(fSleeps) != "" {
		s.Site.Sleeps = value(r, fSleeps, parseYes)
	}
	s.Site.Beds = value(r, fBeds, parseCount)
	s.Site.Signal = orElse(value(r, fSignal, ParseSignal), GoodSignal)
	s.Site.MusterPoint = r.text(fMuster)
	s.Site.RiskReason = r.text(fRisk)
	s.Site.AtRisk = s.Site.RiskReason != ""
	if r.text(fAtRisk) != "" {
		s.Site.AtRisk = value(r, fAtRisk, parseYes)
	}
	if s.Site.AtRisk && s.Site.RiskReason == "" {
		r.problem(fRisk, "标了有险却没有原因", "请说明原因，如 临河、坡脚、沟口")
	}
	s.Site.Region = r.region()
	s.Site.From = r.date(fFrom)
	s.Site.Geometry, s.Site.Datum = r.place()
	r.key(fCode, s.Ref.Project, s.Ref.Section, s.Site.Code)
	if !r.bad {
		in.Sites = append(in.Sites, s)
	}
}

// region reads a code or a name; a name that two counties share is refused with
// the choices.
func (r *row) region() geo.Region {
	text := r.text(fRegion)
	if text == "" {
		return ""
	}
	if code := withoutSpaces(text); strings.Trim(code, "0123456789") == "" {
		region, err := geo.ParseRegion(code)
		r.refuse(fRegion, err)
		return region.Current()
	}
	hits := geo.FindRegion(text, r.in.opt.Within)
	switch len(hits) {
	case 1:
		return hits[0].Code
	case 0:
		r.problem(fRegion, "没有这个行政区划", "请写全称，如 雅安市石棉县，或 6 位代码")
	default:
		var choices []string
		for _, h := range hits {
			choices = append(choices, fmt.Sprintf("%s（%s）", h.Name, h.Code.Adcode()))
		}
		r.problem(fRegion, "不止一个行政区划", "请连市州一起写，或写代码："+strings.Join(choices, "、"))
	}
	return ""
}
