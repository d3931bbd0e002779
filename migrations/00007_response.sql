-- +goose Up
-- THEN: response → duty → summons → notice → answer.

-- The legal steps of every machine, as rows. The code holds the same table
-- (package response) and a test compares the two with the picture in
-- docs/states.md.
CREATE TABLE transition (
    machine    text NOT NULL CHECK (machine IN ('response', 'notice', 'duty')),
    from_state text NOT NULL,
    event      text NOT NULL DEFAULT '',
    to_state   text NOT NULL,
    PRIMARY KEY (machine, from_state, to_state, event)
);
REVOKE INSERT, UPDATE, DELETE ON transition FROM muster_app;

-- +goose StatementBegin
CREATE FUNCTION legal_step() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NOT EXISTS (SELECT FROM transition t WHERE t.machine = TG_ARGV[0] AND t.from_state = OLD.state AND t.to_state = NEW.state) THEN
        RAISE EXCEPTION '%: no step from % to %', TG_ARGV[0], OLD.state, NEW.state USING ERRCODE = '23514', CONSTRAINT = 'legal_step';
    END IF;
    RETURN NEW;
END $$;
-- +goose StatementEnd

INSERT INTO transition (machine, from_state, event, to_state)
SELECT 'response', unnest(string_to_array(f, ' ')), e, t FROM (VALUES
    ('pending', 'delivered', 'delivered'),
    ('pending delivered', 'read', 'read'),
    ('pending delivered read unanswered reopened refused', 'acknowledged', 'acknowledged'),
    ('pending delivered read unanswered reopened acknowledged refused', 'moving', 'moving'),
    ('pending delivered read unanswered reopened acknowledged refused', 'carried_out', 'carried_out'),
    ('pending delivered read unanswered reopened acknowledged moving refused', 'reported', 'reported'),
    ('carried_out reported', 'confirmed', 'confirmed'),
    ('carried_out reported confirmed', 'verified', 'verified'),
    ('carried_out reported confirmed verified', 'refused', 'refused'),
    ('carried_out reported confirmed verified', 'reentry', 'reopened'),
    ('verified', 'recheck', 'acknowledged'),
    ('pending delivered read reopened', 'unanswered', 'unanswered'),
    ('delivered read unanswered reopened acknowledged moving refused carried_out reported confirmed verified released', 'upgraded', 'pending'),
    ('pending delivered read unanswered reopened acknowledged moving refused carried_out reported confirmed verified expired_open', 'released', 'released'),
    ('pending delivered read unanswered reopened acknowledged moving refused carried_out reported confirmed verified', 'expired', 'expired_open'),
    ('pending delivered read unanswered reopened acknowledged moving refused carried_out reported confirmed verified expired_open', 'lifted', 'lifted'),
    ('pending delivered read unanswered reopened acknowledged moving refused carried_out reported confirmed verified expired_open', 'lifted', 'inspecting'),
    ('inspecting', 'return_allowed', 'return_allowed'),
    ('return_allowed', 'return_stopped', 'inspecting')) AS m (f, e, t);

INSERT INTO transition (machine, from_state, to_state)
SELECT 'notice', f, unnest(string_to_array(t, ' ')) FROM (VALUES
    ('queued', 'sending not_sent superseded'),
    ('failed_now', 'sending not_sent superseded failed delivered read answered'),
    ('sending', 'sent delivered read answered failed_now failed not_sent superseded'),
    ('sent', 'delivered read answered failed'),
    ('delivered', 'read answered'),
    ('read', 'answered'),
    ('failed', 'delivered read answered')) AS m (f, t)
UNION ALL VALUES ('duty', 'open', 'done'), ('duty', 'open', 'dropped');

