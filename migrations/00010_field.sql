-- +goose Up
-- The field page: sign-in by phone code or WeChat, the evening count.

-- One account for one person: a phone number leads to its person, the person to
-- the account.
CREATE UNIQUE INDEX app_user_person ON app_user (person_id);

-- A code that was asked for. A row is written for an unknown number too (without
-- user_id), so that limits and answers do not tell who is known. Numbers,
-- addresses and codes stand here as keyed hashes.
CREATE TABLE sign_in_code (
    id           uuid PRIMARY KEY,
    phone_hash   text NOT NULL,
    address_hash text NOT NULL,
    code_hash    text NOT NULL,
    user_id      uuid REFERENCES app_user (id),
    made_at      timestamptz NOT NULL,
    expires_at   timestamptz NOT NULL CHECK (expires_at > made_at),
    tries        int NOT NULL DEFAULT 0 CHECK (tries >= 0),
    used_at      timestamptz
);
CREATE INDEX sign_in_code_phone ON sign_in_code (phone_hash, made_at);
CREATE INDEX sign_in_code_address ON sign_in_code (address_hash, made_at);
CREATE INDEX sign_in_code_made ON sign_in_code (made_at);

-- 微信绑定: the keyed hash of an openid leads to an account.
CREATE TABLE wechat_binding (
    openid_hash text PRIMARY KEY,
    user_id     uuid NOT NULL REFERENCES app_user (id),
    bound_at    timestamptz NOT NULL
);

-- 每日报数: what somebody at a site says in the evening. A correction is a new
-- row; the one recorded last counts, the others stay.
CREATE TABLE evening_count (
    id          uuid PRIMARY KEY,
    site_id     uuid NOT NULL REFERENCES site (id),
    day         date NOT NULL, -- Asia/Shanghai
    people      int  NOT NULL CHECK (people BETWEEN 0 AND 100000),
    away        int  NOT NULL CHECK (away BETWEEN 0 AND 100000),
    visitors    int  NOT NULL CHECK (visitors BETWEEN 0 AND 100000),
    words       text NOT NULL DEFAULT '' CHECK (length(words) <= 500),
    counted_at  timestamptz NOT NULL, -- by the phone, corrected
    counted_by  uuid NOT NULL REFERENCES app_user (id),
    recorded_at timestamptz NOT NULL
);
CREATE INDEX evening_count_day ON evening_count (site_id, day, recorded_at);
REVOKE UPDATE, DELETE ON evening_count FROM muster_app;

-- +goose Down
DROP TABLE evening_count, wechat_binding, sign_in_code;
DROP INDEX app_user_person;
