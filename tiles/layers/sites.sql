-- Sites one by one, from zoom 12 on: layer site. Names only where there is room
-- for some of them.
SELECT coalesce(ST_AsMVT(f, 'site', 4096, 'geom', 'feature'), '')
FROM  (SELECT s.feature, ST_MakePoint((s.x - @x0) >> @unit, (s.y - @y0) >> @unit) AS geom, s.site_id::text AS id, s.kind,
              nullif(s.sleeps, false) AS sleeps, nullif(s.at_risk, false) AS at_risk, s.certain, s.possible,
              CASE WHEN count(*) OVER () <= @named THEN s.name END AS name
       FROM   tile_site s
       WHERE  s.key >= @lo AND s.key < @hi AND NOT s.closed AND SCOPE(s)) f