-- 通道账号: a contract with a carrier, or a group's robot, a horn, another system.
-- An account is for actual warnings or for exercises; the key (id, mode) keeps a
-- drill from ever leaving by a live one.
CREATE TABLE channel_account (
    id             uuid PRIMARY KEY,
    mode           text NOT NULL CHECK (mode IN ('actual', 'exercise')),
    channel        text NOT NULL CHECK (channel IN ('voice', 'sms', 'robot', 'wechat', 'email', 'webhook', 'horn')),
    provider       text NOT NULL,
    name           text NOT NULL,
    priority       int  NOT NULL DEFAULT 1,
    -- robots, horns and webhooks speak to one unit
    unit_kind      text CHECK (unit_kind IN ('authority', 'company', 'project', 'section', 'site')),
    unit_id        uuid,
    settings       jsonb NOT NULL DEFAULT '{}',
    secrets_sealed text  NOT NULL,
    hook_hash      bytea,
    disabled_at    timestamptz,
    recorded_at    timestamptz NOT NULL,
    UNIQUE (name, mode),
    UNIQUE (id, mode),
    CHECK ((unit_kind IS NULL) = (unit_id IS NULL)),
    CHECK (unit_id IS NULL = (channel NOT IN ('robot', 'horn', 'webhook')))
);
CREATE INDEX channel_account_unit ON channel_account (unit_id) WHERE unit_id IS NOT NULL;

-- 录音: a measure's text spoken by a person, per language; never machine-made
-- where a carrier cannot speak the language.
CREATE TABLE voice_clip (
    id          uuid PRIMARY KEY,
    template    text NOT NULL,
    language    text NOT NULL,
    object_key  text NOT NULL UNIQUE,
    sha256      bytea NOT NULL,
    seconds     real NOT NULL CHECK (seconds > 0 AND seconds <= 120),
    uploaded_by uuid,
    uploaded_at timestamptz NOT NULL,
    disabled_at timestamptz
);
CREATE UNIQUE INDEX voice_clip_one ON voice_clip (template, language) WHERE disabled_at IS NULL;

-- 响应: the thread of one site under one warning, across revisions; or of an
-- evacuation that the site began by itself (no warning). State and clocks are
-- per row; the unit shows its worst.
CREATE TABLE response (
    id              uuid PRIMARY KEY,
    mode            text NOT NULL CHECK (mode IN ('actual', 'exercise')),
    warning_id      uuid,
    target_id       uuid REFERENCES target (id),
    site_id         uuid NOT NULL REFERENCES site (id),
    site_name       text NOT NULL,
    region          text NOT NULL,
    project_id      uuid NOT NULL,
    section_id      uuid NOT NULL,
    measure         text NOT NULL CHECK (measure IN ('read', 'patrol', 'stop', 'keep_out', 'shelter', 'evacuate')),
    level           text NOT NULL CHECK (level IN ('red', 'orange', 'yellow', 'blue', 'unknown')),
    -- what the clocks need to know about the site, as it was when it was asked
    sleeps          boolean NOT NULL,
    no_signal       boolean NOT NULL,
    at_risk         boolean NOT NULL,
    cause           text NOT NULL CHECK (cause IN ('warning', 'site_lead', 'section_lead', 'supervisor', 'report', 'sensor')),
    state           text NOT NULL CHECK (state IN ('pending', 'delivered', 'read', 'acknowledged', 'moving', 'carried_out', 'reported',
                        'confirmed', 'verified', 'refused', 'unanswered', 'reopened', 'expired_open', 'lifted', 'inspecting',
                        'return_allowed', 'released')),
    since           timestamptz NOT NULL,
    opened_at       timestamptz NOT NULL, -- when it was asked the last time (published, upgraded)
    version         int NOT NULL DEFAULT 1,
    -- the first time of each state since opened_at, for the clocks and the after-action report
    delivered_at    timestamptz,
    read_at         timestamptz,
    acknowledged_at timestamptz,
    acted_at        timestamptz,
    reported_at     timestamptz,
    confirmed_at    timestamptz,
    verified_at     timestamptz,
    ended_at        timestamptz,
    inspected_at    timestamptz,
    reported_by     uuid,
    confirmed_by    uuid,
    -- what was reported, and what makes one doubt it
    people_safe     int CHECK (people_safe >= 0),
    people_missing  int CHECK (people_missing >= 0),
    evidence        text[] NOT NULL DEFAULT '{}',
    doubts          text[] NOT NULL DEFAULT '{}',
    drawn           boolean NOT NULL DEFAULT false, -- by lot or by doubt: an authority must look
    flags           text[] NOT NULL DEFAULT '{}',
    FOREIGN KEY (warning_id, mode) REFERENCES warning (id, mode),
    CHECK ((warning_id IS NULL) = (target_id IS NULL)),
    CHECK ((cause = 'warning') = (warning_id IS NOT NULL)),
    UNIQUE (id, mode)
) WITH (fillfactor = 80);
CREATE UNIQUE INDEX response_one ON response (warning_id, site_id);
-- One self-started movement of a site's people at a time.
CREATE UNIQUE INDEX response_self ON response (site_id, mode) WHERE warning_id IS NULL AND ended_at IS NULL;
CREATE INDEX response_live ON response (site_id) WHERE ended_at IS NULL;
CREATE TRIGGER legal_step BEFORE UPDATE OF state ON response FOR EACH ROW
    WHEN (OLD.state IS DISTINCT FROM NEW.state) EXECUTE FUNCTION legal_step('response');
