import { actingFor } from "../src/acting-for.ts";
import { formatNetwork } from "../src/domain/address.ts";
import { MILDER_MEASURES, type MilderMeasure, measureOf, wordsOf } from "../src/domain/address-measure.ts";
import { groupBy } from "../src/domain/grouping.ts";
import type { GuardRule } from "../src/domain/guard.ts";
import type { Block } from "../src/domain/proposal.ts";
import { type Drift, findDrift } from "../src/domain/reconcile.ts";
import { MINUTE_MS, SECOND_MS } from "../src/domain/time-window.ts";
import { firewallName } from "../src/firewall-entries.ts";
import { firewallIn } from "../src/firewall-sets.ts";
import { refusedFor } from "../src/guarding.ts";
import type { Firewall } from "../src/ports/firewall.ts";
import type { FirewallReport } from "../src/ports/remembered.ts";
import type { JobRun } from "../src/queue/jobs.ts";
import type { JobContext } from "./context.ts";
import { endBlocks, showUnsettled, takeOutEnded, takeOutUnsettled } from "./end-blocks.ts";
import { firewallOf } from "./service-ports.ts";
import { tellMissing, tellNotPutBack, tellUnder, tellUnseen } from "./tell-drift.ts";

/** Longer than any job may take: whoever marked a block before that is not at it any more. */
const AT_IT_FOR_MS = 3 * MINUTE_MS;
/** Longer than it takes to end a block, but where AWS or Slack makes it wait; to do so twice is as good. */
const ENDED_WITHIN_MS = 20 * SECOND_MS;
/** What ended longer ago and is in the firewall now was put there for a reason of its own. */
const RETURNED_WITHIN_MS = 24 * 60 * MINUTE_MS;
/** Rules change seldom, and each look costs a call for every web ACL. */
const WEAKNESSES_EVERY_MS = 30 * MINUTE_MS;

/**
 * Holds every firewall against the blocks that should be in it: puts back what somebody took out, ends what a rule
 * forbids by now, leaves alone what is not ours, and keeps what it found to be shown.
 *
 * Any number of processes may do so at once: what each puts in or takes out is merged into what is there.
 */
export async function reconcile(run: JobRun<"reconcile">, context: JobContext): Promise<void> {
  const failures: unknown[] = [];
  const attempt = async (what: string, step: () => Promise<void>) => {
    try {
      await step();
    } catch (error) {
      context.log.warn({ err: error, firewall: what }, "firewall not reconciled");
      failures.push(error);
    }
  };
  const nowMs = context.clock.now();
  const before = { leftMs: nowMs - ENDED_WITHIN_MS, goneMs: nowMs - AT_IT_FOR_MS };
  await attempt("cards", () => showUnsettled(before.leftMs, context));
  await attempt("all", () => takeOutUnsettled(before, run.signal, context));
  for (const measure of [undefined, ...MILDER_MEASURES]) {
    for (const [name, services] of firewallsOf(measure, context)) {
      await attempt(name, () => reconcileOne({ name, measure, services, signal: run.signal }, context));
    }
  }
  if (failures.length > 0) throw new AggregateError(failures, `${failures.length} steps were not reconciled`);
}

/** Several services may stand behind one firewall. */
function firewallsOf(
  measure: MilderMeasure | undefined,
  { services, config }: JobContext,
): ReadonlyMap<string, readonly string[]> {
  const groups = new Map<string, string[]>();
  for (const service of Object.keys(services)) {
    if (firewallIn(services, { service, measure }) === null) continue;
    const name = firewallName(service, config, measure);
    groups.set(name, [...(groups.get(name) ?? []), service]);
  }
  return groups;
}

interface Reconciled {
  readonly name: string;
  /** Undefined for blocks. */
  readonly measure: MilderMeasure | undefined;
  readonly services: readonly string[];
  readonly signal: AbortSignal;
}

async function reconcileOne(one: Reconciled, context: JobContext): Promise<void> {
  const { store, clock } = context;
  const measured = one.measure === undefined ? {} : { measure: one.measure };
  const firewall = firewallOf({ service: one.services[0] ?? "", ...measured }, context);
  const before = (await store.firewallReports()).find((report) => report.firewall === one.name);
  // Read before the firewall is, so that a block that ends meanwhile is taken for one that still stands.
  const known = await blocksBehind(one, context);
  const overrides = await overridesOf(known.blocks, context);
  const listed = await firewall.list(one.signal).catch(async (error: unknown) => {
    await tellUnseen({ ...measured, firewall: one.name, services: one.services }, known.blocks, error, context);
    throw error;
  });
  const nowMs = clock.now();
  const drift = findDrift({
    ...known,
    listed,
    nowMs,
    refusedOf: ({ service, address, proposalId }) =>
      refusedFor(service, [address], context, overrides.get(proposalId))[0] ?? null,
  });
  await endForbidden(drift.forbidden, one.signal, context);
  await putBack(drift.missing, one.signal, context);
  const weak = await weaknessesOf(firewall, before, one.signal, context);
  await store.saveFirewallReport({
    ...measured,
    firewall: one.name,
    services: one.services,
    checkedMs: nowMs,
    entries: listed.length,
    foreign: drift.foreign,
    returned: drift.returned,
    ...weak,
  });
  logForeign(one.name, drift.foreign, before, context);
}

