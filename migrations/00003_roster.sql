-- +goose Up
-- WHO: authorities, companies, projects, sections, sites, people and what ties
-- people to them.

CREATE TABLE authority (
    id     uuid PRIMARY KEY,
    name   text NOT NULL UNIQUE,
    kind   text NOT NULL CHECK (kind IN ('transport', 'quality', 'department')),
    sector text NOT NULL CHECK (sector IN ('road', 'waterway', 'both')),
    level  text NOT NULL CHECK (level IN ('province', 'city', 'county')),
    region text NOT NULL REFERENCES region (code)
);
-- Territory: half-open ranges of region codes, code >= lo AND code < hi.
CREATE TABLE authority_territory (
    authority_id uuid NOT NULL REFERENCES authority (id),
    lo           text NOT NULL CHECK (length(lo) = 12),
    hi           text NOT NULL CHECK (length(hi) = 12),
    CHECK (lo COLLATE "C" < hi COLLATE "C"),
    PRIMARY KEY (authority_id, lo)
);

CREATE TABLE company (
    id        uuid PRIMARY KEY,
    name      text NOT NULL UNIQUE,
    uscc      text UNIQUE CHECK (uscc ~ '^[0-9A-HJ-NPQRTUWXY]{18}$'),
    kind      text NOT NULL CHECK (kind IN ('owner', 'contractor', 'supervisor', 'laboratory', 'parent')),
    parent_id uuid REFERENCES company (id)
);

CREATE TABLE project (
    id          uuid PRIMARY KEY,
    code        text NOT NULL UNIQUE,
    name        text NOT NULL,
    sector      text NOT NULL CHECK (sector IN ('road', 'waterway')),
    owner_id    uuid NOT NULL REFERENCES company (id),
    region      text NOT NULL REFERENCES region (code),
    status      text NOT NULL CHECK (status IN ('planned', 'building', 'stopped', 'winter', 'handed_over', 'finished')),
    version     int  NOT NULL DEFAULT 1,
    valid_from  timestamptz NOT NULL,
    recorded_at timestamptz NOT NULL
);

-- 监管关系: an authority supervises a project from–until, wherever it lies.
CREATE TABLE supervision (
    authority_id uuid NOT NULL REFERENCES authority (id),
    project_id   uuid NOT NULL REFERENCES project (id),
    from_at      timestamptz NOT NULL,
    until_at     timestamptz CHECK (until_at > from_at),
    PRIMARY KEY (authority_id, project_id, from_at)
);

CREATE TABLE section (
    id            uuid PRIMARY KEY,
    project_id    uuid NOT NULL REFERENCES project (id),
    code          text NOT NULL,
    name          text NOT NULL,
    kind          text NOT NULL CHECK (kind IN ('construction', 'supervision', 'testing')),
    company_id    uuid NOT NULL REFERENCES company (id),
    supervised_by uuid REFERENCES section (id),
    status        text NOT NULL CHECK (status IN ('planned', 'building', 'stopped', 'winter', 'handed_over', 'finished')),
    version       int  NOT NULL DEFAULT 1,
    valid_from    timestamptz NOT NULL,
    recorded_at   timestamptz NOT NULL,
    UNIQUE (project_id, code),
    UNIQUE (id, project_id)
);

