-- Takes over what was written about some sites, with their people. Each site is
-- looked up by itself: the number of them is anybody's guess, and a plan for many
-- would read all of them every second.
INSERT INTO tile_site AS t (site_id, x, y, key, cell_5, cell_7, region, county, project_id, section_id, kind, name, sleeps, at_risk, closed,
                            certain, possible)
SELECT s.id, m.x, m.y, tile_key(m.x, m.y), s.h3_5, s.h3_7, s.region, left(s.region, 6) || '000000', s.project_id, s.section_id,
       s.kind, s.name, s.sleeps, s.at_risk, s.closed_at IS NOT NULL, p.certain, p.possible
FROM  (SELECT DISTINCT id FROM unnest(@sites::uuid[]) id) d JOIN site s USING (id),
       LATERAL (SELECT CASE WHEN GeometryType(s.geom) = 'POINT' THEN s.geom ELSE ST_PointOnSurface(s.geom) END AS pin) g,
       LATERAL (SELECT tile_x(ST_X(g.pin)) AS x, tile_y(ST_Y(g.pin)) AS y) m,
       LATERAL (SELECT count(*) FILTER (WHERE i.fresh_until > @at)::int AS certain, count(*) FILTER (WHERE i.fresh_until <= @at)::int AS possible
                FROM   presence i WHERE i.site_id = s.id AND i.inside) p
ORDER  BY tile_key(m.x, m.y)
ON CONFLICT (site_id) DO UPDATE
SET    x = excluded.x, y = excluded.y, key = excluded.key, cell_5 = excluded.cell_5, cell_7 = excluded.cell_7, region = excluded.region,
       county = excluded.county, project_id = excluded.project_id, section_id = excluded.section_id, kind = excluded.kind,
       name = excluded.name, sleeps = excluded.sleeps, at_risk = excluded.at_risk, closed = excluded.closed,
       certain = excluded.certain, possible = excluded.possible
