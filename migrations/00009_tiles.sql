-- +goose Up
-- What the map shows: sites and their people, ready to be cut into tiles.
-- Derived from site and presence; dropped and filled again at will.

-- Positions on the square of Web Mercator, in 2^28 steps a side (0.15 m at the
-- equator): at zoom z the tile of a step is its upper z bits.
CREATE FUNCTION tile_x(lon double precision) RETURNS int LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
RETURN floor((lon + 180) / 360 * 268435456)::int;
CREATE FUNCTION tile_y(lat double precision) RETURNS int LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
RETURN floor((1 - ln(tan(radians(lat)) + 1 / cos(radians(lat))) / pi()) / 2 * 268435456)::int;

-- The bits of x and y in turn (Z-order): what lies in a tile is one range of keys.
-- +goose StatementBegin
CREATE FUNCTION tile_key(x int, y int) RETURNS bigint LANGUAGE plpgsql IMMUTABLE STRICT PARALLEL SAFE AS $$
DECLARE a bigint := x; b bigint := y;
BEGIN
    a := (a | (a << 16)) & x'0000FFFF0000FFFF'::bigint;  b := (b | (b << 16)) & x'0000FFFF0000FFFF'::bigint;
    a := (a | (a << 8)) & x'00FF00FF00FF00FF'::bigint;  b := (b | (b << 8)) & x'00FF00FF00FF00FF'::bigint;
    a := (a | (a << 4)) & x'0F0F0F0F0F0F0F0F'::bigint;  b := (b | (b << 4)) & x'0F0F0F0F0F0F0F0F'::bigint;
    a := (a | (a << 2)) & x'3333333333333333'::bigint;  b := (b | (b << 2)) & x'3333333333333333'::bigint;
    a := (a | (a << 1)) & x'5555555555555555'::bigint;  b := (b | (b << 1)) & x'5555555555555555'::bigint;
    RETURN a | (b << 1);
END $$;
-- +goose StatementEnd