REVOKE DELETE ON response FROM muster_app;

-- Everything that happened to a response: answers, receipts that changed it,
-- climbs, marks. Corrections are new rows.
CREATE TABLE response_event (
    id          uuid PRIMARY KEY, -- also the key of the answer it came from, so that it is taken once
    response_id uuid NOT NULL,
    mode        text NOT NULL,
    at          timestamptz NOT NULL, -- when it happened, as the sender says
    recorded_at timestamptz NOT NULL,
    event       text NOT NULL,
    from_state  text,
    to_state    text,
    channel     text,
    notice_id   uuid,
    person_id   uuid,
    user_id     uuid,
    actor       text NOT NULL,
    words       text NOT NULL DEFAULT '',
    detail      jsonb NOT NULL DEFAULT '{}',
    FOREIGN KEY (response_id, mode) REFERENCES response (id, mode)
);
CREATE INDEX response_event_response ON response_event (response_id, recorded_at);
CREATE TRIGGER append_only BEFORE UPDATE OR DELETE ON response_event FOR EACH ROW EXECUTE FUNCTION refuse_change();
REVOKE UPDATE, DELETE ON response_event FROM muster_app;

-- An authority's thread under one warning: it is told, signs, and gets one digest
-- while something is overdue.
CREATE TABLE oversight (
    id              uuid PRIMARY KEY,
    warning_id      uuid NOT NULL,
    mode            text NOT NULL,
    authority_id    uuid NOT NULL REFERENCES authority (id),
    opened_at       timestamptz NOT NULL,
    acknowledged_at timestamptz,
    acknowledged_by uuid,
    FOREIGN KEY (warning_id, mode) REFERENCES warning (id, mode),
    UNIQUE (warning_id, authority_id)
);

-- 待办: who must do what by when, and to whom it climbs. next_at is never empty
-- while it is open: no duty can be forgotten.
CREATE TABLE duty (
    id           uuid PRIMARY KEY,
    mode         text NOT NULL CHECK (mode IN ('actual', 'exercise')),
    kind         text NOT NULL,
    subject_kind text NOT NULL CHECK (subject_kind IN ('response', 'oversight', 'warning')),
    subject_id   uuid NOT NULL,
    warning_id   uuid,
    opened_at    timestamptz NOT NULL,
    due_at       timestamptz NOT NULL,
    step         int NOT NULL DEFAULT 0,
    exhausted    smallint, -- the rung whose every way is dead: it counts as unanswered at once
    next_at      timestamptz,
    state        text NOT NULL DEFAULT 'open' CHECK (state IN ('open', 'done', 'dropped')),
    ended_at     timestamptz,
    ended_by     text NOT NULL DEFAULT '',
    CHECK ((state = 'open') = (next_at IS NOT NULL)),
    CHECK ((state = 'open') = (ended_at IS NULL))
) WITH (fillfactor = 80);
CREATE UNIQUE INDEX duty_one ON duty (subject_id, kind) WHERE state = 'open';
CREATE INDEX duty_next ON duty (next_at) WHERE state = 'open';
CREATE INDEX duty_warning ON duty (warning_id, kind);
CREATE TRIGGER legal_step BEFORE UPDATE OF state ON duty FOR EACH ROW
    WHEN (OLD.state IS DISTINCT FROM NEW.state) EXECUTE FUNCTION legal_step('duty');
REVOKE DELETE ON duty FROM muster_app;

