package postgres

import (
	"context"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"muster/internal/account"
	"muster/internal/geo"
	"muster/internal/roster"
)

// siteUnit is a stored site as far as an import compares it.
type siteUnit struct {
	ID        uuid.UUID
	Code      string
	Name      string
	Region    string
	ProjectID uuid.UUID
	SectionID uuid.UUID
	Residence bool
}

func (s siteUnit) place() account.Place {
	return account.Place{Region: s.Region, Project: s.ProjectID, Section: s.SectionID, SiteID: s.ID}
}

// siteIndex finds sites by section and code.
type siteIndex map[uuid.UUID]map[string]siteUnit

func (x siteIndex) add(s siteUnit) {
	if x[s.SectionID] == nil {
		x[s.SectionID] = map[string]siteUnit{}
	}
	x[s.SectionID][s.Code] = s
}

// named finds the sites of a section that a text means: its code, else its name.
func (x siteIndex) named(section uuid.UUID, text string) []siteUnit {
	if s, found := x[section][text]; found {
		return []siteUnit{s}
	}
	var hits []siteUnit
	for _, s := range x[section] {
		if s.Name == text {
			hits = append(hits, s)
		}
	}
	return hits
}

const siteUnitSQL = `
	SELECT id, code, name, region, project_id, section_id, kind LIKE 'residence%' AS residence FROM site
	WHERE  `

func readSites(ctx context.Context, tx pgx.Tx, sections map[uuid.UUID]bool) (siteIndex, map[uuid.UUID]siteUnit, error) {
	var of []uuid.UUID
	for id := range sections {
		of = append(of, id)
	}
	list, err := collect[siteUnit](ctx, tx, siteUnitSQL+"section_id = ANY($1)", of)
	index, byID := siteIndex{}, map[uuid.UUID]siteUnit{}
	for _, s := range list {
		index.add(s)
		byID[s.ID] = s
	}
	return index, byID, err
}

// sites resolves sections, finds the region of those that do not say it, and
// writes what lies in the scope.
func (run *importRun) sites(ctx context.Context, rows []roster.SiteRow) error {
	found, sections := make([]roster.SiteRow, 0, len(rows)), map[uuid.UUID]bool{}
	for _, r := range rows {
		section, ok := run.section(r.Line, r.Ref)
		if !ok || !run.region(r.Line, string(r.Site.Region)) {
			continue
		}
		r.Site.SectionID, r.Site.ProjectID = section.ID, section.ProjectID
		sections[section.ID] = true
		found = append(found, r)
	}
	existing, err := run.sitesByID(ctx, sections)
	if err != nil {
		return err
	}
	if err := run.locate(ctx, found); err != nil {
		return err
	}
	for _, r := range found {
		if err := run.site(r, existing); err != nil {
			return err
		}
	}
	return nil
}

// knownSites finds stored sites by section and code, and by id.
type knownSites struct {
	index siteIndex
	byID  map[uuid.UUID]siteUnit
}

// sitesByID reads the sites of some sections and those with an external code.
func (run *importRun) sitesByID(ctx context.Context, sections map[uuid.UUID]bool) (knownSites, error) {
	index, byID, err := readSites(ctx, run.tx, sections)
	if err != nil {
		return knownSites{}, err
	}
	var coded []uuid.UUID
	for _, id := range run.external {
		coded = append(coded, id)
	}
	list, err := collect[siteUnit](ctx, run.tx, siteUnitSQL+"id = ANY($1)", coded)
	for _, s := range list {
		byID[s.ID] = s
	}
	return knownSites{index, byID}, err
}

