/** What was in the firewall before us is not ours to take out. Until now all was taken for ours. */
export const whoseBlock = `
ALTER TABLE blocks ADD COLUMN is_ours boolean NOT NULL DEFAULT true;
`;
