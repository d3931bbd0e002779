-- +goose Up
-- Where vessels (施工船舶) were. The site's own place is that of the latest; each
-- earlier one of the site is in its history as well.
CREATE TABLE site_position (
    id          uuid PRIMARY KEY,
    site_id     uuid NOT NULL REFERENCES site (id),
    at          timestamptz NOT NULL, -- when it was there
    geom        geometry(Point, 4326) NOT NULL,
    datum       text NOT NULL CHECK (datum IN ('wgs84', 'cgcs2000', 'gcj02', 'bd09')), -- as received
    accuracy_m  int NOT NULL CHECK (accuracy_m BETWEEN 0 AND 1000),
    user_id     uuid,
    actor       text NOT NULL,
    recorded_at timestamptz NOT NULL,
    UNIQUE (site_id, at)
);
CREATE TRIGGER append_only BEFORE UPDATE OR DELETE ON site_position FOR EACH ROW EXECUTE FUNCTION refuse_change();
REVOKE UPDATE, DELETE ON site_position FROM muster_app;

-- +goose Down
DROP TABLE site_position;
