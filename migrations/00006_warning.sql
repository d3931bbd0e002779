-- +goose Up
-- WHAT: message → claim → episode → warning → revision → target.

-- The bytes as they came, before anybody understood them. The same bytes from
-- the same source are the same row. Only the outcome of reading them may be
-- written again (a better parser reads them anew).
CREATE TABLE raw_message (
    id            uuid        PRIMARY KEY,
    source        text        NOT NULL,
    sha256        bytea       NOT NULL,
    received_at   timestamptz NOT NULL,
    content_type  text        NOT NULL DEFAULT '',
    body          bytea       NOT NULL,
    format        text,
    outcome       text CHECK (outcome IN ('accepted', 'held', 'ignored', 'rejected')),
    reasons       jsonb,
    understood_at timestamptz,
    UNIQUE (source, sha256)
);
CREATE INDEX raw_message_received ON raw_message (received_at);
CREATE INDEX raw_message_unread ON raw_message (id) WHERE understood_at IS NULL;
REVOKE UPDATE, DELETE ON raw_message FROM muster_app;
GRANT UPDATE (format, outcome, reasons, understood_at) ON raw_message TO muster_app;

-- 预警过程: the chain of messages about the same thing.
-- The latest message by its time of sending decides whether it has ended,
-- whatever order they arrive in.
CREATE TABLE episode (
    id          uuid PRIMARY KEY,
    opened_at   timestamptz NOT NULL,
    decided_at  timestamptz,
    ended       boolean NOT NULL DEFAULT false,
    merged_into uuid REFERENCES episode (id)
);

CREATE TABLE message (
    id           uuid PRIMARY KEY,
    raw_id       uuid NOT NULL REFERENCES raw_message (id),
    seq          int  NOT NULL,
    format       text NOT NULL,
    identifier   text NOT NULL,
    national_id  text NOT NULL DEFAULT '',
    identity_authority text NOT NULL,
    identity_id  text NOT NULL,
    sender       text NOT NULL,
    sender_code  text NOT NULL DEFAULT '',
    sent         timestamptz,
    -- empty: the document names none that exists; it is held
    status       text NOT NULL CHECK (status IN ('', 'actual', 'exercise', 'system', 'test', 'draft')),
    msg_type     text NOT NULL CHECK (msg_type IN ('', 'alert', 'update', 'cancel', 'ack', 'error')),
    all_clear    boolean NOT NULL DEFAULT false,
    headline     text NOT NULL DEFAULT '',
    flags        text[] NOT NULL DEFAULT '{}',
    dispatchable boolean NOT NULL,
    episode_id   uuid REFERENCES episode (id),
    received_at  timestamptz NOT NULL,
    UNIQUE (raw_id, seq)
);
CREATE INDEX message_identity ON message (identity_id, identity_authority, status);
CREATE INDEX message_episode ON message (episode_id);
CREATE INDEX message_received ON message (received_at);

-- What a message refers to, by the identity of it (warning.Identity).
CREATE TABLE message_reference (
    message_id uuid NOT NULL REFERENCES message (id),
    authority  text NOT NULL,
    identifier text NOT NULL,
    PRIMARY KEY (message_id, authority, identifier)
);

-- A message that was referred to and never came: when it comes late it is born
-- into this episode, ended if the episode has.
CREATE TABLE message_tombstone (
    status     text NOT NULL,
    authority  text NOT NULL,
    identifier text NOT NULL,
    episode_id uuid NOT NULL REFERENCES episode (id),
    PRIMARY KEY (status, authority, identifier)
);
CREATE INDEX message_tombstone_episode ON message_tombstone (episode_id);

CREATE TABLE claim (
    id              uuid PRIMARY KEY,
    message_id      uuid NOT NULL REFERENCES message (id),
    seq             int  NOT NULL,
    language        text NOT NULL DEFAULT '',
    hazard          text NOT NULL,
    event           text NOT NULL DEFAULT '',
    event_code      text NOT NULL DEFAULT '',
    level           text NOT NULL CHECK (level IN ('red', 'orange', 'yellow', 'blue', 'unknown')),
    level_source    text NOT NULL DEFAULT '',
    onset           timestamptz,
    expires         timestamptz,
    expires_default boolean NOT NULL DEFAULT false,
    headline        text NOT NULL DEFAULT '',
    description     text NOT NULL DEFAULT '',
    instruction     text NOT NULL DEFAULT '',
    basis           text NOT NULL CHECK (basis IN ('polygon', 'circle', 'geocode', 'office', 'text')),
    area_text       text NOT NULL DEFAULT '',
    regions         text[] NOT NULL DEFAULT '{}',
    possible        text[] NOT NULL DEFAULT '{}',
    geom            geometry(MultiPolygon, 4326),
    UNIQUE (message_id, seq)
);

