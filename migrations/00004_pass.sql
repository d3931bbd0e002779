-- +goose Up
-- Passes (打卡) and presence (在场).

CREATE TABLE device (
    id           uuid PRIMARY KEY,
    serial       text NOT NULL UNIQUE,
    site_id      uuid NOT NULL REFERENCES site (id),
    purpose      text NOT NULL CHECK (purpose IN ('presence', 'attendance')),
    direction    text NOT NULL CHECK (direction IN ('in', 'out', 'both')),
    key_hash     bytea NOT NULL UNIQUE,
    disabled_at  timestamptz,
    last_seen_at timestamptz,
    recorded_at  timestamptz NOT NULL
);
CREATE INDEX device_site ON device (site_id);

-- A pass is what a device saw, by the device's own time. Partitioned by the UTC
-- day of that time as sent. The key makes repetition harmless; content_hash
-- finds the same key with other content.
CREATE TABLE pass (
    device_id    uuid        NOT NULL,
    device_time  timestamptz NOT NULL,
    event_key    text        NOT NULL,
    person_id    uuid        NOT NULL,
    site_id      uuid        NOT NULL,
    direction    text        NOT NULL CHECK (direction IN ('in', 'out', 'unknown')),
    received_at  timestamptz NOT NULL,
    content_hash bytea       NOT NULL,
    PRIMARY KEY (device_id, device_time, event_key)
) PARTITION BY RANGE (device_time);
CREATE INDEX pass_person ON pass (person_id, device_time);
CREATE INDEX pass_site ON pass (site_id, device_time);
CREATE TRIGGER append_only BEFORE UPDATE OR DELETE ON pass FOR EACH ROW EXECUTE FUNCTION refuse_change();
REVOKE UPDATE, DELETE ON pass FROM muster_app;

-- The application may not create tables; it may ask for the partition of a day.
-- +goose StatementBegin
CREATE FUNCTION ensure_pass_partition(p_day date) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE name text := 'pass_' || to_char(p_day, 'YYYYMMDD');
BEGIN
    IF to_regclass(name) IS NOT NULL THEN RETURN; END IF;
    PERFORM pg_advisory_xact_lock(hashtext('ensure_pass_partition'));
    -- Not asked again with to_regclass: it may remember from before the lock.
    EXECUTE format('CREATE TABLE IF NOT EXISTS %I PARTITION OF pass FOR VALUES FROM (%L) TO (%L)', name,
        p_day::timestamp AT TIME ZONE 'UTC', (p_day + 1)::timestamp AT TIME ZONE 'UTC');
    EXECUTE format('REVOKE ALL ON %I FROM muster_app', name);
END $$;
-- +goose StatementEnd
REVOKE ALL ON FUNCTION ensure_pass_partition FROM PUBLIC;
GRANT EXECUTE ON FUNCTION ensure_pass_partition TO muster_app;

-- What could not be taken as a pass: kept, acknowledged, looked at by a person.
CREATE TABLE pass_quarantine (
    id          uuid        PRIMARY KEY,
    device_id   uuid        NOT NULL REFERENCES device (id),
    received_at timestamptz NOT NULL,
    reason      text        NOT NULL,
    body        jsonb       NOT NULL,
    body_hash   bytea       NOT NULL,
    UNIQUE (device_id, body_hash, reason)
);
CREATE TRIGGER append_only BEFORE UPDATE OR DELETE ON pass_quarantine FOR EACH ROW EXECUTE FUNCTION refuse_change();
REVOKE UPDATE, DELETE ON pass_quarantine FROM muster_app;

-- Where a person is taken to be: one row, the greatest (time, device, key) wins,
-- so the order of arrival and repetition do not matter.
CREATE TABLE presence (
    person_id   uuid        PRIMARY KEY,
    site_id     uuid        NOT NULL,
    inside      boolean     NOT NULL,
    device_time timestamptz NOT NULL,
    device_id   uuid        NOT NULL,
    event_key   text        NOT NULL,
    fresh_until timestamptz NOT NULL
) WITH (fillfactor = 70);
CREATE INDEX presence_site ON presence (site_id, fresh_until) INCLUDE (device_time, person_id) WHERE inside;

-- +goose Down
DROP TABLE presence, pass_quarantine, pass, device;
DROP FUNCTION ensure_pass_partition;
