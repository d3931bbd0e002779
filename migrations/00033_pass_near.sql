-- +goose Up
-- A pass is of the month before its receipt (internal/roster.Judge, with a day to
-- spare). So what was received at an instant lies in the partitions of a month,
-- however many years there are.
ALTER TABLE pass ADD CONSTRAINT pass_near CHECK (received_at - device_time BETWEEN interval '-1 day' AND interval '31 days');

-- +goose Down
ALTER TABLE pass DROP CONSTRAINT pass_near;
