package postgres

import (
	"context"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"muster/internal/errs"
)

// SignOversight keeps that authorities have seen a warning's board: the first
// signature stays. errs.Forbidden when none of them was told of it.
func (db *DB) SignOversight(ctx context.Context, warningID uuid.UUID, offices []uuid.UUID, by Actor, at time.Time) error {
	return db.inTx(ctx, func(tx pgx.Tx) error {
		var told int
		if err := tx.QueryRow(ctx, "SELECT count(*) FROM oversight WHERE warning_id = $1 AND authority_id = ANY($2)", warningID, offices).Scan(&told); err != nil {
			return err
		}
		if told == 0 {
			return errs.New(errs.Forbidden, "not_told", "这条预警没有要求您的单位签收")
		}
		signed, err := ids(ctx, tx, `
			UPDATE oversight SET acknowledged_at = $3, acknowledged_by = $4
			WHERE  warning_id = $1 AND authority_id = ANY($2) AND acknowledged_at IS NULL RETURNING id`, warningID, offices, at, nilID(by.ID))
		if err != nil || len(signed) == 0 {
			return err
		}
		if err := audit(ctx, tx, by, "sign_oversight", "warning", warningID.String(), nil, at); err != nil {
			return err
		}
		return announceWarning(ctx, tx, warningID, at)
	})
}

// LevelOf is the level of an authority: province, city or county.
func (db *DB) LevelOf(ctx context.Context, authority uuid.UUID) (string, error) {
	var level string
	err := db.pool.QueryRow(ctx, "SELECT level FROM authority WHERE id = $1", authority).Scan(&level)
	return level, kindOf(err)
}