-- The rule book, versioned data that an authority can change: which measure
-- (措施矩阵), and what follows (ladder, clocks, evidence, texts).
CREATE TABLE policy (
    id           uuid PRIMARY KEY,
    authority_id uuid REFERENCES authority (id),
    kind         text NOT NULL CHECK (kind IN ('measures', 'response')),
    number       int  NOT NULL,
    body         jsonb NOT NULL,
    valid_from   timestamptz NOT NULL,
    recorded_at  timestamptz NOT NULL,
    recorded_by  text NOT NULL,
    UNIQUE NULLS NOT DISTINCT (authority_id, kind, number)
);
CREATE TRIGGER append_only BEFORE UPDATE OR DELETE ON policy FOR EACH ROW EXECUTE FUNCTION refuse_change();
REVOKE UPDATE, DELETE ON policy FROM muster_app;

-- 预警. mode is part of the composite keys downward, so that an exercise row can
-- never reference anything live.
CREATE TABLE warning (
    id           uuid PRIMARY KEY,
    mode         text NOT NULL CHECK (mode IN ('actual', 'exercise')),
    state        text NOT NULL CHECK (state IN ('draft', 'active', 'lifted', 'expired', 'discarded')),
    version      int  NOT NULL DEFAULT 1,
    revision     int  NOT NULL DEFAULT 0,
    kind         text NOT NULL CHECK (kind IN ('relay', 'auto_relay', 'instruction')),
    authority_id uuid NOT NULL REFERENCES authority (id),
    episode_id   uuid REFERENCES episode (id),
    message_id   uuid REFERENCES message (id),
    -- a draft may propose to revise or lift a warning in force
    follows_id   uuid REFERENCES warning (id),
    intent       text NOT NULL DEFAULT 'publish' CHECK (intent IN ('publish', 'revise', 'lift')),
    hazard       text NOT NULL,
    level        text NOT NULL CHECK (level IN ('red', 'orange', 'yellow', 'blue', 'unknown')),
    title        text NOT NULL,
    issuer       text NOT NULL DEFAULT '',
    issued_at    timestamptz,
    basis        text NOT NULL DEFAULT '',
    note         text NOT NULL DEFAULT '',
    onset        timestamptz,
    expires      timestamptz NOT NULL,
    created_by   uuid,
    created_at   timestamptz NOT NULL,
    published_at timestamptz,
    closed_at    timestamptz,
    closed_reason text NOT NULL DEFAULT '',
    UNIQUE (id, mode),
    CONSTRAINT follower_has_intent CHECK ((follows_id IS NULL) = (intent = 'publish')),
    CONSTRAINT relay_names_issuer CHECK (kind = 'instruction' OR (issuer <> '' AND issued_at IS NOT NULL)),
    CONSTRAINT instruction_states_basis CHECK (kind <> 'instruction' OR state = 'draft' OR basis <> ''),
    CONSTRAINT published_has_time CHECK ((published_at IS NULL) = (state IN ('draft', 'discarded'))),
    CONSTRAINT closed_has_time CHECK ((closed_at IS NULL) = (state IN ('draft', 'active')))
);
CREATE INDEX warning_state ON warning (state, created_at);
CREATE INDEX warning_episode ON warning (episode_id);
CREATE UNIQUE INDEX warning_one_follower ON warning (follows_id) WHERE state = 'draft';
-- One open draft or active relay per authority and episode: a second message
-- about the same thing revises, it does not start another.
CREATE UNIQUE INDEX warning_one_per_episode ON warning (authority_id, episode_id, mode, hazard)
    WHERE state IN ('draft', 'active') AND episode_id IS NOT NULL AND follows_id IS NULL;

