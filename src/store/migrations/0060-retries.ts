/** Of what failed, one retry stands at a time: who clicks second is told of it. One that nobody took leaves room. */
export const retries = `
ALTER TABLE proposals ADD COLUMN retry_of text REFERENCES proposals (id);
CREATE UNIQUE INDEX proposals_one_retry ON proposals (retry_of)
  WHERE retry_of IS NOT NULL AND state NOT IN ('withdrawn', 'expired');
`;
