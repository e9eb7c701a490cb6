import { formatNetwork } from "../src/domain/address.ts";
import { wordsOf } from "../src/domain/address-measure.ts";
import { approverNames } from "../src/domain/approval.ts";
import type { Block, Change, Proposal } from "../src/domain/proposal.ts";
import { formatUtc } from "../src/domain/utc.ts";
import type { CommandContext } from "./context.ts";
import { shortDuration } from "./window.ts";

/**
 * Says how an approved change ended, and how to ask for it again; null while it holds, and where it was never applied.
 * Who decides on a card that was left open reads this, rather than only that somebody approved it once.
 */
export async function endedText(proposal: Proposal, { store }: CommandContext): Promise<string | null> {
  if (proposal.state !== "done") return null;
  const [blocks, holds] = await Promise.all([store.blocks({ proposalId: proposal.id }), store.capacityHolds()]);
  if (holds.some(({ proposalId }) => proposalId === proposal.id)) return null;
  if (blocks.some(({ state }) => state === "pending" || state === "active")) return null;
  return `${approverNames(proposal)} approved this, and it is over: ${howEnded(blocks)}. ${askAgain(proposal.change)}`;
}

function howEnded(blocks: readonly Block[]): string {
  const [last] = blocks.toSorted((a, b) => (b.endedMs ?? 0) - (a.endedMs ?? 0));
  if (last?.endedMs == null) return "what was there before is put back";
  const when = formatUtc(last.endedMs);
  return last.endedBy === null ? `its time was up at ${when}` : `${last.endedBy.name} lifted it at ${when}`;
}

/** More addresses are not typed, but proposed anew from a verdict. */
const MAX_TYPED = 3;

function askAgain(change: Change): string {
  const spike = `a new \`/spike ${change.service}\` looks whether it is still needed`;
  const duration = shortDuration(change.durationSecs);
  if (change.kind === "scale") {
    return `To scale again: \`/scale ${change.service} to ${change.toInstances} for ${duration} because …\`, or ${spike}.`;
  }
  const { verb, command } = wordsOf(change);
  const again = `To ${verb.toLowerCase()} again`;
  if (change.addresses.length > MAX_TYPED) return `${again}: ${spike}.`;
  const addresses = change.addresses.map(formatNetwork).join(" ");
  return `${again}: \`/${command} ${addresses} ${change.service} for ${duration} because …\`, or ${spike}.`;
}
