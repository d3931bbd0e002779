-- +goose Up
-- Who is away, what people may do, and what came too late.

-- 请假/离场: somebody who belongs to a site is not expected there. Without a site:
-- nowhere. Ended by valid_until, never deleted.
CREATE TABLE leave (
    id          uuid PRIMARY KEY,
    person_id   uuid NOT NULL REFERENCES person (id),
    site_id     uuid REFERENCES site (id),
    valid_from  timestamptz NOT NULL,
    valid_until timestamptz CHECK (valid_until > valid_from),
    words       text NOT NULL DEFAULT '' CHECK (length(words) <= 200),
    version     int NOT NULL DEFAULT 1,
    recorded_at timestamptz NOT NULL
);
-- Covering: whether somebody is away is read from the index alone.
CREATE INDEX leave_person ON leave (person_id, valid_from) INCLUDE (site_id, valid_until);

-- 证书. The number is sealed like a person's own; its last characters stay, so
-- that people can tell two apart.
CREATE TABLE certificate (
    id            uuid PRIMARY KEY,
    person_id     uuid NOT NULL REFERENCES person (id),
    kind          text NOT NULL CHECK (length(kind) BETWEEN 1 AND 100),
    number_sealed text,
    number_hash   text,
    number_tail   text NOT NULL DEFAULT '',
    issuer        text NOT NULL DEFAULT '',
    valid_from    timestamptz NOT NULL,
    valid_until   timestamptz CHECK (valid_until > valid_from), -- empty: does not expire
    document_id   uuid REFERENCES document (id),
    version       int NOT NULL DEFAULT 1,
    recorded_at   timestamptz NOT NULL,
    CHECK ((number_sealed IS NULL) = (number_hash IS NULL)),
    UNIQUE NULLS NOT DISTINCT (person_id, kind, number_hash)
);
CREATE INDEX certificate_until ON certificate (valid_until) WHERE valid_until IS NOT NULL;

CREATE TRIGGER next_version BEFORE UPDATE ON leave FOR EACH ROW EXECUTE FUNCTION next_version();
CREATE TRIGGER keep_version AFTER INSERT OR UPDATE ON leave FOR EACH ROW EXECUTE FUNCTION keep_version();
CREATE TRIGGER next_version BEFORE UPDATE ON certificate FOR EACH ROW EXECUTE FUNCTION next_version();
CREATE TRIGGER keep_version AFTER INSERT OR UPDATE ON certificate FOR EACH ROW EXECUTE FUNCTION keep_version();
REVOKE DELETE ON leave, certificate FROM muster_app;

-- What an outage's backlog changed: the headcounts of a site as they had been
-- known before passes of from_at–until_at came late, and after. Derived from pass.
CREATE TABLE headcount_correction (
    id          uuid PRIMARY KEY,
    site_id     uuid NOT NULL REFERENCES site (id),
    device_id   uuid NOT NULL REFERENCES device (id),
    from_at     timestamptz NOT NULL, -- the passes, by the device's time
    until_at    timestamptz NOT NULL,
    received_at timestamptz NOT NULL, -- the last of them
    passes      int NOT NULL CHECK (passes > 0),
    marks       jsonb NOT NULL,
    recorded_at timestamptz NOT NULL
);
CREATE INDEX headcount_correction_site ON headcount_correction (site_id, received_at DESC);
REVOKE UPDATE, DELETE ON headcount_correction FROM muster_app;
-- Up to when received passes have been looked at.
CREATE TABLE headcount_correction_state (
    one      boolean PRIMARY KEY DEFAULT true CHECK (one),
    until_at timestamptz
);
INSERT INTO headcount_correction_state DEFAULT VALUES;

-- +goose Down
DROP TABLE headcount_correction_state, headcount_correction, certificate, leave;
