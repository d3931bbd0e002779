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
	SiteID      uuid.UUID
	PersonID    uuid.UUID
	Name        string
	PhoneSealed *string
	UnitKind    string
	Role        string
	Seat        string
}

// contacts finds who answers for sites at an instant: the site's own lead first,
// then the section's lead and deputy, A before B.
func contacts(ctx context.Context, q querier, sites []uuid.UUID, at time.Time) (map[uuid.UUID][]Contact, error) {
	list, err := collect[Contact](ctx, q, `
		WITH answer AS (
		    SELECT s.id AS site_id, o.person_id, o.unit_kind, o.role, o.seat
		    FROM   site s JOIN post o ON o.unit_kind = 'site' AND o.unit_id = s.id AND o.role = 'site_lead'
		    WHERE  s.id = ANY($1) AND o.valid_from <= $2 AND (o.valid_until IS NULL OR o.valid_until > $2)
		    UNION ALL
		    SELECT s.id, o.person_id, o.unit_kind, o.role, o.seat
		    FROM   site s JOIN post o ON o.unit_kind = 'section' AND o.unit_id = s.section_id
		    WHERE  s.id = ANY($1) AND o.role IN ('section_lead', 'section_deputy')
		    AND    o.valid_from <= $2 AND (o.valid_until IS NULL OR o.valid_until > $2)
		)
		SELECT a.site_id, a.person_id, p.name, p.phone_sealed, a.unit_kind, a.role, a.seat
		FROM   answer a JOIN person p ON p.id = a.person_id
		ORDER  BY a.site_id, a.unit_kind = 'section', a.role = 'section_deputy', a.seat, a.person_id`, sites, at)
	if err != nil {
		return nil, err
	}
	by := map[uuid.UUID][]Contact{}
	for _, c := range list {
		by[c.SiteID] = append(by[c.SiteID], c)
	}
	return by, nil
}

// Contacts is contacts for the sites of a scope.
func (db *DB) Contacts(ctx context.Context, scope account.Scope, sites []uuid.UUID, at time.Time) (map[uuid.UUID][]Contact, error) {
	visible, err := db.sitesWithin(ctx, scope, sites)
	if err != nil {
		return nil, err
	}
	return contacts(ctx, db.pool, visible, at)
}
