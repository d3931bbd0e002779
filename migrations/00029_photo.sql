-- +goose Up
-- What was photographed to prove what was reported (现场照片, E4). The bytes are in the
-- object store under object_key; origin is the SHA-256 of the picture before the
-- phone made it smaller, as the phone said, so that one that is shown again is found
-- out. What speaks against it was decided when it came (response.PhotoFacts) and
-- stays; where the phone was is kept as its distance from the site only.
CREATE TABLE photo (
    id           uuid PRIMARY KEY, -- of the request that brought it: sent again it is the same
    response_id  uuid NOT NULL REFERENCES response (id),
    content_type text NOT NULL CHECK (content_type IN ('image/jpeg', 'image/png')),
    size         bigint NOT NULL,
    sha256       bytea NOT NULL,
    origin       bytea CHECK (octet_length(origin) = 32),
    object_key   text NOT NULL UNIQUE,
    taken_at     timestamptz NOT NULL,
    distance_m   int,              -- null: the phone did not say where it was
    accuracy_m   int,
    faults       text[] NOT NULL,
    taken_by     uuid NOT NULL REFERENCES app_user (id),
    recorded_at  timestamptz NOT NULL
);
CREATE INDEX photo_response ON photo (response_id);
CREATE INDEX photo_sha256 ON photo (sha256);
CREATE INDEX photo_origin ON photo (origin);
REVOKE UPDATE, DELETE ON photo FROM muster_app;

-- How far a phone is from a site, in metres (WGS 84): of where it may be (longitudes,
-- latitudes) the nearest counts; null when it does not say. A vessel is where it was
-- at that time.
-- +goose StatementBegin
CREATE FUNCTION site_distance_m(site_id uuid, at timestamptz, lon float8[], lat float8[]) RETURNS float8 LANGUAGE sql STABLE AS $$
    SELECT min(ST_Distance(g.geom::geography, ST_SetSRID(ST_MakePoint(u.x, u.y), 4326)::geography))
    FROM   unnest($3, $4) u(x, y)
    CROSS  JOIN (SELECT coalesce((SELECT v.geom FROM site_position v WHERE v.site_id = $1 AND v.at <= $2 ORDER BY v.at DESC LIMIT 1),
                                 (SELECT s.geom FROM site s WHERE s.id = $1)) AS geom) g
$$;
-- +goose StatementEnd

-- +goose Down
DROP FUNCTION site_distance_m;
DROP TABLE photo;
