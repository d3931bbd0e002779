package postgres

import (
	"context"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"muster/internal/roster"
)

// form writes what a printed form says: companies, sections, people, posts,
// certificates, each where the ones before are there already. A line of which one
// part does not hold is left out as a whole, and then what leaned on it, until what
// is left holds.
func (run *importRun) form(ctx context.Context, f roster.File) error {
	bad := map[int]bool{}
	for _, p := range run.problems {
		bad[p.Line] = true
	}
	for {
		f = f.Without(bad)
		found := len(run.problems)
		whole, err := run.tx.Begin(ctx)
		if err != nil {
			return err
		}
		if err := run.formStages(ctx, f); err != nil {
			return err
		}
		if len(run.problems) == found {
			run.good = f.Good()
			return whole.Commit(ctx)
		}
		for _, p := range run.problems[found:] {
			bad[p.Line] = true
		}
		if err := whole.Rollback(ctx); err != nil {
			return err
		}
		run.outcomes = nil
		run.batch, run.later, run.touched = pgx.Batch{}, nil, map[uuid.UUID]place{}
		if run.units, err = readUnits(ctx, run.tx); err != nil {
			return err
		}
	}
}

// formStages goes no further than the first stage in which something is wrong: what
// leans on a bad line would be reported as well.
func (run *importRun) formStages(ctx context.Context, f roster.File) error {
	found := len(run.problems)
	for _, stage := range []func() error{
		func() error { return run.companies(ctx, run.newCompanies(f.Companies)) },
		func() error { run.sections(f.Sections); return nil },
		func() error { return run.persons(ctx, f.People) },
		func() error { return run.posts(ctx, f.Posts) },
		func() error { return run.replaced(ctx, f.Posts) },
		func() error { return run.certificates(ctx, f.Certificates) },
	} {
		if err := stage(); err != nil {
			return err
		}
		if len(run.problems) > found {
			return nil
		}
		if err := run.flush(ctx); err != nil {
			return err
		}
	}
	run.atWork(f.Posts)
	return nil
}

// newCompanies are those of a form that are not known, or whose code was not: a
// form says where a company works, it does not rename it.
func (run *importRun) newCompanies(rows []roster.CompanyRow) []roster.CompanyRow {
	var fresh []roster.CompanyRow
	seen := map[string]bool{}
	for _, r := range rows {
		c, known := run.units.companies[r.Company.Name]
		other, coded := run.units.companies[r.Company.USCC]
		switch {
		case r.Company.USCC != "" && coded && other.Name != r.Company.Name:
			run.problem(r.Line, "单位名称", r.Company.Name, "这个统一社会信用代码登记的是“"+other.Name+"”", "请改用登记的名称，或先在单位登记里改名")
		case known && c.USCC != nil && r.Company.USCC != "" && *c.USCC != r.Company.USCC:
			run.problem(r.Line, "统一社会信用代码", r.Company.USCC, "这个单位登记的是另一个代码", "请核对代码")
		case known && (c.USCC != nil || r.Company.USCC == ""), seen[r.Company.Name]:
		default:
			seen[r.Company.Name] = true
			fresh = append(fresh, r)
		}
	}
	return fresh
}

// replaced ends the posts of those whom somebody else has replaced (变更人员).
func (run *importRun) replaced(ctx context.Context, rows []roster.PostRow) error {
	var before []roster.PostRow
	for _, r := range rows {
		if r.Instead.Name != "" {
			r.Person = r.Instead
			before = append(before, r)
		}
	}
	t, err := run.ties(ctx, collectOf(before, func(r roster.PostRow) roster.PersonRef { return r.Person }), nil)
	if err != nil {
		return err
	}
	for _, r := range before {
		u, ok := t.resolve(r.Line, r.Person, r.Unit)
		if !ok {
			continue
		}
		run.write(`UPDATE post SET valid_until = $5, recorded_at = $5
			WHERE  person_id = $1 AND unit_kind = $2 AND unit_id = $3 AND role = $4 AND valid_from < $5 AND (valid_until IS NULL OR valid_until > $5)`,
			u.person, string(u.kind), u.unit, string(r.Post.Role), run.at)
	}
	return nil
}

// atWork lists where a form names another company than the one that is registered
// for the section: it may be an old form, or a section that was handed on.
func (run *importRun) atWork(rows []roster.PostRow) {
	said := map[uuid.UUID]bool{}
	for _, r := range rows {
		hits := run.units.sectionsCalled(r.Unit.Section.Section, func(s sectionUnit) bool { return run.scope.Holds(s.place()) })
		c, known := run.units.companies[r.Unit.Name]
		if r.Unit.Name == "" || len(hits) != 1 || said[hits[0].ID] || known && c.ID == hits[0].CompanyID {
			continue
		}
		said[hits[0].ID] = true
		run.listed = append(run.listed, roster.Listed{Line: r.Line, Text: "“" + r.Unit.Name + "”不是这个合同段登记的单位，请核实"})
	}
}

// flush sends what was queued.
func (run *importRun) flush(ctx context.Context) error {
	for _, queue := range run.later {
		queue()
	}
	batch := run.batch
	run.batch, run.later = pgx.Batch{}, nil
	return run.tx.SendBatch(ctx, &batch).Close()
}
