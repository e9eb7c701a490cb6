/**
 * A scale-out may wait for its time, be asked about, and end in more than one way. What was only described and not
 * done has a receipt, too.
 */
export const capacityEnds = `
ALTER TABLE capacity_holds ADD COLUMN asked_ms bigint;

CREATE TABLE capacity_ends (
  proposal_id text PRIMARY KEY REFERENCES proposals,
  kind        text NOT NULL CHECK (kind IN ('restored', 'kept', 'called-off')),
  by_id       text,
  by_name     text,
  at_ms       bigint NOT NULL,
  CHECK ((by_id IS NULL) = (by_name IS NULL))
);

ALTER TABLE proposals ADD COLUMN notes json;

ALTER TABLE receipts
  DROP CONSTRAINT receipts_outcome_check,
  ADD CONSTRAINT receipts_outcome_check CHECK (outcome IN ('applied', 'failed', 'undone', 'dry-run'));

CREATE FUNCTION audit_capacity_end() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  PERFORM append_audit('capacity-' || NEW.kind, NEW.at_ms, NEW.by_id, NEW.by_name, NEW.proposal_id,
    (SELECT incident_id FROM proposals WHERE id = NEW.proposal_id), json_build_object());
  RETURN NULL;
END $$;
CREATE TRIGGER audit_capacity_end AFTER INSERT ON capacity_ends FOR EACH ROW EXECUTE FUNCTION audit_capacity_end();
`;
