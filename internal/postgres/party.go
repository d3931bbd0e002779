package postgres

import (
	"context"
	"maps"
	"slices"
	"time"

	"github.com/google/uuid"

	"muster/internal/response"
)

// party is a person who stands on a rung for a site: by post, or by tonight's
// roster.
type party struct {
	PersonID  uuid.UUID
	PhoneHash *string
	Language  string
}

// unit is a unit that people answer for.
type unit struct {
	Kind string
	ID   uuid.UUID
}

// chain is who stands above a site: the units of the ladder (operations.md §2.1).
type chain struct {
	SectionID    uuid.UUID
	ProjectID    uuid.UUID
	SupervisedBy *uuid.UUID // the supervising section (监理处)
	CompanyID    uuid.UUID
	ParentID     *uuid.UUID // parent company (母体企业)
	OwnerID      uuid.UUID
}

func chains(ctx context.Context, q querier, sections []uuid.UUID) (map[uuid.UUID]chain, error) {
	list, err := collect[chain](ctx, q, `
		SELECT s.id AS section_id, s.project_id, s.supervised_by, s.company_id, f.parent_id, p.owner_id
		FROM   section s JOIN company f ON f.id = s.company_id JOIN project p ON p.id = s.project_id
		WHERE  s.id = ANY($1)`, sections)
	by := make(map[uuid.UUID]chain, len(list))
	for _, c := range list {
		by[c.SectionID] = c
	}
	return by, err
}

// units of a party at a site, and the roles that count there.
func (c chain) units(p response.Party, site uuid.UUID) []unit {
	switch p {
	case response.AtSite:
		return []unit{{"site", site}}
	case response.AtSection:
		return []unit{{"section", c.SectionID}}
	case response.AtSupervisor, response.AtChief:
		if c.SupervisedBy != nil {
			return []unit{{"section", *c.SupervisedBy}}
		}
	case response.AtOwner:
		return []unit{{"project", c.ProjectID}, {"company", c.OwnerID}}
	case response.AtParent:
		if c.ParentID != nil {
			return []unit{{"company", *c.ParentID}}
		}
	}
	return nil
}

// rolesOf are the posts of a party; who is on tonight's roster of the unit counts
// as well.
var rolesOf = map[response.Party][]string{
	response.AtSite:       {"site_lead", "night_watch"},
	response.AtSection:    {"section_lead", "section_deputy", "safety"},
	response.AtSupervisor: {"supervisor"},
	response.AtChief:      {"chief_supervisor", "section_lead"},
	response.AtOwner:      {"owner"},
	response.AtParent:     {"parent"},
}

type unitPerson struct {
	UnitID    uuid.UUID
	PersonID  uuid.UUID
	PhoneHash *string
	Language  string
}

// notSuspendedSQL: whoever said "不是本人" under a warning that is still open, or
// within the last day, is not called on that number ($3: now).
const notSuspendedSQL = `NOT EXISTS (SELECT FROM summons w WHERE w.person_id = p.id AND w.wrong_contact AND w.phone_hash IS NOT DISTINCT FROM p.phone_hash
		      AND (w.dead_at IS NULL OR w.opened_at > $3::timestamptz - interval '1 day'))`

// peopleOf finds who stands for units at an instant. The units are joined, not
// compared one by one: there may be a hundred thousand.
func peopleOf(ctx context.Context, q querier, units []uuid.UUID, roles []string, at time.Time) (map[uuid.UUID][]party, error) {
	list, err := collect[unitPerson](ctx, q, `
		SELECT DISTINCT ON (o.unit_id, o.person_id) o.unit_id, o.person_id, p.phone_hash, p.language
		FROM (SELECT unit_id, person_id, role, seat FROM post
		      WHERE  unit_id IN (SELECT unnest($1::uuid[])) AND role = ANY($2) AND valid_from <= $3 AND (valid_until IS NULL OR valid_until > $3)
		      UNION ALL
		      SELECT unit_id, person_id, role, 'A' FROM duty_roster
		      WHERE  unit_id IN (SELECT unnest($1::uuid[])) AND role = 'duty_officer' AND valid_from <= $3 AND valid_until > $3) o
		JOIN  person p ON p.id = o.person_id WHERE `+notSuspendedSQL+`
		ORDER BY o.unit_id, o.person_id`, units, roles, at)
	by := map[uuid.UUID][]party{}
	for _, u := range list {
		by[u.UnitID] = append(by[u.UnitID], party{u.PersonID, u.PhoneHash, u.Language})
	}
	return by, err
}

