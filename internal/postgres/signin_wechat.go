package postgres

import (
	"context"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"muster/internal/account"
	"muster/internal/clock"
	"muster/internal/errs"
)

// WeChatUser is the account that an openid is bound to, while it is open and holds a
// role of the field; errs.NotFound otherwise. hashes are the openid's under every key.
func (db *DB) WeChatUser(ctx context.Context, hashes []string, at time.Time) (uuid.UUID, error) {
	var id uuid.UUID
	err := db.pool.QueryRow(ctx, `
		SELECT u.id FROM wechat_binding b JOIN app_user u ON u.id = b.user_id
		WHERE  b.openid_hash = ANY($1) AND u.disabled_at IS NULL
		AND    `+inTheFieldSQL+`
		ORDER  BY b.bound_at DESC LIMIT 1`, hashes, account.FieldRoles(), at).Scan(&id)
	return id, kindOf(err)
}

// BindWeChat binds an openid to a user; one that was somebody else's is his from now
// on, because he holds the phone.
func (db *DB) BindWeChat(ctx context.Context, hash string, user uuid.UUID, at time.Time) error {
	return db.inTx(ctx, func(tx pgx.Tx) error {
		_, err := tx.Exec(ctx, `
			INSERT INTO wechat_binding (openid_hash, user_id, bound_at) VALUES ($1, $2, $3)
			ON CONFLICT (openid_hash) DO UPDATE SET user_id = EXCLUDED.user_id, bound_at = EXCLUDED.bound_at`, hash, user, at)
		if err != nil {
			return err
		}
		return audit(ctx, tx, Actor{ID: user}, "bind_wechat", "user", user.String(), nil, at)
	})
}

// UnbindWeChat takes every openid of a user away.
func (db *DB) UnbindWeChat(ctx context.Context, by Actor, at time.Time) error {
	return db.inTx(ctx, func(tx pgx.Tx) error {
		tag, err := tx.Exec(ctx, "DELETE FROM wechat_binding WHERE user_id = $1", by.ID)
		if err != nil || tag.RowsAffected() == 0 {
			return err
		}
		return audit(ctx, tx, by, "unbind_wechat", "user", by.ID.String(), nil, at)
	})
}

// WeChatBound says whether a user has an openid bound.
func (db *DB) WeChatBound(ctx context.Context, user uuid.UUID) (bound bool, err error) {
	err = db.pool.QueryRow(ctx, "SELECT EXISTS (SELECT FROM wechat_binding WHERE user_id = $1)", user).Scan(&bound)
	return bound, kindOf(err)
}

// CountWeChat counts a sign-in by WeChat from an address, or refuses it (errs.Limit)
// by the rates of codes by SMS. address is a keyed hash. The name under which it is
// counted is no login: those have no blank.
func (db *DB) CountWeChat(ctx context.Context, address string, at time.Time) error {
	return db.inTx(ctx, func(tx pgx.Tx) error {
		if _, err := tx.Exec(ctx, "SELECT pg_advisory_xact_lock(hashtextextended('sign_in_wechat', 0))"); err != nil {
			return err
		}
		name := "wechat " + address
		if _, err := tx.Exec(ctx, "DELETE FROM sign_in_attempt WHERE login LIKE 'wechat %' AND at < $1", at.Add(-codesKept)); err != nil {
			return err
		}
		rows, err := tx.Query(ctx, "SELECT at FROM sign_in_attempt WHERE login = $1 AND at > $2", name, at.Add(-time.Hour))
		if err != nil {
			return err
		}
		past, err := pgx.CollectRows(rows, pgx.RowTo[time.Time])
		if err != nil {
			return err
		}
		if next := account.MayAgain(past, account.AddressRates, at); next.After(at) {
			return errs.New(errs.Limit, "wechat_limit", "登录得太频繁，请在 %s 之后再试", next.In(clock.Shanghai).Format("15:04:05"))
		}
		_, err = tx.Exec(ctx, "INSERT INTO sign_in_attempt (login, at, ok) VALUES ($1, $2, true)", name, at)
		return err
	})
}
