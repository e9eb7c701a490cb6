import { formatNetwork, formatNetworks } from "../src/domain/address.ts";
import { formatRateLimit, isSameLimit, wordsOf } from "../src/domain/address-measure.ts";
import type { Block, BlockChange, Proposal } from "../src/domain/proposal.ts";
import { notCovered } from "../src/domain/reconcile.ts";
import { SECOND_MS } from "../src/domain/time-window.ts";
import { UpstreamError, UserError } from "../src/errors.ts";
import { othersBehind } from "../src/firewall-entries.ts";
import { crawlersAmong, refusedFor } from "../src/guarding.ts";
import type { Firewall } from "../src/ports/firewall.ts";
import type { JobContext } from "./context.ts";
import { takeOutEnded } from "./end-blocks.ts";
import { firewallOf } from "./service-ports.ts";

/**
 * Puts the addresses of an approved block into the firewall, or into the sets of a milder measure, and gives the calls
 * that did it.
 *
 * The rows that say when the block ends are written before the firewall is touched, so that nothing is ever blocked
 * without an end.
 *
 * @throws {UserError} `guard-refused`, `block-too-late`, `limit-changed`
 * @throws {UpstreamError} `firewall-incomplete` where the firewall does not list what it took
 */
export async function applyBlock(
  proposal: Proposal,
  change: BlockChange,
  signal: AbortSignal,
  context: JobContext,
): Promise<readonly string[]> {
  const { store, clock } = context;
  const firewall = firewallOf(change, context);
  const isBegun = (await store.blocks({ proposalId: proposal.id })).length > 0;
  // An earlier run may have put in what had ended by then.
  if (isBegun) await takeOutEnded(proposal.id, signal, context);
  await refuseGuarded(change, context);
  refuseOtherLimit(change, context);
  if (isBegun) await refuseOver(proposal, change, context);
  else await store.addBlocks(await blockRows(proposal, change, signal, context));

  const { calls } = await firewall.block(change.addresses, { signal });
  await refuseIncomplete(change, firewall, signal);
  const rows = await store.blocks({ proposalId: proposal.id });
  const ids = rows.map((row) => row.id);
  await store.moveBlocks({ ids, from: "pending", to: "active", by: proposal.decidedBy, atMs: clock.now() });
  // Ended by somebody, or the sweep, while the firewall was being written: it must not stay in it.
  await takeOutEnded(proposal.id, signal, context);
  return [...(calls.length > 0 ? calls : [nothingToDo(isBegun)]), ...foreignNote(rows)];
}

/** Lists, configuration and DNS may say something else by now than when it was proposed. */
async function refuseGuarded(change: BlockChange, context: JobContext): Promise<void> {
  const { addresses, service, overrides } = change;
  const listed = refusedFor(service, addresses, context, overrides);
  const refused = listed.length > 0 ? listed : await crawlersAmong(addresses, context);
  if (refused.length === 0) return;
  throw new UserError(
    "guard-refused",
    `Not ${wordsOf(change).past}: ${refused.map((refusal) => refusal.reason).join(" ")}`,
  );
}

/** Whoever approved a limit approved its number, and the rule may be set to another by now. */
function refuseOtherLimit({ service, measure, rateLimit: approved }: BlockChange, { config }: JobContext): void {
  const now = config.services[service]?.firewall?.rateLimit;
  if (measure !== "rate-limit" || approved === undefined || now === undefined) return;
  if (isSameLimit(now, approved)) return;
  throw new UserError(
    "limit-changed",
    `Not rate-limited: ${formatRateLimit(approved)} was approved, and the prepared rule allows ${formatRateLimit(now)} by now. Ask for it again.`,
  );
}

/** Whoever approved it approved a time; where that is over, the sweep may have taken out already what was in. */
async function refuseOver({ id }: Proposal, change: BlockChange, { store, clock }: JobContext): Promise<void> {
  const rows = await store.blocks({ proposalId: id, state: ["pending", "active"] });
  if (rows.some((row) => row.expiresMs > clock.now())) return;
  throw new UserError(
    "block-too-late",
    `Not ${wordsOf(change).past}: it was interrupted, and its time was over before it could go on. Ask for it again where it is still needed.`,
  );
}

async function refuseIncomplete({ addresses }: BlockChange, firewall: Firewall, signal: AbortSignal): Promise<void> {
  const missing = notCovered(addresses, await firewall.list(signal));
  if (missing.length === 0) return;
  throw new UpstreamError(
    "firewall-incomplete",
    `The firewall took the change, but ${missing.length} of its ${addresses.length} addresses are not in it, ${formatNetwork(missing[0] ?? "")} for one`,
    { retryable: true },
  );
}

/** What another process says of when it ended something is by a clock that may be behind ours. */
const CLOCKS_APART_MS = 5 * SECOND_MS;

/**
 * What is in the firewall already is ours only where another block of ours put it there. Those are read before the
 * firewall is and again after it: one that ends meanwhile is only in the first, one that begins only in the second, and
 * one that does both has ended since.
 */
async function blockRows(
  proposal: Proposal,
  change: BlockChange,
  signal: AbortSignal,
  context: JobContext,
): Promise<readonly Block[]> {
  const nowMs = context.clock.now();
  const rows = plainRows(proposal, change, nowMs);
  const before = await othersBehind(rows, context);
  const foreign = new Set(await firewallOf(change, context).list(signal));
  const after = await othersBehind(rows, context, { endedSinceMs: nowMs - CLOCKS_APART_MS });
  for (const row of [...before, ...after]) if (row.isOurs) foreign.delete(row.address);
  return rows.map((row) => ({ ...row, isOurs: !foreign.has(row.address) }));
}

function plainRows(proposal: Proposal, change: BlockChange, nowMs: number): readonly Block[] {
  return change.addresses.map((address, index) => ({
    id: `${proposal.id}-${index}`,
    ...(change.measure !== undefined && { measure: change.measure }),
    service: change.service,
    address,
    reason: change.reason,
    proposalId: proposal.id,
    incidentId: proposal.incidentId,
    channelId: proposal.channelId,
    blockedBy: proposal.decidedBy ?? proposal.requestedBy,
    isOurs: true,
    createdMs: nowMs,
    expiresMs: nowMs + change.durationSecs * SECOND_MS,
    state: "pending",
    endedMs: null,
    endedBy: null,
  }));
}

function nothingToDo(isBegun: boolean): string {
  return isBegun
    ? "An earlier run of this action, which was interrupted, had put every address into the set."
    : "Every address was in the set already; nothing to change.";
}

function foreignNote(rows: readonly Block[]): readonly string[] {
  const foreign = rows.filter((row) => !row.isOurs).map((row) => row.address);
  return foreign.length === 0 ? [] : [`In the set before this, and left in it at the end: ${formatNetworks(foreign)}`];
}
