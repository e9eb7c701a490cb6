import type { Finding } from "../src/domain/finding.ts";
import type { Proposal } from "../src/domain/proposal.ts";
import { HOUR_MS } from "../src/domain/time-window.ts";
import type { JobContext } from "./context.ts";

/** What was usual earlier may not be so by now. */
const FINDING_AGE_MS = HOUR_MS;

/**
 * Gives how many requests a minute are usual for what a proposal is about, by its own finding or the last one before
 * it; null where none of them says.
 */
export async function usualLevel(
  { findingId, change, createdMs }: Proposal,
  { store }: JobContext,
): Promise<number | null> {
  const investigation =
    findingId === null
      ? await store.latestInvestigation(change.service, createdMs - FINDING_AGE_MS)
      : await store.investigation(findingId);
  return investigation?.finding == null ? null : usualOf(investigation.finding);
}

/** A finding about part of the traffic, or about seconds or bytes, says nothing about how many requests are usual. */
function usualOf({ moved, unmoved, measure = "requests" }: Finding): number | null {
  const requests = [...moved, ...unmoved].find(({ metric }) => metric === "requests");
  return measure === "requests" && requests !== undefined && requests.baseline > 0 ? requests.baseline : null;
}
