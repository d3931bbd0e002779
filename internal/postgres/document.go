package postgres

import (
	"context"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"muster/internal/account"
)

// Document is a panorama, report or the like of a site.
type Document struct {
	File
	SiteID     uuid.UUID
	Kind       string
	State      string
	UploadedBy *uuid.UUID
}

// AddDocument writes down a document whose bytes are stored; one that is there
// already stays as it is.
func (db *DB) AddDocument(ctx context.Context, scope account.Scope, d Document, by Actor, at time.Time) error {
	return db.inTx(ctx, func(tx pgx.Tx) error {
		args := pgx.NamedArgs{"site": d.SiteID}
		var where place
		err := tx.QueryRow(ctx, "SELECT s.region, s.project_id, s.section_id FROM site s WHERE s.id = @site AND "+scopeSQL(scope, "s", args), args).
			Scan(&where.region, &where.project, &where.section)
		if err != nil {
			return notFoundAs(kindOf(err), "点位")
		}
		tag, err := tx.Exec(ctx, `
			INSERT INTO document (id, site_id, kind, file_name, content_type, size, sha256, object_key, uploaded_by, uploaded_at)
			VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10) ON CONFLICT (id) DO NOTHING`,
			d.ID, d.SiteID, d.Kind, d.FileName, d.ContentType, d.Size, d.SHA256, d.ObjectKey, nilID(by.ID), d.UploadedAt)
		if err != nil || tag.RowsAffected() == 0 {
			return err
		}
		if err := audit(ctx, tx, by, "add_document", "site", d.SiteID.String(), map[string]any{"document": d.ID, "kind": d.Kind}, at); err != nil {
			return err
		}
		return announce(ctx, tx, "site", d.SiteID, where, at)
	})
}

const documentSQL = `
	SELECT d.id, d.site_id, d.kind, d.file_name, d.content_type, d.size, d.sha256, d.object_key, d.state, d.uploaded_by, d.uploaded_at
	FROM   document d JOIN site s ON s.id = d.site_id WHERE `

// Documents lists the documents of a site of the scope, newest first.
func (db *DB) Documents(ctx context.Context, scope account.Scope, site uuid.UUID) ([]Document, error) {
	args := pgx.NamedArgs{"site": site}
	return collect[Document](ctx, db.pool, documentSQL+"d.site_id = @site AND "+scopeSQL(scope, "s", args)+" ORDER BY d.uploaded_at DESC", args)
}

// DocumentByID reads one document of the scope.
func (db *DB) DocumentByID(ctx context.Context, scope account.Scope, id uuid.UUID) (Document, error) {
	args := pgx.NamedArgs{"id": id}
	d, err := one[Document](ctx, db.pool, documentSQL+"d.id = @id AND "+scopeSQL(scope, "s", args), args)
	return d, notFoundAs(err, "资料")
}
