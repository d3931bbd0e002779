package postgres

import (
	"context"

	"github.com/jackc/pgx/v5"

	"muster/internal/account"
)

// Sites lists sites of the scope by name. Status is open (also when empty),
// closed or all. The page is cut before anything is joined to it.
func (db *DB) Sites(ctx context.Context, scope account.Scope, f RegistryFilter) ([]Site, error) {
	args := f.args()
	state := map[string]string{"closed": "s.closed_at IS NOT NULL", "all": "true"}[f.Status]
	if state == "" {
		state = "s.closed_at IS NULL"
	}
	page := "(SELECT * FROM site s WHERE " + state + " AND " + scopeSQL(scope, "s", args) + f.inRegion("s.region") + f.within("s.project_id", "s.section_id", "s.id")
	if f.Text != "" {
		page += " AND position(lower(@text) IN lower(s.name || ' ' || s.code)) > 0"
	}
	if f.Kind != "" {
		page += " AND s.kind = @kind"
	}
	page += " AND " + afterSQL("s.name", "s.id") + ` ORDER BY s.name COLLATE "C", s.id LIMIT @limit)`
	return collect[Site](ctx, db.pool, siteColumnsSQL+page+siteJoinsSQL+`ORDER BY s.name COLLATE "C", s.id`, args)
}

// afterSQL continues a list by name.
func afterSQL(name, id string) string {
	return "(" + name + ` COLLATE "C", ` + id + ") > (@after, @after_id)"
}

// placeOfSite is where a site of the scope is, its row locked, with its version.
func placeOfSite(ctx context.Context, tx pgx.Tx, scope account.Scope, id any) (place, int, error) {
	args := pgx.NamedArgs{"id": id}
	var where place
	var version int
	err := tx.QueryRow(ctx, "SELECT s.region, s.project_id, s.section_id, s.version FROM site s WHERE s.id = @id AND "+scopeSQL(scope, "s", args)+" FOR UPDATE", args).
		Scan(&where.region, &where.project, &where.section, &version)
	return where, version, notFoundAs(kindOf(err), "点位")
}
