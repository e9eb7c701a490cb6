/** What somebody asked to undo, until it is done: the queue may forget it. */
export const undoWishes = `
CREATE TABLE undo_wishes (
  id text PRIMARY KEY,
  proposal_id text NOT NULL REFERENCES proposals (id),
  user_id text NOT NULL,
  addresses text[],
  is_forced boolean NOT NULL,
  at_ms bigint NOT NULL
);
`;
