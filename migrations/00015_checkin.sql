-- +goose Up
-- Gates in service, and check-in by QR code (扫码打卡).

-- How long a gate may be silent; empty: the default (roster.SilentTooLong).
ALTER TABLE gate ADD COLUMN silent_after interval CHECK (silent_after > interval '0');
CREATE INDEX pass_quarantine_day ON pass_quarantine (device_id, received_at);

-- Which site a labour system means: by its project code, its channel, or both. An
-- empty word stands for any.
CREATE TABLE gate_site_map (
    device_id   uuid NOT NULL REFERENCES device (id),
    project     text NOT NULL DEFAULT '',
    channel     text NOT NULL DEFAULT '',
    site_id     uuid NOT NULL REFERENCES site (id),
    recorded_at timestamptz NOT NULL,
    PRIMARY KEY (device_id, project, channel),
    CHECK (project <> '' OR channel <> '')
);

-- What a labour system named and nobody has mapped: its passes count at the
-- device's own site until somebody says where it is. The program bounds the rows.
CREATE TABLE gate_unmapped (
    device_id uuid NOT NULL REFERENCES device (id),
    project   text NOT NULL,
    channel   text NOT NULL,
    first_at  timestamptz NOT NULL,
    last_at   timestamptz NOT NULL,
    passes    bigint NOT NULL DEFAULT 0,
    PRIMARY KEY (device_id, project, channel)
);

-- A place where codes are scanned. Passes are those of one device for each site,
-- whose key nobody has.
CREATE TABLE checkin_point (
    id            uuid PRIMARY KEY,
    site_id       uuid NOT NULL REFERENCES site (id),
    device_id     uuid NOT NULL REFERENCES device (id),
    code          text NOT NULL UNIQUE, -- in the address; public
    title         text NOT NULL CHECK (length(title) BETWEEN 1 AND 40),
    kind          text NOT NULL CHECK (kind IN ('screen', 'printed')),
    purpose       text NOT NULL CHECK (purpose IN ('entry', 'muster')),
    direction     text NOT NULL CHECK (direction IN ('in', 'out', 'both')),
    radius_m      int  NOT NULL CHECK (radius_m BETWEEN 20 AND 5000),
    secret_sealed text NOT NULL,
    screen_hash   bytea UNIQUE, -- of the token of the screen's address
    disabled_at   timestamptz,
    recorded_at   timestamptz NOT NULL
);
CREATE INDEX checkin_point_site ON checkin_point (site_id);

-- Whose phone it is: the latest row counts; without a person: nobody's.
CREATE TABLE checkin_binding (
    phone_id  uuid NOT NULL, -- in the signed cookie
    person_id uuid REFERENCES person (id),
    bound_at  timestamptz NOT NULL,
    PRIMARY KEY (phone_id, bound_at)
);
CREATE TRIGGER append_only BEFORE UPDATE OR DELETE ON checkin_binding FOR EACH ROW EXECUTE FUNCTION refuse_change();
REVOKE UPDATE, DELETE ON checkin_binding FROM muster_app;
CREATE INDEX person_by_name ON person (name);

-- Attempts to say who one is; names and addresses as keyed hashes.
CREATE TABLE checkin_try (
    id           uuid PRIMARY KEY,
    name_hash    text NOT NULL,
    address_hash text NOT NULL,
    at           timestamptz NOT NULL
);
CREATE INDEX checkin_try_name ON checkin_try (name_hash, at);
CREATE INDEX checkin_try_address ON checkin_try (address_hash, at);

-- What was scanned, and what came of it. Of the place only how far away and how
-- exact: no track of anybody is kept.
CREATE TABLE checkin_scan (
    id          uuid        PRIMARY KEY, -- the phone's own: the same scan that comes again has the same
    point_id    uuid        NOT NULL REFERENCES checkin_point (id),
    person_id   uuid        NOT NULL REFERENCES person (id),
    phone_id    uuid        NOT NULL,
    by_person   uuid        REFERENCES person (id), -- 代打卡: who scanned for him
    direction   text        NOT NULL CHECK (direction IN ('in', 'out', 'unknown')),
    at          timestamptz NOT NULL, -- when it was scanned, as far as the phone can be believed
    said_at     timestamptz NOT NULL, -- when it was scanned, as the phone's clock has it
    received_at timestamptz NOT NULL,
    step        bigint, -- of the dynamic code; empty: printed
    distance_m  int,
    accuracy_m  int,
    fence       text        NOT NULL CHECK (fence IN ('inside', 'outside', 'unknown')),
    flags       text[]      NOT NULL,
    outcome     text        NOT NULL -- counted, noted, or why not
);
CREATE UNIQUE INDEX checkin_scan_once ON checkin_scan (point_id, step, person_id) WHERE step IS NOT NULL AND outcome = 'counted';
CREATE INDEX checkin_scan_phone ON checkin_scan (phone_id, at);
CREATE INDEX checkin_scan_point ON checkin_scan (point_id, at);
CREATE TRIGGER append_only BEFORE UPDATE OR DELETE ON checkin_scan FOR EACH ROW EXECUTE FUNCTION refuse_change();
REVOKE UPDATE, DELETE ON checkin_scan FROM muster_app;

-- +goose Down
DROP TABLE checkin_scan, checkin_try, checkin_binding, checkin_point, gate_unmapped, gate_site_map;
DROP INDEX person_by_name, pass_quarantine_day;
ALTER TABLE gate DROP COLUMN silent_after;
