package bench

import (
	"context"
	"strings"
	"time"

	"github.com/jackc/pgx/v5"
)

// load makes tables like the product's in a schema of their own, fills them in
// H3 order and gives them the product's indexes. On connections that look there
// first, the product's SQL runs unchanged.
func load(ctx context.Context, conn *pgx.Conn, sites []site, at time.Time) error {
	_, err := conn.Exec(ctx, `
		DROP SCHEMA IF EXISTS bench CASCADE;
		CREATE SCHEMA bench;
		CREATE TABLE bench.site (LIKE public.site INCLUDING DEFAULTS INCLUDING CONSTRAINTS);
		CREATE TABLE bench.site_cell (LIKE public.site_cell INCLUDING DEFAULTS)`)
	if err != nil {
		return err
	}
	if err := copySites(ctx, conn, sites, at); err != nil {
		return err
	}
	if err := copyCells(ctx, conn, sites); err != nil {
		return err
	}
	if err := copyIndexes(ctx, conn); err != nil {
		return err
	}
	_, err = conn.Exec(ctx, "VACUUM (ANALYZE) bench.site, bench.site_cell")
	return err
}

func copySites(ctx context.Context, conn *pgx.Conn, sites []site, at time.Time) error {
	columns := []string{"id", "project_id", "section_id", "code", "name", "kind", "sleeps", "region", "datum", "geom",
		"h3_5", "h3_7", "h3_9", "muster_point", "valid_from", "recorded_at"}
	_, err := conn.CopyFrom(ctx, pgx.Identifier{"bench", "site"}, columns, pgx.CopyFromSlice(len(sites), func(i int) ([]any, error) {
		s := &sites[i]
		key := s.id.String()[:8]
		return []any{s.id, s.project, s.project, key, "示例点位 " + key, "tunnel", true, "510000000000", "wgs84", s.geom,
			s.h3[0], s.h3[1], s.h3[2], "示例集合点", at, at}, nil
	}))
	return err
}

func copyCells(ctx context.Context, conn *pgx.Conn, sites []site) error {
	type row struct {
		cell int64
		site *site
	}
	var rows []row
	for i := range sites {
		for _, c := range sites[i].cells {
			if c != sites[i].h3[1] {
				rows = append(rows, row{c, &sites[i]})
			}
		}
	}
	_, err := conn.CopyFrom(ctx, pgx.Identifier{"bench", "site_cell"}, []string{"h3_7", "site_id", "home"},
		pgx.CopyFromSlice(len(rows), func(i int) ([]any, error) { return []any{rows[i].cell, rows[i].site.id, rows[i].site.h3[1]}, nil }))
	return err
}

// copyIndexes builds the product's indexes on the filled tables.
func copyIndexes(ctx context.Context, conn *pgx.Conn) error {
	rows, err := conn.Query(ctx, "SELECT indexdef FROM pg_indexes WHERE schemaname = 'public' AND tablename IN ('site', 'site_cell')")
	if err != nil {
		return err
	}
	definitions, err := pgx.CollectRows(rows, pgx.RowTo[string])
	if err != nil {
		return err
	}
	for _, sql := range definitions {
		if _, err := conn.Exec(ctx, strings.Replace(sql, " ON public.", " ON bench.", 1)); err != nil {
			return err
		}
	}
	return nil
}
