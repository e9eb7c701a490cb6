/**
 * Approvals are rows by person, two of them where a change is a risk. That it has them is seen to here as well: nothing
 * becomes approved without, whatever asks for it.
 */
export const approvalsByPerson = `
ALTER TABLE approvals
  ADD COLUMN seq bigint GENERATED ALWAYS AS IDENTITY,
  ADD COLUMN reason text,
  DROP CONSTRAINT approvals_pkey,
  DROP CONSTRAINT approvals_decision_check,
  ADD PRIMARY KEY (proposal_id, person_id, decision),
  ADD CONSTRAINT approvals_decision_check CHECK (decision IN ('approved', 'broke-glass', 'refused', 'withdrawn')),
  ADD CHECK ((decision = 'broke-glass') = (reason IS NOT NULL));

ALTER TABLE proposals
  ADD COLUMN approvers_needed integer NOT NULL DEFAULT 1 CHECK (approvers_needed IN (1, 2)),
  ADD COLUMN is_against_guards boolean NOT NULL DEFAULT false,
  ADD CHECK (approvers_needed = 2 OR NOT is_against_guards);

ALTER TABLE blocks
  ADD COLUMN extended_by_id text,
  ADD COLUMN extended_by_name text,
  ADD CHECK ((extended_by_id IS NULL) = (extended_by_name IS NULL));

CREATE FUNCTION guard_approval() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION 'approvals are append-only' USING ERRCODE = 'check_violation';
END $$;
CREATE TRIGGER guard_approval BEFORE UPDATE OR DELETE ON approvals FOR EACH ROW EXECUTE FUNCTION guard_approval();

CREATE FUNCTION guard_offer() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF (NEW.expires_ms, NEW.created_ms, NEW.requested_by_id, NEW.approvers_needed, NEW.is_against_guards)
    <> (OLD.expires_ms, OLD.created_ms, OLD.requested_by_id, OLD.approvers_needed, OLD.is_against_guards)
    OR NEW.predicted::text IS DISTINCT FROM OLD.predicted::text
  THEN
    RAISE EXCEPTION 'what was offered cannot be altered' USING ERRCODE = 'check_violation';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER guard_offer BEFORE UPDATE ON proposals FOR EACH ROW EXECUTE FUNCTION guard_offer();

CREATE FUNCTION has_enough_approvers(proposal proposals) RETURNS boolean LANGUAGE sql STABLE AS $$
  SELECT CASE
    WHEN (proposal).is_against_guards
      THEN count(DISTINCT person_id) FILTER (WHERE decision = 'broke-glass') >= (proposal).approvers_needed
    ELSE count(*) FILTER (WHERE decision = 'broke-glass') > 0
      OR count(DISTINCT person_id) >= (proposal).approvers_needed
    END
  FROM approvals
  WHERE proposal_id = (proposal).id AND decision IN ('approved', 'broke-glass')
$$;

CREATE FUNCTION guard_approvers() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF NOT has_enough_approvers(NEW) THEN
    RAISE EXCEPTION 'a proposal needs % approvers', NEW.approvers_needed USING ERRCODE = 'check_violation';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER guard_approvers BEFORE UPDATE ON proposals FOR EACH ROW
  WHEN (OLD.state = 'pending' AND NEW.state = 'approved') EXECUTE FUNCTION guard_approvers();
`;