// site writes one row when both its old and its new place are in the scope.
func (run *importRun) site(r roster.SiteRow, known knownSites) error {
	s := r.Site
	s.ID = known.index[s.SectionID][s.Code].ID
	if id, coded := run.external[r.External]; coded && r.External != "" {
		s.ID = id
	}
	at := account.Place{Region: string(s.Region), Project: s.ProjectID, Section: s.SectionID, SiteID: s.ID}
	if old, exists := known.byID[s.ID]; exists && !run.scope.Holds(old.place()) || !run.scope.Holds(at) {
		run.outside(r.Line, "名称", s.Name)
		return nil
	}
	if s.ID == uuid.Nil {
		s.ID = newID()
	}
	row, err := newSiteRow(s, run.at)
	if err != nil {
		run.problem(r.Line, "位置", "", "图形太大，无法建立索引", "请拆成几个点位")
		return nil
	}
	run.good++
	run.upsert(r.Line, "site", unsaid(s.From), upsertSite, row.values()...)
	run.write("DELETE FROM site_cell WHERE site_id = $1", s.ID)
	if len(row.cells) > 0 {
		run.write("INSERT INTO site_cell (h3_7, site_id, home) SELECT unnest($1::bigint[]), $2, $3", row.cells, s.ID, row.h3[1])
	}
	run.keepExternal(roster.Sites, r.External, s.ID)
	run.touched[s.SectionID] = place{region: string(s.Region), project: s.ProjectID, section: s.SectionID}
	return nil
}

// The values come in the order of siteColumns. A report that says 低风险 is a
// document's and stays when the table is imported again.
const upsertSite = `
	INSERT INTO site (id, project_id, section_id, code, name, kind, sleeps, at_risk, risk_reason, low_danger_until, region, datum,
	                  geom, h3_5, h3_7, h3_9, signal, muster_point, beds, valid_from, recorded_at)
	VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20, $21)
	ON CONFLICT (id) DO UPDATE
	SET project_id = excluded.project_id, section_id = excluded.section_id, code = excluded.code, name = excluded.name,
	    kind = excluded.kind, sleeps = excluded.sleeps, at_risk = excluded.at_risk, risk_reason = excluded.risk_reason,
	    region = excluded.region, datum = excluded.datum, geom = excluded.geom, h3_5 = excluded.h3_5, h3_7 = excluded.h3_7,
	    h3_9 = excluded.h3_9, signal = excluded.signal, muster_point = excluded.muster_point, beds = excluded.beds,
	    closed_at = NULL, valid_from = excluded.valid_from, recorded_at = excluded.recorded_at`

// locate gives sites without a region the county whose official footprint they
// lie in, else the one whose representative point is nearest.
func (run *importRun) locate(ctx context.Context, rows []roster.SiteRow) error {
	var lon, lat []float64
	var which []int
	for i, r := range rows {
		if r.Site.Region == "" {
			at := roster.Vertices(r.Site.Geometry)[0]
			lon, lat, which = append(lon, at[0]), append(lat, at[1]), append(which, i)
		}
	}
	type found struct {
		Ord  int64
		Code string
	}
	list, err := collect[found](ctx, run.tx, `
		SELECT s.ord, c.code
		FROM   unnest($1::float8[], $2::float8[]) WITH ORDINALITY s(lon, lat, ord) CROSS JOIN LATERAL (
		       SELECT r.code FROM region r LEFT JOIN region_area a ON a.region = r.code AND NOT a.approximate
		              AND ST_Covers(a.geom, ST_SetSRID(ST_MakePoint(s.lon, s.lat), 4326))
		       WHERE  r.level = 'county' AND r.lon IS NOT NULL
		       ORDER  BY a.region IS NULL, ((r.lon - s.lon) * cos(radians(s.lat))) ^ 2 + (r.lat - s.lat) ^ 2 LIMIT 1) c`, lon, lat)
	for _, f := range list {
		r := &rows[which[f.Ord-1]]
		r.Site.Region = geo.Region(f.Code)
		run.listed = append(run.listed, roster.Listed{Line: r.Line, Text: "没有填行政区划，按位置记为 " + r.Site.Region.Adcode()})
	}
	return err
}
