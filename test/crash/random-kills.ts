import { createRandom } from "../../bench/random.ts";
import { median } from "../../src/domain/robust.ts";
import { SECOND_MS } from "../../src/domain/time-window.ts";
import { UpstreamError } from "../../src/errors.ts";
import { until } from "../support/until.ts";
import { createActs } from "./acts.ts";
import { createAsking } from "./asking.ts";
import { createKiller, type Kill, type Killer } from "./killer.ts";
import type { Member } from "./members.ts";
import { broken, unsettled, type Violation } from "./verdict.ts";
import { createWatcher, type Watcher } from "./watcher.ts";
import { openWorld, type World, type WorldOptions } from "./world.ts";

/** What became of one world in which processes died. */
export interface Outcome {
  readonly kills: readonly Kill[];
  readonly violations: readonly Violation[];
  /** Proposals by what they ended in. */
  readonly ended: Readonly<Record<string, number>>;
  /** How far past their ends entries, and capacity, were still there: the largest, and the median of all that were. */
  readonly latest: { readonly entryMs: number; readonly medianEntryMs: number; readonly capacityMs: number };
  readonly longestGapMs: number;
  readonly tookMs: number;
}

/** As many at a time as a busy incident has. */
const ACTS_AT_ONCE = 10;
/** After so many deaths everything has to come to rest. */
const KILLS_A_BATCH = 25;
/** Without deaths all has to come to rest within this: the queue's locks, and the sweep's minute for what was left. */
const SETTLE_WITHIN_MS = 150 * SECOND_MS;

/** Runs a world while its processes die at random steps, and holds it against what is promised. */
export async function killAtRandom(
  options: Omit<WorldOptions, "killer"> & {
    readonly seed: number;
    readonly kills: number;
    /** After so long nobody dies any more, also where there were fewer. */
    readonly withinMs?: number;
    /** Whether bot and worker are two processes in the first batch, or one; they change with each. */
    readonly begins: "apart" | "whole";
  },
): Promise<Outcome> {
  const startedMs = Date.now();
  const random = createRandom(options.seed);
  const killer = createKiller(random, Date.now);
  const world = await openWorld({ ...options, killer });
  const watcher = createWatcher(world);
  const watching = keepWatching(watcher);
  try {
    const asking = createAsking(world, random);
    const people = keepActing(createActs(world, asking, random));
    const violations: Violation[] = [];
    const isOn = () =>
      killer.kills.length < options.kills && Date.now() - startedMs < (options.withinMs ?? Number.POSITIVE_INFINITY);
    for (let isWhole = options.begins === "whole"; isOn(); isWhole = !isWhole) {
      const { worker, bot, whole } = world.members;
      const members = isWhole ? [whole] : [worker, bot];
      const wanted = Math.min(options.kills, killer.kills.length + KILLS_A_BATCH);
      // One after the other: the first makes the tables.
      for (const member of members) await member.start();
      people.begin();
      await killUntil(wanted, members, killer);
      await people.end();
      let left = await unsettled(world, asking.asked);
      await until(SETTLE_WITHIN_MS, async () => {
        left = await unsettled(world, asking.asked);
        return left.length === 0;
      });
      violations.push(...left);
      await Promise.all(members.map((member) => member.stop()));
    }
    await watching.end();
    violations.push(...people.failures, ...(await broken(world, asking.asked, watcher)));
    return {
      kills: killer.kills,
      violations,
      ended: await endsOf(world),
      latest: {
        entryMs: longest(watcher.overdue),
        medianEntryMs: median(watcher.overdue.map(({ lastedMs }) => lastedMs)),
        capacityMs: longest(watcher.capacity),
      },
      longestGapMs: longest(watcher.gaps),
      tookMs: Date.now() - startedMs,
    };
  } finally {
    await watching.end();
    await world.close();
  }
}

async function killUntil(count: number, members: readonly Member[], killer: Killer): Promise<void> {
  while (killer.kills.length < count) {
    const kill = await killer.strike();
    await members.find(({ role }) => role === kill.member)?.start();
  }
}

/** Keeps some acts going from `begin` on, until `end`, which waits for those under way. */
function keepActing(act: () => Promise<void>) {
  const failures: Violation[] = [];
  let isOn = false;
  let lanes: readonly Promise<void>[] = [];

  async function lane(): Promise<void> {
    while (isOn) {
      await act().catch((error: Error) => {
        // Where the machine is too slow for a question, people ask again.
        if (error instanceof UpstreamError) return;
        failures.push({ kind: "stuck", atMs: Date.now(), what: error.message });
      });
    }
  }

  return {
    failures,
    begin() {
      isOn = true;
      lanes = Array.from({ length: ACTS_AT_ONCE }, lane);
    },
    async end() {
      isOn = false;
      await Promise.all(lanes);
    },
  };
}

function keepWatching(watcher: Watcher): { end(): Promise<void> } {
  let isOn = true;
  const watching = until(Number.POSITIVE_INFINITY, async () => {
    await watcher.look();
    return !isOn;
  });
  return {
    async end() {
      isOn = false;
      await watching;
    },
  };
}

async function endsOf({ query }: World): Promise<Readonly<Record<string, number>>> {
  const rows = await query<{ state: string; count: string }>("SELECT state, count(*) FROM proposals GROUP BY state");
  return Object.fromEntries(rows.map(({ state, count }) => [state, Number(count)]));
}

function longest(lapses: Watcher["gaps"]): number {
  return Math.max(0, ...lapses.map(({ lastedMs }) => lastedMs));
}
