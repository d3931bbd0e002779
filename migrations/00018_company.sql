-- +goose Up
-- Two people who edit the same company: the second is told.
ALTER TABLE company ADD version int NOT NULL DEFAULT 1;
CREATE TRIGGER next_version BEFORE UPDATE ON company FOR EACH ROW EXECUTE FUNCTION next_version();

-- +goose Down
DROP TRIGGER next_version ON company;
ALTER TABLE company DROP version;