-- The H3 cell that holds a cell, by its digits (H3 documentation, "H3 index
-- representations"). For grouping only: it is not where a position's own cell is.
CREATE FUNCTION tile_parent(cell bigint, res int) RETURNS bigint LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
RETURN (cell & ~(15::bigint << 52)) | (res::bigint << 52) | ((1::bigint << (3 * (15 - res))) - 1);

-- Numbers of features: MVT knows no UUID.
CREATE SEQUENCE tile_feature;

-- A site as the map shows it. region is compared in byte order, range by range.
CREATE TABLE tile_site (
    site_id    uuid    PRIMARY KEY,
    feature    bigint  NOT NULL DEFAULT nextval('tile_feature'),
    x          int     NOT NULL,
    y          int     NOT NULL,
    key        bigint  NOT NULL,
    cell_5     bigint  NOT NULL,
    cell_7     bigint  NOT NULL,
    region     text COLLATE "C" NOT NULL,
    county     text COLLATE "C" NOT NULL,
    project_id uuid    NOT NULL,
    section_id uuid    NOT NULL,
    kind       text    NOT NULL,
    name       text    NOT NULL,
    sleeps     boolean NOT NULL,
    at_risk    boolean NOT NULL,
    closed     boolean NOT NULL,
    certain    int     NOT NULL DEFAULT 0,
    possible   int     NOT NULL DEFAULT 0
) WITH (fillfactor = 80); -- counts change in place
CREATE INDEX tile_site_key ON tile_site (key) WHERE NOT closed;
CREATE INDEX tile_site_region ON tile_site (region) WHERE NOT closed;
CREATE INDEX tile_site_project ON tile_site (project_id, key) INCLUDE (region) WHERE NOT closed;
CREATE INDEX tile_site_section ON tile_site (section_id, key) WHERE NOT closed;

-- The open sites of one county in one H3 cell; resolution 0, cell 0: in the
-- whole county. x, y is their middle.
CREATE TABLE tile_cell (
    res      smallint NOT NULL,
    cell     bigint   NOT NULL,
    county   text COLLATE "C" NOT NULL,
    feature  bigint   NOT NULL DEFAULT nextval('tile_feature'),
    sites    int      NOT NULL,
    certain  int      NOT NULL,
    possible int      NOT NULL,
    sum_x    bigint   NOT NULL,
    sum_y    bigint   NOT NULL,
    x        int      NOT NULL,
    y        int      NOT NULL,
    key      bigint   NOT NULL,
    PRIMARY KEY (res, cell, county)
) WITH (fillfactor = 70);
CREATE INDEX tile_cell_key ON tile_cell (res, key);

-- Whatever changes in tile_site changes the sums in the same transaction, by the
-- difference. Writers of tile_site take turns (tiles/refresh), so nobody waits
-- here for a row.
-- +goose StatementBegin
CREATE FUNCTION tile_sum() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    EXECUTE $sql$
        INSERT INTO tile_cell AS c (res, cell, county, sites, certain, possible, sum_x, sum_y, x, y, key)
        SELECT d.*, m.x, m.y, tile_key(m.x, m.y)
        FROM  (SELECT g.res, g.cell, t.county, sum(sign)::int AS sites, sum(sign * certain)::int AS certain, sum(sign * possible)::int AS possible,
                      sum(sign::bigint * t.x)::bigint AS sum_x, sum(sign::bigint * t.y)::bigint AS sum_y
               FROM  ($sql$ || CASE TG_OP WHEN 'INSERT' THEN 'SELECT 1 AS sign, * FROM new_rows'
                               ELSE 'SELECT 1 AS sign, * FROM new_rows UNION ALL SELECT -1, * FROM old_rows' END || $sql$) t,
                      LATERAL (VALUES (0, 0), (4, tile_parent(cell_5, 4)), (5, cell_5), (6, tile_parent(cell_7, 6)), (7, cell_7)) g (res, cell)
               WHERE  NOT t.closed
               GROUP  BY g.res, g.cell, t.county) d
        LEFT   JOIN tile_cell o USING (res, cell, county),
               LATERAL (SELECT d.sites + coalesce(o.sites, 0) AS sites, d.sum_x + coalesce(o.sum_x, 0) AS sum_x, d.sum_y + coalesce(o.sum_y, 0) AS sum_y) n,
               LATERAL (SELECT CASE WHEN n.sites > 0 THEN n.sum_x / n.sites ELSE o.x END::int AS x,
                               CASE WHEN n.sites > 0 THEN n.sum_y / n.sites ELSE o.y END::int AS y) m
        WHERE  (d.sites, d.certain, d.possible, d.sum_x, d.sum_y) <> (0, 0, 0, 0, 0)
        ORDER  BY d.res, tile_key(m.x, m.y) -- what is shown together lies together
        ON CONFLICT (res, cell, county) DO UPDATE
        SET    sites = c.sites + excluded.sites, certain = c.certain + excluded.certain, possible = c.possible + excluded.possible,
               sum_x = c.sum_x + excluded.sum_x, sum_y = c.sum_y + excluded.sum_y, x = excluded.x, y = excluded.y, key = excluded.key$sql$;
    RETURN NULL;
END $$;
-- +goose StatementEnd
CREATE TRIGGER tile_sum_new AFTER INSERT ON tile_site REFERENCING NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION tile_sum();
CREATE TRIGGER tile_sum_changed AFTER UPDATE ON tile_site REFERENCING OLD TABLE AS old_rows NEW TABLE AS new_rows
    FOR EACH STATEMENT EXECUTE FUNCTION tile_sum();

-- Sites that were written since tile_site was last brought up to date.
CREATE TABLE tile_dirty (site_id uuid NOT NULL);
-- +goose StatementBegin
CREATE FUNCTION tile_mark() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO tile_dirty (site_id) SELECT id FROM new_rows;
    RETURN NULL;
END $$;
-- +goose StatementEnd
CREATE TRIGGER tile_mark_new AFTER INSERT ON site REFERENCING NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION tile_mark();
CREATE TRIGGER tile_mark_changed AFTER UPDATE ON site REFERENCING NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION tile_mark();
INSERT INTO tile_dirty (site_id) SELECT id FROM site;

-- As of when the headcounts in tile_site are, and when all of them were counted anew.
CREATE TABLE tile_state (
    one          boolean PRIMARY KEY DEFAULT true CHECK (one),
    counted_at   timestamptz,
    recounted_at timestamptz
);
INSERT INTO tile_state DEFAULT VALUES;

-- Which areas of warnings lie in a tile.
CREATE INDEX warning_area_geom ON warning_area USING gist (geom);

-- +goose Down
DROP INDEX warning_area_geom;
DROP TRIGGER tile_mark_new ON site;
DROP TRIGGER tile_mark_changed ON site;
DROP TABLE tile_state, tile_dirty, tile_cell, tile_site;
DROP FUNCTION tile_mark, tile_sum, tile_parent, tile_key, tile_y, tile_x;
DROP SEQUENCE tile_feature;