// officeSQL is the authority of a level that answers for what is of a project and
// in a region: by the supervision of the project before all, else by territory.
const officeSQL = `
SELECT DISTINCT ON (w.project_id, w.region) w.project_id, w.region, a.id AS authority_id
FROM   unnest($1::uuid[], $2::text[]) AS w (project_id, region) JOIN authority a ON a.kind = 'transport' AND a.level = $3
CROSS  JOIN LATERAL (SELECT EXISTS (SELECT FROM supervision v WHERE v.authority_id = a.id AND v.project_id = w.project_id AND v.from_at <= $4
                                    AND (v.until_at IS NULL OR v.until_at > $4)) AS ours) s
WHERE  s.ours OR EXISTS (SELECT FROM authority_territory t WHERE t.authority_id = a.id AND w.region COLLATE "C" >= t.lo AND w.region COLLATE "C" < t.hi)
ORDER  BY w.project_id, w.region, s.ours DESC, a.id`

// rosterOf is who is on duty tonight in authorities.
func rosterOf(ctx context.Context, q querier, authorities []uuid.UUID, role string, at time.Time) (map[uuid.UUID][]party, error) {
	list, err := collect[unitPerson](ctx, q, `
		SELECT d.unit_id, d.person_id, p.phone_hash, p.language
		FROM   duty_roster d JOIN person p ON p.id = d.person_id
		WHERE  d.unit_kind = 'authority' AND d.unit_id = ANY($1) AND d.role = $2 AND d.valid_from <= $3 AND d.valid_until > $3 AND `+notSuspendedSQL+`
		ORDER  BY d.unit_id, d.person_id`, authorities, role, at)
	by := map[uuid.UUID][]party{}
	for _, u := range list {
		by[u.UnitID] = append(by[u.UnitID], party{u.PersonID, u.PhoneHash, u.Language})
	}
	return by, err
}

// parties finds who stands on a rung for each of many sites.
func (b brief) parties(ctx context.Context, q querier, p response.Party, threads []*thread, at time.Time) (map[uuid.UUID][]party, error) {
	switch p {
	case response.AtCounty, response.AtCity, response.AtProvince:
		return authorityParties(ctx, q, p, threads, at)
	case response.AtPublisher:
		return b.publisher(ctx, q, "duty_officer", threads, at)
	case response.AtPublisherLeader:
		return b.publisher(ctx, q, "duty_leader", threads, at)
	case response.AtNeighbour:
		return neighbours(ctx, q, threads, at)
	}
	byID, err := chains(ctx, q, column(threads, func(t *thread) uuid.UUID { return t.SectionID }))
	if err != nil {
		return nil, err
	}
	unitsOf := map[uuid.UUID][]unit{}
	var all []uuid.UUID
	seen := map[uuid.UUID]bool{}
	for _, t := range threads {
		unitsOf[t.ID] = byID[t.SectionID].units(p, t.SiteID)
		for _, u := range unitsOf[t.ID] {
			if !seen[u.ID] {
				seen[u.ID] = true
				all = append(all, u.ID)
			}
		}
	}
	people, err := peopleOf(ctx, q, all, rolesOf[p], at)
	found := map[uuid.UUID][]party{}
	for _, t := range threads {
		for _, u := range unitsOf[t.ID] {
			found[t.ID] = append(found[t.ID], people[u.ID]...)
		}
	}
	return found, err
}

// authorityParties are tonight's duty officers of the authority of a level, or of
// the next one above when nobody at all is on duty there.
func authorityParties(ctx context.Context, q querier, p response.Party, threads []*thread, at time.Time) (map[uuid.UUID][]party, error) {
	found := map[uuid.UUID][]party{}
	rest := threads
	for _, level := range above[p] {
		offices, err := officesOf(ctx, q, level, rest, at)
		if err != nil {
			return nil, err
		}
		people, err := onDuty(ctx, q, slices.Collect(maps.Values(offices)), at)
		if err != nil {
			return nil, err
		}
		var without []*thread
		for _, t := range rest {
			if found[t.ID] = people[offices[t.ID]]; len(found[t.ID]) == 0 {
				without = append(without, t)
			}
		}
		rest = without
	}
	return found, nil
}

