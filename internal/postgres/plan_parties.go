package postgres

import (
	"context"
	"slices"
	"time"

	"github.com/google/uuid"

	"muster/internal/response"
)

// standing finds who would stand on a rung for sites that have no thread yet. The
// authorities and the neighbours are found from where the sites are; everybody
// else as for threads.
func (p *planned) standing(ctx context.Context, q querier, who response.Party, threads []*thread, at time.Time) (map[uuid.UUID][]party, error) {
	switch who {
	case response.AtCounty, response.AtCity, response.AtProvince:
		return p.officers(above[who], threads), nil
	case response.AtNeighbour:
		return p.neighbours(ctx, q, threads, at)
	}
	return p.parties(ctx, q, who, threads, at)
}

// officers are tonight's of the authority of the first level at which anybody is
// on duty: of the one that supervises the project before the one whose territory
// it is.
func (p *planned) officers(levels []string, threads []*thread) map[uuid.UUID][]party {
	found := map[uuid.UUID][]party{}
	for _, t := range threads {
		for _, level := range levels {
			if office, some := p.officeOf(level, t); some && len(p.duty[office]) > 0 {
				found[t.ID] = p.duty[office]
				break
			}
		}
	}
	return found
}

func (p *planned) officeOf(level string, t *thread) (office uuid.UUID, some bool) {
	for _, w := range p.watchers {
		switch {
		case w.Level != level:
		case slices.Contains(w.Projects, t.ProjectID):
			return w.AuthorityID, true
		case !some && slices.Contains(w.Regions, t.Region):
			office, some = w.AuthorityID, true
		}
	}
	return office, some
}

// neighbours are the leads of the nearest site with signal.
func (p *planned) neighbours(ctx context.Context, q querier, threads []*thread, at time.Time) (map[uuid.UUID][]party, error) {
	silent := column(threads, func(t *thread) uuid.UUID {
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