-- 叫应: one person, asked about one or more sites under one warning. The code is
-- unique among what is open for the same phone: a reply by SMS names nothing else.
CREATE TABLE summons (
    id            uuid PRIMARY KEY,
    mode          text NOT NULL,
    warning_id    uuid,
    response_id   uuid, -- of a self-started evacuation
    person_id     uuid NOT NULL REFERENCES person (id),
    phone_hash    text,
    language      text NOT NULL,
    code          text NOT NULL CHECK (code ~ '^[0-9]{6}$'),
    opened_at     timestamptz NOT NULL,
    dead_at       timestamptz, -- from then on the code opens nothing
    wrong_tries   int NOT NULL DEFAULT 0,
    wrong_contact boolean NOT NULL DEFAULT false, -- "不是本人"
    FOREIGN KEY (warning_id, mode) REFERENCES warning (id, mode),
    FOREIGN KEY (response_id, mode) REFERENCES response (id, mode),
    UNIQUE NULLS NOT DISTINCT (warning_id, response_id, person_id),
    UNIQUE (id, mode),
    CHECK (num_nonnulls(warning_id, response_id) = 1)
);
CREATE UNIQUE INDEX summons_code ON summons (phone_hash, code) WHERE dead_at IS NULL;
CREATE INDEX summons_person ON summons (person_id);
CREATE TABLE summons_target (
    summons_id  uuid NOT NULL,
    response_id uuid NOT NULL,
    rung        smallint NOT NULL,
    PRIMARY KEY (summons_id, response_id)
);
CREATE INDEX summons_target_response ON summons_target (response_id) INCLUDE (summons_id, rung);

-- 通知: one message to one receiver through one channel. The key makes writing it
-- twice harmless; lease and epoch make a dead worker's late words harmless.
CREATE TABLE notice (
    id           uuid PRIMARY KEY, -- also the idempotency key towards the carrier
    mode         text NOT NULL,
    warning_id   uuid,
    revision     int,
    response_id  uuid, -- of a self-started evacuation, or of what concerns one site only
    summons_id   uuid,
    kind         text NOT NULL,
    occasion     uuid NOT NULL DEFAULT '00000000-0000-0000-0000-000000000000', -- the event that caused it, when it can happen again
    party_kind   text NOT NULL CHECK (party_kind IN ('person', 'unit')),
    party_id     uuid NOT NULL,
    rung         smallint NOT NULL,
    round        smallint NOT NULL,
    channel      text NOT NULL,
    account_id   uuid,
    phone_hash   text,
    priority     smallint NOT NULL,
    level        text NOT NULL DEFAULT '',
    measure      text NOT NULL DEFAULT '',
    wording      jsonb NOT NULL, -- as it was frozen when the notice was written
    created_at   timestamptz NOT NULL,
    due_at       timestamptz NOT NULL, -- by when it should have been handed over
    state        text NOT NULL DEFAULT 'queued' CHECK (state IN ('queued', 'sending', 'sent', 'delivered', 'read', 'answered',
                     'failed_now', 'failed', 'not_sent', 'superseded')),
    next_at      timestamptz NOT NULL,
    lease_until  timestamptz,
    epoch        int NOT NULL DEFAULT 0,
    provider_id  text,
    reason_code  text NOT NULL DEFAULT '',
    reason       text NOT NULL DEFAULT '',
    tried_at     timestamptz, -- the last hand-over, for the limits per number
    sent_at      timestamptz,
    delivered_at timestamptz,
    read_at      timestamptz,
    answered_at  timestamptz,
    FOREIGN KEY (warning_id, mode, revision) REFERENCES revision (warning_id, mode, number),
    FOREIGN KEY (account_id, mode) REFERENCES channel_account (id, mode),
    CHECK ((state = 'sending') = (lease_until IS NOT NULL)),
    CHECK (state NOT IN ('failed_now', 'failed', 'not_sent') OR reason_code <> ''),
    CONSTRAINT notice_one UNIQUE NULLS NOT DISTINCT (warning_id, revision, response_id, kind, occasion, party_id, rung, round, channel)
) WITH (fillfactor = 70);
CREATE INDEX notice_ready ON notice (mode, channel, priority, next_at) WHERE state IN ('queued', 'failed_now');
CREATE INDEX notice_leased ON notice (lease_until) WHERE state = 'sending';
CREATE INDEX notice_provider ON notice (provider_id) WHERE provider_id IS NOT NULL;
CREATE INDEX notice_phone ON notice (phone_hash, channel, tried_at) WHERE tried_at IS NOT NULL;
CREATE INDEX notice_summons ON notice (summons_id);
CREATE INDEX notice_waiting ON notice (party_id) WHERE state IN ('queued', 'failed_now');
CREATE TRIGGER legal_step BEFORE UPDATE OF state ON notice FOR EACH ROW
    WHEN (OLD.state IS DISTINCT FROM NEW.state) EXECUTE FUNCTION legal_step('notice');
