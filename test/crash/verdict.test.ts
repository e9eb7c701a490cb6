import { describe, expect, it } from "@jest/globals";
import { BUILT_AT_MS } from "../support/build-proposal.ts";
import { blockOf, CRAWLER, SCALE_OUT } from "../support/changes.ts";
import { applied, approved, jobContext, type TestJobContext } from "../support/job-context.ts";
import type { Asked } from "./asking.ts";
import { BASE_INSTANCES } from "./aws-account.ts";
import { broken, GRACE_MS, unsettled, type Violation } from "./verdict.ts";
import type { Watcher } from "./watcher.ts";
import type { World } from "./world.ts";
import type { GroupWrite, SetWrite } from "./write-log.ts";

const FOREIGN = "192.0.2.1/32";
const FAR_MS = 4_000_000_000_000;

interface Given {
  readonly entries?: readonly string[];
  readonly desired?: number;
  readonly sets?: readonly Partial<SetWrite>[];
  readonly groups?: readonly GroupWrite[];
}

function worldOf(context: TestJobContext, { entries = [FOREIGN], desired = BASE_INSTANCES, ...given }: Given): World {
  const sets = (given.sets ?? []).map((write) => ({ by: "worker", atMs: 1, added: [], removed: [], ...write }));
  return {
    context,
    foreign: new Set([FOREIGN]),
    account: {
      writes: { sets, groups: given.groups ?? [] },
      entries: async () => new Set(entries),
      instances: async () => ({ min: desired, desired }),
    },
    ben: {
      looksFor: () => {
        const [first] = context.messenger.said();
        return first === undefined ? null : { text: first.message.text, blocks: [] };
      },
    },
  } as unknown as World;
}

const QUIET: Watcher = { overdue: [], gaps: [], capacity: [], look: async () => {} };
const kindsOf = (violations: readonly Violation[]) => violations.map(({ kind }) => kind);

async function standing(): Promise<{ readonly context: TestJobContext; readonly asked: readonly Asked[] }> {
  const context = jobContext();
  const { id, change } = await applied(context, { change: blockOf([CRAWLER]) });
  const [row] = await context.store.blocks({});
  await context.store.extendBlocks([row?.id ?? ""], FAR_MS);
  return { context, asked: [{ tag: "tag-1", id, change }] };
}

describe("a world at rest", () => {
  it("is as promised where the sets hold what the table does, and what is of others", async () => {
    const { context, asked } = await standing();

    expect(await unsettled(worldOf(context, { entries: [FOREIGN, CRAWLER] }), asked)).toEqual([]);
  });

  it.each<[Violation["kind"], string, Given]>([
    ["lost block", "an active block is not in its set", { entries: [FOREIGN] }],
    ["lost block", "an entry of others is gone", { entries: [CRAWLER] }],
    ["past its time", "an entry is held by nobody", { entries: [FOREIGN, CRAWLER, "198.51.100.99/32"] }],
    ["past its time", "capacity is held by nobody", { entries: [FOREIGN, CRAWLER], desired: BASE_INSTANCES + 1 }],
  ])("breaks a promise (%s) where %s", async (kind, _what, given) => {
    const { context, asked } = await standing();

    expect(kindsOf(await unsettled(worldOf(context, given), asked))).toEqual([kind]);
  });

  it("is stuck where an approval was not carried out, or people cannot see that it was", async () => {
    const context = jobContext();
    const { id, change } = await approved(context, { change: SCALE_OUT });
    const { context: other, asked } = await standing();
    const [card] = other.messenger.said();
    await other.messenger.update(
      { channelId: "C0WEB", ts: card?.ts ?? "" },
      { text: "being carried out…", blocks: [] },
    );

    const found = await unsettled(worldOf(context, {}), [{ tag: "tag-2", id, change }]);

    expect(kindsOf(found)).toEqual(["stuck"]);
    expect(kindsOf(await unsettled(worldOf(other, { entries: [FOREIGN, CRAWLER] }), asked))).toEqual(["stuck"]);
  });
});

describe("what was done on the way", () => {
  it.each<[Violation["kind"], string, Given]>([
    ["double update", "a write changed nothing", { sets: [{}] }],
    ["double update", "an entry came in twice", { sets: [{ added: [CRAWLER] }, { added: [CRAWLER] }] }],
    ["double update", "an entry went out twice", { sets: [{ removed: [CRAWLER] }, { removed: [CRAWLER] }] }],
    ["lost block", "an entry of others was taken out", { sets: [{ removed: [FOREIGN] }] }],
    ["double update", "a group was set to what it was", { groups: [{ atMs: 1, from: 2, to: 2 }] }],
    ["double update", "a group was raised and nobody asked", { groups: [{ atMs: 1, from: 2, to: 3 }] }],
  ])("breaks a promise (%s) where %s", async (kind, _what, given) => {
    const { context, asked } = await standing();
    const [row] = await context.store.blocks({});
    await context.store.extendBlocks([row?.id ?? ""], BUILT_AT_MS + 1);

    expect(kindsOf(await broken(worldOf(context, given), asked, QUIET))).toContain(kind);
  });

  it("may not take longer than the grace", async () => {
    const lapse = { what: CRAWLER, fromMs: 1, lastedMs: GRACE_MS };
    const late = { ...lapse, lastedMs: GRACE_MS + 1 };
    const world = worldOf(jobContext(), {});

    expect(await broken(world, [], { ...QUIET, overdue: [lapse], gaps: [lapse] })).toEqual([]);
    expect(kindsOf(await broken(world, [], { ...QUIET, overdue: [late] }))).toEqual(["past its time"]);
    expect(kindsOf(await broken(world, [], { ...QUIET, capacity: [late] }))).toEqual(["past its time"]);
    expect(kindsOf(await broken(world, [], { ...QUIET, gaps: [late] }))).toEqual(["lost block"]);
  });

  it("is a double update where a block lasts longer than it was extended", async () => {
    const { context, asked } = await standing();

    expect(kindsOf(await broken(worldOf(context, {}), asked, QUIET))).toEqual(["double update"]);
    expect(await broken(worldOf(context, {}), [], QUIET)).toEqual([]);
  });
});
