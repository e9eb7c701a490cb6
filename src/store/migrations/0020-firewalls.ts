/**
 * Everybody who writes to one firewall takes turns, whichever process they are in. Its entries are looked at now and
 * then: what is found is kept to be shown, and to tell what is new the next time.
 */
export const firewalls = `
CREATE TABLE write_turns (
  lane    text PRIMARY KEY,
  next_ms bigint NOT NULL
);

-- Somebody is about to put the address in, or to take it out, and has not looked again yet whether that is right.
ALTER TABLE blocks ADD COLUMN unsettled_ms bigint;
CREATE INDEX blocks_unsettled ON blocks (unsettled_ms) WHERE unsettled_ms IS NOT NULL;

CREATE TABLE firewall_reports (
  firewall   text PRIMARY KEY,
  report     json NOT NULL,
  checked_ms bigint NOT NULL
);
`;
