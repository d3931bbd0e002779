package postgres

import (
	"context"
	"time"

	"github.com/google/uuid"

	"muster/internal/account"
)

// Contact is a person who answers for a site, with what is needed to reach them.
// The phone is sealed; it is opened only for those who may see it.
type Contact struct {
	UnitID      uuid.UUID // the site, or its section
	PersonID    uuid.UUID
	Name        string
	PhoneSealed *string
	Role        string
	Seat        string
}

// siteSection is a site with the section that answers for it as well.
type siteSection struct{ SiteID, SectionID uuid.UUID }

// contacts finds who answers for sites at an instant: the site's own lead first,
// then the section's lead and deputy, A before B. A section's people are read
// once, however many of its sites are asked about.
func contacts(ctx context.Context, q querier, sites []siteSection, at time.Time) (map[uuid.UUID][]Contact, error) {
	var units []uuid.UUID
	seen := map[uuid.UUID]bool{}
	for _, s := range sites {
		for _, id := range []uuid.UUID{s.SiteID, s.SectionID} {
			if !seen[id] {
				seen[id] = true
				units = append(units, id)
			}
		}
	}
	list, err := collect[Contact](ctx, q, `
		SELECT o.unit_id, o.person_id, p.name, p.phone_sealed, o.role, o.seat
		FROM   post o JOIN person p ON p.id = o.person_id
		WHERE  o.unit_kind IN ('site', 'section') AND o.unit_id = ANY($1)
		AND    o.role IN ('site_lead', 'section_lead', 'section_deputy')
		AND    o.valid_from <= $2 AND (o.valid_until IS NULL OR o.valid_until > $2)
		ORDER  BY o.role = 'section_deputy', o.seat, o.person_id`, units, at)
	if err != nil {
		return nil, err
	}
	byUnit := map[uuid.UUID][]Contact{}
	for _, c := range list {
		byUnit[c.UnitID] = append(byUnit[c.UnitID], c)
	}
	bySite := make(map[uuid.UUID][]Contact, len(sites))
	for _, s := range sites {
		own := byUnit[s.SiteID]
		bySite[s.SiteID] = append(own[:len(own):len(own)], byUnit[s.SectionID]...)
	}
	return bySite, nil
}

// Contacts is who answers for those of the sites that lie in the scope.
func (db *DB) Contacts(ctx context.Context, scope account.Scope, sites []uuid.UUID, at time.Time) (map[uuid.UUID][]Contact, error) {
	visible, err := db.sitesWithin(ctx, scope, sites)
	if err != nil {
		return nil, err
	}
	return contacts(ctx, db.pool, visible, at)
}
