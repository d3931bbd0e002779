-- +goose Up
-- What every other table leans on: refusal to change what is append-only,
-- the history of effective-dated nouns, the change log, idempotent answers,
-- the audit trail.

CREATE EXTENSION IF NOT EXISTS postgis;

-- The application role gets rows, never the schema. What is append-only takes
-- UPDATE and DELETE back from it, table by table, below.
GRANT USAGE ON SCHEMA public TO muster_app;
ALTER DEFAULT PRIVILEGES IN SCHEMA public GRANT SELECT, INSERT, UPDATE, DELETE ON TABLES TO muster_app;
ALTER DEFAULT PRIVILEGES IN SCHEMA public GRANT USAGE, SELECT ON SEQUENCES TO muster_app;
-- serve reads which version it meets; goose made this table before us.
GRANT SELECT ON goose_db_version TO muster_app;

-- +goose StatementBegin
CREATE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION '% is append-only: % refused', TG_TABLE_NAME, TG_OP USING ERRCODE = '42501';
END $$;
-- +goose StatementEnd

-- One row per version of a site, section, post, bed, shift, roster line or
-- policy. "What was known when" is a query over recorded_at; "what was true
-- when" one over valid_from.
CREATE TABLE history (
    noun        text        NOT NULL,
    noun_id     uuid        NOT NULL,
    version     int         NOT NULL,
    valid_from  timestamptz NOT NULL,
    recorded_at timestamptz NOT NULL,
    body        jsonb       NOT NULL,
    PRIMARY KEY (noun, noun_id, version)
);
CREATE TRIGGER append_only BEFORE UPDATE OR DELETE ON history FOR EACH ROW EXECUTE FUNCTION refuse_change();
REVOKE UPDATE, DELETE ON history FROM muster_app;

-- A versioned table has columns id, version, valid_from, recorded_at. The
-- version counts up by itself, so nobody can forget to keep the old one.
-- +goose StatementBegin
CREATE FUNCTION next_version() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    NEW.version := OLD.version + 1;
    RETURN NEW;
END $$;
-- +goose StatementEnd
-- +goose StatementBegin
CREATE FUNCTION keep_version() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO history (noun, noun_id, version, valid_from, recorded_at, body)
    VALUES (TG_TABLE_NAME, NEW.id, NEW.version, NEW.valid_from, NEW.recorded_at, to_jsonb(NEW));
    RETURN NULL;
END $$;
-- +goose StatementEnd

-- The change log. A transaction that others must see ends with announce(): the
-- counter's row lock puts the numbers in commit order, which ids and times are
-- not. NOTIFY is only the bell; readers take seq > mine.
CREATE TABLE change_counter (
    one boolean PRIMARY KEY DEFAULT true CHECK (one),
    seq bigint  NOT NULL
);
INSERT INTO change_counter (seq) VALUES (0);
CREATE TABLE change (
    seq        bigint      PRIMARY KEY,
    noun       text        NOT NULL,
    noun_id    uuid        NOT NULL,
    region     text,
    project_id uuid,
    section_id uuid,
    at         timestamptz NOT NULL
);
CREATE INDEX change_at ON change (at);
-- +goose StatementBegin
CREATE FUNCTION announce(p_noun text, p_id uuid, p_region text, p_project uuid, p_section uuid, p_at timestamptz)
RETURNS bigint LANGUAGE plpgsql AS $$
DECLARE s bigint;
BEGIN
    UPDATE change_counter SET seq = seq + 1 RETURNING seq INTO s;
    INSERT INTO change (seq, noun, noun_id, region, project_id, section_id, at)
    VALUES (s, p_noun, p_id, p_region, p_project, p_section, p_at);
    PERFORM pg_notify('muster_change', s::text);
    RETURN s;
END $$;
-- +goose StatementEnd

-- The answer to an unsafe request, stored in the transaction that did the work.
-- The same key with another request is refused; with the same one it is replayed.
CREATE TABLE idempotency (
    actor        text        NOT NULL,
    key          text        NOT NULL CHECK (length(key) BETWEEN 1 AND 200),
    request_hash bytea       NOT NULL,
    status       int         NOT NULL,
    answer       jsonb       NOT NULL,
    at           timestamptz NOT NULL,
    PRIMARY KEY (actor, key)
);
CREATE INDEX idempotency_at ON idempotency (at);

-- Who did what, and who looked at whose personal data. Ids only: the names are
-- in their own tables and can be forgotten there.
CREATE TABLE audit (
    id       uuid        PRIMARY KEY,
    at       timestamptz NOT NULL,
    actor_id uuid,
    actor    text        NOT NULL,
    act      text        NOT NULL,
    noun     text        NOT NULL,
    noun_id  text        NOT NULL,
    detail   jsonb       NOT NULL DEFAULT '{}'
);
CREATE INDEX audit_at ON audit (at);
CREATE INDEX audit_noun ON audit (noun, noun_id);
CREATE TRIGGER append_only BEFORE UPDATE OR DELETE ON audit FOR EACH ROW EXECUTE FUNCTION refuse_change();
REVOKE UPDATE, DELETE ON audit FROM muster_app;

-- Every decision to warn or not to warn, with its reasons in words.
CREATE TABLE decision (
    id         uuid        PRIMARY KEY,
    at         timestamptz NOT NULL,
    subject    text        NOT NULL,
    subject_id uuid        NOT NULL,
    verdict    text        NOT NULL,
    reasons    jsonb       NOT NULL,
    actor      text        NOT NULL
);
CREATE INDEX decision_subject ON decision (subject, subject_id);
CREATE TRIGGER append_only BEFORE UPDATE OR DELETE ON decision FOR EACH ROW EXECUTE FUNCTION refuse_change();
REVOKE UPDATE, DELETE ON decision FROM muster_app;

-- +goose Down
DROP TABLE decision, audit, idempotency, change, change_counter, history;
DROP FUNCTION announce, keep_version, next_version, refuse_change;
