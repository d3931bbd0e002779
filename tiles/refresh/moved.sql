-- Counts the people of some sites anew.
UPDATE tile_site t
SET    certain = n.certain, possible = n.possible
FROM  (SELECT m.site_id, count(p.person_id) FILTER (WHERE p.fresh_until > @at)::int AS certain,
              count(p.person_id) FILTER (WHERE p.fresh_until <= @at)::int AS possible
       FROM   unnest(@moved::uuid[]) m (site_id) LEFT JOIN presence p ON p.site_id = m.site_id AND p.inside
       GROUP  BY m.site_id) n
WHERE  t.site_id = n.site_id AND (t.certain, t.possible) <> (n.certain, n.possible)
