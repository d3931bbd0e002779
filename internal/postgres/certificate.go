package postgres

import (
	"context"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"muster/internal/account"
)

// The place in which a certificate's number is sealed, and what its hash is for.
const (
	certificateTable   = "certificate"
	numberColumn       = "number"
	certificatePurpose = "certificate_number"
)

// Certificate (证书) is what somebody may do, and until when.
type Certificate struct {
	ID          uuid.UUID
	PersonID    uuid.UUID
	Name        string
	PhoneSealed *string
	Kind        string
	NumberTail  string
	Issuer      string
	ValidFrom   time.Time
	ValidUntil  *time.Time
	DocumentID  *uuid.UUID

	Region    string // of a place in the scope to which the person is tied
	ProjectID *uuid.UUID
	SectionID *uuid.UUID
	SiteID    *uuid.UUID
}

// Place is where the person belongs, for rights.
func (c Certificate) Place() account.Place {
	return account.Place{Region: c.Region, Project: deref(c.ProjectID), Section: deref(c.SectionID), SiteID: deref(c.SiteID)}
}

// CertificateFilter is which certificates are asked for.
type CertificateFilter struct {
	Before time.Time // valid until before this; zero: any
	Person uuid.UUID // zero: everybody's
	After  Mark      // where the page before ended
	Limit  int
}

// never is when a certificate expires that does not, as far as order goes.
var never = time.Date(9999, 1, 1, 0, 0, 0, 0, time.UTC)

// Mark is where the certificate stands in the list.
func (c Certificate) Mark() Mark {
	if c.ValidUntil == nil {
		return Mark{At: never, ID: c.ID}
	}
	return Mark{At: *c.ValidUntil, ID: c.ID}
}

// Certificates lists certificates of people who are tied to a place in the scope,
// what expires first first; what does not expire comes last.
func (db *DB) Certificates(ctx context.Context, scope account.Scope, f CertificateFilter) ([]Certificate, error) {
	args := pgx.NamedArgs{"before": nilTime(f.Before), "person": nilID(f.Person), "after": nilTime(f.After.At), "id": f.After.ID, "limit": f.Limit, "never": never}
	return collect[Certificate](ctx, db.pool, `
		SELECT c.id, c.person_id, p.name, p.phone_sealed, c.kind, c.number_tail, c.issuer, c.valid_from, c.valid_until, c.document_id,
		       t.region, t.project_id, t.section_id, t.site_id
		FROM   certificate c JOIN person p ON p.id = c.person_id
		CROSS  JOIN LATERAL (SELECT * FROM (`+tiesSQL("person_id = c.person_id")+`) tie
		       WHERE `+scopeColumns(scope, args, "region", "project_id", "section_id", "site_id")+` LIMIT 1) t
		WHERE (@before::timestamptz IS NULL OR c.valid_until < @before) AND (@person::uuid IS NULL OR c.person_id = @person)
		AND   (@after::timestamptz IS NULL OR (coalesce(c.valid_until, @never), c.id) > (@after, @id))
		ORDER  BY coalesce(c.valid_until, @never::timestamptz), c.id LIMIT @limit`, args)
}
