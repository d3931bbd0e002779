package postgres

import (
	"context"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"muster/internal/account"
)

// Attachment is a scan or picture that a warning rests on (扫描件); its bytes are in
// the object store under ObjectKey.
type Attachment struct {
	File
	WarningID     uuid.UUID
	UploadedBy    uuid.UUID
	UploaderTitle string
}

// AddAttachment writes down a scan whose bytes are stored; one that is there
// already stays as it is. To a warning of the scope, whatever its state: a fax may
// come after the call.
func (db *DB) AddAttachment(ctx context.Context, scope account.Scope, a Attachment, by Actor, at time.Time) error {
	return db.inTx(ctx, func(tx pgx.Tx) error {
		args := pgx.NamedArgs{"id": a.WarningID}
		w, err := one[struct{ Mode string }](ctx, tx, "SELECT w.mode FROM warning w JOIN authority a ON a.id = w.authority_id WHERE w.id = @id AND "+
			authoritiesOf(scope, args), args)
		if err != nil {
			return notFoundAs(err, "预警")
		}
		tag, err := tx.Exec(ctx, `
			INSERT INTO attachment (id, warning_id, mode, file_name, content_type, size, sha256, object_key, uploaded_by, uploaded_at)
			VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10) ON CONFLICT (id) DO NOTHING`,
			a.ID, a.WarningID, w.Mode, a.FileName, a.ContentType, a.Size, a.SHA256, a.ObjectKey, by.ID, a.UploadedAt)
		if err != nil || tag.RowsAffected() == 0 {
			return err
		}
		if err := audit(ctx, tx, by, "attach", "warning", a.WarningID.String(), map[string]any{"attachment": a.ID}, at); err != nil {
			return err
		}
		return announceWarning(ctx, tx, a.WarningID, at)
	})
}

const attachmentSQL = `
	SELECT t.id, t.warning_id, t.file_name, t.content_type, t.size, t.sha256, t.object_key, t.uploaded_by, u.title AS uploader_title, t.uploaded_at
	FROM   attachment t JOIN app_user u ON u.id = t.uploaded_by JOIN warning w ON w.id = t.warning_id JOIN authority a ON a.id = w.authority_id WHERE `

// Attachments lists the scans of a warning of the scope, newest first.
func (db *DB) Attachments(ctx context.Context, scope account.Scope, warning uuid.UUID) ([]Attachment, error) {
	args := pgx.NamedArgs{"id": warning}
	return collect[Attachment](ctx, db.pool, attachmentSQL+"t.warning_id = @id AND "+authoritiesOf(scope, args)+" ORDER BY t.uploaded_at DESC, t.id DESC", args)
}

// AttachmentByID reads one scan of a warning of the scope.
func (db *DB) AttachmentByID(ctx context.Context, scope account.Scope, id uuid.UUID) (Attachment, error) {
	args := pgx.NamedArgs{"id": id}
	a, err := one[Attachment](ctx, db.pool, attachmentSQL+"t.id = @id AND "+authoritiesOf(scope, args), args)
	return a, notFoundAs(err, "扫描件")
}
