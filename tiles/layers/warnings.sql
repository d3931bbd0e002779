-- Areas of the warnings in force, and of those that have expired and nobody has
-- lifted: layer warning. Whoever may see a warning sees all of its area: an
-- authority those of the authorities in its territory, everybody what touches a
-- site of theirs. An area of codes alone has the outlines of its regions.
WITH tile AS (
    SELECT ST_TileEnvelope(@z, @x, @y) AS square, ST_Transform(ST_TileEnvelope(@z, @x, @y, margin => 64.0 / 4096), 4326) AS box
), seen AS MATERIALIZED (
    SELECT w.id, w.revision, w.hazard, w.mode, w.state, w.title
    FROM   warning w JOIN authority o ON o.id = w.authority_id
    WHERE  w.state IN ('active', 'expired')
    AND   (TERRITORY(o.region) OR EXISTS (SELECT FROM target t WHERE t.warning_id = w.id AND SCOPE(t)))
), area AS (
    SELECT a.id, '' AS code, a.warning_id, a.seq, a.level, a.certain, false AS approximate, a.geom
    FROM   tile, seen w JOIN warning_area a ON a.warning_id = w.id AND a.revision = w.revision
    WHERE  a.geom && tile.box
    UNION  ALL
    SELECT a.id, f.region, a.warning_id, a.seq, a.level, a.certain, f.approximate, f.geom
    FROM   tile, seen w JOIN warning_area a ON a.warning_id = w.id AND a.revision = w.revision JOIN region_area f ON f.region = ANY(a.regions)
    WHERE  a.geom IS NULL AND f.geom && tile.box
)
SELECT coalesce(ST_AsMVT(f, 'warning', 4096, 'geom', 'feature'), '')
FROM  (SELECT hashtextextended(a.id::text || a.code, 0) & 9007199254740991 AS feature,
              ST_AsMVTGeom(ST_Transform(ST_Simplify(ST_ClipByBox2D(a.geom, tile.box), @half_pixel, true), 3857), tile.square, 4096, 64) AS geom,
              a.warning_id::text AS warning, a.seq, a.level, w.hazard, w.mode, w.state, w.title,
              nullif(a.certain, false) AS certain, nullif(a.approximate, false) AS approximate
       FROM   tile, area a JOIN seen w ON w.id = a.warning_id) f
WHERE  f.geom IS NOT NULL
