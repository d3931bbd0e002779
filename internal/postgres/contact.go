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
	var kinds []string
	var units []uuid.UUID
	seen := map[uuid.UUID]bool{}
	add := func(kind string, id uuid.UUID) {
		if !seen[id] {
			seen[id] = true
			kinds, units = append(kinds, kind), append(units, id)
		}
	}
	for _, s := range sites {
		add("site", s.SiteID)
		add("section", s.SectionID)
	}
	// Each post is asked for by its whole key: a section has many others.
	list, err := collect[Contact](ctx, q, `
		SELECT o.unit_id, o.person_id, p.name, p.phone_sealed, o.role, o.seat
		FROM   unnest($1::text[], $2::uuid[]) u (kind, id)
		CROSS  JOIN (VALUES ('site_lead'), ('section_lead'), ('section_deputy')) r (role)
		JOIN   post o ON o.unit_id = u.id AND o.unit_kind = u.kind AND o.role = r.role
		JOIN   person p ON p.id = o.person_id
		WHERE  o.valid_from <= $3 AND (o.valid_until IS NULL OR o.valid_until > $3)
		ORDER  BY o.role = 'section_deputy', o.seat, o.person_id`, kinds, units, at)
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
