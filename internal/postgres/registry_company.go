package postgres

import (
	"context"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"muster/internal/account"
	"muster/internal/errs"
	"muster/internal/roster"
)

// CompanyRow is a company as lists and its page show it.
type CompanyRow struct {
	ID         uuid.UUID
	Name       string
	USCC       *string
	Kind       string
	ParentID   *uuid.UUID
	ParentName *string
	Version    int
}

// companySQL lists the companies that own or build something in the scope, and
// those that nobody uses yet: a company has no place of its own.
func companySQL(scope account.Scope, args pgx.NamedArgs) string {
	return `
		WITH mine AS (
		    SELECT p.owner_id AS id FROM project p WHERE ` + seesProject(scope, args) + `
		    UNION SELECT c.company_id FROM section c JOIN project p ON p.id = c.project_id WHERE ` + seesSection(scope, args) + `),
		used AS (SELECT owner_id AS id FROM project UNION SELECT company_id FROM section)
		SELECT f.id, f.name, f.uscc, f.kind, f.parent_id, u.name AS parent_name, f.version
		FROM   company f LEFT JOIN company u ON u.id = f.parent_id
		WHERE  (f.id IN (SELECT id FROM mine) OR f.id NOT IN (SELECT id FROM used)) AND `
}

// Companies lists those that the scope sees, by name.
func (db *DB) Companies(ctx context.Context, scope account.Scope, f RegistryFilter) ([]CompanyRow, error) {
	if scope.Empty() {
		return nil, nil
	}
	args := f.args()
	return collect[CompanyRow](ctx, db.pool, companySQL(scope, args)+`
		(@text = '' OR position(lower(@text) IN lower(f.name || ' ' || coalesce(f.uscc, ''))) > 0)
		AND (@kind = '' OR f.kind = @kind) AND `+afterSQL("f.name", "f.id")+` ORDER BY f.name COLLATE "C", f.id LIMIT @limit`, args)
}

// CompanyByID reads one company that the scope sees.
func (db *DB) CompanyByID(ctx context.Context, scope account.Scope, id uuid.UUID) (CompanyRow, error) {
	args := pgx.NamedArgs{"id": id}
	f, err := one[CompanyRow](ctx, db.pool, companySQL(scope, args)+"f.id = @id", args)
	return f, notFoundAs(err, "单位")
}

// CreateCompany stores a new company.
func (db *DB) CreateCompany(ctx context.Context, f roster.Company, by Actor, o Once, at time.Time) (uuid.UUID, error) {
	var id uuid.UUID
	err := db.inTx(ctx, func(tx pgx.Tx) error {
		var err error
		id, err = once(ctx, tx, o, at, func() (uuid.UUID, error) {
			f.ID = newID()
			return f.ID, writeCompany(ctx, tx, f, "create_company", by, at)
		})
		return err
	})
	return id, err
}

// UpdateCompany replaces what is stored about a company. All that it owns and
// builds must lie in the scope: its name stands in other people's registers too.
func (db *DB) UpdateCompany(ctx context.Context, scope account.Scope, version int, f roster.Company, by Actor, at time.Time) error {
	if _, err := db.CompanyByID(ctx, scope, f.ID); err != nil {
		return err
	}
	return db.inTx(ctx, func(tx pgx.Tx) error {
		var have int
		if err := tx.QueryRow(ctx, "SELECT version FROM company WHERE id = $1 FOR UPDATE", f.ID).Scan(&have); err != nil {
			return notFoundAs(kindOf(err), "单位")
		}
		if err := firstOf(changed(have, version), notUsedOutside(ctx, tx, scope, f.ID)); err != nil {
			return err
		}
		return writeCompany(ctx, tx, f, "change_company", by, at)
	})
}

func notUsedOutside(ctx context.Context, tx pgx.Tx, scope account.Scope, company uuid.UUID) error {
	args := pgx.NamedArgs{"id": company}
	outside, err := one[struct{ Is bool }](ctx, tx, `
		SELECT EXISTS (SELECT FROM project p WHERE p.owner_id = @id AND NOT (`+scopeColumns(scope, args, "p.region", "p.id", "", "")+`))
		    OR EXISTS (SELECT FROM section c JOIN project p ON p.id = c.project_id
		               WHERE c.company_id = @id AND NOT (`+scopeColumns(scope, args, "p.region", "c.project_id", "c.id", "")+`)) AS is`, args)
	if err == nil && outside.Is {
		err = errs.New(errs.Outside, "company_elsewhere", "这个单位在您管辖范围之外也有项目或合同段，请由上级单位修改")
	}
	return err
}

func writeCompany(ctx context.Context, tx pgx.Tx, f roster.Company, act string, by Actor, at time.Time) error {
	if err := wrongCompany(ctx, tx, f); err != nil {
		return err
	}
	for _, x := range []struct{ where, sql, value, text string }{
		{"name", "SELECT FROM company WHERE name = $1 AND id <> $2", f.Name, "已有名称相同的单位"},
		{"uscc", "SELECT FROM company WHERE uscc = nullif($1, '') AND id <> $2", f.USCC, "已有统一社会信用代码相同的单位"},
	} {
		if other, err := exists(ctx, tx, x.sql, x.value, f.ID); err != nil || other {
			return firstOf(err, taken(x.where, x.text))
		}
	}
	_, err := tx.Exec(ctx, `
		INSERT INTO company (id, name, uscc, kind, parent_id) VALUES ($1, $2, nullif($3, ''), $4, $5)
		ON CONFLICT (id) DO UPDATE SET name = excluded.name, uscc = excluded.uscc, kind = excluded.kind, parent_id = excluded.parent_id`,
		f.ID, f.Name, f.USCC, string(f.Kind), nilID(f.ParentID))
	return firstOf(err, audit(ctx, tx, by, act, "company", f.ID.String(), nil, at))
}

// wrongCompany says what of a company cannot be stored. A parent is above it, and
// nobody is above themselves.
func wrongCompany(ctx context.Context, q querier, f roster.Company) error {
	var d []errs.Detail
	add := func(bad bool, where, text, mend string) {
		if bad {
			d = append(d, errs.Detail{Where: where, Text: text, Mend: mend})
		}
	}
	add(f.Name == "" || len([]rune(f.Name)) > longestText, "name", "没有名称，或太长", "请填写单位全称")
	_, err := roster.ParseCompanyKind(string(f.Kind))
	add(err != nil, "kind", "不认识的单位类型", "请从列表中选择")
	if f.USCC != "" {
		_, err := roster.ParseUSCC(f.USCC)
		add(err != nil, "uscc", "统一社会信用代码不对", "请与营业执照逐位核对，18 位")
	}
	if f.ParentID != uuid.Nil {
		known, err := exists(ctx, q, "SELECT FROM company WHERE id = $1", f.ParentID)
		if err != nil {
			return err
		}
		add(!known, "parent_id", "没有这个上级单位", "请从列表中选择")
		below, err := exists(ctx, q, `
			WITH RECURSIVE above AS (SELECT id, parent_id FROM company WHERE id = $1
			    UNION SELECT u.id, u.parent_id FROM company u JOIN above a ON u.id = a.parent_id)
			SELECT FROM above WHERE id = $2`, f.ParentID, f.ID)
		if err != nil {
			return err
		}
		add(below, "parent_id", "上级单位是它自己，或在它下面", "请另选上级单位")
	}
	return refuseWrong(d)
}
