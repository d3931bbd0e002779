package postgres

import (
	"context"
	"fmt"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"muster/internal/roster"
)

// named is who a file names, and in which units or teams.
type named struct {
	people []uuid.UUID
	units  []uuid.UUID
}

func (n *named) add(u tied) {
	n.people = append(n.people, u.person)
	n.units = append(n.units, u.unit)
}

// mostMissing is how many of the people who are missing from a file are listed by
// name.
const mostMissing = 200

// missing lists who belongs to the units that a file names, and is not in it. They
// are never removed: the file may be a part of a list, or an old one. While rows
// are bad it is not known whom the file names.
func (run *importRun) missing(ctx context.Context, kind roster.Kind) error {
	if len(run.problems) > 0 || len(run.named.people) == 0 {
		return nil
	}
	args := pgx.NamedArgs{"at": run.at, "named": run.named.people, "units": run.named.units, "most": mostMissing + 1}
	where := ""
	switch kind {
	case roster.People:
		if len(run.scope.Ranges) > 0 {
			return nil // nobody lists all people of a territory in one file
		}
		where = "p.id IN (SELECT person_id FROM (" + tiesSQL("person_id IS NOT NULL") + ") tie WHERE " +
			scopeColumns(run.scope, args, "region", "project_id", "section_id", "site_id") + ")"
	case roster.Posts:
		where = "p.id IN (SELECT o.person_id FROM post o WHERE o.unit_id = ANY(@units) AND " + holdsSQL("o") + ")"
	case roster.Beds:
		where = "p.id IN (SELECT b.person_id FROM bed b WHERE b.site_id = ANY(@units) AND " + holdsSQL("b") + ")"
	case roster.Teams:
		where = "p.id IN (SELECT m.person_id FROM team_member m WHERE m.team_id = ANY(@units) AND " + holdsSQL("m") + ")"
	default:
		return nil
	}
	list, err := collect[struct{ Name string }](ctx, run.tx,
		"SELECT p.name FROM person p WHERE p.id <> ALL(@named::uuid[]) AND "+where+" ORDER BY p.name, p.id LIMIT @most", args)
	if err != nil {
		return err
	}
	run.absent = min(len(list), mostMissing)
	for i, p := range list {
		if i == mostMissing {
			run.listed = append(run.listed, roster.Listed{Text: fmt.Sprintf("不在这个文件里的人超过 %d 个，其余未列出", mostMissing)})
			break
		}
		run.listed = append(run.listed, roster.Listed{Text: roster.MaskName(p.Name) + " 已登记在这里，但不在这个文件里：未删除，请核实"})
	}
	return nil
}
