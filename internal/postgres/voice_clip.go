package postgres

import (
	"context"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"muster/internal/response"
)

// VoiceClip is a recording of a text in a language, spoken by a person.
type VoiceClip struct {
	ID         uuid.UUID
	Template   string
	Language   string
	ObjectKey  string
	SHA256     []byte
	Seconds    float64
	UploadedAt time.Time
}

// PutVoiceClip keeps a recording; the one before it is no longer played, and is
// kept.
func (db *DB) PutVoiceClip(ctx context.Context, c VoiceClip, by Actor, at time.Time) error {
	return db.inTx(ctx, func(tx pgx.Tx) error {
		if _, err := tx.Exec(ctx, "UPDATE voice_clip SET disabled_at = $3 WHERE template = $1 AND language = $2 AND disabled_at IS NULL",
			c.Template, c.Language, at); err != nil {
			return err
		}
		if _, err := tx.Exec(ctx, `
			INSERT INTO voice_clip (id, template, language, object_key, sha256, seconds, uploaded_by, uploaded_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8)`,
			c.ID, c.Template, c.Language, c.ObjectKey, c.SHA256, c.Seconds, nilID(by.ID), at); err != nil {
			return err
		}
		return audit(ctx, tx, by, "put_voice_clip", "voice_clip", c.ID.String(), map[string]any{"template": c.Template, "language": c.Language}, at)
	})
}

// VoiceClips are the recordings that are played.
func (db *DB) VoiceClips(ctx context.Context) ([]VoiceClip, error) {
	return collect[VoiceClip](ctx, db.pool, `
		SELECT id, template, language, object_key, sha256, seconds, uploaded_at FROM voice_clip WHERE disabled_at IS NULL ORDER BY template, language`)
}

// Clips are the names of the recordings that are played.
func (db *DB) Clips(ctx context.Context) ([]response.Clip, error) {
	return collect[response.Clip](ctx, db.pool, "SELECT template, language FROM voice_clip WHERE disabled_at IS NULL ORDER BY template, language")
}
