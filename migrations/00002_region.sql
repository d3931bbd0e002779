-- +goose Up
-- WHERE: administrative divisions (行政区划, GB/T 2260), with their footprints.

CREATE TABLE region (
    code   text PRIMARY KEY CHECK (code ~ '^[0-9]{12}$'),
    name   text NOT NULL,
    level  text NOT NULL CHECK (level IN ('country', 'province', 'city', 'county', 'township', 'village')),
    parent text REFERENCES region (code),
    lon    double precision CHECK (lon BETWEEN 73 AND 136),
    lat    double precision CHECK (lat BETWEEN 3 AND 54)
);
CREATE INDEX region_parent ON region (parent);

-- Several footprints per region, each with its source and date. An approximate
-- one (示意) is drawn and labelled as such and proves nothing.
CREATE TABLE region_footprint (
    id          uuid PRIMARY KEY,
    region      text NOT NULL REFERENCES region (code),
    source      text NOT NULL,
    dated       date NOT NULL,
    approximate boolean NOT NULL,
    datum       text NOT NULL CHECK (datum IN ('wgs84', 'cgcs2000', 'gcj02', 'bd09')),
    recorded_at timestamptz NOT NULL,
    geom        geometry(MultiPolygon, 4326) NOT NULL,
    UNIQUE (region, source, dated)
);
CREATE INDEX region_footprint_geom ON region_footprint USING gist (geom);

-- The footprint in force: an official one before an approximate one, then the
-- newest. A table, not a view: matching wants its rows small and indexed.
CREATE TABLE region_area (
    region       text PRIMARY KEY REFERENCES region (code),
    footprint_id uuid NOT NULL REFERENCES region_footprint (id),
    approximate  boolean NOT NULL,
    geom         geometry(MultiPolygon, 4326) NOT NULL
);
CREATE INDEX region_area_geom ON region_area USING gist (geom);

-- +goose Down
DROP TABLE region_area, region_footprint, region;
