package postgres

import (
	"context"
	"slices"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"muster/internal/account"
	"muster/internal/errs"
	"muster/internal/roster"
)

func wrongUnit(code, name string, status roster.Status, from, at time.Time) []errs.Detail {
	var d []errs.Detail
	add := func(bad bool, where, text, mend string) {
		if bad {
			d = append(d, errs.Detail{Where: where, Text: text, Mend: mend})
		}
	}
	add(code == "" || len([]rune(code)) > longestText, "code", "没有编号，或太长", "请填写编号")
	add(name == "" || len([]rune(name)) > longestText, "name", "没有名称，或太长", "请填写名称")
	known := []roster.Status{roster.Planned, roster.Building, roster.Stopped, roster.Winter, roster.HandedOver, roster.Finished}
	add(!slices.Contains(known, status), "status", "不认识的状态", "请从状态表中选择")
	add(from.After(at), "from", "生效时间在将来", "请填写已经生效的时间，或留空")
	return d
}

// CreateProject stores a new project; its region must lie in the scope.
func (db *DB) CreateProject(ctx context.Context, scope account.Scope, p roster.Project, by Actor, o Once, at time.Time) (uuid.UUID, error) {
	var id uuid.UUID
	err := db.inTx(ctx, func(tx pgx.Tx) error {
		var err error
		id, err = once(ctx, tx, o, at, func() (uuid.UUID, error) {
			p.ID = newID()
			return p.ID, writeProject(ctx, tx, scope, p, "create_project", by, at)
		})
		return err
	})
	return id, err
}

// UpdateProject replaces what is stored about a project of the scope.
func (db *DB) UpdateProject(ctx context.Context, scope account.Scope, version int, p roster.Project, by Actor, at time.Time) error {
	return db.inTx(ctx, func(tx pgx.Tx) error {
		args := pgx.NamedArgs{"id": p.ID}
		var have int
		err := tx.QueryRow(ctx, "SELECT p.version FROM project p WHERE p.id = @id AND "+scopeColumns(scope, args, "p.region", "p.id", "", "")+" FOR UPDATE", args).Scan(&have)
		if err != nil {
			return notFoundAs(kindOf(err), "项目")
		}
		if err := changed(have, version); err != nil {
			return err
		}
		return writeProject(ctx, tx, scope, p, "change_project", by, at)
	})
}

func writeProject(ctx context.Context, tx pgx.Tx, scope account.Scope, p roster.Project, act string, by Actor, at time.Time) error {
	d := wrongUnit(p.Code, p.Name, p.Status, p.From, at)
	if p.Sector != roster.Road && p.Sector != roster.Waterway {
		d = append(d, errs.Detail{Where: "sector", Text: "不认识的行业", Mend: "road 或 waterway"})
	}
	for _, ref := range []struct{ where, sql, what string }{
		{"owner_id", "SELECT FROM company WHERE id::text = $1", p.OwnerID.String()},
		{"region", "SELECT FROM region WHERE code = $1", string(p.Region)},
	} {
		known, err := exists(ctx, tx, ref.sql, ref.what)
		if err != nil {
			return err
		}
		if !known {
			d = append(d, errs.Detail{Where: ref.where, Text: "没有找到", Mend: "请从列表中选择"})
		}
	}
	if err := refuseWrong(d); err != nil {
		return err
	}
	if !scope.Holds(account.Place{Region: string(p.Region), Project: p.ID}) {
		return errs.New(errs.Outside, "outside", "项目不在您的管辖范围")
	}
	if other, err := exists(ctx, tx, "SELECT FROM project WHERE code = $1 AND id <> $2", p.Code, p.ID); err != nil || other {
		return firstOf(err, taken("code", "已有代码为 "+p.Code+" 的项目"))
	}
	_, err := tx.Exec(ctx, `
		INSERT INTO project (id, code, name, sector, owner_id, region, status, valid_from, recorded_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)
		ON CONFLICT (id) DO UPDATE SET code = excluded.code, name = excluded.name, sector = excluded.sector, owner_id = excluded.owner_id,
		    region = excluded.region, status = excluded.status, valid_from = excluded.valid_from, recorded_at = excluded.recorded_at`,
		p.ID, p.Code, p.Name, string(p.Sector), p.OwnerID, string(p.Region), string(p.Status), since(p.From, at), at)
	if err != nil {
		return err
	}
	return firstOf(audit(ctx, tx, by, act, "project", p.ID.String(), nil, at),
		announce(ctx, tx, "project", p.ID, place{region: string(p.Region), project: p.ID}, at))
}

