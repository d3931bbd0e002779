-- +goose Up
-- The authority may refuse an application (不同意接入) and says why; the project reads
-- it and may apply again.
ALTER TABLE gate
    ADD refused_at     timestamptz,
    ADD refused_by     text NOT NULL DEFAULT '',
    ADD refused_reason text NOT NULL DEFAULT '',
    ADD CONSTRAINT refused_with_reason CHECK ((refused_at IS NULL) = (refused_reason = '')),
    ADD CONSTRAINT refused_or_approved CHECK (refused_at IS NULL OR approved_at IS NULL);

-- +goose Down
ALTER TABLE gate DROP refused_at, DROP refused_by, DROP refused_reason;
