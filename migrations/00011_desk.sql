-- +goose Up
-- The duty desk: who has the duty, what goes out by itself, who looks twice.

-- 接班: whoever takes the duty over says so; what was open then is counted.
CREATE TABLE handover (
    id           uuid PRIMARY KEY,
    authority_id uuid NOT NULL REFERENCES authority (id),
    at           timestamptz NOT NULL,
    taken_by     uuid NOT NULL REFERENCES app_user (id),
    taken_from   uuid REFERENCES app_user (id),
    words        text NOT NULL DEFAULT '',
    open         jsonb NOT NULL
);
CREATE INDEX handover_authority ON handover (authority_id, at DESC, id DESC);
CREATE TRIGGER append_only BEFORE UPDATE OR DELETE ON handover FOR EACH ROW EXECUTE FUNCTION refuse_change();
REVOKE UPDATE, DELETE ON handover FROM muster_app;

-- 常设授权: what may be forwarded without a person at the desk, and who signed for
-- it. Nothing of it changes but its end; another scope is another authorisation.
CREATE TABLE standing_authorisation (
    id             uuid PRIMARY KEY,
    authority_id   uuid NOT NULL REFERENCES authority (id),
    title          text NOT NULL CHECK (title <> ''),
    signed_by      uuid NOT NULL REFERENCES app_user (id),
    hazards        text[] NOT NULL CHECK (hazards <> '{}'),
    levels         text[] NOT NULL CHECK (levels <> '{}'),
    sources        text[] NOT NULL CHECK (sources <> '{}'),
    max_km2        double precision NOT NULL CHECK (max_km2 > 0),
    max_sites      int NOT NULL CHECK (max_sites > 0),
    delay_minutes  int NOT NULL CHECK (delay_minutes BETWEEN 1 AND 120),
    valid_from     timestamptz NOT NULL,
    valid_until    timestamptz NOT NULL CHECK (valid_until > valid_from),
    words          text NOT NULL DEFAULT '',
    revoked_at     timestamptz,
    revoked_by     uuid REFERENCES app_user (id),
    revoked_reason text NOT NULL DEFAULT '',
    version        int NOT NULL DEFAULT 1,
    recorded_at    timestamptz NOT NULL,
    CHECK ((revoked_at IS NULL) = (revoked_by IS NULL)),
    CHECK (revoked_at IS NULL OR revoked_reason <> '')
);
CREATE INDEX standing_authorisation_authority ON standing_authorisation (authority_id, valid_until);
CREATE TRIGGER next_version BEFORE UPDATE ON standing_authorisation FOR EACH ROW EXECUTE FUNCTION next_version();
CREATE TRIGGER keep_version AFTER INSERT OR UPDATE ON standing_authorisation FOR EACH ROW EXECUTE FUNCTION keep_version();
REVOKE UPDATE, DELETE ON standing_authorisation FROM muster_app;
GRANT UPDATE (revoked_at, revoked_by, revoked_reason, recorded_at) ON standing_authorisation TO muster_app;

-- A draft: in whose hands it is, whether it is held, when it goes out by itself.
ALTER TABLE warning
    ADD editor_id    uuid REFERENCES app_user (id),
    ADD editor_since timestamptz,
    ADD held_at      timestamptz,
    ADD held_by      uuid REFERENCES app_user (id),
    ADD held_until   timestamptz,
    ADD held_reason  text NOT NULL DEFAULT '',
    ADD auto_state   text NOT NULL DEFAULT '' CHECK (auto_state IN ('', 'none', 'waiting', 'stopped', 'published')),
    ADD auto_id      uuid REFERENCES standing_authorisation (id),
    ADD auto_at      timestamptz,
    ADD auto_why     jsonb NOT NULL DEFAULT '[]',
    ADD CONSTRAINT editor_since_then CHECK ((editor_id IS NULL) = (editor_since IS NULL)),
    ADD CONSTRAINT held_for_a_reason CHECK ((held_at IS NULL) = (held_by IS NULL) AND (held_at IS NULL) = (held_reason = '')),
    ADD CONSTRAINT waits_under_authorisation CHECK (auto_state <> 'waiting' OR auto_id IS NOT NULL AND auto_at IS NOT NULL);
