package postgres

import (
	"context"
	"errors"

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

// matchTables live as long as the connection. The area is judged from a table
// row, where PostGIS keeps it prepared; as a parameter it would be read anew for
// every site. EXTERNAL: coordinates don't compress, trying takes longer than
// all else. No ON COMMIT DELETE ROWS: emptying tables so takes 2 ms for each.
const matchTables = `
	CREATE TEMP TABLE match_area (seq int, level text, certain boolean, geom geometry(MultiPolygon, 4326));
	ALTER TABLE match_area ALTER geom SET STORAGE EXTERNAL;
	CREATE TEMP TABLE match_region (seq int, code text, lo text, hi text, county text);
	CREATE TEMP TABLE match_hit (seq int, site_id uuid, matched_by text, certain boolean)`

// matchSites fills match_hit with every open site that an area touches, by
// ST_Intersects (the border counts as inside) or by its registered code.
func matchSites(ctx context.Context, tx pgx.Tx, areas []matchArea) error {
	covers, err := putAreas(ctx, tx, areas)
	if err != nil {
		return err
	}
	hits := 0
	for i, a := range areas {
		if a.Geometry == nil {
			continue
		}
		n, err := matchGeometry(ctx, tx, a, covers[i])
		if err != nil {
			return err
		}
		hits += n
	}
	n, err := matchRegions(ctx, tx)
	if err != nil {
		return err
	}
	return countHits(ctx, tx, hits+n)
}

// manyHits is from where on it pays to tell the planner how many there are: it
// takes a table that it knows nothing about for two hundred sites, and joins their
// people site by site.
const manyHits = 300

func countHits(ctx context.Context, tx pgx.Tx, hits int) error {
	if hits < manyHits {
		return nil
	}
	_, err := tx.Exec(ctx, "ANALYZE match_hit (site_id)")
	return err
}

// maxMatchBytes is how much of earlier matches the tables may still hold.
// Deleting is quick but gives no space back; truncating does, in milliseconds.
const maxMatchBytes = 32 << 20

// matchState is kept with a connection whose tables are there for good: about
// how much earlier matches have left in them.
type matchState struct{ bytes int }

const matchStateKey = "muster.match"

// clearMatch readies this connection's tables. What earlier matches left in them
// is deleted by the batch, with whatever else the caller queues.
func clearMatch(ctx context.Context, tx pgx.Tx, batch *pgx.Batch, writing int) error {
	state, err := matchStateOf(ctx, tx)
	if err != nil || state == nil {
		return err
	}
	if state.bytes += writing; state.bytes > maxMatchBytes {
		state.bytes = 0
		batch.Queue("TRUNCATE match_area, match_region, match_hit")
		return nil
	}
	for _, table := range []string{"match_area", "match_region", "match_hit"} {
		batch.Queue("DELETE FROM " + table)
	}
	return nil
}

// matchStateOf makes the tables when they are not there; then there is nothing
// to clear and no state yet: a rollback would take the tables back. Once an
// earlier transaction has left them, the connection remembers it and the
// catalogue is not asked again.
func matchStateOf(ctx context.Context, tx pgx.Tx) (*matchState, error) {
	kept := tx.Conn().PgConn().CustomData()
	if state, ok := kept[matchStateKey].(*matchState); ok {
		return state, nil
	}
	var there bool
	if err := tx.QueryRow(ctx, "SELECT to_regclass('pg_temp.match_hit') IS NOT NULL").Scan(&there); err != nil {
		return nil, err
	}
	if !there {
		_, err := tx.Exec(ctx, matchTables, pgx.QueryExecModeSimpleProtocol)
		return nil, err
	}
	state := &matchState{}
	kept[matchStateKey] = state
	return state, nil
}

// queueArea queues writing an area into the tables.
func queueArea(batch *pgx.Batch, a matchArea) error {
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
	return nil
}

const bytesPerVertex = 16

// putAreas writes areas into the tables. While the server does, it computes
// their covers.
func putAreas(ctx context.Context, tx pgx.Tx, areas []matchArea) ([]areaCover, error) {
	batch := &pgx.Batch{}
	writing := 0
	for _, a := range areas {
		writing += bytesPerVertex * geo.Vertices(a.Geometry)
	}
	if err := clearMatch(ctx, tx, batch, writing); err != nil {
		return nil, err
	}
	for _, a := range areas {
		if err := queueArea(batch, a); err != nil {
			return nil, err
		}
	}
	sent := tx.SendBatch(ctx, batch)
	covers := make([]areaCover, len(areas))
	var err error
	for i := 0; i < len(areas) && err == nil; i++ {
		covers[i], err = coverOf(ctx, areas[i].Geometry)
	}
	return covers, errors.Join(err, sent.Close())
}

// matchGeometry matches one drawn area, which is in match_area.
func matchGeometry(ctx context.Context, tx pgx.Tx, a matchArea, cover areaCover) (int, error) {
	done, err := tx.Exec(ctx, `
		INSERT INTO match_hit (seq, site_id, matched_by, certain)
		SELECT a.seq, hit.id, $8, a.certain FROM match_area a, (`+cover.sql()+`) hit WHERE a.seq = $1`,
		append(cover.args(a.Seq), byArea)...)
	return int(done.RowsAffected()), err
}

// matchRegions matches the named regions: by the code a site is registered
// under, and by its position in an official footprint. An approximate footprint
// proves nothing and is not asked. A township is never widened to its county:
// the county's sites of unknown township are possible, nothing more.
func matchRegions(ctx context.Context, tx pgx.Tx) (int, error) {
	done, err := tx.Exec(ctx, `
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
	return int(done.RowsAffected()), err
}
