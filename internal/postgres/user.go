package postgres

import (
	"context"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"muster/internal/account"
	"muster/internal/errs"
)

// User is an account as sign-in needs it.
type User struct {
	ID           uuid.UUID
	Login        string
	Title        string
	PasswordHash string
	DisabledAt   *time.Time
}

// UserByLogin finds an account; errs.NotFound when there is none.
func (db *DB) UserByLogin(ctx context.Context, login string) (User, error) {
	return one[User](ctx, db.pool, "SELECT id, login, title, password_hash, disabled_at FROM app_user WHERE login = $1", login)
}

// SignInFailures lists the times of wrong passwords within the window before an
// instant, oldest first. A success clears what came before it.
func (db *DB) SignInFailures(ctx context.Context, login string, at time.Time) ([]time.Time, error) {
	rows, err := db.pool.Query(ctx, `
		SELECT at FROM sign_in_attempt a
		WHERE  login = $1 AND NOT ok AND at > $2
		AND    at > coalesce((SELECT max(at) FROM sign_in_attempt WHERE login = $1 AND ok), '-infinity')
		ORDER  BY at`, login, at.Add(-account.FailureWindow))
	if err != nil {
		return nil, kindOf(err)
	}
	times, err := pgx.CollectRows(rows, pgx.RowTo[time.Time])
	return times, kindOf(err)
}

// RecordSignIn keeps an attempt and drops those that can no longer lock anything.
func (db *DB) RecordSignIn(ctx context.Context, login string, ok bool, at time.Time) error {
	return db.inTx(ctx, func(tx pgx.Tx) error {
		if _, err := tx.Exec(ctx, "DELETE FROM sign_in_attempt WHERE login = $1 AND at < $2", login, at.Add(-24*time.Hour)); err != nil {
			return err
		}
		_, err := tx.Exec(ctx, "INSERT INTO sign_in_attempt (login, at, ok) VALUES ($1, $2, $3)", login, at, ok)
		return err
	})
}

// NewUser is an account to be made, with one grant.
type NewUser struct {
	Login, Title, PasswordHash string
	Role                       account.Role
	Place                      GrantPlace
}

// GrantPlace is where a role holds: exactly one of them, none for roles of the
// installation.
type GrantPlace struct {
	Authority, Company, Project, Section, Site uuid.UUID
}

// CreateUser makes an account with its first grant.
func (db *DB) CreateUser(ctx context.Context, u NewUser, by Actor, at time.Time) (uuid.UUID, error) {
	id := newID()
	err := db.inTx(ctx, func(tx pgx.Tx) error {
		if _, err := tx.Exec(ctx, "INSERT INTO app_user (id, login, title, password_hash, recorded_at) VALUES ($1, $2, $3, $4, $5)",
			id, u.Login, u.Title, u.PasswordHash, at); err != nil {
			return err
		}
		_, err := tx.Exec(ctx, `
			INSERT INTO user_grant (id, user_id, role, authority_id, company_id, project_id, section_id, site_id, from_at, granted_by)
			VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)`, newID(), id, u.Role, nilID(u.Place.Authority), nilID(u.Place.Company),
			nilID(u.Place.Project), nilID(u.Place.Section), nilID(u.Place.Site), at, nilID(by.ID))
		if err != nil {
			return err
		}
		return audit(ctx, tx, by, "create_user", "user", id.String(), map[string]any{"role": u.Role}, at)
	})
	return id, err
}

type grantRow struct {
	Role         account.Role
	AuthorityID  *uuid.UUID
	CompanyID    *uuid.UUID
	ProjectID    *uuid.UUID
	SectionID    *uuid.UUID
	SiteID       *uuid.UUID
	PlaceName    string
	GrantUser    uuid.UUID
	GrantLogin   string
	GrantTitle   string
	UserDisabled bool
}

// Principal reads who a user is at an instant: the grants that hold now, each
// with its place turned into a scope (territory ∪ supervision links ∪ own
// posts). A disabled account is nobody.
func (db *DB) Principal(ctx context.Context, userID uuid.UUID, at time.Time) (account.Principal, error) {
	rows, err := collect[grantRow](ctx, db.pool, `
		SELECT g.role, g.authority_id, g.company_id, g.project_id, g.section_id, g.site_id,
		       coalesce(a.name, c.name, p.name, s.name, t.name, '') AS place_name,
		       u.id AS grant_user, u.login AS grant_login, u.title AS grant_title, u.disabled_at IS NOT NULL AS user_disabled
		FROM   app_user u JOIN user_grant g ON g.user_id = u.id
		LEFT   JOIN authority a ON a.id = g.authority_id LEFT JOIN company c ON c.id = g.company_id
		LEFT   JOIN project p ON p.id = g.project_id LEFT JOIN section s ON s.id = g.section_id LEFT JOIN site t ON t.id = g.site_id
		WHERE  u.id = $1 AND g.from_at <= $2 AND (g.until_at IS NULL OR g.until_at > $2)
		ORDER  BY g.from_at, g.id`, userID, at)
	if err != nil {
		return account.Principal{}, err
	}
	if len(rows) == 0 || rows[0].UserDisabled {
		return account.Principal{}, errs.New(errs.SignIn, "no_account", "这个账号已停用，或没有任何角色")
	}
	p := account.Principal{UserID: rows[0].GrantUser, Login: rows[0].GrantLogin, Title: rows[0].GrantTitle}
	for _, r := range rows {
		scope, err := db.scopeOf(ctx, r, at)
		if err != nil {
			return account.Principal{}, err
		}
		p.Grants = append(p.Grants, account.Grant{Role: r.Role, PlaceName: r.PlaceName, Authority: deref(r.AuthorityID), Scope: scope})
	}
	return p, nil
}

func (db *DB) scopeOf(ctx context.Context, g grantRow, at time.Time) (account.Scope, error) {
	switch {
	case g.AuthorityID != nil:
		return authorityScope(ctx, db.pool, *g.AuthorityID, at)
	case g.CompanyID != nil:
		return companyScope(ctx, db.pool, *g.CompanyID)
	case g.ProjectID != nil:
		return account.Scope{Projects: []uuid.UUID{*g.ProjectID}}, nil
	case g.SectionID != nil && g.Role == account.Supervisor:
		return supervisedScope(ctx, db.pool, *g.SectionID)
	case g.SectionID != nil:
		return account.Scope{Sections: []uuid.UUID{*g.SectionID}}, nil
	case g.SiteID != nil:
		return account.Scope{Sites: []uuid.UUID{*g.SiteID}}, nil
	}
	return account.Scope{}, nil
}

func ids(ctx context.Context, q querier, sql string, args ...any) ([]uuid.UUID, error) {
	rows, err := q.Query(ctx, sql, args...)
	if err != nil {
		return nil, kindOf(err)
	}
	list, err := pgx.CollectRows(rows, pgx.RowTo[uuid.UUID])
	return list, kindOf(err)
}

func deref(id *uuid.UUID) uuid.UUID {
	if id == nil {
		return uuid.Nil
	}
	return *id
}
