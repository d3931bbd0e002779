-- +goose Up
-- The registry as people search and edit it.

ALTER TABLE site ADD route text NOT NULL DEFAULT ''; -- 转移路线

-- Two people who edit the same row: the second is told. last_seen_at of a device
-- changes all the time and is nobody's edit.
ALTER TABLE person ADD version int NOT NULL DEFAULT 1;
ALTER TABLE device ADD version int NOT NULL DEFAULT 1;
CREATE TRIGGER next_version BEFORE UPDATE ON person FOR EACH ROW EXECUTE FUNCTION next_version();
CREATE TRIGGER next_version BEFORE UPDATE OF site_id, purpose, direction, key_hash, disabled_at ON device
    FOR EACH ROW EXECUTE FUNCTION next_version();

-- Lists go by name, in byte order: pages are ranges of these.
CREATE INDEX site_name ON site (name COLLATE "C", id) WHERE closed_at IS NULL;
CREATE INDEX person_name ON person (name COLLATE "C", id);
CREATE INDEX device_serial ON device (serial COLLATE "C", id);
-- Who leads among half a million, and who has left.
CREATE INDEX post_role ON post (role) WHERE role <> 'worker';
CREATE INDEX post_ended ON post (valid_until) WHERE valid_until IS NOT NULL;
CREATE INDEX bed_ended ON bed (valid_until) WHERE valid_until IS NOT NULL;
-- What was in force at a site, for its curve.
CREATE INDEX target_of_site ON target (site_id);

-- What ties people to places, with where that is. A company has no place.
CREATE VIEW person_tie WITH (security_invoker = true) AS
    SELECT o.person_id, 'post' AS kind, o.id, o.role, o.seat, o.unit_kind, o.unit_id, o.valid_from, o.valid_until, o.version,
           coalesce(t.name, c.name, p.name, a.name, f.name, '') AS unit_name,
           coalesce(t.region, r.region, p.region, a.region) AS region, coalesce(t.project_id, c.project_id, p.id) AS project_id,
           coalesce(t.section_id, c.id) AS section_id, t.id AS site_id
    FROM   post o LEFT JOIN site t ON o.unit_kind = 'site' AND t.id = o.unit_id
    LEFT   JOIN section c ON o.unit_kind = 'section' AND c.id = o.unit_id LEFT JOIN project r ON r.id = c.project_id
    LEFT   JOIN project p ON o.unit_kind = 'project' AND p.id = o.unit_id
    LEFT   JOIN authority a ON o.unit_kind = 'authority' AND a.id = o.unit_id
    LEFT   JOIN company f ON o.unit_kind = 'company' AND f.id = o.unit_id
    UNION  ALL
    SELECT b.person_id, 'bed', b.id, '', '', 'site', b.site_id, b.valid_from, b.valid_until, b.version, t.name, t.region, t.project_id, t.section_id, t.id
    FROM   bed b JOIN site t ON t.id = b.site_id
    UNION  ALL
    SELECT b.person_id, 'shift', b.id, '', '', 'site', b.site_id, b.valid_from, b.valid_until, b.version, t.name, t.region, t.project_id, t.section_id, t.id
    FROM   shift b JOIN site t ON t.id = b.site_id;
GRANT SELECT ON person_tie TO muster_app;

-- +goose Down
DROP VIEW person_tie;
DROP INDEX target_of_site, bed_ended, post_ended, post_role, device_serial, person_name, site_name;
DROP TRIGGER next_version ON device;
DROP TRIGGER next_version ON person;
ALTER TABLE device DROP version;
ALTER TABLE person DROP version;
ALTER TABLE site DROP route;
