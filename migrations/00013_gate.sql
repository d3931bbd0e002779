-- +goose Up
-- Gates (门禁): how a device is spoken to, how it is, and what it sent.

-- One row per device that speaks a protocol of its own. The token of its address
-- is the device's key (device.key_hash).
CREATE TABLE gate (
    device_id       uuid PRIMARY KEY REFERENCES device (id),
    protocol        text NOT NULL CHECK (protocol IN ('push', 'realname', 'hikvision', 'dahua', 'zkteco', 'uniview', 'uface')),
    key_id          text,
    secret_sealed   text,
    -- the serial by which it may come without a token; two devices may bear one, and
    -- are told apart by their addresses. Empty: only with its token
    bare_serial     text NOT NULL DEFAULT '',
    readers         jsonb NOT NULL DEFAULT '{}',    -- reader or door → in, out
    says_in         boolean NOT NULL DEFAULT false, -- people choose in or out on it
    system          text NOT NULL DEFAULT '',       -- name space of its numbers of people
    zone            text NOT NULL DEFAULT '',       -- IANA; empty: Asia/Shanghai
    addresses       text[] NOT NULL DEFAULT '{}',   -- CIDR; empty: any
    per_minute      int NOT NULL DEFAULT 0 CHECK (per_minute >= 0),
    -- 项目申请, 主管部门同意: until both are there its records are refused
    applied_at      timestamptz,
    applied_by      text NOT NULL DEFAULT '',
    approved_at     timestamptz,
    approved_by     text NOT NULL DEFAULT '',
    recorded_at     timestamptz NOT NULL,
    -- how it is, by its latest sign of life
    beat_at         timestamptz,
    clock_offset_ms bigint,
    firmware        text NOT NULL DEFAULT '',
    model           text NOT NULL DEFAULT '',
    address         text NOT NULL DEFAULT '',
    backlog         int,
    twin_at         timestamptz, -- another serial came under its address
    said_serial     text NOT NULL DEFAULT '',
    CHECK (approved_at IS NULL OR applied_at IS NOT NULL)
) WITH (fillfactor = 70);
CREATE UNIQUE INDEX gate_key ON gate (protocol, key_id) WHERE key_id IS NOT NULL;

CREATE INDEX gate_bare ON gate (protocol, bare_serial) WHERE bare_serial <> '';

-- Who knocked without being registered (待认领). Anybody can knock: the number of
-- rows is bounded by the program.
CREATE TABLE gate_unknown (
    id       uuid PRIMARY KEY,
    protocol text NOT NULL,
    serial   text NOT NULL,
    address  text NOT NULL,
    model    text NOT NULL DEFAULT '',
    first_at timestamptz NOT NULL,
    last_at  timestamptz NOT NULL,
    times    int NOT NULL DEFAULT 1,
    UNIQUE (protocol, serial, address)
);

-- Nonces of signed requests, until their timestamps are refused anyway.
CREATE TABLE gate_nonce (
    device_id uuid        NOT NULL,
    nonce     text        NOT NULL,
    until     timestamptz NOT NULL,
    PRIMARY KEY (device_id, nonce)
);

-- What a device shall do next, for devices that ask.
CREATE TABLE gate_order (
    id         bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    device_id  uuid NOT NULL REFERENCES device (id),
    kind       text NOT NULL CHECK (kind IN ('unlock', 'send_passes', 'count_passes', 'say_info')),
    from_at    timestamptz,
    to_at      timestamptz,
    door       int NOT NULL DEFAULT 0,
    created_at timestamptz NOT NULL,
    done_at    timestamptz,
    code       int
);
CREATE INDEX gate_order_open ON gate_order (device_id, id) WHERE done_at IS NULL;

-- Requests as they came, faces and templates dropped, sealed: kept before they are
-- read. The same bytes of a device on one day are one row.
CREATE TABLE gate_raw (
    id           uuid        NOT NULL,
    device_id    uuid        NOT NULL,
    protocol     text        NOT NULL,
    received_at  timestamptz NOT NULL,
    day          date        NOT NULL, -- UTC, of receipt
    path         text        NOT NULL,
    query        text        NOT NULL,
    content_type text        NOT NULL,
    body_sealed  text        NOT NULL,
    dropped      int         NOT NULL, -- bytes of pictures and templates
    sha256       bytea       NOT NULL, -- of the bytes as they came
    PRIMARY KEY (day, id)
) PARTITION BY RANGE (day);
CREATE TRIGGER append_only BEFORE UPDATE OR DELETE ON gate_raw FOR EACH ROW EXECUTE FUNCTION refuse_change();
REVOKE UPDATE, DELETE ON gate_raw FROM muster_app;

-- +goose StatementBegin
CREATE FUNCTION ensure_gate_partition(p_day date) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE name text := 'gate_raw_' || to_char(p_day, 'YYYYMMDD');
BEGIN
    IF to_regclass(name) IS NOT NULL THEN RETURN; END IF;
    PERFORM pg_advisory_xact_lock(hashtext('ensure_gate_partition'));
    EXECUTE format('CREATE TABLE IF NOT EXISTS %I PARTITION OF gate_raw FOR VALUES FROM (%L) TO (%L)', name, p_day, p_day + 1);
    EXECUTE format('REVOKE ALL ON %I FROM muster_app', name);
END $$;
-- +goose StatementEnd
REVOKE ALL ON FUNCTION ensure_gate_partition FROM PUBLIC;
GRANT EXECUTE ON FUNCTION ensure_gate_partition TO muster_app;

-- 班组: as a labour system reports it or a section registers it. The number is what
-- the national dialect calls teamSysNo.
CREATE TABLE team (
    id           uuid PRIMARY KEY,
    sys_no       bigint GENERATED ALWAYS AS IDENTITY (START WITH 1300001) UNIQUE,
    section_id   uuid REFERENCES section (id),
    project_code text NOT NULL DEFAULT '', -- as the labour system calls it
    company_code text NOT NULL DEFAULT '',
    company      text NOT NULL DEFAULT '',
    name         text NOT NULL CHECK (length(name) BETWEEN 1 AND 100),
    entered_on   date,
    recorded_at  timestamptz NOT NULL,
    UNIQUE NULLS NOT DISTINCT (section_id, project_code, company_code, name)
);
CREATE TABLE team_member (
    id          uuid PRIMARY KEY,
    team_id     uuid NOT NULL REFERENCES team (id),
    person_id   uuid NOT NULL REFERENCES person (id),
    work_type   text NOT NULL DEFAULT '',
    leader      boolean NOT NULL DEFAULT false,
    valid_from  timestamptz NOT NULL,
    valid_until timestamptz CHECK (valid_until > valid_from),
    recorded_at timestamptz NOT NULL
);
CREATE UNIQUE INDEX team_member_now ON team_member (team_id, person_id) WHERE valid_until IS NULL;
CREATE INDEX team_member_person ON team_member (person_id);

-- Results of asynchronous requests of the national dialect.
CREATE TABLE labour_result (
    device_id uuid        NOT NULL,
    code      text        NOT NULL,
    state     text        NOT NULL,
    text      text        NOT NULL,
    at        timestamptz NOT NULL,
    PRIMARY KEY (device_id, code)
);

-- +goose Down
DROP TABLE labour_result, team_member, team, gate_raw, gate_order, gate_nonce, gate_unknown, gate;
DROP FUNCTION ensure_gate_partition;
