package postgres

import (
	"context"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"muster/internal/account"
	"muster/internal/errs"
)

// AddUser makes an account without any rights: the system administrator's part.
// The security administrator gives it rights (AddGrant); no one does both.
func (db *DB) AddUser(ctx context.Context, login, title, passwordHash string, by Actor, at time.Time) (uuid.UUID, error) {
	id := newID()
	err := db.inTx(ctx, func(tx pgx.Tx) error {
		tag, err := tx.Exec(ctx, `
			INSERT INTO app_user (id, login, title, password_hash, recorded_at) VALUES ($1, $2, $3, $4, $5)
			ON CONFLICT (login) DO NOTHING`, id, login, title, passwordHash, at)
		if err != nil {
			return err
		}
		if tag.RowsAffected() == 0 {
			return errs.New(errs.Conflict, "login_taken", "账号名 %q 已被使用", login)
		}
		return audit(ctx, tx, by, "create_user", "user", id.String(), nil, at)
	})
	return id, err
}

// AddGrant gives an account a role in a place. The three administrators are
// three people and hold no operational role; nobody grants to himself.
func (db *DB) AddGrant(ctx context.Context, user uuid.UUID, role account.Role, where GrantPlace, by Actor, at time.Time) error {
	if user == by.ID {
		return errs.New(errs.Forbidden, "own_rights", "不能给自己授权")
	}
	return db.inTx(ctx, func(tx pgx.Tx) error {
		if err := refuseClash(ctx, tx, user, role, at); err != nil {
			return err
		}
		_, err := tx.Exec(ctx, `
			INSERT INTO user_grant (id, user_id, role, authority_id, company_id, project_id, section_id, site_id, from_at, granted_by)
			VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)`, newID(), user, role, nilID(where.Authority), nilID(where.Company),
			nilID(where.Project), nilID(where.Section), nilID(where.Site), at, nilID(by.ID))
		if err != nil {
			return err
		}
		return audit(ctx, tx, by, "grant", "user", user.String(), map[string]any{"role": role}, at)
	})
}

// refuseClash locks the account, so that two grants at once cannot slip past
// each other.
func refuseClash(ctx context.Context, tx pgx.Tx, user uuid.UUID, role account.Role, at time.Time) error {
	var login string
	if err := tx.QueryRow(ctx, "SELECT login FROM app_user WHERE id = $1 FOR UPDATE", user).Scan(&login); err != nil {
		return notFoundAs(kindOf(err), "账号")
	}
	rows, err := tx.Query(ctx, "SELECT role FROM user_grant WHERE user_id = $1 AND (until_at IS NULL OR until_at > $2)", user, at)
	if err != nil {
		return err
	}
	held, err := pgx.CollectRows(rows, pgx.RowTo[account.Role])
	if err != nil {
		return err
	}
	for _, h := range held {
		if account.Clash(h, role) {
			return errs.New(errs.Forbidden, "role_clash", "%s和%s不能由同一个账号担任", h.Label(), role.Label())
		}
	}
	return nil
}

// EndGrants takes all rights of an account away and disables it; what it did
// stays in the log.
func (db *DB) EndGrants(ctx context.Context, user uuid.UUID, by Actor, at time.Time) error {
	return db.inTx(ctx, func(tx pgx.Tx) error {
		if _, err := tx.Exec(ctx, "UPDATE user_grant SET until_at = $2 WHERE user_id = $1 AND until_at IS NULL AND from_at < $2", user, at); err != nil {
			return err
		}
		tag, err := tx.Exec(ctx, "UPDATE app_user SET disabled_at = coalesce(disabled_at, $2) WHERE id = $1", user, at)
		if err != nil {
			return err
		}
		if tag.RowsAffected() == 0 {
			return notFound("账号")
		}
		return audit(ctx, tx, by, "disable_user", "user", user.String(), nil, at)
	})
}

// FindPlace finds a unit by what people know it by: an authority or company by
// name, a project by code, a section by "project/section", a site by
// "project/section/site".
func (db *DB) FindPlace(ctx context.Context, kind, name string) (GrantPlace, error) {
	var g GrantPlace
	into := map[string]*uuid.UUID{"authority": &g.Authority, "company": &g.Company, "project": &g.Project, "section": &g.Section, "site": &g.Site}[kind]
	sql := map[string]string{
		"authority": "SELECT id FROM authority WHERE name = $1",
		"company":   "SELECT id FROM company WHERE name = $1 OR uscc = $1",
		"project":   "SELECT id FROM project WHERE code = $1",
		"section":   "SELECT s.id FROM section s JOIN project p ON p.id = s.project_id WHERE p.code || '/' || s.code = $1",
		"site": `SELECT t.id FROM site t JOIN section s ON s.id = t.section_id JOIN project p ON p.id = t.project_id
			WHERE p.code || '/' || s.code || '/' || t.code = $1`,
	}[kind]
	if into == nil {
		return g, errs.New(errs.Fix, "place_kind", "没有 %q 这种单位", kind)
	}
	err := db.pool.QueryRow(ctx, sql, name).Scan(into)
	return g, notFoundAs(kindOf(err), "单位")
}

// CreateDevice registers a device at a site, or gives the one of that serial a
// new key.
func (db *DB) CreateDevice(ctx context.Context, serial string, site uuid.UUID, purpose, direction, key string, by Actor, at time.Time) error {
	return db.inTx(ctx, func(tx pgx.Tx) error {
		_, err := tx.Exec(ctx, `
			INSERT INTO device (id, serial, site_id, purpose, direction, key_hash, recorded_at) VALUES ($1, $2, $3, $4, $5, $6, $7)
			ON CONFLICT (serial) DO UPDATE SET key_hash = excluded.key_hash, purpose = excluded.purpose, direction = excluded.direction
			WHERE device.site_id = excluded.site_id`, newID(), serial, site, purpose, direction, account.KeyHash(key), at)
		if err != nil {
			return err
		}
		var there bool
		if err := tx.QueryRow(ctx, "SELECT EXISTS (SELECT FROM device WHERE serial = $1 AND site_id = $2)", serial, site).Scan(&there); err != nil {
			return err
		}
		if !there {
			return errs.New(errs.Conflict, "device_elsewhere", "序列号 %q 已登记在另一个点位", serial)
		}
		return audit(ctx, tx, by, "register_device", "device", serial, map[string]any{"site": site}, at)
	})
}

// ScopeBounds is the rectangle (west, south, east, north; WGS 84) around the
// open sites of a scope; nil when there are none.
func (db *DB) ScopeBounds(ctx context.Context, scope account.Scope) ([]float64, error) {
	args := pgx.NamedArgs{}
	var w, s, e, n *float64
	err := db.pool.QueryRow(ctx, `
		SELECT ST_XMin(b), ST_YMin(b), ST_XMax(b), ST_YMax(b)
		FROM  (SELECT ST_Extent(s.geom) AS b FROM site s WHERE s.closed_at IS NULL AND `+scopeSQL(scope, "s", args)+") x", args).Scan(&w, &s, &e, &n)
	if err != nil || w == nil {
		return nil, kindOf(err)
	}
	return []float64{*w, *s, *e, *n}, nil
}
