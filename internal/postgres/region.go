package postgres

import (
	"context"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"
	"github.com/paulmach/orb"

	"muster/internal/errs"
	"muster/internal/geo"
)

// Region is a row of the region table.
type Region struct {
	Code        string
	Name        string
	Level       string
	Parent      *string
	Lon, Lat    *float64
	HasChildren bool
}

// Footprint is one outline of a region from one source.
type Footprint struct {
	Region      geo.Region
	Source      string
	Dated       time.Time
	Approximate bool
	Datum       geo.Datum
	Area        orb.MultiPolygon // WGS 84
}

// SeedRegions loads the built-in table and the approximate footprints (示意) of
// the counties; those of cities and the province are unions of them. What is
// there already stays as it is, so it may run at every start.
func (db *DB) SeedRegions(ctx context.Context, at time.Time) error {
	return db.inTx(ctx, func(tx pgx.Tx) error {
		var there bool
		if err := tx.QueryRow(ctx, "SELECT EXISTS (SELECT FROM region)").Scan(&there); err != nil || there {
			return err
		}
		regions := geo.BuiltinRegions()
		if err := insertRegions(ctx, tx, regions); err != nil {
			return err
		}
		for code, area := range geo.ApproximateFootprints() {
			f := Footprint{Region: code, Source: approximateSource, Dated: approximateDate, Approximate: true, Datum: geo.WGS84Datum, Area: area}
			if err := insertFootprint(ctx, tx, f, at); err != nil {
				return err
			}
		}
		if err := dissolve(ctx, tx, approximateSource, at); err != nil {
			return err
		}
		return chooseFootprints(ctx, tx)
	})
}

const approximateSource = "示意：按代表点推算"

var approximateDate = time.Date(2023, 12, 31, 0, 0, 0, 0, time.UTC)

func insertRegions(ctx context.Context, tx pgx.Tx, regions []geo.RegionInfo) error {
	batch := &pgx.Batch{}
	for _, r := range regions {
		batch.Queue(`INSERT INTO region (code, name, level, parent, lon, lat) VALUES ($1, $2, $3, nullif($4, ''), $5, $6)
			ON CONFLICT (code) DO NOTHING`, string(r.Code), r.Name, string(r.Level), string(r.Parent), r.Position.Lon, r.Position.Lat)
	}
	return tx.SendBatch(ctx, batch).Close()
}

func insertFootprint(ctx context.Context, tx pgx.Tx, f Footprint, at time.Time) error {
	_, err := tx.Exec(ctx, `
		INSERT INTO region_footprint (id, region, source, dated, approximate, datum, recorded_at, geom)
		VALUES ($1, $2, $3, $4, $5, $6, $7, ST_Multi(ST_CollectionExtract(ST_MakeValid($8::geometry), 3)))
		ON CONFLICT (region, source, dated) DO UPDATE
		SET geom = excluded.geom, datum = excluded.datum, recorded_at = excluded.recorded_at`,
		newID(), string(f.Region), f.Source, f.Dated, f.Approximate, string(f.Datum), at, f.Area)
	return err
}

// dissolve makes the footprints of the upper levels of a source out of the ones
// below, where the source has none of its own.
func dissolve(ctx context.Context, tx pgx.Tx, source string, at time.Time) error {
	for range 2 { // counties → cities → province
		_, err := tx.Exec(ctx, `
			INSERT INTO region_footprint (id, region, source, dated, approximate, datum, recorded_at, geom)
			SELECT gen_random_uuid(), r.parent, f.source, max(f.dated), bool_or(f.approximate), min(f.datum), $2,
			       ST_Multi(ST_CollectionExtract(ST_MakeValid(ST_UnaryUnion(ST_Collect(f.geom))), 3))
			FROM   region_footprint f JOIN region r ON r.code = f.region
			WHERE  f.source = $1 AND r.parent IS NOT NULL
			GROUP  BY r.parent, f.source
			-- only when every part is there: half a city is not a city
			HAVING count(*) = (SELECT count(*) FROM region c WHERE c.parent = r.parent)
			ON CONFLICT (region, source, dated) DO NOTHING`, source, at)
		if err != nil {
			return err
		}
	}
	return nil
}

