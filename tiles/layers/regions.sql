-- Outlines in force of the levels that the zoom shows, and their names: layers
-- region and label. Not scoped: where a county lies is no secret.
WITH tile AS (
    SELECT ST_TileEnvelope(@z, @x, @y) AS square, ST_Transform(ST_TileEnvelope(@z, @x, @y, margin => 64.0 / 4096), 4326) AS box
), outline AS (
    SELECT left(r.code, 6)::int AS feature,
           ST_AsMVTGeom(ST_Transform(ST_Simplify(ST_ClipByBox2D(a.geom, tile.box), @half_pixel, true), 3857), tile.square, 4096, 64) AS geom,
           r.code, r.name, r.level, nullif(a.approximate, false) AS approximate
    FROM   tile, region_area a JOIN region r ON r.code = a.region
    WHERE  a.geom && tile.box AND r.level = ANY(@levels)
), label AS (
    SELECT left(r.code, 6)::int AS feature,
           ST_MakePoint((tile_x(r.lon) - @x0) >> @unit, (tile_y(r.lat) - @y0) >> @unit) AS geom, r.code, r.name, r.level
    FROM   region r
    WHERE  r.level = ANY(@levels) AND tile_key(tile_x(r.lon), tile_y(r.lat)) >= @lo AND tile_key(tile_x(r.lon), tile_y(r.lat)) < @hi
)
SELECT coalesce((SELECT ST_AsMVT(o, 'region', 4096, 'geom', 'feature') FROM outline o WHERE o.geom IS NOT NULL), '')
    || coalesce((SELECT ST_AsMVT(l, 'label', 4096, 'geom', 'feature') FROM label l), '')
