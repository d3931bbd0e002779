-- The threads of one warning where their sites are: layer target.
SELECT coalesce(ST_AsMVT(f, 'target', 4096, 'geom', 'feature'), '')
FROM  (SELECT s.feature, ST_MakePoint((s.x - @x0) >> @unit, (s.y - @y0) >> @unit) AS geom, r.site_id::text AS site, r.id::text AS response,
              r.state, r.measure, r.level, r.mode, s.certain, s.possible, r.people_safe AS safe, r.people_missing AS missing,
              nullif(cardinality(r.doubts) > 0, false) AS doubted, extract(epoch FROM r.since)::bigint AS since
       FROM   response r JOIN tile_site s ON s.site_id = r.site_id
       WHERE  r.warning_id = @warning AND s.key >= @lo AND s.key < @hi AND SCOPE(r)) f
