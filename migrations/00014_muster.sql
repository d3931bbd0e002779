-- +goose Up
-- Muster (清点): who is expected to be accounted for when a site is evacuated, and
-- what was said about each.

-- The list, as it was when the evacuation was taken up; who comes in later, or is
-- found there without being expected, is added. Nobody is taken off.
CREATE TABLE muster_person (
    response_id      uuid        NOT NULL REFERENCES response (id),
    person_id        uuid        NOT NULL REFERENCES person (id),
    why              text[]      NOT NULL, -- bed, shift, present, entered, found
    last_evidence_at timestamptz,
    listed_at        timestamptz NOT NULL,
    PRIMARY KEY (response_id, person_id)
);
CREATE TRIGGER append_only BEFORE UPDATE OR DELETE ON muster_person FOR EACH ROW EXECUTE FUNCTION refuse_change();
REVOKE UPDATE, DELETE ON muster_person FROM muster_app;

-- What somebody said about one person, or about the number of visitors. The id is
-- the sender's own: a mark that waited on a phone without signal and is sent
-- twice is one mark. A correction is another mark.
CREATE TABLE muster_mark (
    id          uuid        PRIMARY KEY,
    response_id uuid        NOT NULL REFERENCES response (id),
    person_id   uuid, -- empty: visitors, by number
    state       text        NOT NULL CHECK (state IN ('safe', 'missing', 'elsewhere')),
    people      int         NOT NULL DEFAULT 1 CHECK (people BETWEEN 0 AND 10000),
    evidence    text        NOT NULL CHECK (evidence IN ('roll_call', 'muster_scan', 'gate_burst', 'call_back', 'photo', 'on_spot')),
    at          timestamptz NOT NULL, -- when it was seen, as far as the sender's clock can be believed
    said_at     timestamptz NOT NULL, -- when it was seen, as the sender's clock has it
    recorded_at timestamptz NOT NULL,
    user_id     uuid,
    actor       text        NOT NULL,
    words       text        NOT NULL DEFAULT '' CHECK (length(words) <= 500),
    FOREIGN KEY (response_id, person_id) REFERENCES muster_person (response_id, person_id),
    CHECK (person_id IS NULL OR people = 1)
);
CREATE INDEX muster_mark_response ON muster_mark (response_id, person_id);
CREATE TRIGGER append_only BEFORE UPDATE OR DELETE ON muster_mark FOR EACH ROW EXECUTE FUNCTION refuse_change();
REVOKE UPDATE, DELETE ON muster_mark FROM muster_app;

-- +goose Down
DROP TABLE muster_mark, muster_person;
