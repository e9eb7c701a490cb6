/** Whoever asked may think better of it. A `/top` has no row of its own, so its end is kept by the message it is in. */
export const cancelled = `
ALTER TABLE investigations
  ADD COLUMN cancelled_by_id text,
  ADD COLUMN cancelled_by_name text,
  DROP CONSTRAINT investigations_state_check,
  ADD CONSTRAINT investigations_state_check CHECK (state IN ('running', 'done', 'failed', 'cancelled')),
  ADD CHECK ((state = 'cancelled') = (cancelled_by_id IS NOT NULL)),
  ADD CHECK ((cancelled_by_id IS NULL) = (cancelled_by_name IS NULL));

CREATE TABLE breakdown_ends (
  channel_id        text NOT NULL,
  message_ts        text NOT NULL,
  state             text NOT NULL CHECK (state IN ('done', 'failed', 'cancelled')),
  cancelled_by_id   text,
  cancelled_by_name text,
  PRIMARY KEY (channel_id, message_ts),
  CHECK ((state = 'cancelled') = (cancelled_by_id IS NOT NULL)),
  CHECK ((cancelled_by_id IS NULL) = (cancelled_by_name IS NULL))
);
`;