REVOKE DELETE ON notice FROM muster_app;

-- Each time a notice was handed to a carrier, and what the carrier said.
CREATE TABLE notice_attempt (
    notice_id   uuid NOT NULL,
    epoch       int  NOT NULL,
    at          timestamptz NOT NULL,
    outcome     text NOT NULL,
    code        text NOT NULL DEFAULT '',
    provider_id text NOT NULL DEFAULT '',
    PRIMARY KEY (notice_id, epoch)
);
CREATE TRIGGER append_only BEFORE UPDATE OR DELETE ON notice_attempt FOR EACH ROW EXECUTE FUNCTION refuse_change();
REVOKE UPDATE, DELETE ON notice_attempt FROM muster_app;

-- What came back, stored before it is understood: pushes of carriers, codes typed
-- into the page. Sealed, because replies carry phone numbers.
CREATE TABLE inbound (
    id            uuid PRIMARY KEY,
    account_id    uuid REFERENCES channel_account (id),
    received_at   timestamptz NOT NULL,
    body_sealed   text NOT NULL,
    body_hash     bytea NOT NULL,
    understood_at timestamptz,
    outcome       text NOT NULL DEFAULT '',
    UNIQUE NULLS NOT DISTINCT (account_id, body_hash)
);
CREATE INDEX inbound_unread ON inbound (id) WHERE understood_at IS NULL;
REVOKE UPDATE, DELETE ON inbound FROM muster_app;
GRANT UPDATE (understood_at, outcome) ON inbound TO muster_app;
-- One thing that an inbound document said, and what became of it. What led to
-- nothing waits for a person at the desk.
CREATE TABLE inbound_event (
    inbound_id  uuid NOT NULL REFERENCES inbound (id),
    seq         int  NOT NULL,
    kind        text NOT NULL,
    at          timestamptz NOT NULL,
    notice_id   uuid,
    summons_id  uuid,
    person_id   uuid,
    verdict     text NOT NULL, -- taken, late, unknown_message, unknown_number, wrong_code, ambiguous …
    said        text NOT NULL DEFAULT '',
    seen_by     uuid,
    seen_at     timestamptz,
    PRIMARY KEY (inbound_id, seq)
);
CREATE INDEX inbound_event_open ON inbound_event (at) WHERE verdict IN ('ambiguous', 'unknown_number', 'support') AND seen_at IS NULL;
REVOKE UPDATE, DELETE ON inbound_event FROM muster_app;
GRANT UPDATE (seen_by, seen_at) ON inbound_event TO muster_app;

-- The lot (抽查): the warning's commitment is shown from its publication on, the
-- secret only after its end, so that anybody can draw again.
CREATE TABLE lottery (
    warning_id uuid PRIMARY KEY REFERENCES warning (id),
    commitment bytea NOT NULL CHECK (commitment = sha256(secret)),
    secret     bytea NOT NULL,
    at         timestamptz NOT NULL
);
CREATE TRIGGER append_only BEFORE UPDATE OR DELETE ON lottery FOR EACH ROW EXECUTE FUNCTION refuse_change();
REVOKE UPDATE, DELETE ON lottery FROM muster_app;

-- What the watchdog found: silence where there should be a sound.
CREATE TABLE alarm (
    id        uuid PRIMARY KEY,
    code      text NOT NULL,
    subject   text NOT NULL DEFAULT '',
    words     text NOT NULL,
    opened_at timestamptz NOT NULL,
    seen_at   timestamptz NOT NULL, -- last time it was found
    told_at   timestamptz,          -- it left by the other way
    closed_at timestamptz
);
CREATE UNIQUE INDEX alarm_one ON alarm (code, subject) WHERE closed_at IS NULL;

-- +goose Down
DROP TABLE alarm, lottery, inbound_event, inbound, notice_attempt, notice, summons_target, summons, duty, oversight,
    response_event, response, voice_clip, channel_account, transition;
DROP FUNCTION legal_step;
