-- +goose Up
-- The ledger changes every notice twice on its way to a carrier; what each change
-- costs is what a night can take.

-- The legal steps stay rows of transition. The triggers carry them along: a
-- step is looked at in a fraction of the time that asking the table takes.
-- +goose StatementBegin
CREATE OR REPLACE FUNCTION legal_step() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION '%: no step from % to %', TG_ARGV[0], OLD.state, NEW.state USING ERRCODE = '23514', CONSTRAINT = 'legal_step';
END $$;

CREATE FUNCTION carry_steps() RETURNS void LANGUAGE plpgsql AS $$
DECLARE m text; steps text[];
BEGIN
    FOREACH m IN ARRAY ARRAY['response', 'duty', 'notice'] LOOP
        SELECT array_agg(DISTINCT from_state || ' ' || to_state) INTO steps FROM transition WHERE machine = m;
        EXECUTE format('CREATE OR REPLACE TRIGGER legal_step BEFORE UPDATE OF state ON %I FOR EACH ROW
            WHEN (OLD.state IS DISTINCT FROM NEW.state AND (OLD.state || '' '' || NEW.state) <> ALL (%L::text[]))
            EXECUTE FUNCTION legal_step(%L)', m, steps, m);
    END LOOP;
END $$;
-- +goose StatementEnd
REVOKE ALL ON FUNCTION carry_steps FROM PUBLIC;
SELECT carry_steps();

-- Who has a thread is found by it; what has none by its receiver.
DROP INDEX notice_waiting;
CREATE INDEX notice_waiting ON notice (party_id) WHERE state IN ('queued', 'failed_now') AND summons_id IS NULL;

-- +goose Down
DROP INDEX notice_waiting;
CREATE INDEX notice_waiting ON notice (party_id) WHERE state IN ('queued', 'failed_now');
DROP FUNCTION carry_steps;
-- +goose StatementBegin
CREATE OR REPLACE FUNCTION legal_step() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NOT EXISTS (SELECT FROM transition t WHERE t.machine = TG_ARGV[0] AND t.from_state = OLD.state AND t.to_state = NEW.state) THEN
        RAISE EXCEPTION '%: no step from % to %', TG_ARGV[0], OLD.state, NEW.state USING ERRCODE = '23514', CONSTRAINT = 'legal_step';
    END IF;
    RETURN NEW;
END $$;
-- +goose StatementEnd
