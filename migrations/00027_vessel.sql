-- +goose Up
-- The watchdog asks every ten seconds which vessels (施工船舶) lie where.
CREATE INDEX site_vessel ON site (id) WHERE kind = 'vessel' AND closed_at IS NULL;
-- A phone that does not say which datum it gives is taken at its word (unknown).
ALTER TABLE site_position DROP CONSTRAINT site_position_datum_check,
    ADD CHECK (datum IN ('wgs84', 'cgcs2000', 'gcj02', 'bd09', 'unknown'));

-- +goose Down
ALTER TABLE site_position DROP CONSTRAINT site_position_datum_check,
    ADD CHECK (datum IN ('wgs84', 'cgcs2000', 'gcj02', 'bd09'));
DROP INDEX site_vessel;