-- 驻地/工点. The range check refuses every swap of axes in China; the datum is
-- what the position was received in, the position itself is WGS 84.
CREATE TABLE site (
    id                uuid PRIMARY KEY,
    project_id        uuid NOT NULL,
    section_id        uuid NOT NULL,
    code              text NOT NULL,
    name              text NOT NULL,
    kind              text NOT NULL CHECK (kind IN ('residence_own', 'residence_rent', 'residence_shared',
                          'tunnel', 'bridge', 'slope', 'pit', 'subgrade', 'river_work', 'vessel', 'plant',
                          'yard', 'spoil', 'magazine', 'other')),
    sleeps            boolean NOT NULL,
    at_risk           boolean NOT NULL DEFAULT false,
    risk_reason       text NOT NULL DEFAULT '',
    low_danger_until  date,
    region            text NOT NULL REFERENCES region (code),
    datum             text NOT NULL CHECK (datum IN ('wgs84', 'cgcs2000', 'gcj02', 'bd09')),
    geom              geometry(Geometry, 4326) NOT NULL,
    h3_5              bigint NOT NULL, -- of the first vertex, each from its own lookup
    h3_7              bigint NOT NULL,
    h3_9              bigint NOT NULL,
    signal            text NOT NULL DEFAULT 'good' CHECK (signal IN ('none', 'weak', 'good')),
    muster_point      text NOT NULL DEFAULT '',
    closes_gate       boolean NOT NULL DEFAULT false, -- 禁入时闸机不放行: the site has chosen so
    beds              int  NOT NULL DEFAULT 0 CHECK (beds >= 0),
    closed_at         timestamptz,
    version           int  NOT NULL DEFAULT 1,
    valid_from        timestamptz NOT NULL,
    recorded_at       timestamptz NOT NULL,
    FOREIGN KEY (section_id, project_id) REFERENCES section (id, project_id),
    UNIQUE (section_id, code),
    CONSTRAINT site_shape CHECK (GeometryType(geom) IN ('POINT', 'LINESTRING', 'POLYGON')),
    CONSTRAINT site_in_china CHECK (ST_XMin(geom) >= 73 AND ST_XMax(geom) <= 136 AND ST_YMin(geom) >= 3 AND ST_YMax(geom) <= 54),
    CONSTRAINT site_risk_said CHECK (NOT at_risk OR risk_reason <> '')
);
CREATE INDEX site_geom ON site USING gist (geom);
-- Answers "which open sites have their key in this range" without the heap.
CREATE INDEX site_h3_7 ON site (h3_7) INCLUDE (id) WHERE closed_at IS NULL;
CREATE INDEX site_region ON site (region COLLATE "C");
CREATE INDEX site_project ON site (project_id);
-- The other cells that a line or polygon overlaps, beside home, its site.h3_7: a
-- copy, so that the matcher can tell from here who was found by home already.
CREATE TABLE site_cell (
    h3_7    bigint NOT NULL,
    site_id uuid   NOT NULL REFERENCES site (id) ON DELETE CASCADE,
    home    bigint NOT NULL,
    PRIMARY KEY (h3_7, site_id) INCLUDE (home)
);
CREATE INDEX site_cell_site ON site_cell (site_id);

-- Phone and ID number are sealed; the keyed hash finds the same number again.
CREATE TABLE person (
    id           uuid PRIMARY KEY,
    name         text NOT NULL CHECK (length(name) BETWEEN 1 AND 50),
    language     text NOT NULL DEFAULT 'zh',
    phone_sealed text,
    phone_hash   text,
    id_sealed    text,
    id_hash      text UNIQUE,
    recorded_at  timestamptz NOT NULL,
    CHECK ((phone_sealed IS NULL) = (phone_hash IS NULL)),
    CHECK ((id_sealed IS NULL) = (id_hash IS NULL))
);
CREATE INDEX person_phone ON person (phone_hash);

-- 岗位: ties a person to a unit in a role, from–until.
CREATE TABLE post (
    id          uuid PRIMARY KEY,
    person_id   uuid NOT NULL REFERENCES person (id),
    unit_kind   text NOT NULL CHECK (unit_kind IN ('authority', 'company', 'project', 'section', 'site')),
    unit_id     uuid NOT NULL,
    role        text NOT NULL,
    seat        text NOT NULL DEFAULT 'A' CHECK (seat IN ('A', 'B')),
    valid_from  timestamptz NOT NULL,
    valid_until timestamptz CHECK (valid_until > valid_from),
    version     int NOT NULL DEFAULT 1,
    recorded_at timestamptz NOT NULL
);
-- Covering: who answers for a thousand sites is found without the heap.
CREATE INDEX post_unit ON post (unit_id, unit_kind, role) INCLUDE (person_id, seat, valid_from, valid_until);
CREATE INDEX post_person ON post (person_id);

