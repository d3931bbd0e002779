package postgres

import (
	"context"

	"github.com/jackc/pgx/v5"

	"muster/internal/account"
	"muster/internal/demo"
	"muster/internal/roster"
)

// loadUnits writes authorities with their territories, companies, projects,
// sections and supervision links.
func loadUnits(ctx context.Context, tx pgx.Tx, _ *account.Sealer, data demo.Data) error {
	for _, load := range []func(context.Context, pgx.Tx, demo.Data) error{loadAuthorities, loadProjects, loadSections} {
		if err := load(ctx, tx, data); err != nil {
			return err
		}
	}
	return copyRows(ctx, tx, "supervision", []string{"authority_id", "project_id", "from_at", "until_at"},
		data.Links, func(l roster.SupervisionLink) []any {
			return []any{l.AuthorityID, l.ProjectID, l.From, nilTime(l.Until)}
		})
}

func loadAuthorities(ctx context.Context, tx pgx.Tx, data demo.Data) error {
	if err := copyRows(ctx, tx, "authority", []string{"id", "name", "kind", "sector", "level", "region"},
		data.Authorities, func(a roster.Authority) []any {
			return []any{a.ID, a.Name, a.Kind, a.Sector, string(a.Level), string(a.Region)}
		}); err != nil {
		return err
	}
	var ranges [][]any
	for _, a := range data.Authorities {
		for _, region := range a.Territory {
			lo, hi := region.Range()
			ranges = append(ranges, []any{a.ID, lo, hi})
		}
	}
	_, err := tx.CopyFrom(ctx, pgx.Identifier{"authority_territory"}, []string{"authority_id", "lo", "hi"}, pgx.CopyFromRows(ranges))
	return err
}

func loadProjects(ctx context.Context, tx pgx.Tx, data demo.Data) error {
	if err := copyRows(ctx, tx, "company", []string{"id", "name", "uscc", "kind", "parent_id"},
		data.Companies, func(c roster.Company) []any {
			return []any{c.ID, c.Name, nilText(c.USCC), string(c.Kind), nilID(c.ParentID)}
		}); err != nil {
		return err
	}
	return copyRows(ctx, tx, "project", []string{"id", "code", "name", "sector", "owner_id", "region", "status", "valid_from", "recorded_at"},
		data.Projects, func(p roster.Project) []any {
			return []any{p.ID, p.Code, p.Name, string(p.Sector), p.OwnerID, string(p.Region), string(p.Status), p.From, data.At}
		})
}

func loadSections(ctx context.Context, tx pgx.Tx, data demo.Data) error {
	return copyRows(ctx, tx, "section",
		[]string{"id", "project_id", "code", "name", "kind", "company_id", "supervised_by", "status", "valid_from", "recorded_at"},
		data.Sections, func(s roster.Section) []any {
			return []any{s.ID, s.ProjectID, s.Code, s.Name, string(s.Kind), s.CompanyID, nilID(s.SupervisedBy), string(s.Status), s.From, data.At}
		})
}

// loadTies writes what ties people to units and sites.
func loadTies(ctx context.Context, tx pgx.Tx, _ *account.Sealer, data demo.Data) error {
	if err := copyRows(ctx, tx, "post",
		[]string{"id", "person_id", "unit_kind", "unit_id", "role", "seat", "valid_from", "valid_until", "recorded_at"},
		data.Posts, func(p roster.Post) []any {
			return []any{p.ID, p.PersonID, string(p.UnitKind), p.UnitID, string(p.Role), string(p.Seat), p.From, nilTime(p.Until), data.At}
		}); err != nil {
		return err
	}
	stays := []string{"id", "person_id", "site_id", "valid_from", "valid_until", "recorded_at"}
	if err := copyRows(ctx, tx, "bed", stays, data.Beds, func(b roster.Bed) []any {
		return []any{b.ID, b.PersonID, b.SiteID, b.From, nilTime(b.Until), data.At}
	}); err != nil {
		return err
	}
	if err := copyRows(ctx, tx, "shift", stays, data.Shifts, func(s roster.Shift) []any {
		return []any{s.ID, s.PersonID, s.SiteID, s.From, s.Until, data.At}
	}); err != nil {
		return err
	}
	return copyRows(ctx, tx, "duty_roster",
		[]string{"id", "unit_kind", "unit_id", "role", "person_id", "valid_from", "valid_until", "recorded_at"},
		data.Duties, func(d roster.DutyLine) []any {
			return []any{d.ID, string(d.UnitKind), d.UnitID, string(d.Role), d.PersonID, d.From, d.Until, data.At}
		})
}
