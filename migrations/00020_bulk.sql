-- +goose Up
-- What a large warning writes at once.

-- Rosters are asked for by unit alone; the kind is in the unit's id.
DROP INDEX duty_roster_unit;
CREATE INDEX duty_roster_unit ON duty_roster (unit_id, valid_from);

-- target_of_site answers for the live ones as well.
DROP INDEX target_site;

-- A warning writes a hundred thousand responses and notices in one statement. A
-- foreign key looks at each row by itself and locks the row that it refers to, which
-- writes every target and every site once more. Here the statement is looked at as
-- a whole. Nothing that is referred to is ever deleted: muster_app may not, and
-- what a response refers to does not move, except to another target of its site.
ALTER TABLE response DROP CONSTRAINT response_target_id_fkey, DROP CONSTRAINT response_site_id_fkey, DROP CONSTRAINT response_warning_id_mode_fkey;
ALTER TABLE notice DROP CONSTRAINT notice_warning_id_mode_revision_fkey;
REVOKE DELETE ON warning FROM muster_app;

-- Joins by index only: the plan is kept, and must do for one row as for many.
-- +goose StatementBegin
CREATE FUNCTION response_refers() RETURNS trigger LANGUAGE plpgsql SET enable_hashjoin = off SET enable_mergejoin = off SET enable_seqscan = off AS $$
BEGIN
    IF EXISTS (SELECT FROM fresh f LEFT JOIN target t ON t.id = f.target_id
               WHERE f.target_id IS NOT NULL AND (t.warning_id, t.mode, t.site_id) IS DISTINCT FROM (f.warning_id, f.mode, f.site_id))
    OR EXISTS (SELECT FROM fresh f LEFT JOIN site s ON s.id = f.site_id WHERE f.target_id IS NULL AND s.id IS NULL) THEN
        RAISE EXCEPTION 'a response refers to no such target or site' USING ERRCODE = '23503', CONSTRAINT = 'response_refers';
    END IF;
    RETURN NULL;
END $$;
CREATE FUNCTION notice_refers() RETURNS trigger LANGUAGE plpgsql SET enable_hashjoin = off SET enable_mergejoin = off SET enable_seqscan = off AS $$
BEGIN
    IF EXISTS (SELECT FROM (SELECT DISTINCT warning_id, mode, revision FROM fresh WHERE warning_id IS NOT NULL AND revision IS NOT NULL) f
               LEFT JOIN revision r ON r.warning_id = f.warning_id AND r.mode = f.mode AND r.number = f.revision WHERE r.warning_id IS NULL) THEN
        RAISE EXCEPTION 'a notice refers to no such revision' USING ERRCODE = '23503', CONSTRAINT = 'notice_refers';
    END IF;
    RETURN NULL;
END $$;
-- +goose StatementEnd
CREATE TRIGGER response_refers AFTER INSERT ON response REFERENCING NEW TABLE AS fresh FOR EACH STATEMENT EXECUTE FUNCTION response_refers();
CREATE TRIGGER notice_refers AFTER INSERT ON notice REFERENCING NEW TABLE AS fresh FOR EACH STATEMENT EXECUTE FUNCTION notice_refers();
-- A response that moves to another target, one by one.
-- +goose StatementBegin
CREATE FUNCTION response_stays() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF (NEW.warning_id, NEW.mode, NEW.site_id) IS DISTINCT FROM (OLD.warning_id, OLD.mode, OLD.site_id) OR NOT EXISTS (
        SELECT FROM target t WHERE t.id = NEW.target_id AND (t.warning_id, t.mode, t.site_id) = (NEW.warning_id, NEW.mode, NEW.site_id)) THEN
        RAISE EXCEPTION 'a response stays with its site and warning' USING ERRCODE = '23503', CONSTRAINT = 'response_refers';
    END IF;
    RETURN NEW;
END $$;
-- +goose StatementEnd
CREATE TRIGGER response_stays BEFORE UPDATE OF warning_id, mode, site_id, target_id ON response FOR EACH ROW EXECUTE FUNCTION response_stays();

-- +goose Down
DROP TRIGGER response_stays ON response;
DROP TRIGGER response_refers ON response;
DROP TRIGGER notice_refers ON notice;
DROP FUNCTION response_refers, notice_refers, response_stays;
ALTER TABLE notice ADD FOREIGN KEY (warning_id, mode, revision) REFERENCES revision (warning_id, mode, number);
ALTER TABLE response ADD FOREIGN KEY (target_id) REFERENCES target (id), ADD FOREIGN KEY (site_id) REFERENCES site (id),
    ADD FOREIGN KEY (warning_id, mode) REFERENCES warning (id, mode);
GRANT DELETE ON warning TO muster_app;
CREATE INDEX target_site ON target (site_id) WHERE until_revision IS NULL;
DROP INDEX duty_roster_unit;
CREATE INDEX duty_roster_unit ON duty_roster (unit_kind, unit_id, valid_from);
