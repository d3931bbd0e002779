package postgres

import (
	"context"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"muster/internal/account"
	"muster/internal/errs"
)

// RegistryFilter narrows a list of the registry; empty fields do not.
type RegistryFilter struct {
	Text    string // part of a name or code; of a person, its beginning
	Kind    string
	Status  string
	Lo, Hi  string    // range of region codes
	Project uuid.UUID // only what belongs to it
	Section uuid.UUID
	Site    uuid.UUID
	Hashes  []string // of the phone or ID number that was asked for instead of a name
	After   NameMark
	Limit   int
}

// NameMark is where a page of a list by name ended.
type NameMark struct {
	Name string
	ID   uuid.UUID
}

func (f RegistryFilter) args() pgx.NamedArgs {
	return pgx.NamedArgs{"text": f.Text, "kind": f.Kind, "status": f.Status, "lo": f.Lo, "hi": f.Hi, "project": nilID(f.Project),
		"section": nilID(f.Section), "site": nilID(f.Site), "after": f.After.Name, "after_id": f.After.ID, "limit": f.Limit}
}

// within is what belongs to the units that a filter names.
func (f RegistryFilter) within(project, section, site string) string {
	sql := ""
	for _, u := range []struct {
		id           uuid.UUID
		column, name string
	}{{f.Project, project, "project"}, {f.Section, section, "section"}, {f.Site, site, "site"}} {
		if u.id != uuid.Nil {
			sql += " AND " + u.column + " = @" + u.name
		}
	}
	return sql
}

// inRegion is the range of a filter over a column.
func (f RegistryFilter) inRegion(column string) string {
	if f.Lo == "" {
		return ""
	}
	return " AND " + column + ` COLLATE "C" >= @lo AND ` + column + ` COLLATE "C" < @hi`
}

// holdingSQL is true of a unit in which the scope holds something: itself, or a
// site of it. own is the predicate of the unit, column what sites call it by.
func holdingSQL(scope account.Scope, own, id, column string, args pgx.NamedArgs) string {
	return "(" + own + " OR " + id + " IN (SELECT s." + column + " FROM site s WHERE " + scopeSQL(scope, "s", args) + "))"
}

// changed refuses a row that somebody else has changed since it was read.
func changed(have, seen int) error {
	if have == seen {
		return nil
	}
	return errs.New(errs.Conflict, "version", "这条资料刚被别人改过，请重新打开后再改")
}

// refuseWrong is the error for what of a body cannot be stored.
func refuseWrong(details []errs.Detail) error {
	if len(details) == 0 {
		return nil
	}
	return errs.New(errs.Fix, "registry_invalid", "资料不完整或不正确：%s", details[0].Text).With(details...)
}

// taken says that a code or number is another row's already.
func taken(where, text string) error {
	return errs.New(errs.Conflict, "taken", "%s", text).With(errs.Detail{Where: where, Text: text, Mend: "请换一个，或修改已有的那一条"})
}

// exists asks one question.
func exists(ctx context.Context, q querier, sql string, args ...any) (bool, error) {
	var is bool
	err := q.QueryRow(ctx, "SELECT EXISTS ("+sql+")", args...).Scan(&is)
	return is, kindOf(err)
}
