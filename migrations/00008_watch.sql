-- +goose Up
-- The watchdog for silence.

-- 静默时限: a feed with a steady flow that says nothing for so long is found out;
-- null: its silence means nothing (most bureaus say nothing in fine weather).
ALTER TABLE feed_source
    ADD silent_after interval CHECK (silent_after > interval '0'),
    ADD heard_at     timestamptz;

-- The same bytes again are no new row, but the feed did speak: a BEFORE trigger
-- runs also for a row that ON CONFLICT then drops.
-- +goose StatementBegin
CREATE FUNCTION hear_feed() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    UPDATE feed_source SET heard_at = NEW.received_at WHERE name = NEW.source AND (heard_at IS NULL OR heard_at < NEW.received_at);
    RETURN NEW;
END $$;
-- +goose StatementEnd
CREATE TRIGGER hear_feed BEFORE INSERT ON raw_message FOR EACH ROW EXECUTE FUNCTION hear_feed();

-- telling_until is the lease of the replica that is telling; told anew while it
-- lasts, and once more when it is over.
ALTER TABLE alarm
    ADD telling_until timestamptz,
    ADD over_told_at  timestamptz,
    ADD CONSTRAINT over_after_end CHECK (over_told_at IS NULL OR closed_at IS NOT NULL);
CREATE INDEX alarm_over ON alarm (closed_at) WHERE told_at IS NOT NULL AND over_told_at IS NULL;
REVOKE DELETE ON alarm FROM muster_app;

-- How each account did in the last minutes is read from here without the heap.
CREATE INDEX notice_attempt_at ON notice_attempt (at) INCLUDE (notice_id, outcome);

-- +goose Down
DROP INDEX notice_attempt_at, alarm_over;
ALTER TABLE alarm DROP telling_until, DROP over_told_at;
DROP TRIGGER hear_feed ON raw_message;
DROP FUNCTION hear_feed;
ALTER TABLE feed_source DROP silent_after, DROP heard_at;
