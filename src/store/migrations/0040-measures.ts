/**
 * What a row of blocks does to its address: until now all of them blocked. What the audit log says of a block stays as
 * it was, to the byte; of others it names the measure.
 */
export const measures = `
ALTER TABLE blocks
  ADD COLUMN measure text NOT NULL DEFAULT 'block' CHECK (measure IN ('block', 'rate-limit', 'challenge'));

CREATE FUNCTION guard_measure() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION 'the measure of a block cannot be altered' USING ERRCODE = 'check_violation';
END $$;
CREATE TRIGGER guard_measure BEFORE UPDATE ON blocks FOR EACH ROW
  WHEN (OLD.measure IS DISTINCT FROM NEW.measure) EXECUTE FUNCTION guard_measure();

-- A program from before this writes none, and would block who was to be limited: its rows are refused, and rows come first.
CREATE FUNCTION guard_new_measures() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF EXISTS (
    SELECT FROM after JOIN proposals ON proposals.id = after.proposal_id
    WHERE after.measure <> coalesce(proposals.change->>'measure', 'block')
  ) THEN
    RAISE EXCEPTION 'the measure of a block is that of its proposal' USING ERRCODE = 'check_violation';
  END IF;
  RETURN NULL;
END $$;
CREATE TRIGGER guard_new_measures AFTER INSERT ON blocks REFERENCING NEW TABLE AS after
  FOR EACH STATEMENT EXECUTE FUNCTION guard_new_measures();

CREATE FUNCTION with_measure(measure text, details json) RETURNS json LANGUAGE sql IMMUTABLE AS $$
  SELECT CASE measure WHEN 'block' THEN details
    ELSE (details::jsonb || jsonb_build_object('measure', measure))::json END
$$;

CREATE OR REPLACE FUNCTION audit_new_blocks() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
  one record;
BEGIN
  FOR one IN
    SELECT proposal_id, service, measure, max(incident_id) AS incident_id, blocked_by_id, max(blocked_by_name) AS blocked_by_name,
      min(created_ms) AS at_ms, max(expires_ms) AS expires_ms, json_agg(address ORDER BY address) AS addresses
    FROM after GROUP BY proposal_id, service, measure, blocked_by_id ORDER BY proposal_id
  LOOP
    PERFORM append_audit('block', one.at_ms, one.blocked_by_id, one.blocked_by_name, one.proposal_id, one.incident_id,
      with_measure(one.measure, json_build_object('service', one.service, 'addresses', one.addresses,
      'expiresMs', one.expires_ms)));
  END LOOP;
  RETURN NULL;
END $$;

CREATE OR REPLACE FUNCTION audit_blocks() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
  one record;
BEGIN
  FOR one IN
    SELECT after.proposal_id, after.service, after.measure, after.state, max(after.incident_id) AS incident_id, after.ended_by_id,
      max(after.ended_by_name) AS ended_by_name, max(after.ended_ms) AS at_ms,
      json_agg(after.address ORDER BY after.address) AS addresses
    FROM after JOIN before USING (id) WHERE after.state <> before.state
    GROUP BY after.proposal_id, after.service, after.measure, after.state, after.ended_by_id ORDER BY after.proposal_id
  LOOP
    PERFORM append_audit(CASE one.state WHEN 'active' THEN 'block-active' ELSE 'block-end' END,
      coalesce(one.at_ms, now_ms()), one.ended_by_id, one.ended_by_name, one.proposal_id, one.incident_id,
      with_measure(one.measure, json_build_object('service', one.service, 'addresses', one.addresses,
      'state', one.state)));
  END LOOP;
  FOR one IN
    SELECT after.proposal_id, after.service, after.measure, max(after.incident_id) AS incident_id, after.extended_by_id,
      max(after.extended_by_name) AS extended_by_name, before.expires_ms AS from_ms, after.expires_ms AS to_ms,
      json_agg(after.address ORDER BY after.address) AS addresses
    FROM after JOIN before USING (id) WHERE after.expires_ms <> before.expires_ms
    GROUP BY after.proposal_id, after.service, after.measure, after.extended_by_id, before.expires_ms, after.expires_ms
    ORDER BY after.proposal_id
  LOOP
    PERFORM append_audit('extension', now_ms(), one.extended_by_id, one.extended_by_name, one.proposal_id,
      one.incident_id, with_measure(one.measure, json_build_object('service', one.service,
      'addresses', one.addresses, 'fromMs', one.from_ms, 'toMs', one.to_ms)));
  END LOOP;
  RETURN NULL;
END $$;
`;
