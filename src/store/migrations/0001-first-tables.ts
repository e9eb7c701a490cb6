/**
 * Moments are bigint epoch milliseconds, as everywhere in the program: no time
 * zone and no rounding to think about. What is only ever read back whole is
 * `json`, not `jsonb`: logs hold NUL bytes and lone surrogates, which jsonb refuses.
 */
export const firstTables = `
CREATE TABLE incidents (
  id               text PRIMARY KEY,
  number           integer NOT NULL UNIQUE CHECK (number > 0),
  title            text NOT NULL,
  service          text,
  channel_id       text NOT NULL,
  state            text NOT NULL CHECK (state IN ('open', 'resolved')),
  started_ms       bigint,
  declared_ms      bigint NOT NULL,
  declared_by_id   text NOT NULL,
  declared_by_name text NOT NULL,
  resolved_ms      bigint,
  resolved_by_id   text,
  resolved_by_name text,
  CHECK ((state = 'resolved') = (resolved_ms IS NOT NULL)),
  CHECK ((resolved_by_id IS NULL) = (resolved_by_name IS NULL))
);
CREATE INDEX incidents_by_channel ON incidents (channel_id, number);

CREATE TABLE investigations (
  id                text PRIMARY KEY,
  service           text NOT NULL,
  channel_id        text NOT NULL,
  requested_by_id   text NOT NULL,
  requested_by_name text NOT NULL,
  window_start_ms   bigint NOT NULL,
  window_end_ms     bigint NOT NULL,
  filter            json NOT NULL,
  message_ts        text,
  created_ms        bigint NOT NULL,
  state             text NOT NULL CHECK (state IN ('running', 'done', 'failed')),
  finding           json,
  intake            json,
  incident_id       text REFERENCES incidents,
  CHECK (window_end_ms >= window_start_ms),
  CHECK ((state = 'done') = (finding IS NOT NULL AND intake IS NOT NULL))
);
CREATE INDEX investigations_by_incident ON investigations (incident_id);
CREATE INDEX investigations_to_adopt ON investigations (channel_id) WHERE incident_id IS NULL;

CREATE TABLE proposals (
  id                text PRIMARY KEY,
  change            json NOT NULL CHECK (change->>'kind' IN ('block', 'scale')),
  digest            text NOT NULL,
  predicted         json,
  requested_by_id   text NOT NULL,
  requested_by_name text NOT NULL,
  channel_id        text NOT NULL,
  message_ts        text,
  thread_ts         text,
  finding_id        text,
  incident_id       text REFERENCES incidents,
  created_ms        bigint NOT NULL,
  expires_ms        bigint NOT NULL,
  state             text NOT NULL CHECK (state IN
    ('pending', 'approved', 'executing', 'done', 'failed', 'refused', 'withdrawn', 'expired')),
  state_since_ms    bigint NOT NULL,
  decided_by_id     text,
  decided_by_name   text,
  decided_ms        bigint,
  CHECK (expires_ms >= created_ms),
  CHECK ((decided_by_id IS NULL) = (decided_by_name IS NULL)),
  CHECK ((state = 'pending') = (decided_ms IS NULL)),
  CONSTRAINT proposals_named_decider CHECK (state IN ('pending', 'expired') OR decided_by_id IS NOT NULL)
);
CREATE INDEX proposals_under_way ON proposals (created_ms) WHERE state IN ('pending', 'approved', 'executing');
CREATE INDEX proposals_by_incident ON proposals (incident_id);
CREATE INDEX proposals_to_adopt ON proposals (channel_id) WHERE incident_id IS NULL;

CREATE FUNCTION guard_proposal() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF NEW.state <> OLD.state AND (OLD.state, NEW.state) NOT IN (
    ('pending', 'approved'), ('pending', 'refused'), ('pending', 'withdrawn'), ('pending', 'expired'),
    ('approved', 'executing'), ('approved', 'failed'),
    ('executing', 'done'), ('executing', 'failed')
  ) THEN
    RAISE EXCEPTION 'a proposal cannot move from % to %', OLD.state, NEW.state USING ERRCODE = 'check_violation';
  END IF;
  IF NEW.digest <> OLD.digest OR NEW.change::text <> OLD.change::text THEN
    RAISE EXCEPTION 'what a proposal would change cannot be altered' USING ERRCODE = 'check_violation';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER guard_proposal BEFORE UPDATE ON proposals FOR EACH ROW EXECUTE FUNCTION guard_proposal();

CREATE TABLE approvals (
  proposal_id text PRIMARY KEY REFERENCES proposals,
  person_id   text NOT NULL,
  person_name text NOT NULL,
  decision    text NOT NULL CHECK (decision IN ('approved', 'refused', 'withdrawn')),
  digest      text NOT NULL,
  decided_ms  bigint NOT NULL
);

CREATE TABLE receipts (
  proposal_id text PRIMARY KEY REFERENCES proposals,
  outcome     text NOT NULL CHECK (outcome IN ('applied', 'failed', 'undone')),
  applied_ms  bigint NOT NULL,
  calls       json NOT NULL,
  seen        json
);

CREATE TABLE blocks (
  id              text PRIMARY KEY,
  service         text NOT NULL,
  address         text NOT NULL,
  reason          text NOT NULL,
  proposal_id     text NOT NULL REFERENCES proposals,
  incident_id     text REFERENCES incidents,
  channel_id      text NOT NULL,
  blocked_by_id   text NOT NULL,
  blocked_by_name text NOT NULL,
  created_ms      bigint NOT NULL,
  expires_ms      bigint NOT NULL,
  state           text NOT NULL CHECK (state IN ('pending', 'active', 'expired', 'lifted')),
  ended_ms        bigint,
  ended_by_id     text,
  ended_by_name   text,
  UNIQUE (proposal_id, address),
  CHECK ((state IN ('expired', 'lifted')) = (ended_ms IS NOT NULL)),
  CHECK ((ended_by_id IS NULL) = (ended_by_name IS NULL))
);
CREATE INDEX blocks_in_force ON blocks (expires_ms) WHERE state IN ('pending', 'active');
CREATE INDEX blocks_by_incident ON blocks (incident_id);

CREATE FUNCTION guard_block() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF NEW.state <> OLD.state AND (OLD.state, NEW.state) NOT IN (
    ('pending', 'active'), ('pending', 'expired'), ('pending', 'lifted'), ('active', 'expired'), ('active', 'lifted')
  ) THEN
    RAISE EXCEPTION 'a block cannot move from % to %', OLD.state, NEW.state USING ERRCODE = 'check_violation';
  END IF;
  IF NEW.address <> OLD.address OR NEW.service <> OLD.service THEN
    RAISE EXCEPTION 'what a block blocks cannot be altered' USING ERRCODE = 'check_violation';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER guard_block BEFORE UPDATE ON blocks FOR EACH ROW EXECUTE FUNCTION guard_block();

CREATE TABLE capacity_holds (
  service     text PRIMARY KEY,
  proposal_id text NOT NULL UNIQUE REFERENCES proposals,
  before      json NOT NULL,
  channel_id  text NOT NULL,
  until_ms    bigint NOT NULL
);

CREATE TABLE events (
  id          text PRIMARY KEY,
  seq         bigint GENERATED ALWAYS AS IDENTITY,
  incident_id text REFERENCES incidents,
  channel_id  text NOT NULL,
  kind        text NOT NULL,
  occurred_ms bigint NOT NULL,
  recorded_ms bigint NOT NULL,
  actor_id    text NOT NULL,
  actor_name  text NOT NULL,
  text        text NOT NULL,
  permalink   text,
  key         text NOT NULL,
  is_removed  boolean NOT NULL DEFAULT false,
  UNIQUE (channel_id, key)
);
CREATE INDEX events_by_incident ON events (incident_id, occurred_ms, recorded_ms, seq);
CREATE INDEX events_to_adopt ON events (channel_id, occurred_ms) WHERE incident_id IS NULL;

CREATE FUNCTION guard_event() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_OP = 'DELETE'
    OR (OLD.incident_id IS NOT NULL AND NEW.incident_id IS DISTINCT FROM OLD.incident_id)
    OR (OLD.id, OLD.channel_id, OLD.kind, OLD.occurred_ms, OLD.recorded_ms, OLD.actor_id, OLD.text, OLD.key)
      <> (NEW.id, NEW.channel_id, NEW.kind, NEW.occurred_ms, NEW.recorded_ms, NEW.actor_id, NEW.text, NEW.key)
  THEN
    RAISE EXCEPTION 'the timeline is append-only' USING ERRCODE = 'check_violation';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER guard_event BEFORE UPDATE OR DELETE ON events FOR EACH ROW EXECUTE FUNCTION guard_event();

CREATE TABLE postmortems (
  incident_id text PRIMARY KEY REFERENCES incidents,
  markdown    text NOT NULL,
  saved_ms    bigint NOT NULL
);
`;