func since(from, at time.Time) time.Time {
	if from.IsZero() {
		return at
	}
	return from
}

// CreateSection stores a new section of a project of the scope.
func (db *DB) CreateSection(ctx context.Context, scope account.Scope, s roster.Section, by Actor, o Once, at time.Time) (uuid.UUID, error) {
	var id uuid.UUID
	err := db.inTx(ctx, func(tx pgx.Tx) error {
		var err error
		id, err = once(ctx, tx, o, at, func() (uuid.UUID, error) {
			s.ID = newID()
			return s.ID, writeSection(ctx, tx, scope, s, "create_section", by, at)
		})
		return err
	})
	return id, err
}

// UpdateSection replaces what is stored about a section of the scope. It stays in
// its project.
func (db *DB) UpdateSection(ctx context.Context, scope account.Scope, version int, s roster.Section, by Actor, at time.Time) error {
	return db.inTx(ctx, func(tx pgx.Tx) error {
		args := pgx.NamedArgs{"id": s.ID}
		var have int
		err := tx.QueryRow(ctx, "SELECT c.version, c.project_id FROM section c JOIN project p ON p.id = c.project_id WHERE c.id = @id AND "+
			scopeColumns(scope, args, "p.region", "c.project_id", "c.id", "")+" FOR UPDATE OF c", args).Scan(&have, &s.ProjectID)
		if err != nil {
			return notFoundAs(kindOf(err), "合同段")
		}
		if err := changed(have, version); err != nil {
			return err
		}
		return writeSection(ctx, tx, scope, s, "change_section", by, at)
	})
}

func writeSection(ctx context.Context, tx pgx.Tx, scope account.Scope, s roster.Section, act string, by Actor, at time.Time) error {
	var region string
	if err := tx.QueryRow(ctx, "SELECT region FROM project WHERE id = $1", s.ProjectID).Scan(&region); err != nil {
		return notFoundAs(kindOf(err), "项目")
	}
	d := wrongUnit(s.Code, s.Name, s.Status, s.From, at)
	if !slices.Contains([]roster.SectionKind{roster.Construction, roster.Supervision, roster.Testing}, s.Kind) {
		d = append(d, errs.Detail{Where: "kind", Text: "不认识的合同段类别", Mend: "construction、supervision 或 testing"})
	}
	if known, err := exists(ctx, tx, "SELECT FROM company WHERE id = $1", s.CompanyID); err != nil || !known {
		d = append(d, errs.Detail{Where: "company_id", Text: "没有这个单位", Mend: "请从单位列表中选择"})
	}
	if s.SupervisedBy != uuid.Nil {
		if fits, err := exists(ctx, tx, "SELECT FROM section WHERE id = $1 AND kind = 'supervision' AND project_id = $2", s.SupervisedBy, s.ProjectID); err != nil || !fits {
			d = append(d, errs.Detail{Where: "supervised_by", Text: "不是本项目的监理合同段", Mend: "请选择本项目的监理处"})
		}
	}
	if err := refuseWrong(d); err != nil {
		return err
	}
	if !scope.Holds(account.Place{Region: region, Project: s.ProjectID, Section: s.ID}) {
		return errs.New(errs.Outside, "outside", "合同段不在您的管辖范围")
	}
	if other, err := exists(ctx, tx, "SELECT FROM section WHERE project_id = $1 AND code = $2 AND id <> $3", s.ProjectID, s.Code, s.ID); err != nil || other {
		return firstOf(err, taken("code", "本项目已有编号为 "+s.Code+" 的合同段"))
	}
	_, err := tx.Exec(ctx, `
		INSERT INTO section (id, project_id, code, name, kind, company_id, supervised_by, status, valid_from, recorded_at)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)
		ON CONFLICT (id) DO UPDATE SET code = excluded.code, name = excluded.name, kind = excluded.kind, company_id = excluded.company_id,
		    supervised_by = excluded.supervised_by, status = excluded.status, valid_from = excluded.valid_from, recorded_at = excluded.recorded_at`,
		s.ID, s.ProjectID, s.Code, s.Name, string(s.Kind), s.CompanyID, nilID(s.SupervisedBy), string(s.Status), since(s.From, at), at)
	if err != nil {
		return err
	}
	return firstOf(audit(ctx, tx, by, act, "section", s.ID.String(), nil, at),
		announce(ctx, tx, "section", s.ID, place{region: region, project: s.ProjectID, section: s.ID}, at))
}
