package postgres

import (
	"context"
	"time"

	"github.com/google/uuid"

	"muster/internal/account"
	"muster/internal/response"
)

// Muster is the roll call of an evacuation with all that is known.
type Muster struct {
	Began    time.Time // gates and marks before this say nothing
	People   []MusterPerson
	Visitors *VisitorCount // nil: nobody has counted them
	Marks    int
	place    account.Place
}

// MusterPerson is an expected person.
type MusterPerson struct {
	PersonID       uuid.UUID
	Name           string
	PhoneSealed    *string
	Why            []string
	LastEvidenceAt *time.Time
	response.Accounted
}

// VisitorCount is the last count of visitors.
type VisitorCount struct {
	State  response.MusterState
	People int
	At     time.Time
	Actor  string
}

// Place is where the muster lies.
func (m Muster) Place() account.Place { return m.place }

// Totals counts the people by what is known of them.
func (m Muster) Totals() response.MusterTotals {
	var t response.MusterTotals
	for _, p := range m.People {
		t.Add(p.Accounted)
	}
	return t
}

// MusterByID reads a muster of the scope; before it has begun, nobody is on it.
func (db *DB) MusterByID(ctx context.Context, scope account.Scope, id uuid.UUID) (Muster, error) {
	row, err := one[struct {
		Region    string
		ProjectID uuid.UUID
		SectionID uuid.UUID
		SiteID    uuid.UUID
	}](ctx, db.pool, "SELECT region, project_id, section_id, site_id FROM response WHERE id = $1", id)
	if err != nil {
		return Muster{}, notFoundAs(err, "处置记录")
	}
	at := account.Place{Region: row.Region, Project: row.ProjectID, Section: row.SectionID, SiteID: row.SiteID}
	if !scope.Holds(at) {
		return Muster{}, notFound("处置记录")
	}
	m, err := readMuster(ctx, db.pool, id)
	m.place = at
	return m, err
}

// musterRow is an expected person with what a gate last saw of him.
type musterRow struct {
	PersonID       uuid.UUID
	Name           string
	PhoneSealed    *string
	Why            []string
	LastEvidenceAt *time.Time
	SeenAt         *time.Time
	SeenHere       bool
	SeenInside     bool
}

type markRow struct {
	ID       uuid.UUID
	PersonID *uuid.UUID
	State    response.MusterState
	People   int
	Evidence response.Evidence
	At       time.Time
	UserID   *uuid.UUID
	Actor    string
	Words    string
}

func readMuster(ctx context.Context, q querier, id uuid.UUID) (Muster, error) {
	var m Muster
	if err := q.QueryRow(ctx, "SELECT opened_at FROM response WHERE id = $1", id).Scan(&m.Began); err != nil {
		return m, kindOf(err)
	}
	people, err := collect[musterRow](ctx, q, `
		SELECT m.person_id, p.name, p.phone_sealed, m.why, m.last_evidence_at,
		       s.device_time AS seen_at, coalesce(s.site_id = r.site_id, false) AS seen_here, coalesce(s.inside, false) AS seen_inside
		FROM   muster_person m JOIN response r ON r.id = m.response_id JOIN person p ON p.id = m.person_id
		LEFT   JOIN presence s ON s.person_id = m.person_id
		WHERE  m.response_id = $1 ORDER BY p.name, m.person_id`, id)
	if err != nil {
		return m, err
	}
	marks, err := collect[markRow](ctx, q, `
		SELECT id, person_id, state, people, evidence, at, user_id, actor, words FROM muster_mark WHERE response_id = $1 ORDER BY at, id`, id)
	if err != nil {
		return m, err
	}
	m.Marks = len(marks)
	of := map[uuid.UUID][]response.Mark{}
	for _, k := range marks {
		if k.PersonID == nil {
			m.Visitors = &VisitorCount{k.State, k.People, k.At, k.Actor}
			continue
		}
		of[*k.PersonID] = append(of[*k.PersonID], response.Mark{ID: k.ID, State: k.State, Evidence: k.Evidence, At: k.At, By: deref(k.UserID), Words: k.Words})
	}
	for _, p := range people {
		m.People = append(m.People, MusterPerson{p.PersonID, p.Name, p.PhoneSealed, p.Why, p.LastEvidenceAt,
			response.AccountFor(of[p.PersonID], p.seen(), m.Began)})
	}
	return m, nil
}

func (p musterRow) seen() *response.Seen {
	if p.SeenAt == nil {
		return nil
	}
	return &response.Seen{At: *p.SeenAt, Here: p.SeenHere, Inside: p.SeenInside}
}