-- The areas of a warning; revision 0 is the draft's, higher ones are immutable.
CREATE TABLE warning_area (
    id         uuid PRIMARY KEY,
    warning_id uuid NOT NULL,
    mode       text NOT NULL,
    revision   int  NOT NULL,
    seq        int  NOT NULL,
    level      text NOT NULL CHECK (level IN ('red', 'orange', 'yellow', 'blue', 'unknown')),
    basis      text NOT NULL CHECK (basis IN ('polygon', 'circle', 'geocode', 'office', 'text')),
    certain    boolean NOT NULL,
    regions    text[] NOT NULL DEFAULT '{}',
    geom       geometry(MultiPolygon, 4326),
    said       text NOT NULL DEFAULT '',
    FOREIGN KEY (warning_id, mode) REFERENCES warning (id, mode),
    UNIQUE (warning_id, revision, seq),
    CONSTRAINT area_is_somewhere CHECK (geom IS NOT NULL OR regions <> '{}')
);

-- What an officer decided for single sites of a draft: add, drop, another measure.
CREATE TABLE warning_choice (
    warning_id uuid NOT NULL,
    mode       text NOT NULL,
    site_id    uuid NOT NULL REFERENCES site (id),
    act        text NOT NULL CHECK (act IN ('add', 'drop', 'measure')),
    measure    text CHECK (measure IN ('read', 'patrol', 'stop', 'keep_out', 'shelter', 'evacuate')),
    reason     text NOT NULL CHECK (reason <> ''),
    decided_by uuid NOT NULL,
    decided_at timestamptz NOT NULL,
    PRIMARY KEY (warning_id, site_id),
    FOREIGN KEY (warning_id, mode) REFERENCES warning (id, mode),
    CHECK (act <> 'measure' OR measure IS NOT NULL)
);

CREATE TABLE revision (
    warning_id   uuid NOT NULL,
    mode         text NOT NULL,
    number       int  NOT NULL CHECK (number >= 1),
    at           timestamptz NOT NULL,
    published_by uuid,
    level        text NOT NULL,
    title        text NOT NULL,
    note         text NOT NULL,
    expires      timestamptz NOT NULL,
    policy_id    uuid NOT NULL REFERENCES policy (id), -- of the measures
    rules_id     uuid NOT NULL REFERENCES policy (id), -- of the response
    PRIMARY KEY (warning_id, number),
    UNIQUE (warning_id, mode, number),
    FOREIGN KEY (warning_id, mode) REFERENCES warning (id, mode)
);
CREATE TRIGGER append_only BEFORE UPDATE OR DELETE ON revision FOR EACH ROW EXECUTE FUNCTION refuse_change();
REVOKE UPDATE, DELETE ON revision FROM muster_app;

-- 受影响点位: one site under one warning, from revision – until revision. It
-- copies what it froze and references only the revision. Changing what a site
-- must do ends the row and begins another.
CREATE TABLE target (
    id             uuid PRIMARY KEY,
    warning_id     uuid NOT NULL,
    mode           text NOT NULL,
    site_id        uuid NOT NULL,
    from_revision  int  NOT NULL,
    until_revision int,
    level          text NOT NULL,
    measure        text NOT NULL CHECK (measure IN ('read', 'patrol', 'stop', 'keep_out', 'shelter', 'evacuate')),
    closed_area    boolean NOT NULL DEFAULT false,
    certain        boolean NOT NULL,
    matched_by     text[] NOT NULL,
    reasons        jsonb NOT NULL,
    site_name      text NOT NULL,
    region         text NOT NULL,
    project_id     uuid NOT NULL,
    section_id     uuid NOT NULL,
    people_certain  int NOT NULL,
    people_possible int NOT NULL,
    people_expected int NOT NULL,
    counted_at     timestamptz NOT NULL,
    responsible    uuid[] NOT NULL,
    FOREIGN KEY (warning_id, mode, from_revision) REFERENCES revision (warning_id, mode, number),
    FOREIGN KEY (warning_id, mode, until_revision) REFERENCES revision (warning_id, mode, number),
    CHECK (until_revision > from_revision)
);
CREATE UNIQUE INDEX target_live ON target (warning_id, site_id) WHERE until_revision IS NULL;
CREATE INDEX target_site ON target (site_id) WHERE until_revision IS NULL;
REVOKE UPDATE, DELETE ON target FROM muster_app;
GRANT UPDATE (until_revision) ON target TO muster_app;

-- +goose Down
DROP TABLE target, revision, warning_choice, warning_area, warning, policy, claim, message_tombstone, message_reference, message, episode, raw_message;
