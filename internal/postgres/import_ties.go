package postgres

import (
	"context"

	"github.com/google/uuid"

	"muster/internal/account"
	"muster/internal/roster"
)

// tied is what a tie of a file resolves to.
type tied struct {
	person uuid.UUID
	kind   roster.UnitKind
	unit   uuid.UUID
	at     account.Place
	bed    bool // the unit is a residence
}

// tieContext is what the ties of a file refer to.
type tieContext struct {
	run   *importRun
	sites siteIndex
	used  map[uuid.UUID]bool // companies used outside the scope
}

// ties reads what a file's references may mean.
func (run *importRun) ties(ctx context.Context, people []roster.PersonRef, units []roster.UnitRef) (*tieContext, error) {
	var err error
	if run.people, err = lookUpPeople(ctx, run.tx, run.sealer, people); err != nil {
		return nil, err
	}
	t := &tieContext{run: run}
	if t.sites, _, err = readSites(ctx, run.tx, run.sectionsNamed(units)); err != nil {
		return nil, err
	}
	t.used, err = run.foreignCompanies(ctx)
	return t, err
}

// sectionsNamed are the sections in which the sites of some rows may lie: the
// one that is named, else those of the project, else those of the scope.
func (run *importRun) sectionsNamed(units []roster.UnitRef) map[uuid.UUID]bool {
	refs, named := map[roster.SectionRef]bool{}, map[uuid.UUID]bool{}
	for _, u := range units {
		if u.Kind == roster.SiteUnit {
			refs[u.Section] = true
		}
	}
	for ref := range refs {
		for _, s := range run.units.bySection {
			switch {
			case ref.Section != "" && s.Code != ref.Section && s.Name != ref.Section,
				ref.Project != "" && !run.inProject(s, ref.Project),
				ref.Section == "" && ref.Project == "" && !run.scope.Holds(s.place()):
			default:
				named[s.ID] = true
			}
		}
	}
	return named
}

func (run *importRun) inProject(s sectionUnit, text string) bool {
	p := run.units.byProject[s.ProjectID]
	return p.Code == text || p.Name == text
}

// resolve finds person and unit of a row; a problem is noted when either is
// missing or outside the scope.
func (t *tieContext) resolve(line int, who roster.PersonRef, ref roster.UnitRef) (tied, bool) {
	person := t.run.people.find(who)
	if person == nil {
		t.run.problem(line, "姓名", roster.MaskName(who.Name), "没有这个人", "请先导入人员，姓名和手机号码（或身份证号）应与人员表一致")
	}
	u, found := t.unit(line, ref)
	if !found || person == nil {
		return u, false
	}
	u.person = person.ID
	inside := t.run.scope.Holds(u.at)
	if u.kind == roster.CompanyUnit {
		inside = !t.used[u.unit]
	}
	if !inside {
		t.run.outside(line, u.kind.Label(), ref.Name+ref.Section.Project+" "+ref.Section.Section+" "+ref.Site)
	}
	return u, inside
}

// unit finds the finest unit that a row names.
func (t *tieContext) unit(line int, ref roster.UnitRef) (tied, bool) {
	switch ref.Kind {
	case roster.SiteUnit:
		s, found := t.site(line, ref.Section, ref.Site)
		return tied{kind: ref.Kind, unit: s.ID, at: s.place(), bed: s.Residence}, found
	case roster.SectionUnit:
		s, found := t.run.section(line, ref.Section)
		return tied{kind: ref.Kind, unit: s.ID, at: s.place()}, found
	case roster.ProjectUnit:
		p, found := t.run.project(line, ref.Section.Project)
		return tied{kind: ref.Kind, unit: p.ID, at: p.place()}, found
	}
	if a, found := t.run.units.authorities[ref.Name]; found {
		return tied{kind: roster.AuthorityUnit, unit: a.ID, at: account.Place{Region: a.Region}}, true
	}
	c, found := t.run.company(line, "单位名称", ref.Name)
	return tied{kind: roster.CompanyUnit, unit: c.ID}, found
}

// site finds a site by code or name, in its section when that is given, else in
// all sections that may be meant.
func (t *tieContext) site(line int, ref roster.SectionRef, text string) (siteUnit, bool) {
	var hits []siteUnit
	if ref.Section != "" {
		section, found := t.run.section(line, ref)
		if !found {
			return siteUnit{}, false
		}
		hits = t.sites.named(section.ID, text)
	} else {
		for section := range t.sites {
			if s := t.run.units.bySection[section]; ref.Project == "" || t.run.inProject(s, ref.Project) {
				hits = append(hits, t.sites.named(section, text)...)
			}
		}
	}
	switch len(hits) {
	case 1:
		return hits[0], true
	case 0:
		t.run.unknown(line, "点位", text, "点位")
	default:
		t.run.problem(line, "点位", text, "不止一个点位是这个名称", "请填写项目、合同段和点位编号")
	}
	return siteUnit{}, false
}

