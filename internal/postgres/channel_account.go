package postgres

import (
	"context"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"muster/internal/response"
)

// ChannelAccounts are the contracts that may be used now.
func (db *DB) ChannelAccounts(ctx context.Context) ([]response.Account, error) {
	return collect[response.Account](ctx, db.pool, `
		SELECT id, mode, channel, provider, name, priority, unit_id, settings, secrets_sealed, hook_hash FROM channel_account
		WHERE  disabled_at IS NULL ORDER BY mode, channel, priority, id`)
}

// PutChannelAccount writes a contract. The same name in the same mode is the same
// contract, with new settings.
func (db *DB) PutChannelAccount(ctx context.Context, a response.Account, unitKind string, by Actor, at time.Time) error {
	return db.inTx(ctx, func(tx pgx.Tx) error {
		_, err := tx.Exec(ctx, `
			INSERT INTO channel_account (id, mode, channel, provider, name, priority, unit_kind, unit_id, settings, secrets_sealed, hook_hash, recorded_at)
			VALUES ($1, $2, $3, $4, $5, $6, nullif($7, ''), $8, $9, $10, $11, $12)
			ON CONFLICT (id) DO UPDATE SET provider = excluded.provider, priority = excluded.priority, settings = excluded.settings,
			    secrets_sealed = excluded.secrets_sealed, hook_hash = excluded.hook_hash, disabled_at = NULL, recorded_at = excluded.recorded_at`,
			a.ID, a.Mode, a.Channel, a.Provider, a.Name, a.Priority, unitKind, a.UnitID, a.Settings, a.SecretsSealed, a.HookHash, at)
		if err != nil {
			return err
		}
		return audit(ctx, tx, by, "put_channel_account", "channel_account", a.ID.String(), map[string]any{"channel": a.Channel, "provider": a.Provider}, at)
	})
}

// DisableChannelAccount takes a contract out of use; its row stays, because what
// went through it refers to it.
func (db *DB) DisableChannelAccount(ctx context.Context, id uuid.UUID, by Actor, at time.Time) error {
	return db.inTx(ctx, func(tx pgx.Tx) error {
		if _, err := tx.Exec(ctx, "UPDATE channel_account SET disabled_at = $2 WHERE id = $1 AND disabled_at IS NULL", id, at); err != nil {
			return err
		}
		return audit(ctx, tx, by, "disable_channel_account", "channel_account", id.String(), nil, at)
	})
}

// ChannelAccountID finds a contract by its name; errs.NotFound when there is none.
func (db *DB) ChannelAccountID(ctx context.Context, name, mode string) (uuid.UUID, error) {
	var id uuid.UUID
	err := db.pool.QueryRow(ctx, "SELECT id FROM channel_account WHERE name = $1 AND mode = $2", name, mode).Scan(&id)
	return id, kindOf(err)
}

// SomeSections are the first sections in the order of their ids, for the
// demonstration's groups.
func (db *DB) SomeSections(ctx context.Context, n int) ([]uuid.UUID, error) {
	return ids(ctx, db.pool, "SELECT id FROM section WHERE kind = 'construction' ORDER BY id LIMIT $1", n)
}
