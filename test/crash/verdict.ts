import type { Block, Proposal } from "../../src/domain/proposal.ts";
import { SECOND_MS } from "../../src/domain/time-window.ts";
import { wordsOf } from "../support/at-the-page.ts";
import { type Asked, cardOf } from "./asking.ts";
import { BASE_INSTANCES } from "./aws-account.ts";
import type { Watcher } from "./watcher.ts";
import type { World } from "./world.ts";

export const VIOLATIONS = ["double update", "lost block", "past its time", "stuck"] as const;

/** A promise that was broken, and when as far as that is known. */
export interface Violation {
  readonly kind: (typeof VIOLATIONS)[number];
  readonly atMs: number;
  readonly what: string;
}

/**
 * How long an entry may be past its end, or an active block out of the sets, in a world in which processes die every few
 * seconds: a death while it is being ended, the start of the next process, and another death or two.
 */
export const GRACE_MS = 60 * SECOND_MS;

/** What is not yet as it has to be once nobody dies any more. */
export async function unsettled(world: World, asked: readonly Asked[]): Promise<readonly Violation[]> {
  const { account, foreign, context } = world;
  const { store } = context;
  const atMs = Date.now();
  const found: Violation[] = [];
  const note = (kind: Violation["kind"], what: string) => found.push({ kind, atMs, what });
  const rows = await store.blocks({});
  const entries = await account.entries();
  const active = rows.filter(({ state }) => state === "active" || state === "pending");
  const held = new Set(active.map(({ address }) => address));
  for (const { id, address, expiresMs } of active) {
    if (expiresMs < atMs) note("past its time", `${id} of ${address} is in force after its end`);
    if (!entries.has(address)) note("lost block", `${id} of ${address} is in force and not in its set`);
  }
  for (const entry of foreign) if (!entries.has(entry)) note("lost block", `${entry}, of somebody else, is gone`);
  for (const entry of entries) {
    if (!held.has(entry) && !foreign.has(entry)) note("past its time", `${entry} is in its set and held by nobody`);
  }
  const holds = await store.capacityHolds();
  const { min, desired } = await account.instances();
  if (holds.length === 0 && (min !== BASE_INSTANCES || desired !== BASE_INSTANCES)) {
    note("past its time", `the group has ${desired} instances, at least ${min}, and nobody holds them`);
  }
  for (const one of asked) {
    const what = await unfinished(
      one,
      world,
      active,
      holds.some(({ proposalId }) => proposalId === one.id),
    );
    if (what !== null) note("stuck", what);
  }
  return found;
}

/** What is missing of a proposal's end; null where nothing is. */
async function unfinished(
  { id, tag, change }: Asked,
  world: World,
  active: readonly Block[],
  isHeld: boolean,
): Promise<string | null> {
  const { store } = world.context;
  const proposal = await store.proposal(id);
  const receipt = await store.receipt(id);
  const end = await store.capacityEnd(id);
  const state = proposal?.state ?? "pending";
  if (state !== "done" && state !== "failed") return `${tag} is ${state}`;
  if (state === "done" && receipt?.outcome !== "applied") return `${tag} is done, its receipt says ${receipt?.outcome}`;
  if (state === "failed" && receipt?.outcome !== "failed" && end?.kind !== "called-off") {
    return `${tag} failed, its receipt says ${receipt?.outcome}`;
  }
  const card = cardOf({ tag, id, change }, world);
  const words = card === null ? "nothing" : wordsOf(card);
  const isStanding = isHeld || active.some(({ proposalId }) => proposalId === id);
  const expected = expectedWords(state, isStanding, end?.kind === "called-off");
  return expected.test(words) ? null : `the card of ${tag} (${state}) says: ${words.slice(0, 160)}`;
}

function expectedWords(state: Proposal["state"], isStanding: boolean, isCalledOff: boolean): RegExp {
  if (state === "failed") return isCalledOff ? /Called off by/ : /not carried out/;
  return isStanding ? /Ends by itself/ : /Over since|It is over/;
}

/** What may have been put right since, and should never have been. */
export async function broken(world: World, asked: readonly Asked[], watcher: Watcher): Promise<readonly Violation[]> {
  const rows = await world.context.store.blocks({});
  return [
    ...lapses("past its time", [...watcher.overdue, ...watcher.capacity]),
    ...lapses("lost block", watcher.gaps),
    ...doubleSetWrites(world, rows),
    ...doubleGroupWrites(world, asked),
    ...doubleExtensions(asked, rows),
  ];
}

function lapses(kind: Violation["kind"], all: Watcher["gaps"]): readonly Violation[] {
  return all
    .filter(({ lastedMs }) => lastedMs > GRACE_MS)
    .map(({ what, fromMs, lastedMs }) => ({
      kind,
      atMs: fromMs,
      what: `${what} for ${Math.round(lastedMs / 1_000)} s`,
    }));
}

/** An entry comes in once for each block of it at most, and goes out once; what is of others is nobody's to write. */
function doubleSetWrites({ account, foreign }: World, rows: readonly Block[]): readonly Violation[] {
  const found: Violation[] = [];
  const blocks = count(rows.map(({ address }) => address));
  const ins = new Map<string, number>();
  const outs = new Map<string, number>();
  for (const { by, atMs, added, removed } of account.writes.sets) {
    if (by === "stranger") continue;
    const note = (kind: Violation["kind"], what: string) => found.push({ kind, atMs, what });
    if (added.length + removed.length === 0) note("double update", "a write of a set that changed nothing");
    for (const entry of removed) {
      if (foreign.has(entry)) note("lost block", `${entry}, of somebody else, was taken out`);
    }
    for (const [entries, times, verb] of [
      [added, ins, "put in"],
      [removed, outs, "taken out"],
    ] as const) {
      for (const entry of entries) {
        times.set(entry, (times.get(entry) ?? 0) + 1);
        const allowed = blocks.get(entry) ?? 0;
        if ((times.get(entry) ?? 0) > allowed) note("double update", `${entry} was ${verb} more than ${allowed} times`);
      }
    }
  }
  return found;
}

/** A group goes up once for each approved change of it, and comes down before it goes up again. */
function doubleGroupWrites({ account }: World, asked: readonly Asked[]): readonly Violation[] {
  const scales = asked.filter(({ change }) => change.kind === "scale").length;
  let raises = 0;
  return account.writes.groups.flatMap(({ atMs, from, to }) => {
    if (to > from) raises += 1;
    const isDouble = to === from || (to > from && (from !== BASE_INSTANCES || raises > scales));
    return isDouble ? [{ kind: "double update" as const, atMs, what: `the group was set from ${from} to ${to}` }] : [];
  });
}

/** One button was clicked, however often. */
function doubleExtensions(asked: readonly Asked[], rows: readonly Block[]): readonly Violation[] {
  return rows.flatMap(({ id, proposalId, createdMs, expiresMs }) => {
    const change = asked.find((one) => one.id === proposalId)?.change;
    const atMostMs = 2 * (change?.durationSecs ?? Number.POSITIVE_INFINITY) * SECOND_MS;
    const lasts = expiresMs - createdMs;
    return lasts <= atMostMs
      ? []
      : [{ kind: "double update" as const, atMs: createdMs, what: `${id} lasts ${lasts} ms` }];
  });
}

function count(items: readonly string[]): ReadonlyMap<string, number> {
  const counts = new Map<string, number>();
  for (const item of items) counts.set(item, (counts.get(item) ?? 0) + 1);
  return counts;
}
