/** Incidents that people practise on: nothing is changed for them. */
export const drills = `
ALTER TABLE incidents ADD COLUMN is_drill boolean NOT NULL DEFAULT false;
`;
