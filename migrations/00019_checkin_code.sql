-- +goose Up
-- How it is known whose phone it is: what somebody said of himself, or a code that
-- was sent to his registered number.
ALTER TABLE checkin_binding ADD COLUMN proof text NOT NULL DEFAULT 'name' CHECK (proof IN ('name', 'code')),
    DROP CONSTRAINT checkin_binding_pkey, ADD PRIMARY KEY (phone_id, bound_at, proof);

-- +goose Down
ALTER TABLE checkin_binding DROP CONSTRAINT checkin_binding_pkey, DROP COLUMN proof, ADD PRIMARY KEY (phone_id, bound_at);