/** Side by side, so that they share a write. */
async function endForbidden(forbidden: Drift["forbidden"], signal: AbortSignal, context: JobContext): Promise<void> {
  await Promise.all(
    forbidden.map(async ([block, { reason }]) => {
      const end = { by: null, because: `it may not be any more. ${reason}`, signal };
      await actingFor(causeOf(block), () => endBlocks([block], end, context));
      await tellUnder(
        block,
        `The ${wordsOf(block).noun} of ${formatNetwork(block.address)} on ${block.service} ended before its time. ${reason}`,
        context,
      );
    }),
  );
}

/** The guards that those who approved a block override, by its proposal; of most blocks no guard says anything. */
async function overridesOf(
  blocks: readonly Block[],
  context: JobContext,
): Promise<ReadonlyMap<string, readonly GuardRule[]>> {
  const refused = blocks.filter(({ service, address }) => refusedFor(service, [address], context).length > 0);
  const overrides = new Map<string, readonly GuardRule[]>();
  for (const proposalId of new Set(refused.map((block) => block.proposalId))) {
    const change = (await context.store.proposal(proposalId))?.change;
    if (change?.kind === "block") overrides.set(proposalId, change.overrides ?? []);
  }
  return overrides;
}

async function blocksBehind({ services, measure }: Reconciled, { store, clock }: JobContext) {
  const isOfMeasure = (row: Block) => measureOf(row) === measureOf({ measure });
  const endedSinceMs = clock.now() - RETURNED_WITHIN_MS;
  const blocks: Block[] = [];
  const endedAddresses: string[] = [];
  for (const service of services) {
    blocks.push(...(await store.blocks({ service, state: ["pending", "active"] })).filter(isOfMeasure));
    for (const row of await store.blocks({ service, state: ["expired", "lifted"], endedSinceMs })) {
      if (row.isOurs && isOfMeasure(row)) endedAddresses.push(row.address);
    }
  }
  return { blocks, endedAddresses };
}

/**
 * Said before it is done: an interruption repeats the doing, and a second telling of the same is none. Whoever ends a
 * block marks it first, and what is put back is marked too, so that of the two none is left in by an interruption.
 */
async function putBack(missing: readonly Block[], signal: AbortSignal, context: JobContext): Promise<void> {
  const { store, clock } = context;
  const atMs = clock.now();
  const claim = { atMs, freeBeforeMs: atMs - AT_IT_FOR_MS };
  const ids =
    missing.length === 0
      ? []
      : await store.claimBlocks(
          missing.map(({ id }) => id),
          claim,
        );
  const claimed = missing.filter(({ id }) => ids.includes(id));
  const [first] = claimed;
  if (first === undefined) return;
  const proposals = groupBy(claimed, (row) => row.proposalId);
  for (const rows of proposals) await tellMissing(rows, context);
  const firewall = firewallOf(first, context);
  await Promise.all(
    proposals.map(async (rows) => {
      const addresses = rows.map(({ address }) => address);
      try {
        await actingFor(causeOf(rows[0]), () => firewall.block(addresses, { signal }));
      } catch (error) {
        await tellNotPutBack(rows, error, context);
        throw error;
      }
    }),
  );
  // Those that ended meanwhile keep their marks, and are taken out by whoever ends them or the next time here.
  const standing = new Set((await store.blocks({ state: ["active"] })).map(({ id }) => id));
  await store.settleBlocks(
    ids.filter((id) => standing.has(id)),
    atMs,
  );
  for (const { proposalId } of claimed.filter(({ id }) => !standing.has(id))) {
    await takeOutEnded(proposalId, signal, context);
  }
}

function causeOf({ proposalId, incidentId }: Block) {
  return { id: proposalId, incidentId };
}

async function weaknessesOf(
  firewall: Firewall,
  before: FirewallReport | undefined,
  signal: AbortSignal,
  { clock, log }: JobContext,
): Promise<Pick<FirewallReport, "weaknesses" | "weaknessesMs">> {
  const { weaknesses = [], weaknessesMs = null } = before ?? {};
  if (weaknessesMs !== null && clock.now() - weaknessesMs < WEAKNESSES_EVERY_MS) return { weaknesses, weaknessesMs };
  try {
    const found = await firewall.weaknesses(signal);
    for (const weakness of found) log.warn({ weakness }, "the firewall may let pass who is in it");
    return { weaknesses: found, weaknessesMs: clock.now() };
  } catch (error) {
    log.warn({ err: error }, "the firewall's rules were not read");
    return { weaknesses, weaknessesMs };
  }
}

function logForeign(
  firewall: string,
  foreign: readonly string[],
  before: FirewallReport | undefined,
  { log }: JobContext,
): void {
  const known = new Set(before?.foreign);
  const added = foreign.filter((address) => !known.has(address)).length;
  const gone = foreign.length - added < known.size ? known.size - (foreign.length - added) : 0;
  if (added > 0 || gone > 0)
    log.warn({ firewall, added, gone, foreign: foreign.length }, "others changed the firewall");
}
