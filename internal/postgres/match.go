package postgres

import (
	"context"

	"github.com/jackc/pgx/v5"
	"github.com/paulmach/orb"

	"muster/internal/geo"
)

// matchArea is one area to match sites against. Preview and publication put
// their areas into the same temporary table and run the same SQL, so that what
// was shown is what is sent.
type matchArea struct {
	Seq      int
	Level    string // of the claim that the area belongs to
	Certain  bool   // false: whatever lies here is matched as possible only
	Regions  []string
	Geometry orb.MultiPolygon // valid; nil when the area is given by codes alone
}

// How a site was matched; the words are stored with the target.
const (
	byArea     = "area"            // it intersects the drawn area
	byCode     = "region_code"     // its registered code is in a named region
	byPosition = "region_position" // it stands inside an official footprint of a named region
	byCounty   = "region_county"   // its township is unknown, its county holds the named township
)

// matchTables live as long as the connection and are emptied at each commit.
// The area is judged from a table row, where PostGIS keeps it prepared; as a
// parameter it would be read anew for every site.
const matchTables = `
	CREATE TEMP TABLE IF NOT EXISTS match_area (
	    seq int, level text, certain boolean, geom geometry(MultiPolygon, 4326)) ON COMMIT DELETE ROWS;
	CREATE TEMP TABLE IF NOT EXISTS match_region (seq int, code text, lo text, hi text, county text) ON COMMIT DELETE ROWS;
	CREATE TEMP TABLE IF NOT EXISTS match_hit (seq int, site_id uuid, matched_by text, certain boolean) ON COMMIT DELETE ROWS`

// matchSites fills match_hit with every open site that an area touches, by
// ST_Intersects (the border counts as inside) or by its registered code. Once per
// transaction: the tables are emptied at its end.
func matchSites(ctx context.Context, tx pgx.Tx, areas []matchArea) error {
	if _, err := tx.Exec(ctx, matchTables, pgx.QueryExecModeSimpleProtocol); err != nil {
		return err
	}
	for _, a := range areas {
		if err := putArea(ctx, tx, a); err != nil {
			return err
		}
		if a.Geometry != nil {
			if err := matchGeometry(ctx, tx, a); err != nil {
				return err
			}
		}
	}
	return matchRegions(ctx, tx)
}

func putArea(ctx context.Context, tx pgx.Tx, a matchArea) error {
	batch := &pgx.Batch{}
	batch.Queue("INSERT INTO match_area (seq, level, certain, geom) VALUES ($1, $2, $3, $4::geometry)", a.Seq, a.Level, a.Certain, a.Geometry)
	for _, code := range a.Regions {
		r, err := geo.ParseRegion(code)
		if err != nil {
			return err
		}
		lo, hi := r.Range()
		county := ""
		if r.Level() == geo.Township || r.Level() == geo.Village {
			county = string(r[:6]) + "000000"
		}
		batch.Queue("INSERT INTO match_region (seq, code, lo, hi, county) VALUES ($1, $2, $3, $4, $5)", a.Seq, string(r), lo, hi, county)
	}
	return tx.SendBatch(ctx, batch).Close()
}

// matchGeometry matches one drawn area, which is in match_area.
func matchGeometry(ctx context.Context, tx pgx.Tx, a matchArea) error {
	c, err := coverOf(ctx, a.Geometry)
	if err != nil {
		return err
	}
	_, err = tx.Exec(ctx, `
		INSERT INTO match_hit (seq, site_id, matched_by, certain)
		SELECT a.seq, hit.id, $7, a.certain FROM match_area a, (`+c.sql()+`) hit WHERE a.seq = $1`,
		append(c.args(a.Seq), byArea)...)
	return err
}

// matchRegions matches the named regions: by the code a site is registered
// under, and by its position in an official footprint. An approximate footprint
// proves nothing and is not asked. A township is never widened to its county:
// the county's sites of unknown township are possible, nothing more.
func matchRegions(ctx context.Context, tx pgx.Tx) error {
	_, err := tx.Exec(ctx, `
		INSERT INTO match_hit (seq, site_id, matched_by, certain)
		SELECT r.seq, s.id, $1, a.certain
		FROM   match_region r JOIN match_area a USING (seq)
		JOIN   site s ON s.region COLLATE "C" >= r.lo AND s.region COLLATE "C" < r.hi
		WHERE  s.closed_at IS NULL
		UNION ALL
		SELECT r.seq, s.id, $2, a.certain
		FROM   match_region r JOIN match_area a USING (seq)
		JOIN   region_area f ON f.region = r.code AND NOT f.approximate
		JOIN   site s ON ST_Intersects(s.geom, f.geom)
		WHERE  s.closed_at IS NULL
		UNION ALL
		SELECT r.seq, s.id, $3, false
		FROM   match_region r JOIN site s ON s.region = r.county
		WHERE  r.county <> '' AND s.closed_at IS NULL`, byCode, byPosition, byCounty)
	return err
}