var above = map[response.Party][]string{response.AtCounty: {"county", "city", "province"}, response.AtCity: {"city", "province"},
	response.AtProvince: {"province"}}

// standsIn is all that the authority of a site follows from.
type standsIn struct {
	ProjectID uuid.UUID
	Region    string
}

func (t *thread) standsIn() standsIn { return standsIn{t.ProjectID, t.Region} }

// officesOf is the authority of a level that answers for each site. It is asked
// for once for each project and region: a hundred thousand sites have few.
func officesOf(ctx context.Context, q querier, level string, threads []*thread, at time.Time) (map[uuid.UUID]uuid.UUID, error) {
	places := map[standsIn]bool{}
	for _, t := range threads {
		places[t.standsIn()] = true
	}
	all := slices.Collect(maps.Keys(places))
	rows, err := collect[struct {
		ProjectID   uuid.UUID
		Region      string
		AuthorityID uuid.UUID
	}](ctx, q, officeSQL, column(all, func(w standsIn) uuid.UUID { return w.ProjectID }), column(all, func(w standsIn) string { return w.Region }), level, at)
	office := map[standsIn]uuid.UUID{}
	for _, r := range rows {
		office[standsIn{r.ProjectID, r.Region}] = r.AuthorityID
	}
	of := map[uuid.UUID]uuid.UUID{}
	for _, t := range threads {
		if id, there := office[t.standsIn()]; there {
			of[t.ID] = id
		}
	}
	return of, err
}

// onDuty is tonight's duty officer of each authority; an empty post of the duty
// officer is the leader's.
func onDuty(ctx context.Context, q querier, offices []uuid.UUID, at time.Time) (map[uuid.UUID][]party, error) {
	officers, err := rosterOf(ctx, q, offices, "duty_officer", at)
	if err != nil {
		return nil, err
	}
	leaders, err := rosterOf(ctx, q, offices, "duty_leader", at)
	for _, id := range offices {
		if len(officers[id]) == 0 && len(leaders[id]) > 0 {
			officers[id] = leaders[id]
		}
	}
	return officers, err
}

// publisher is who is on duty tonight at the authority that published: the county
// for an evacuation that nobody published.
func (b brief) publisher(ctx context.Context, q querier, role string, threads []*thread, at time.Time) (map[uuid.UUID][]party, error) {
	if b.AuthorityID == nil {
		return authorityParties(ctx, q, response.AtCounty, threads, at)
	}
	people, err := b.publisherOnDuty(ctx, q, role, at)
	found := map[uuid.UUID][]party{}
	for _, t := range threads {
		found[t.ID] = people
	}
	return found, err
}

func (b brief) publisherOnDuty(ctx context.Context, q querier, role string, at time.Time) ([]party, error) {
	office := []uuid.UUID{deref(b.AuthorityID)}
	if role == "duty_officer" {
		people, err := onDuty(ctx, q, office, at)
		return people[office[0]], err
	}
	people, err := rosterOf(ctx, q, office, role, at)
	return people[office[0]], err
}

// neighbours are the leads of the site with signal that is nearest to each without,
// within 10 km: somebody who can go and tell.
func neighbours(ctx context.Context, q querier, threads []*thread, at time.Time) (map[uuid.UUID][]party, error) {
	silent := slices.DeleteFunc(slices.Clone(threads), func(t *thread) bool { return !t.NoSignal })
	near, err := collect[struct{ SiteID, NearID uuid.UUID }](ctx, q, `
		SELECT s.id AS site_id, n.id AS near_id FROM site s
		CROSS  JOIN LATERAL (
		    SELECT o.id FROM site o
		    WHERE  o.signal <> 'none' AND o.closed_at IS NULL AND o.id <> s.id AND ST_DWithin(o.geom, s.geom, 0.1)
		    ORDER  BY o.geom <-> s.geom LIMIT 1) n
		WHERE  s.id = ANY($1)`, column(silent, func(t *thread) uuid.UUID { return t.SiteID }))
	if err != nil {
		return nil, err
	}
	nearest := map[uuid.UUID]uuid.UUID{}
	for _, n := range near {
		nearest[n.SiteID] = n.NearID
	}
	people, err := peopleOf(ctx, q, slices.Collect(maps.Values(nearest)), rolesOf[response.AtSite], at)
	found := map[uuid.UUID][]party{}
	for _, t := range silent {
		found[t.ID] = people[nearest[t.SiteID]]
	}
	return found, err
}
