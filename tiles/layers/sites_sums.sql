-- Sites and people below zoom 12, summed: layer county (resolution 0) or cell.
-- Territory of whole counties has its sums ready; what a scope has beside it
-- (projects, sections, sites, parts of counties) is summed here, by the same cells.
WITH whole AS (
    SELECT c.feature, c.x, c.y, c.county, c.sites, c.certain, c.possible
    FROM   tile_cell c
    WHERE  c.res = @res AND c.key >= @lo AND c.key < @hi AND c.sites > 0 AND COUNTIES(c.county)
), part AS (
    SELECT min(s.feature) AS feature, avg(s.x)::int AS x, avg(s.y)::int AS y, s.county,
           count(*)::int AS sites, sum(s.certain)::int AS certain, sum(s.possible)::int AS possible
    FROM   tile_site s
    WHERE  PARTS(s) AND s.key >= @lo AND s.key < @hi AND NOT s.closed AND NOT COUNTIES(s.county)
    GROUP  BY s.county, CASE @res WHEN 0 THEN 0 WHEN 4 THEN tile_parent(s.cell_5, 4) WHEN 5 THEN s.cell_5
                                  WHEN 6 THEN tile_parent(s.cell_7, 6) ELSE s.cell_7 END
)
SELECT coalesce(ST_AsMVT(f, @layer, 4096, 'geom', 'feature'), '')
FROM  (SELECT u.feature, ST_MakePoint((u.x - @x0) >> @unit, (u.y - @y0) >> @unit) AS geom, u.county, r.name, u.sites, u.certain, u.possible
       FROM  (SELECT feature, x, y, county, sites, certain, possible FROM whole UNION ALL
              SELECT feature, x, y, county, sites, certain, possible FROM part) u
       LEFT   JOIN region r ON @res = 0 AND r.code = u.county) f
