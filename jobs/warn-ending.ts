import { formatNetworks } from "../src/domain/address.ts";
import { wordsOf } from "../src/domain/address-measure.ts";
import { formatDuration } from "../src/domain/duration.ts";
import type { Block } from "../src/domain/proposal.ts";
import { MINUTE_MS, SECOND_MS } from "../src/domain/time-window.ts";
import { formatUtc } from "../src/domain/utc.ts";
import { record, SPILLWAY } from "../src/record.ts";
import { endingMessage } from "../src/slack/views/ending.ts";
import type { JobContext } from "./context.ts";

/** A block must last so many times longer than people are warned before its end: of a short one they know. */
const SHORTEST_FACTOR = 2;

/** Asks once for each end, in the channel, whether a block that ends soon shall go on. */
export async function warnOfEnds(context: JobContext): Promise<void> {
  const { store, clock, config } = context;
  const warnMs = config.blocks.warnSecs * SECOND_MS;
  const nowMs = clock.now();
  const soon = (await store.dueBlocks(nowMs + warnMs)).filter(
    ({ state, expiresMs, createdMs }) =>
      state === "active" && expiresMs > nowMs && expiresMs - createdMs >= SHORTEST_FACTOR * warnMs,
  );
  for (const blocks of byEnd(soon)) await warnOf(blocks, context);
}

type SomeBlocks = readonly [Block, ...Block[]];

async function warnOf(blocks: SomeBlocks, context: JobContext): Promise<void> {
  const [{ proposalId, channelId, incidentId, service, expiresMs }] = blocks;
  const proposal = await context.store.proposal(proposalId);
  if (proposal === null || proposal.change.kind !== "block") return;
  const addresses = blocks.map(({ address }) => address);
  const leftSecs = Math.max(60, Math.round((expiresMs - context.clock.now()) / MINUTE_MS) * 60);
  const isNews = await record(context, {
    key: `ending:${proposalId}:${expiresMs}`,
    kind: "note",
    channelId,
    incidentId,
    actor: SPILLWAY,
    text: `The ${wordsOf(proposal.change).noun} of ${formatNetworks(addresses)} on ${service} ends at ${formatUtc(expiresMs)}, in ${formatDuration(leftSecs)}.`,
    messageTs: proposal.messageTs,
  });
  if (!isNews) return;
  const threadTs = proposal.threadTs ?? proposal.messageTs;
  const message = endingMessage({ proposal, addresses, expiresMs, leftSecs });
  await context.messenger
    .post({ channelId, threadTs }, message)
    .catch((error: unknown) => context.log.warn({ err: error, proposalId }, "end of a block not told beforehand"));
}

function byEnd(rows: readonly Block[]): readonly SomeBlocks[] {
  const groups = new Map<string, [Block, ...Block[]]>();
  for (const row of rows) {
    const key = `${row.proposalId} ${row.expiresMs}`;
    const group = groups.get(key);
    if (group === undefined) groups.set(key, [row]);
    else group.push(row);
  }
  return [...groups.values()];
}
