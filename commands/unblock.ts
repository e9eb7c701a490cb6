import { contains, formatNetworks } from "../src/domain/address.ts";
import { ADDRESS_MEASURES, measureOf, wordsOf } from "../src/domain/address-measure.ts";
import { groupBy } from "../src/domain/grouping.ts";
import type { Block } from "../src/domain/proposal.ts";
import { UserError } from "../src/errors.ts";
import { firewallName } from "../src/firewall-entries.ts";
import { oneOrMore, optional } from "../src/slack/argument-slots.ts";
import { grammar } from "../src/slack/arguments.ts";
import { defineCommand, type Invocation } from "../src/slack/command.ts";
import { previewMessage } from "../src/slack/views/preview.ts";
import { answerQuietly } from "./answer-quietly.ts";
import { askToUndo, UNDO_KEPT } from "./ask-to-undo.ts";
import type { CommandContext } from "./context.ts";
import { unblockCalls } from "./preview.ts";
import { addressWord, previewWord, serviceWord } from "./words.ts";

export const unblock = defineCommand({
  name: "unblock",
  summary: "lets blocked, limited or challenged addresses through again, at once",
  examples: ["/unblock 198.51.100.7", "/unblock 198.51.100.7 preview"],
  args: grammar("unblock", {
    addresses: oneOrMore(addressWord),
    service: optional(serviceWord),
    preview: optional(previewWord),
  }),
  handle: async ({ addresses, service, preview }, invocation, context: CommandContext) => {
    const standing = await context.store.blocks({ state: ["pending", "active"], ...(service !== null && { service }) });
    const unknown = addresses.filter((address) => !standing.some((row) => contains(address, row.address)));
    if (unknown.length > 0) throw notBlocked(unknown, standing);

    const ending = standing.filter((row) => addresses.some((address) => contains(address, row.address)));
    if (preview !== null) return showCalls(ending, invocation, context);
    let areQueued = true;
    const proposals = groupBy(ending, (row) => row.proposalId);
    for (const rows of proposals) {
      const [{ proposalId }] = rows;
      const blocked = rows.map((row) => row.address);
      const id = `undo-${proposalId}-${blocked.join("+").replaceAll(":", ".").slice(0, 100)}`;
      const wish = { id, proposalId, userId: invocation.userId, addresses: blocked };
      areQueued = (await askToUndo(wish, context)) && areQueued;
    }
    const told = proposals.length === 1 ? "its card will say when it is" : "their cards will say when they are";
    const text = `Lifting ${whatEnds(ending)}; ${told} done.`;
    await answerQuietly(invocation, areQueued ? text : UNDO_KEPT, context);
  },
});

/** "the block of 198.51.100.7, and the rate limit of 198.51.100.9". */
function whatEnds(ending: readonly Block[]): string {
  const kinds = ADDRESS_MEASURES.map((measure) => ending.filter((row) => measureOf(row) === measure));
  return kinds
    .flatMap((rows) => {
      const [first] = rows;
      return first === undefined
        ? []
        : `the ${wordsOf(first).noun} of ${formatNetworks(rows.map((row) => row.address))}`;
    })
    .join(", and ");
}

async function showCalls(ending: readonly Block[], to: Invocation, context: CommandContext): Promise<void> {
  const calls: string[] = [];
  const nameOf = ({ service, measure }: Block) => firewallName(service, context.config, measure);
  for (const rows of groupBy(ending, nameOf)) calls.push(...(await unblockCalls(rows[0], rows, context)));
  await context.messenger.whisper(to, previewMessage({ what: "Unblock", calls, isDrill: false }));
}

function notBlocked(unknown: readonly string[], standing: readonly Block[]): UserError {
  const wider = standing.find((row) => unknown.some((address) => contains(row.address, address)));
  const hint =
    wider === undefined
      ? "`/blocks` lists what is blocked."
      : `It is in ${wider.address}, which is ${wordsOf(wider).past} as a whole; \`/unblock ${wider.address}\` lifts that.`;
  return new UserError("not-blocked", `Not blocked by Spillway: ${formatNetworks(unknown)}. ${hint}`);
}
