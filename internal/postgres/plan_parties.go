package postgres

import (
	"context"
	"time"

	"github.com/google/uuid"

	"muster/internal/response"
)

// standing finds who would stand on a rung for sites that have no thread yet. The
// authorities and the neighbours are found from where the sites are; everybody
// else as for threads.
func (p *planned) standing(ctx context.Context, q querier, who response.Party, threads []thread, at time.Time) (map[uuid.UUID][]party, error) {
	switch who {
	case response.AtCounty, response.AtCity, response.AtProvince:
		return p.officers(ctx, q, above[who], threads, at)
	case response.AtNeighbour:
		return p.neighbours(ctx, q, threads, at)
	}
	return p.parties(ctx, q, who, threads, at)
}

// officers are tonight's of the authority of the first level at which anybody is
// on duty.
func (p *planned) officers(ctx context.Context, q querier, levels []string, threads []thread, at time.Time) (map[uuid.UUID][]party, error) {
	found := map[uuid.UUID][]party{}
	for _, level := range levels {
		rows, err := collect[struct{ ResponseID, AuthorityID uuid.UUID }](ctx, q, `
			SELECT DISTINCT ON (r.id) r.id AS response_id, a.id AS authority_id
			FROM   unnest($1::uuid[], $2::text[], $3::uuid[]) AS r (id, region, project_id) JOIN authority a ON a.kind = 'transport' AND a.level = $4
			LEFT   JOIN supervision v ON v.authority_id = a.id AND v.project_id = r.project_id AND v.from_at <= $5 AND (v.until_at IS NULL OR v.until_at > $5)
			WHERE  v.authority_id IS NOT NULL OR EXISTS (SELECT FROM authority_territory t WHERE t.authority_id = a.id
			       AND r.region COLLATE "C" >= t.lo AND r.region COLLATE "C" < t.hi)
			ORDER  BY r.id, v.authority_id IS NULL, a.id`, column(threads, func(t thread) uuid.UUID { return t.ID }),
			column(threads, func(t thread) string { return t.Region }), column(threads, func(t thread) uuid.UUID { return t.ProjectID }), level, at)
		if err != nil {
			return nil, err
		}
		people, err := onDuty(ctx, q, column(rows, func(r struct{ ResponseID, AuthorityID uuid.UUID }) uuid.UUID { return r.AuthorityID }), at)
		if err != nil {
			return nil, err
		}
		for _, r := range rows {
			if len(found[r.ResponseID]) == 0 {
				found[r.ResponseID] = people[r.AuthorityID]
			}
		}
	}
	return found, nil
}

// neighbours are the leads of the nearest site with signal.
func (p *planned) neighbours(ctx context.Context, q querier, threads []thread, at time.Time) (map[uuid.UUID][]party, error) {
	silent := column(threads, func(t thread) uuid.UUID {
		if t.NoSignal {
			return t.SiteID
		}
		return uuid.Nil
	})
	near, err := collect[struct{ SiteID, NearID uuid.UUID }](ctx, q, `
		SELECT s.id AS site_id, n.id AS near_id FROM site s
		CROSS  JOIN LATERAL (
		    SELECT o.id FROM site o
		    WHERE  o.signal <> 'none' AND o.closed_at IS NULL AND o.id <> s.id AND ST_DWithin(o.geom, s.geom, 0.1)
		    ORDER  BY o.geom <-> s.geom LIMIT 1) n
		WHERE  s.id = ANY($1)`, silent)
	if err != nil {
		return nil, err
	}
	people, err := peopleOf(ctx, q, column(near, func(n struct{ SiteID, NearID uuid.UUID }) uuid.UUID { return n.NearID }), rolesOf[response.AtSite], at)
	leads := map[uuid.UUID][]party{}
	for _, n := range near {
		leads[n.SiteID] = people[n.NearID]
	}
	found := map[uuid.UUID][]party{}
	for _, t := range threads {
		found[t.ID] = leads[t.SiteID]
	}
	return found, err
}