CREATE INDEX warning_auto ON warning (auto_at) WHERE auto_state = 'waiting';

-- 复核: one person asked another to look at one version of a draft. What was said
-- about a version is worth nothing for the next.
CREATE TABLE second_look (
    id              uuid PRIMARY KEY,
    warning_id      uuid NOT NULL,
    mode            text NOT NULL,
    version         int  NOT NULL,
    authority_id    uuid NOT NULL REFERENCES authority (id), -- in whose name it will be published
    way             text NOT NULL CHECK (way IN ('officer', 'leader_link', 'word')),
    asked_by        uuid NOT NULL REFERENCES app_user (id),
    asked_at        timestamptz NOT NULL,
    person_id       uuid REFERENCES person (id), -- the leader who got the link
    phone_hash      text,
    code            text CHECK (code ~ '^[0-9]{6}$'),
    open_until      timestamptz, -- until when code and link open it
    wrong_tries     int NOT NULL DEFAULT 0,
    state           text NOT NULL DEFAULT 'asked' CHECK (state IN ('asked', 'approved', 'refused')),
    answered_by     uuid REFERENCES app_user (id),
    answered_at     timestamptz,
    words           text NOT NULL DEFAULT '',
    published_at    timestamptz, -- it was published on this look, or before its answer (先发后审)
    FOREIGN KEY (warning_id, mode) REFERENCES warning (id, mode),
    CHECK ((way = 'leader_link') = (person_id IS NOT NULL)),
    CHECK ((way = 'leader_link') = (code IS NOT NULL)),
    CHECK ((state = 'asked') = (answered_at IS NULL)),
    CHECK (answered_by IS DISTINCT FROM asked_by OR answered_by IS NULL) -- 发布 ≠ 复核
);
CREATE INDEX second_look_warning ON second_look (warning_id, asked_at);
CREATE UNIQUE INDEX second_look_code ON second_look (phone_hash, code) WHERE state = 'asked';
REVOKE UPDATE, DELETE ON second_look FROM muster_app;
GRANT UPDATE (state, answered_by, answered_at, words, wrong_tries, published_at) ON second_look TO muster_app;

-- What somebody pasted (微信, 传真, OA): where he had it from. The text itself is the
-- raw message.
CREATE TABLE pasted (
    raw_id    uuid PRIMARY KEY REFERENCES raw_message (id),
    pasted_by uuid NOT NULL REFERENCES app_user (id),
    at        timestamptz NOT NULL,
    words     text NOT NULL,
    datum     text NOT NULL
);
CREATE TRIGGER append_only BEFORE UPDATE OR DELETE ON pasted FOR EACH ROW EXECUTE FUNCTION refuse_change();
REVOKE UPDATE, DELETE ON pasted FROM muster_app;

-- 扫描件: what a warning rests on, as a picture or PDF.
CREATE TABLE attachment (
    id           uuid PRIMARY KEY,
    warning_id   uuid NOT NULL,
    mode         text NOT NULL,
    file_name    text NOT NULL,
    content_type text NOT NULL,
    size         bigint NOT NULL,
    sha256       bytea NOT NULL,
    object_key   text NOT NULL UNIQUE,
    uploaded_by  uuid NOT NULL REFERENCES app_user (id),
    uploaded_at  timestamptz NOT NULL,
    FOREIGN KEY (warning_id, mode) REFERENCES warning (id, mode)
);
CREATE INDEX attachment_warning ON attachment (warning_id);
CREATE TRIGGER append_only BEFORE UPDATE OR DELETE ON attachment FOR EACH ROW EXECUTE FUNCTION refuse_change();
REVOKE UPDATE, DELETE ON attachment FROM muster_app;

-- +goose Down
DROP TABLE attachment, pasted, second_look;
ALTER TABLE warning DROP auto_why, DROP auto_at, DROP auto_id, DROP auto_state, DROP held_reason, DROP held_until, DROP held_by, DROP held_at,
    DROP editor_since, DROP editor_id;
DROP TABLE standing_authorisation, handover;
