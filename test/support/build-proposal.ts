import type { Block, Person, Proposal, Receipt } from "../../src/domain/proposal.ts";

export const ASKING: Person = { id: "U0ASKS", name: "Dana" };
export const SECOND: Person = { id: "U0SECOND", name: "Robin" };
export const THIRD: Person = { id: "U0THIRD", name: "Kim" };
export const BUILT_AT_MS = Date.UTC(2026, 10, 21, 14, 5);

/** Builds a pending offer to block one address for two hours, with what is given instead. */
export function buildProposal(given: Partial<Proposal> = {}): Proposal {
  return {
    id: "prop-0000000001",
    change: {
      kind: "block",
      service: "web",
      addresses: ["198.51.100.14/32"],
      durationSecs: 7_200,
      reason: "one client explains 85 % of the excess",
    },
    digest: "5f2a",
    predicted: {
      excessRemoved: 0.847,
      baselineHarmed: 0,
      baselineClientsHarmed: 0,
      ratioAfter: 1.7,
      costPerHourUsd: null,
    },
    requestedBy: ASKING,
    channelId: "C0WEB",
    messageTs: "1795269900.000100",
    threadTs: null,
    findingId: "inv-0000000001",
    incidentId: "inc-0000000001",
    createdMs: BUILT_AT_MS,
    expiresMs: BUILT_AT_MS + 30 * 60_000,
    state: "pending",
    approversNeeded: 1,
    approvals: [],
    decidedBy: null,
    decidedMs: null,
    ...given,
  };
}

/** Builds the receipt of a block that worked. */
export function buildReceipt(given: Partial<Receipt> = {}): Receipt {
  return {
    proposalId: "prop-0000000001",
    outcome: "applied",
    appliedMs: BUILT_AT_MS + 2 * 60_000,
    calls: ["UpdateIPSet spillway-v4 +198.51.100.14/32"],
    check: {
      checkedMs: BUILT_AT_MS + 6 * 60_000,
      verdict: "worked",
      statement: "Requests fell from 21,900 to 6,300 a minute; 1.7 × usual, as predicted.",
      beforePerMin: 21_900,
      afterPerMin: 6_300,
    },
    ...given,
  };
}

/** Builds an active block that ends two hours after it was made. */
export function buildBlock(given: Partial<Block> = {}): Block {
  return {
    id: "blk-0000000001",
    service: "web",
    address: "198.51.100.14/32",
    reason: "one client explains 85 % of the excess",
    proposalId: "prop-0000000001",
    incidentId: "inc-0000000001",
    channelId: "C0WEB",
    blockedBy: SECOND,
    isOurs: true,
    createdMs: BUILT_AT_MS + 2 * 60_000,
    expiresMs: BUILT_AT_MS + 122 * 60_000,
    state: "active",
    endedMs: null,
    endedBy: null,
    ...given,
  };
}