// chooseFootprints puts the footprint in force of every region into region_area:
// official before approximate, then the newest.
func chooseFootprints(ctx context.Context, tx pgx.Tx) error {
	_, err := tx.Exec(ctx, `
		INSERT INTO region_area (region, footprint_id, approximate, geom)
		SELECT DISTINCT ON (region) region, id, approximate, geom
		FROM   region_footprint
		ORDER  BY region, approximate, dated DESC, recorded_at DESC
		ON CONFLICT (region) DO UPDATE
		SET footprint_id = excluded.footprint_id, approximate = excluded.approximate, geom = excluded.geom`)
	return err
}

// FootprintImport is what an import of footprints did.
type FootprintImport struct {
	Written int
	Unknown []string // codes that the region table does not have; their footprints were left out
}

// ImportFootprints takes official outlines, all or none. Upper levels that the
// source lacks are dissolved from the lower ones.
func (db *DB) ImportFootprints(ctx context.Context, footprints []Footprint, by Actor, at time.Time) (FootprintImport, error) {
	var done FootprintImport
	if len(footprints) == 0 {
		return done, errs.New(errs.Fix, "no_footprints", "文件里没有可用的区划边界")
	}
	err := db.inTx(ctx, func(tx pgx.Tx) error {
		done = FootprintImport{}
		for _, f := range footprints {
			var known bool
			if err := tx.QueryRow(ctx, "SELECT EXISTS (SELECT FROM region WHERE code = $1)", string(f.Region)).Scan(&known); err != nil {
				return err
			}
			if !known {
				done.Unknown = append(done.Unknown, string(f.Region))
				continue
			}
			if err := insertFootprint(ctx, tx, f, at); err != nil {
				return err
			}
			done.Written++
		}
		if err := dissolve(ctx, tx, footprints[0].Source, at); err != nil {
			return err
		}
		if err := chooseFootprints(ctx, tx); err != nil {
			return err
		}
		if err := audit(ctx, tx, by, "import_footprints", "region", footprints[0].Source, map[string]any{"written": done.Written}, at); err != nil {
			return err
		}
		return announce(ctx, tx, "region", uuid.Nil, place{}, at)
	})
	return done, err
}

// Regions lists the children of a region; of the country when parent is empty.
func (db *DB) Regions(ctx context.Context, parent string) ([]Region, error) {
	return collect[Region](ctx, db.pool, `
		SELECT r.code, r.name, r.level, r.parent, r.lon, r.lat,
		       EXISTS (SELECT FROM region c WHERE c.parent = r.code) AS has_children
		FROM   region r WHERE r.parent IS NOT DISTINCT FROM nullif($1, '') ORDER BY r.code`, parent)
}

// RegionNames maps codes to names, for texts.
func (db *DB) RegionNames(ctx context.Context, codes []string) (map[string]string, error) {
	rows, err := db.pool.Query(ctx, "SELECT code, name FROM region WHERE code = ANY($1)", codes)
	if err != nil {
		return nil, kindOf(err)
	}
	names := map[string]string{}
	var code, name string
	_, err = pgx.ForEachRow(rows, []any{&code, &name}, func() error {
		names[code] = name
		return nil
	})
	return names, kindOf(err)
}

// RegionOutlines is a GeoJSON feature collection of the outlines in force of one
// level, simplified to about 300 m for drawing. Each says its source and whether
// it is only approximate.
func (db *DB) RegionOutlines(ctx context.Context, level string) ([]byte, error) {
	var doc []byte
	err := db.pool.QueryRow(ctx, `
		SELECT jsonb_build_object('type', 'FeatureCollection', 'features', coalesce(jsonb_agg(jsonb_build_object(
		           'type', 'Feature', 'id', r.code::bigint / 1000000,
		           'geometry', ST_AsGeoJSON(ST_SimplifyPreserveTopology(a.geom, 0.003), 4)::jsonb,
		           'properties', jsonb_build_object('code', r.code, 'name', r.name, 'level', r.level, 'parent', r.parent,
		               'approximate', a.approximate, 'source', f.source, 'dated', f.dated)) ORDER BY r.code), '[]'))
		FROM   region_area a JOIN region r ON r.code = a.region JOIN region_footprint f ON f.id = a.footprint_id
		WHERE  r.level = $1`, level).Scan(&doc)
	return doc, kindOf(err)
}
