-- +goose Up
-- Places that a bulletin names and that could not be found, with what a person said
-- about each before the draft was published: drawn since, or not meant.
CREATE TABLE unread_name (
    warning_id  uuid NOT NULL REFERENCES warning (id),
    seq         int  NOT NULL,
    name        text NOT NULL CHECK (name <> ''),
    answer      text NOT NULL DEFAULT '' CHECK (answer IN ('', 'drawn', 'not_meant')),
    reason      text NOT NULL DEFAULT '',
    answered_by uuid REFERENCES app_user (id),
    answered_at timestamptz,
    PRIMARY KEY (warning_id, name),
    CHECK (answer <> 'not_meant' OR reason <> ''),
    CHECK ((answer = '') = (answered_at IS NULL) AND (answer = '') = (answered_by IS NULL))
);
REVOKE DELETE ON unread_name FROM muster_app;
-- When a person last changed the area of a draft.
ALTER TABLE warning ADD redrawn_at timestamptz;

-- +goose Down
ALTER TABLE warning DROP redrawn_at;
DROP TABLE unread_name;
