-- +goose Up
-- As for responses and notices (00020): what a target and a summons refer to is
-- looked at once for all that a statement writes. People and warnings are never
-- deleted.
REVOKE DELETE ON person FROM muster_app;
ALTER TABLE target DROP CONSTRAINT target_warning_id_mode_from_revision_fkey, DROP CONSTRAINT target_warning_id_mode_until_revision_fkey;
ALTER TABLE summons DROP CONSTRAINT summons_person_id_fkey, DROP CONSTRAINT summons_warning_id_mode_fkey, DROP CONSTRAINT summons_response_id_mode_fkey;

-- +goose StatementBegin
CREATE FUNCTION target_refers() RETURNS trigger LANGUAGE plpgsql SET enable_hashjoin = off SET enable_mergejoin = off SET enable_seqscan = off AS $$
BEGIN
    IF EXISTS (SELECT FROM (SELECT DISTINCT warning_id, mode, unnest(ARRAY[from_revision, until_revision]) AS number FROM fresh) f
               LEFT JOIN revision r ON r.warning_id = f.warning_id AND r.mode = f.mode AND r.number = f.number
               WHERE f.number IS NOT NULL AND r.warning_id IS NULL) THEN
        RAISE EXCEPTION 'a target refers to no such revision' USING ERRCODE = '23503', CONSTRAINT = 'target_refers';
    END IF;
    RETURN NULL;
END $$;
CREATE FUNCTION summons_refers() RETURNS trigger LANGUAGE plpgsql SET enable_hashjoin = off SET enable_mergejoin = off SET enable_seqscan = off AS $$
BEGIN
    IF EXISTS (SELECT FROM fresh f LEFT JOIN person p ON p.id = f.person_id WHERE p.id IS NULL)
    OR EXISTS (SELECT FROM (SELECT DISTINCT warning_id, mode FROM fresh WHERE warning_id IS NOT NULL) f
               LEFT JOIN warning w ON w.id = f.warning_id AND w.mode = f.mode WHERE w.id IS NULL)
    OR EXISTS (SELECT FROM (SELECT DISTINCT response_id, mode FROM fresh WHERE response_id IS NOT NULL) f
               LEFT JOIN response r ON r.id = f.response_id AND r.mode = f.mode WHERE r.id IS NULL) THEN
        RAISE EXCEPTION 'a summons refers to no such person, warning or response' USING ERRCODE = '23503', CONSTRAINT = 'summons_refers';
    END IF;
    RETURN NULL;
END $$;
-- +goose StatementEnd
CREATE TRIGGER target_refers AFTER INSERT ON target REFERENCING NEW TABLE AS fresh FOR EACH STATEMENT EXECUTE FUNCTION target_refers();
CREATE TRIGGER target_ends AFTER UPDATE ON target REFERENCING NEW TABLE AS fresh FOR EACH STATEMENT EXECUTE FUNCTION target_refers();
CREATE TRIGGER summons_refers AFTER INSERT ON summons REFERENCING NEW TABLE AS fresh FOR EACH STATEMENT EXECUTE FUNCTION summons_refers();

-- +goose Down
DROP TRIGGER summons_refers ON summons;
DROP TRIGGER target_ends ON target;
DROP TRIGGER target_refers ON target;
DROP FUNCTION target_refers, summons_refers;
ALTER TABLE summons ADD FOREIGN KEY (person_id) REFERENCES person (id), ADD FOREIGN KEY (warning_id, mode) REFERENCES warning (id, mode),
    ADD FOREIGN KEY (response_id, mode) REFERENCES response (id, mode);
ALTER TABLE target ADD FOREIGN KEY (warning_id, mode, from_revision) REFERENCES revision (warning_id, mode, number),
    ADD FOREIGN KEY (warning_id, mode, until_revision) REFERENCES revision (warning_id, mode, number);
GRANT DELETE ON person TO muster_app;
