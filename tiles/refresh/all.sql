-- Counts everybody anew: what a lost bell left out, and who is no longer certain
-- because time went by.
UPDATE tile_site t
SET    certain = n.certain, possible = n.possible
FROM  (SELECT s.site_id, coalesce(p.certain, 0) AS certain, coalesce(p.possible, 0) AS possible
       FROM   tile_site s LEFT JOIN (
              SELECT site_id, count(*) FILTER (WHERE fresh_until > @at)::int AS certain, count(*) FILTER (WHERE fresh_until <= @at)::int AS possible
              FROM   presence WHERE inside GROUP BY site_id) p USING (site_id)
       WHERE  (s.certain, s.possible) <> (coalesce(p.certain, 0), coalesce(p.possible, 0))) n
WHERE  t.site_id = n.site_id
