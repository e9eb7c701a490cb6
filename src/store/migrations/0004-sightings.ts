/** What the watch saw last of each service, and whether people know. */
export const sightings = `
CREATE TABLE sightings (
  service   text PRIMARY KEY,
  opened_ms bigint NOT NULL,
  seen_ms   bigint NOT NULL,
  is_told   boolean NOT NULL,
  CHECK (opened_ms <= seen_ms)
);
`;
