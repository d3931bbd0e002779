-- +goose Up
-- Seals (封存): what makes a change to append-only rows visible, also one by
-- somebody who owns the database. One chain per log and UTC day.
CREATE TABLE seal (
    log         text        NOT NULL CHECK (log IN ('pass', 'muster_mark', 'response_event', 'audit')),
    day         date        NOT NULL,
    n           int         NOT NULL CHECK (n >= 1),
    from_at     timestamptz NOT NULL, -- rows recorded in [from_at, until_at)
    until_at    timestamptz NOT NULL,
    rows        int         NOT NULL,
    digests     bytea       NOT NULL, -- 16 bytes a row: 8 of its key, 8 of its content, sorted
    prev        bytea       NOT NULL, -- the hash before; of the first of a day: of the last of the day before
    hash        bytea       NOT NULL,
    sealed_at   timestamptz NOT NULL,
    anchored_at timestamptz,          -- when its hash was in the object store
    PRIMARY KEY (log, day, n),
    UNIQUE (log, until_at),
    CHECK (until_at > from_at)
);
CREATE INDEX seal_unanchored ON seal (log, until_at) WHERE anchored_at IS NULL;
REVOKE DELETE ON seal FROM muster_app;

-- Rows come in the order of their receipt, so that this small index finds those of
-- a minute.
CREATE INDEX pass_received ON pass USING brin (received_at) WITH (pages_per_range = 16, autosummarize = on);
CREATE INDEX response_event_recorded ON response_event USING brin (recorded_at) WITH (pages_per_range = 16, autosummarize = on);
CREATE INDEX muster_mark_recorded ON muster_mark (recorded_at);

-- +goose Down
DROP INDEX muster_mark_recorded, response_event_recorded, pass_received;
DROP TABLE seal;