// posts: the same person in the same role at the same unit is the same post.
func (run *importRun) posts(ctx context.Context, rows []roster.PostRow) error {
	t, err := run.ties(ctx, collectOf(rows, func(r roster.PostRow) roster.PersonRef { return r.Person }),
		collectOf(rows, func(r roster.PostRow) roster.UnitRef { return r.Unit }))
	if err != nil {
		return err
	}
	for _, r := range rows {
		u, ok := t.resolve(r.Line, r.Person, r.Unit)
		if !ok {
			continue
		}
		run.good++
		run.named.add(u)
		run.renew(r.Line, "post", `
			    UPDATE post SET seat = $6, title = coalesce(nullif($11, ''), title), valid_from = CASE WHEN $10 THEN $7 ELSE valid_from END, valid_until = $8, recorded_at = $9
			    WHERE  person_id = $2 AND unit_kind = $3 AND unit_id = $4 AND role = $5 AND (valid_until IS NULL OR valid_until > $9)`, `
			INSERT INTO post (id, person_id, unit_kind, unit_id, role, seat, title, valid_from, valid_until, recorded_at)
			SELECT $1, $2, $3, $4, $5, $6, $11, $7, $8, $9`,
			newID(), u.person, string(u.kind), u.unit, string(r.Post.Role), string(r.Post.Seat), run.since(r.Post.From), nilTime(r.Post.Until),
			run.at, !r.Post.From.IsZero(), r.Post.Title)
		run.touch(u)
	}
	return nil
}

// beds: a person has one bed at a time; a new one ends the one before.
func (run *importRun) beds(ctx context.Context, rows []roster.BedRow) error {
	t, err := run.ties(ctx, collectOf(rows, func(r roster.BedRow) roster.PersonRef { return r.Person }),
		collectOf(rows, unitOfBed))
	if err != nil {
		return err
	}
	for _, r := range rows {
		u, ok := t.resolve(r.Line, r.Person, unitOfBed(r))
		if !ok {
			continue
		}
		if !u.bed {
			run.problem(r.Line, "点位", r.Site, "这个点位不是驻地", "住宿只能登记在驻地")
			continue
		}
		run.good++
		run.named.add(u)
		from := run.since(r.Bed.From)
		run.write(`UPDATE bed SET valid_until = $3, recorded_at = $4
			WHERE person_id = $1 AND site_id <> $2 AND valid_from < $3 AND (valid_until IS NULL OR valid_until > $3)`, u.person, u.unit, from, run.at)
		run.renew(r.Line, "bed", `
			    UPDATE bed SET valid_until = $5, recorded_at = $6
			    WHERE  person_id = $2 AND site_id = $3 AND valid_from <= $4 AND (valid_until IS NULL OR valid_until > $4)`, `
			INSERT INTO bed (id, person_id, site_id, valid_from, valid_until, recorded_at)
			SELECT $1, $2, $3, $4, $5, $6`,
			newID(), u.person, u.unit, from, nilTime(r.Bed.Until), run.at)
		run.touch(u)
	}
	return nil
}

func unitOfBed(r roster.BedRow) roster.UnitRef {
	return roster.UnitRef{Kind: roster.SiteUnit, Section: r.Section, Site: r.Site}
}

// duties: the same person in the same duty from the same hour is the same line.
func (run *importRun) duties(ctx context.Context, rows []roster.DutyRow) error {
	t, err := run.ties(ctx, collectOf(rows, func(r roster.DutyRow) roster.PersonRef { return r.Person }),
		collectOf(rows, func(r roster.DutyRow) roster.UnitRef { return r.Unit }))
	if err != nil {
		return err
	}
	for _, r := range rows {
		u, ok := t.resolve(r.Line, r.Person, r.Unit)
		if !ok {
			continue
		}
		run.good++
		run.renew(r.Line, "duty_roster", `
			    UPDATE duty_roster SET valid_until = $7, recorded_at = $8
			    WHERE  unit_kind = $2 AND unit_id = $3 AND role = $4 AND person_id = $5 AND valid_from = $6`, `
			INSERT INTO duty_roster (id, unit_kind, unit_id, role, person_id, valid_from, valid_until, recorded_at)
			SELECT $1, $2, $3, $4, $5, $6, $7, $8`,
			newID(), string(u.kind), u.unit, string(r.Duty.Role), u.person, r.Duty.From, r.Duty.Until, run.at)
		run.touch(u)
	}
	return nil
}

// touch remembers where something changed.
func (run *importRun) touch(u tied) {
	if u.at.Section != uuid.Nil {
		run.touched[u.at.Section] = place{region: u.at.Region, project: u.at.Project, section: u.at.Section}
	}
}

func collectOf[T, U any](list []T, f func(T) U) []U {
	all := make([]U, len(list))
	for i, v := range list {
		all[i] = f(v)
	}
	return all
}
