-- Takes over what was written about sites since the last time; says which.
WITH dirty AS (
    DELETE FROM tile_dirty RETURNING site_id
), pin AS (
    SELECT s.id, tile_x(ST_X(p.pin)) AS x, tile_y(ST_Y(p.pin)) AS y
    FROM   site s, LATERAL (SELECT CASE WHEN GeometryType(s.geom) = 'POINT' THEN s.geom ELSE ST_PointOnSurface(s.geom) END AS pin) p
    WHERE  s.id IN (SELECT site_id FROM dirty)
)
INSERT INTO tile_site AS t (site_id, x, y, key, cell_5, cell_7, region, county, project_id, section_id, kind, name, sleeps, at_risk, closed)
SELECT s.id, p.x, p.y, tile_key(p.x, p.y), s.h3_5, s.h3_7, s.region, left(s.region, 6) || '000000', s.project_id, s.section_id,
       s.kind, s.name, s.sleeps, s.at_risk, s.closed_at IS NOT NULL
FROM   site s JOIN pin p USING (id)
ORDER  BY tile_key(p.x, p.y)
ON CONFLICT (site_id) DO UPDATE
SET    x = excluded.x, y = excluded.y, key = excluded.key, cell_5 = excluded.cell_5, cell_7 = excluded.cell_7, region = excluded.region,
       county = excluded.county, project_id = excluded.project_id, section_id = excluded.section_id, kind = excluded.kind,
       name = excluded.name, sleeps = excluded.sleeps, at_risk = excluded.at_risk, closed = excluded.closed
