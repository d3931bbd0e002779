package postgres

import (
	"context"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"muster/internal/account"
	"muster/internal/errs"
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

	ProjectName *string // of that place
	SectionName *string
}

// Place is where the person belongs, for rights.
func (c Certificate) Place() account.Place {
	return account.Place{Region: c.Region, Project: deref(c.ProjectID), Section: deref(c.SectionID), SiteID: deref(c.SiteID)}
}

// CertificateFilter is which certificates are asked for.
type CertificateFilter struct {
	Before time.Time      // valid until before this; zero: any
	From   time.Time      // valid until after this; zero: any
	Person uuid.UUID      // zero: everybody's
	ID     uuid.UUID      // zero: any
	Among  RegistryFilter // Text is the beginning of a name or a part of what it is called
	After  Mark           // where the page before ended
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
	args := pgx.NamedArgs{"before": nilTime(f.Before), "from": nilTime(f.From), "person": nilID(f.Person), "one": nilID(f.ID), "after": nilTime(f.After.At),
		"id": f.After.ID, "limit": f.Limit, "never": never, "text": f.Among.Text, "hashes": f.Among.Hashes, "lo": f.Among.Lo, "hi": f.Among.Hi,
		"project": nilID(f.Among.Project), "section": nilID(f.Among.Section)}
	return collect[Certificate](ctx, db.pool, `
		SELECT c.id, c.person_id, p.name, p.phone_sealed, c.kind, c.number_tail, c.issuer, c.valid_from, c.valid_until, c.document_id,
		       t.region, t.project_id, t.section_id, t.site_id, j.name AS project_name, s.name AS section_name
		FROM   certificate c JOIN person p ON p.id = c.person_id
		CROSS  JOIN LATERAL (SELECT * FROM (`+tiesSQL("person_id = c.person_id")+`) tie
		       WHERE `+scopeColumns(scope, args, "region", "project_id", "section_id", "site_id")+f.Among.inRegion("region")+f.Among.within("project_id", "section_id", "site_id")+` LIMIT 1) t
		LEFT   JOIN project j ON j.id = t.project_id LEFT JOIN section s ON s.id = t.section_id
		WHERE (@before::timestamptz IS NULL OR c.valid_until < @before) AND (@from::timestamptz IS NULL OR c.valid_until > @from)
		AND   (@person::uuid IS NULL OR c.person_id = @person) AND (@one::uuid IS NULL OR c.id = @one)
		AND   (cardinality(@hashes::text[]) IS NULL AND (@text = '' OR starts_with(p.name, @text) OR position(lower(@text) IN lower(c.kind)) > 0)
		       OR p.phone_hash = ANY(@hashes) OR p.id_hash = ANY(@hashes))
		AND   (@after::timestamptz IS NULL OR (coalesce(c.valid_until, @never), c.id) > (@after, @id))
		ORDER  BY coalesce(c.valid_until, @never::timestamptz), c.id LIMIT @limit`, args)
}

// CertificateByID reads one certificate of the scope.
func (db *DB) CertificateByID(ctx context.Context, scope account.Scope, id uuid.UUID) (Certificate, error) {
	list, err := db.Certificates(ctx, scope, CertificateFilter{ID: id, Limit: 1})
	if err != nil || len(list) == 0 {
		return Certificate{}, firstOf(err, notFound("证书"))
	}
	return list[0], nil
}

// LinkCertificate says in which document of a site a certificate can be seen; nil
// takes the link away. The person and the site must lie in the scope.
func (db *DB) LinkCertificate(ctx context.Context, scope account.Scope, id uuid.UUID, document *uuid.UUID, by Actor, at time.Time) error {
	return db.inTx(ctx, func(tx pgx.Tx) error {
		args := pgx.NamedArgs{"id": id}
		known, err := exists(ctx, tx, `
			SELECT FROM certificate c WHERE c.id = @id AND EXISTS (SELECT FROM (`+tiesSQL("person_id = c.person_id")+`) tie
			WHERE `+scopeColumns(scope, args, "region", "project_id", "section_id", "site_id")+")", args)
		if err != nil || !known {
			return firstOf(err, notFound("证书"))
		}
		if document != nil {
			args := pgx.NamedArgs{"document": *document}
			fits, err := exists(ctx, tx, "SELECT FROM document d JOIN site s ON s.id = d.site_id WHERE d.id = @document AND d.kind = 'certificate' AND "+scopeSQL(scope, "s", args), args)
			if err != nil || !fits {
				return firstOf(err, errs.New(errs.Fix, "not_a_certificate", "没有这份证书资料").
					With(errs.Detail{Where: "body.document_id", Text: "不是本范围内的证书类资料", Mend: "请先在点位资料里上传，类别选“证书”"}))
			}
		}
		if _, err := tx.Exec(ctx, "UPDATE certificate SET document_id = $2, recorded_at = $3 WHERE id = $1 AND document_id IS DISTINCT FROM $2", id, document, at); err != nil {
			return err
		}
		return audit(ctx, tx, by, "link_certificate", "certificate", id.String(), map[string]any{"document": document}, at)
	})
}