-- 住宿登记: ties a person to a residence.
CREATE TABLE bed (
    id          uuid PRIMARY KEY,
    person_id   uuid NOT NULL REFERENCES person (id),
    site_id     uuid NOT NULL REFERENCES site (id),
    valid_from  timestamptz NOT NULL,
    valid_until timestamptz CHECK (valid_until > valid_from),
    version     int NOT NULL DEFAULT 1,
    recorded_at timestamptz NOT NULL
);
-- Covering: who is expected at many sites is counted from the index alone.
CREATE INDEX bed_site ON bed (site_id, valid_from, valid_until) INCLUDE (person_id);
CREATE INDEX bed_person ON bed (person_id);

-- 班次: a person works at a site from–until.
CREATE TABLE shift (
    id          uuid PRIMARY KEY,
    person_id   uuid NOT NULL REFERENCES person (id),
    site_id     uuid NOT NULL REFERENCES site (id),
    valid_from  timestamptz NOT NULL,
    valid_until timestamptz NOT NULL CHECK (valid_until > valid_from),
    version     int NOT NULL DEFAULT 1,
    recorded_at timestamptz NOT NULL
);
CREATE INDEX shift_site ON shift (site_id, valid_until, valid_from) INCLUDE (person_id);
CREATE INDEX shift_person ON shift (person_id);

-- 值班表: who is on duty in a unit.
CREATE TABLE duty_roster (
    id          uuid PRIMARY KEY,
    unit_kind   text NOT NULL CHECK (unit_kind IN ('authority', 'company', 'project', 'section', 'site')),
    unit_id     uuid NOT NULL,
    role        text NOT NULL CHECK (role IN ('duty_officer', 'duty_leader')),
    person_id   uuid NOT NULL REFERENCES person (id),
    valid_from  timestamptz NOT NULL,
    valid_until timestamptz NOT NULL CHECK (valid_until > valid_from),
    version     int NOT NULL DEFAULT 1,
    recorded_at timestamptz NOT NULL
);
CREATE INDEX duty_roster_unit ON duty_roster (unit_kind, unit_id, valid_from);

-- Every noun can carry the ids that other systems know it by.
CREATE TABLE external_id (
    noun    text NOT NULL,
    system  text NOT NULL,
    code    text NOT NULL,
    noun_id uuid NOT NULL,
    PRIMARY KEY (noun, system, code)
);
CREATE INDEX external_id_noun ON external_id (noun, noun_id);

-- Panoramas, assessments and the like: the bytes are in the object store under
-- object_key, their SHA-256 stays here so that a changed file is found out.
CREATE TABLE document (
    id           uuid PRIMARY KEY,
    site_id      uuid NOT NULL REFERENCES site (id),
    kind         text NOT NULL CHECK (kind IN ('panorama', 'assessment', 'plan', 'route', 'notice', 'stop_order',
                     'inspection', 'certificate', 'circular', 'other')),
    file_name    text NOT NULL,
    content_type text NOT NULL,
    size         bigint NOT NULL,
    sha256       bytea NOT NULL,
    object_key   text NOT NULL UNIQUE,
    state        text NOT NULL DEFAULT 'submitted' CHECK (state IN ('submitted', 'checked', 'filed', 'refused')),
    uploaded_by  uuid,
    uploaded_at  timestamptz NOT NULL
);
CREATE INDEX document_site ON document (site_id, kind);

-- +goose StatementBegin
DO $$
DECLARE t text;
BEGIN
    FOREACH t IN ARRAY ARRAY['project', 'section', 'site', 'post', 'bed', 'shift', 'duty_roster'] LOOP
        EXECUTE format('CREATE TRIGGER next_version BEFORE UPDATE ON %I FOR EACH ROW EXECUTE FUNCTION next_version()', t);
        EXECUTE format('CREATE TRIGGER keep_version AFTER INSERT OR UPDATE ON %I FOR EACH ROW EXECUTE FUNCTION keep_version()', t);
        EXECUTE format('REVOKE DELETE ON %I FROM muster_app', t);
    END LOOP;
END $$;
-- +goose StatementEnd

-- +goose Down
DROP TABLE document, external_id, duty_roster, shift, bed, post, person, site_cell, site, section, supervision,
    project, company, authority_territory, authority;
