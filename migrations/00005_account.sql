-- +goose Up
-- MAY: users, their roles and territories, sessions, keys.

CREATE TABLE app_user (
    id            uuid PRIMARY KEY,
    login         text NOT NULL UNIQUE CHECK (login ~ '^[a-z0-9._-]{2,40}$'),
    title         text NOT NULL,
    password_hash text NOT NULL,
    person_id     uuid REFERENCES person (id),
    disabled_at   timestamptz,
    recorded_at   timestamptz NOT NULL
);

-- What a user may, where, from–until. Exactly one place per grant; an
-- installation-wide role (auditor, system, security, support) has none.
CREATE TABLE user_grant (
    id           uuid PRIMARY KEY,
    user_id      uuid NOT NULL REFERENCES app_user (id),
    role         text NOT NULL CHECK (role IN ('duty_officer', 'duty_leader', 'viewer', 'unit_admin', 'owner',
                     'section_lead', 'section_deputy', 'site_lead', 'supervisor', 'laboratory', 'parent_viewer',
                     'worker', 'auditor', 'security_admin', 'system_admin', 'support')),
    authority_id uuid REFERENCES authority (id),
    company_id   uuid REFERENCES company (id),
    project_id   uuid REFERENCES project (id),
    section_id   uuid REFERENCES section (id),
    site_id      uuid REFERENCES site (id),
    from_at      timestamptz NOT NULL,
    until_at     timestamptz CHECK (until_at > from_at),
    granted_by   uuid REFERENCES app_user (id),
    CHECK (num_nonnulls(authority_id, company_id, project_id, section_id, site_id)
        = CASE WHEN role IN ('auditor', 'security_admin', 'system_admin', 'support') THEN 0 ELSE 1 END)
);
CREATE INDEX user_grant_user ON user_grant (user_id);

-- Kept by the session library; the token is stored hashed.
CREATE TABLE sessions (
    token  text PRIMARY KEY,
    data   bytea NOT NULL,
    expiry timestamptz NOT NULL
);
CREATE INDEX sessions_expiry ON sessions (expiry);

-- Counted in the database so that every replica sees the same lock.
CREATE TABLE sign_in_attempt (
    login text        NOT NULL,
    at    timestamptz NOT NULL,
    ok    boolean     NOT NULL
);
CREATE INDEX sign_in_attempt_login ON sign_in_attempt (login, at);

-- 数据源: a bureau's feed, with the hash of its key.
CREATE TABLE feed_source (
    id          uuid PRIMARY KEY,
    name        text NOT NULL UNIQUE CHECK (name ~ '^[a-z0-9._-]{2,40}$'),
    title       text NOT NULL,
    key_hash    bytea NOT NULL UNIQUE,
    aggregator  boolean NOT NULL DEFAULT false,
    disabled_at timestamptz,
    recorded_at timestamptz NOT NULL
);

-- A value sealed with each key in use; serve refuses to start when one does not open.
CREATE TABLE seal_canary (
    key_id text PRIMARY KEY,
    sealed text NOT NULL
);

-- +goose Down
DROP TABLE seal_canary, feed_source, sign_in_attempt, sessions, user_grant, app_user;
