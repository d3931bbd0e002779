package postgres

import (
	"fmt"
	"strings"

	"github.com/jackc/pgx/v5"

	"muster/internal/account"
)

// scopeSQL is the predicate that a row with columns region, project_id,
// section_id and id (a site's) lies inside the scope. Ranges are compared one by
// one in byte order, which an index on region answers; an array of prefixes is
// not (0.6 ms against 43 ms). The arguments are added to args.
func scopeSQL(scope account.Scope, alias string, args pgx.NamedArgs) string {
	return scopeColumns(scope, args, alias+".region", alias+".project_id", alias+".section_id", alias+".id")
}

// scopeColumns is scopeSQL for rows that name their place otherwise. An empty
// column name means that the row has no such place.
func scopeColumns(scope account.Scope, args pgx.NamedArgs, region, project, section, site string) string {
	var or []string
	for i, r := range scope.Ranges {
		lo, hi := fmt.Sprintf("scope_lo%d", i), fmt.Sprintf("scope_hi%d", i)
		args[lo], args[hi] = r.Lo, r.Hi
		or = append(or, fmt.Sprintf(`(%[1]s COLLATE "C" >= @%[2]s AND %[1]s COLLATE "C" < @%[3]s)`, region, lo, hi))
	}
	for _, in := range []struct {
		column, name string
		ids          any
		count        int
	}{
		{project, "scope_projects", scope.Projects, len(scope.Projects)},
		{section, "scope_sections", scope.Sections, len(scope.Sections)},
		{site, "scope_sites", scope.Sites, len(scope.Sites)},
	} {
		if in.column != "" && in.count > 0 {
			args[in.name] = in.ids
			or = append(or, fmt.Sprintf("%s = ANY(@%s)", in.column, in.name))
		}
	}
	if len(or) == 0 {
		return "false"
	}
	return "(" + strings.Join(or, " OR ") + ")"
}
