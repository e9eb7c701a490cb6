/** What people are told of a firewall that does not hold what it should. */
import { formatNetworks } from "../src/domain/address.ts";
import { measureOf, wordsOf } from "../src/domain/address-measure.ts";
import type { Group } from "../src/domain/grouping.ts";
import type { Block } from "../src/domain/proposal.ts";
import { MINUTE_MS } from "../src/domain/time-window.ts";
import { formatUtc } from "../src/domain/utc.ts";
import type { FirewallReport } from "../src/ports/remembered.ts";
import { record, SPILLWAY } from "../src/record.ts";
import type { JobContext } from "./context.ts";
import { explainOnce } from "./explain.ts";
import { tellFailed } from "./tell.ts";

/** What is looked at every minute, and was not for so long, is out of reach and not slow. */
const UNSEEN_FOR_MS = 5 * MINUTE_MS;

/** Says that somebody took out what should be in, and that it is put back. */
export async function tellMissing(rows: Group<Block>, context: JobContext): Promise<void> {
  const [{ proposalId, channelId, incidentId, service, expiresMs }] = rows;
  const entries = rows.map(({ address }) => address);
  const addresses = formatNetworks(entries);
  const text = `Somebody took ${addresses} out of the firewall of ${service}, though the ${wordsOf(rows[0]).noun} lasts until ${formatUtc(expiresMs)}; ${rows.length === 1 ? "it is" : "they are"} being put back. To let ${rows.length === 1 ? "it" : "them"} through, \`/unblock ${addresses.replaceAll(",", "")}\`.`;
  const key = `drift:${proposalId}:${entries.join(", ").slice(0, 200)}:${hourOf(context)}`;
  await tellOnce({ key, channelId, incidentId, proposalId, text }, context);
}

/** Until then whoever should be stopped gets through, which nobody would look for under a card that says it holds. */
export async function tellNotPutBack(rows: Group<Block>, error: unknown, context: JobContext): Promise<void> {
  const [{ proposalId, channelId, incidentId, service }] = rows;
  const entries = rows.map(({ address }) => address);
  const addresses = formatNetworks(entries);
  const isNot = `${rows.length === 1 ? "is" : "are"} not ${wordsOf(rows[0]).past}`;
  const text = `${addresses} could not be put back into the firewall of ${service}, and ${isNot} now. ${explainOnce(error, context)} It is tried again every few minutes.`;
  const key = `not-put-back:${proposalId}:${entries.join(", ").slice(0, 200)}:${hourOf(context)}`;
  await tellOnce({ key, channelId, incidentId, proposalId, text }, context);
}

/** Tells once, in each channel that has a block in it, that nobody can say whether a firewall still holds its blocks. */
export async function tellUnseen(
  one: Pick<FirewallReport, "firewall" | "services" | "measure">,
  blocks: readonly Block[],
  error: unknown,
  context: JobContext,
): Promise<void> {
  const { services } = one;
  const what = one.measure === undefined ? "" : ` for its ${wordsOf(one).noun}s`;
  const report = (await context.store.firewallReports()).find(({ firewall }) => firewall === one.firewall);
  for (const channelId of new Set(blocks.map((block) => block.channelId))) {
    const here = blocks.filter((block) => block.channelId === channelId);
    const sinceMs = report?.checkedMs ?? Math.min(...here.map(({ createdMs }) => createdMs));
    if (context.clock.now() - sinceMs < UNSEEN_FOR_MS) continue;
    const text = `The firewall of ${services.join(", ")} could not be looked at${what} since ${formatUtc(sinceMs)}, so it cannot be told whether it still does what it should. ${explainOnce(error, context)} It is tried again every minute.`;
    const key = `unseen:${measureOf(one)}:${services.join(",").slice(0, 100)}:${sinceMs}`;
    const isNews = await record(context, { key, kind: "failure", channelId, actor: SPILLWAY, text });
    if (isNews) await tellFailed({ channelId, messageTs: null }, text, context);
  }
}

/** Under the card of the block that it is about. */
async function tellOnce(
  told: Pick<Block, "channelId" | "incidentId" | "proposalId"> & { readonly key: string; readonly text: string },
  context: JobContext,
): Promise<void> {
  const { key, channelId, incidentId, proposalId, text } = told;
  const isNews = await record(context, { key, kind: "failure", channelId, incidentId, actor: SPILLWAY, text });
  if (isNews) await tellUnder({ channelId, proposalId }, text, context);
}

function hourOf({ clock }: JobContext): number {
  return Math.floor(clock.now() / (60 * MINUTE_MS));
}

/** Tells under the card of a block's proposal. */
export async function tellUnder(
  { channelId, proposalId }: Pick<Block, "channelId" | "proposalId">,
  what: string,
  context: JobContext,
): Promise<void> {
  const messageTs = (await context.store.proposal(proposalId))?.messageTs ?? null;
  await tellFailed({ channelId, messageTs }, what, context);
}
