package postgres

import (
	"context"
	"errors"

	"github.com/jackc/pgx/v5"

	"muster/internal/account"
	"muster/internal/errs"
)

// CheckCanary opens the value that was sealed with each key in use and seals one
// with the current key. Starting with the wrong keys would make every phone
// number unreadable; it is found out here, before anything is served.
func (db *DB) CheckCanary(ctx context.Context, s *account.Sealer) error {
	rows, err := db.pool.Query(ctx, "SELECT key_id, sealed FROM seal_canary")
	if err != nil {
		return kindOf(err)
	}
	var keyID, sealed string
	_, err = pgx.ForEachRow(rows, []any{&keyID, &sealed}, func() error {
		if plain, err := s.Open("seal_canary", "sealed", keyID, sealed); err != nil || plain != canary {
			return errors.Join(errs.New(errs.Fix, "seal_keys", "密钥环与数据库不符：第 %s 号密钥打不开校验值", keyID), err)
		}
		return nil
	})
	if err != nil {
		return err
	}
	id := s.CurrentKey()
	_, err = db.pool.Exec(ctx, "INSERT INTO seal_canary (key_id, sealed) VALUES ($1, $2) ON CONFLICT (key_id) DO NOTHING",
		id, s.Seal("seal_canary", "sealed", id, canary))
	return kindOf(err)
}

const canary = "muster"
