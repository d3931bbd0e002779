-- +goose Up
-- The id of a notice is made from what it says: warning, revision, response, kind,
-- occasion, receiver, rung, round, channel (postgres.noticeRow.identify). The primary
-- key therefore is what writes it once, and an index over nine columns, renewed at
-- each step of a notice, is not needed. Made again, a notice is the same one to the
-- carrier as well, to whom the id is the idempotency key.
ALTER TABLE notice DROP CONSTRAINT notice_one;

-- +goose Down
ALTER TABLE notice ADD CONSTRAINT notice_one UNIQUE NULLS NOT DISTINCT (warning_id, revision, response_id, kind, occasion, party_id, rung, round, channel);
