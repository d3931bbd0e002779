-- +goose Up
-- Forwarding upward (向上转报): platforms above that are told in the national
-- real-name dialect what was received, and what they still have to be told.

CREATE TABLE upstream (
    id            uuid PRIMARY KEY,
    name          text NOT NULL UNIQUE CHECK (length(name) BETWEEN 1 AND 100),
    project_id    uuid NOT NULL REFERENCES project (id),
    project_code  text NOT NULL CHECK (project_code <> ''), -- as the platform calls the project
    url           text NOT NULL,
    app_id        text NOT NULL,
    secret_sealed text NOT NULL,
    from_at       timestamptz NOT NULL, -- passes received before are not forwarded
    until_at      timestamptz NOT NULL, -- those received before were taken into upstream_item, once
    disabled_at   timestamptz,
    recorded_at   timestamptz NOT NULL,
    -- how it is
    forwarded     bigint NOT NULL DEFAULT 0, -- passes that the platform has taken
    no_way        bigint NOT NULL DEFAULT 0, -- passes left out: their direction is unknown
    no_team       bigint NOT NULL DEFAULT 0, -- passes left out: their person is in no team of the project
    heard_at      timestamptz,               -- the last time it did what it was asked
    failures      int NOT NULL DEFAULT 0,    -- since then, in a row
    failing_since timestamptz,
    next_at       timestamptz,               -- not asked before
    fault         text NOT NULL DEFAULT '',
    CHECK ((failures = 0) = (failing_since IS NULL))
) WITH (fillfactor = 70);

-- One thing to tell. A pass goes when it was taken; a team, a person and a move stay
-- as the record that the platform knows them.
CREATE TABLE upstream_item (
    id          bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    upstream_id uuid NOT NULL REFERENCES upstream (id),
    stage       smallint NOT NULL CHECK (stage BETWEEN 1 AND 4), -- 1 班组 2 人员 3 进退场 4 考勤: the dialect's order
    team_id     uuid NOT NULL REFERENCES team (id),
    person_id   uuid REFERENCES person (id) CHECK ((person_id IS NULL) = (stage = 1)),
    at          timestamptz NOT NULL, -- of a pass: by the device; of a move: its day
    direction   text NOT NULL DEFAULT '' CHECK (direction = '' AND stage < 3 OR direction IN ('in', 'out') AND stage >= 3),
    channel     text NOT NULL DEFAULT '',
    received_at timestamptz CHECK ((received_at IS NULL) = (stage < 4)),
    state       text NOT NULL DEFAULT 'waiting' CHECK (state IN ('waiting', 'sent', 'done', 'refused')),
    alone       boolean NOT NULL DEFAULT false, -- a batch with it was refused: sent by itself
    tries       int NOT NULL DEFAULT 0,
    code        text, -- by which its result is asked for
    sent_at     timestamptz,
    number      bigint, -- of a team: teamSysNo of the platform
    words       text NOT NULL DEFAULT '', -- why it was refused; no personal data
    CHECK ((state = 'sent') = (code IS NOT NULL)),
    CHECK ((state = 'sent') = (sent_at IS NOT NULL))
);
CREATE UNIQUE INDEX upstream_item_known ON upstream_item (upstream_id, team_id, person_id) NULLS NOT DISTINCT WHERE stage < 3;
CREATE UNIQUE INDEX upstream_item_move ON upstream_item (upstream_id, team_id, person_id, at, direction) WHERE stage = 3;
CREATE INDEX upstream_item_open ON upstream_item (upstream_id, team_id, person_id) WHERE state IN ('waiting', 'sent');
CREATE INDEX upstream_item_sent ON upstream_item (upstream_id, code) WHERE state = 'sent';
CREATE INDEX upstream_item_refused ON upstream_item (upstream_id, id) WHERE state = 'refused';
REVOKE DELETE ON upstream FROM muster_app;

-- +goose Down
DROP TABLE upstream_item, upstream;
