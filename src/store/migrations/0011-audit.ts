/**
 * The audit log writes itself: triggers append what happened to a row in the very transaction in which it happened,
 * also past the program. Each entry holds the SHA-256 of the one before, a line feed and its own content, so that none
 * can be altered, taken out or put in between unseen. One writer at a time, by an advisory lock that is taken last.
 *
 * What happens to many blocks at once is one entry, so that thousands of addresses cost no more than one.
 */
export const audit = `
CREATE TABLE audit (
  seq           bigint PRIMARY KEY,
  at_ms         bigint NOT NULL,
  kind          text NOT NULL,
  content       text NOT NULL,
  previous_hash text NOT NULL,
  hash          text NOT NULL
);
CREATE INDEX audit_by_time ON audit (at_ms);
CREATE INDEX audit_by_kind ON audit (kind, seq);

CREATE FUNCTION guard_audit() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION 'the audit log is append-only' USING ERRCODE = 'check_violation';
END $$;
CREATE TRIGGER guard_audit BEFORE UPDATE OR DELETE ON audit FOR EACH ROW EXECUTE FUNCTION guard_audit();
CREATE TRIGGER guard_audit_whole BEFORE TRUNCATE ON audit FOR EACH STATEMENT EXECUTE FUNCTION guard_audit();

CREATE FUNCTION append_audit(
  kind text, at_ms bigint, actor_id text, actor_name text, proposal_id text, incident_id text, details json
) RETURNS void LANGUAGE plpgsql AS $$
DECLARE
  next bigint;
  before text;
  entry text;
BEGIN
  PERFORM pg_advisory_xact_lock(7207446);
  SELECT audit.seq + 1, audit.hash INTO next, before FROM audit ORDER BY audit.seq DESC LIMIT 1;
  next := coalesce(next, 1);
  before := coalesce(before, repeat('0', 64));
  entry := json_build_object(
    'seq', next, 'atMs', at_ms, 'kind', kind, 'actorId', coalesce(actor_id, 'spillway'),
    'actorName', coalesce(actor_name, 'Spillway'), 'proposalId', proposal_id, 'incidentId', incident_id,
    'details', details
  )::text;
  INSERT INTO audit VALUES (
    next, at_ms, kind, entry, before, encode(sha256(convert_to(before || E'\\n' || entry, 'UTF8')), 'hex')
  );
END $$;

CREATE FUNCTION audit_proposal() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_OP = 'INSERT' THEN
    PERFORM append_audit('proposal', NEW.created_ms, NEW.requested_by_id, NEW.requested_by_name, NEW.id,
      NEW.incident_id, json_build_object('channelId', NEW.channel_id, 'change', NEW.change, 'digest', NEW.digest,
      'predicted', NEW.predicted, 'approversNeeded', NEW.approvers_needed, 'expiresMs', NEW.expires_ms));
  ELSE
    PERFORM append_audit('state', NEW.state_since_ms,
      CASE WHEN OLD.state = 'pending' THEN NEW.decided_by_id END,
      CASE WHEN OLD.state = 'pending' THEN NEW.decided_by_name END,
      NEW.id, NEW.incident_id, json_build_object('from', OLD.state, 'to', NEW.state));
  END IF;
  RETURN NULL;
END $$;
CREATE TRIGGER audit_offer AFTER INSERT ON proposals FOR EACH ROW EXECUTE FUNCTION audit_proposal();
CREATE TRIGGER audit_state AFTER UPDATE ON proposals FOR EACH ROW
  WHEN (OLD.state IS DISTINCT FROM NEW.state) EXECUTE FUNCTION audit_proposal();

CREATE FUNCTION audit_approval() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  PERFORM append_audit(
    CASE NEW.decision WHEN 'approved' THEN 'approval' WHEN 'broke-glass' THEN 'break-glass'
      WHEN 'refused' THEN 'refusal' ELSE 'withdrawal' END,
    NEW.decided_ms, NEW.person_id, NEW.person_name, NEW.proposal_id,
    (SELECT incident_id FROM proposals WHERE id = NEW.proposal_id),
    json_build_object('digest', NEW.digest, 'reason', NEW.reason));
  RETURN NULL;
END $$;
CREATE TRIGGER audit_approval AFTER INSERT ON approvals FOR EACH ROW EXECUTE FUNCTION audit_approval();

CREATE FUNCTION audit_receipt() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
  incident text := (SELECT incident_id FROM proposals WHERE id = NEW.proposal_id);
BEGIN
  IF TG_OP = 'INSERT' THEN
    PERFORM append_audit('receipt', NEW.applied_ms, NULL, NULL, NEW.proposal_id, incident,
      json_build_object('outcome', NEW.outcome, 'calls', NEW.calls));
  ELSE
    PERFORM append_audit('check', (NEW.seen->>'checkedMs')::bigint, NULL, NULL, NEW.proposal_id, incident, NEW.seen);
  END IF;
  RETURN NULL;
END $$;
CREATE TRIGGER audit_receipt AFTER INSERT ON receipts FOR EACH ROW EXECUTE FUNCTION audit_receipt();
CREATE TRIGGER audit_check AFTER UPDATE ON receipts FOR EACH ROW
  WHEN (NEW.seen IS NOT NULL AND OLD.seen::text IS DISTINCT FROM NEW.seen::text) EXECUTE FUNCTION audit_receipt();

CREATE FUNCTION now_ms() RETURNS bigint LANGUAGE sql AS $$
  SELECT floor(extract(epoch FROM clock_timestamp()) * 1000)::bigint
$$;

CREATE FUNCTION audit_new_blocks() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
  one record;
BEGIN
  FOR one IN
    SELECT proposal_id, service, max(incident_id) AS incident_id, blocked_by_id, max(blocked_by_name) AS blocked_by_name,
      min(created_ms) AS at_ms, max(expires_ms) AS expires_ms, json_agg(address ORDER BY address) AS addresses
    FROM after GROUP BY proposal_id, service, blocked_by_id ORDER BY proposal_id
  LOOP
    PERFORM append_audit('block', one.at_ms, one.blocked_by_id, one.blocked_by_name, one.proposal_id, one.incident_id,
      json_build_object('service', one.service, 'addresses', one.addresses, 'expiresMs', one.expires_ms));
  END LOOP;
  RETURN NULL;
END $$;
CREATE TRIGGER audit_new_blocks AFTER INSERT ON blocks REFERENCING NEW TABLE AS after
  FOR EACH STATEMENT EXECUTE FUNCTION audit_new_blocks();

CREATE FUNCTION audit_blocks() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
  one record;
BEGIN
  FOR one IN
    SELECT after.proposal_id, after.service, after.state, max(after.incident_id) AS incident_id, after.ended_by_id,
      max(after.ended_by_name) AS ended_by_name, max(after.ended_ms) AS at_ms,
      json_agg(after.address ORDER BY after.address) AS addresses
    FROM after JOIN before USING (id) WHERE after.state <> before.state
    GROUP BY after.proposal_id, after.service, after.state, after.ended_by_id ORDER BY after.proposal_id
  LOOP
    PERFORM append_audit(CASE one.state WHEN 'active' THEN 'block-active' ELSE 'block-end' END,
      coalesce(one.at_ms, now_ms()), one.ended_by_id, one.ended_by_name, one.proposal_id, one.incident_id,
      json_build_object('service', one.service, 'addresses', one.addresses, 'state', one.state));
  END LOOP;
  FOR one IN
    SELECT after.proposal_id, after.service, max(after.incident_id) AS incident_id, after.extended_by_id,
      max(after.extended_by_name) AS extended_by_name, before.expires_ms AS from_ms, after.expires_ms AS to_ms,
      json_agg(after.address ORDER BY after.address) AS addresses
    FROM after JOIN before USING (id) WHERE after.expires_ms <> before.expires_ms
    GROUP BY after.proposal_id, after.service, after.extended_by_id, before.expires_ms, after.expires_ms
    ORDER BY after.proposal_id
  LOOP
    PERFORM append_audit('extension', now_ms(), one.extended_by_id, one.extended_by_name, one.proposal_id,
      one.incident_id, json_build_object('service', one.service, 'addresses', one.addresses,
      'fromMs', one.from_ms, 'toMs', one.to_ms));
  END LOOP;
  RETURN NULL;
END $$;
CREATE TRIGGER audit_blocks AFTER UPDATE ON blocks REFERENCING OLD TABLE AS before NEW TABLE AS after
  FOR EACH STATEMENT EXECUTE FUNCTION audit_blocks();

CREATE FUNCTION audit_hold() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
  hold capacity_holds := CASE TG_OP WHEN 'DELETE' THEN OLD ELSE NEW END;
BEGIN
  PERFORM append_audit(CASE TG_OP WHEN 'DELETE' THEN 'capacity-end' ELSE 'capacity-hold' END, now_ms(), NULL, NULL,
    hold.proposal_id, (SELECT incident_id FROM proposals WHERE id = hold.proposal_id), row_to_json(hold));
  RETURN NULL;
END $$;
CREATE TRIGGER audit_hold AFTER INSERT OR DELETE ON capacity_holds FOR EACH ROW EXECUTE FUNCTION audit_hold();
`;
