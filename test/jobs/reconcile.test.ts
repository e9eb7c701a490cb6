import { describe, expect, it } from "@jest/globals";
import { reconcile } from "../../jobs/reconcile.ts";
import { undo } from "../../jobs/undo.ts";
import { parseConfig } from "../../src/config.ts";
import { UpstreamError } from "../../src/errors.ts";
import { SECOND, THIRD } from "../support/build-proposal.ts";
import { blockOf, CRAWLER, FLOODER } from "../support/changes.ts";
import {
  applied,
  applyOnce,
  approved,
  attempt,
  jobContext,
  offered,
  type TestJobContext,
  timelineOf,
  withWeb,
} from "../support/job-context.ts";
import { mortal, throughEachPort } from "../support/mortal.ts";

const MINUTE_MS = 60_000;
const FOREIGN = "192.0.2.1/32";

function reconcileOnce(context: TestJobContext): Promise<void> {
  return reconcile(attempt<"reconcile">({}), context);
}

function undoOnce(proposalId: string, context: TestJobContext): Promise<void> {
  return undo(attempt<"undo">({ proposalId, userId: SECOND.id }), context);
}

const reportOf = async ({ store }: TestJobContext) => (await store.firewallReports())[0];

describe("reconciling", () => {
  it("writes nothing where all is as it should be, and says what is there", async () => {
    const context = jobContext({ blocked: [FOREIGN] });
    await applied(context);
    const before = [...context.firewall.asked];

    await reconcileOnce(context);

    expect(context.firewall.asked).toEqual(before);
    expect(await reportOf(context)).toMatchObject({ services: ["web"], entries: 2, foreign: [FOREIGN], returned: [] });
  });

  it("puts back what somebody took out, and says so on the timeline and in the channel", async () => {
    const context = jobContext({ blocked: [FOREIGN] });
    await applied(context, { change: blockOf([CRAWLER, FLOODER]) });
    context.firewall.blocked.delete(CRAWLER);

    await reconcileOnce(context);

    const text = `Somebody took 198.51.100.14 out of the firewall of web, though the block lasts until 2026-11-21 16:05 UTC; it is being put back. To let it through, \`/unblock 198.51.100.14\`.`;
    expect([...context.firewall.blocked].sort()).toEqual([FOREIGN, CRAWLER, FLOODER]);
    expect(timelineOf(context).at(-1)).toBe(text);
    expect(context.messenger.said().at(-1)?.message.text).toContain("it is being put back");
  });

  it("tells under the card, once an hour, that it could not be put back and gets through", async () => {
    const context = jobContext();
    const proposal = await applied(context);
    context.firewall.blocked.delete(CRAWLER);
    const denied = new UpstreamError("aws-access-denied", "AWS denied it", { retryable: false });
    const firewall = { ...context.firewall, block: () => Promise.reject(denied) };

    for (let round = 0; round < 3; round += 1) {
      await expect(reconcileOnce(withWeb(context, { firewall }))).rejects.toThrow();
      context.clock.advance(4 * MINUTE_MS);
    }

    const told = context.messenger.said().filter(({ message }) => message.text.includes("could not be put back"));
    expect(told).toHaveLength(1);
    expect(told[0]).toMatchObject({ threadTs: proposal.messageTs });
    expect(told[0]?.message.text).toContain("AWS denied it. It is tried again every few minutes.");
  });

  it("tells once that nobody can say whether the firewall still holds what it should", async () => {
    const context = jobContext();
    await applied(context);
    await reconcileOnce(context);
    const away = new UpstreamError("aws-down", "AWS does not answer", { retryable: true });
    const firewall = { ...context.firewall, list: () => Promise.reject(away) };
    const told: number[] = [];

    for (let minute = 0; minute < 8; minute += 1) {
      context.clock.advance(MINUTE_MS);
      await expect(reconcileOnce(withWeb(context, { firewall }))).rejects.toThrow();
      const said = context.messenger.said().filter(({ message }) => message.text.includes("could not be looked at"));
      told.push(said.length);
    }

    expect(told).toEqual([0, 0, 0, 0, 1, 1, 1, 1]);
  });

  it("tells the same once an hour, and puts it back each time", async () => {
    const context = jobContext();
    await applied(context);
    const told: number[] = [];
    for (let round = 0; round < 3; round += 1) {
      context.firewall.blocked.delete(CRAWLER);
      await reconcileOnce(context);
      told.push(timelineOf(context).filter((text) => text.startsWith("Somebody took")).length);
      context.clock.advance(round === 0 ? 20 * MINUTE_MS : 60 * MINUTE_MS);
    }

    expect([...context.firewall.blocked]).toEqual([CRAWLER]);
    expect(told).toEqual([1, 1, 2]);
  });

  it("makes ours what others had put in, once they take it out", async () => {
    const context = jobContext({ blocked: [CRAWLER] });
    const proposal = await applied(context);
    context.firewall.blocked.delete(CRAWLER);

    await reconcileOnce(context);
    expect([...context.firewall.blocked]).toEqual([CRAWLER]);
    await undoOnce(proposal.id, context);

    expect([...context.firewall.blocked]).toEqual([]);
  });

  it("leaves alone what others put in, also what a block of ours held, and says so", async () => {
    const context = jobContext();
    const proposal = await applied(context);
    await undoOnce(proposal.id, context);
    context.firewall.blocked.add(CRAWLER).add(FOREIGN);
    context.clock.advance(10 * MINUTE_MS);

    await reconcileOnce(context);

    expect([...context.firewall.blocked].sort()).toEqual([FOREIGN, CRAWLER]);
    expect(await reportOf(context)).toMatchObject({ foreign: [FOREIGN, CRAWLER], returned: [CRAWLER] });
  });

  it("leaves to others what is being applied, and what is over", async () => {
    const context = jobContext();
    await applied(context);
    context.clock.advance(120 * MINUTE_MS);
    context.firewall.blocked.clear();
    const { id } = await approved(context, { id: "p2", change: blockOf([FLOODER]) });
    await context.store.moveProposal({ id, from: "approved", to: "executing", by: null, atMs: context.clock.now() });

    await reconcileOnce(context);

    expect([...context.firewall.blocked]).toEqual([]);
  });

  it("ends what a rule forbids by now, and says which", async () => {
    const context = jobContext();
    await applied(context, { change: blockOf([CRAWLER, FLOODER]) });
    const yaml = "guards: { monitoring: [198.51.100.0/24] }";
    const web =
      "services: { web: { firewall: { kind: wafv2, ipv4Set: { name: a, id: a }, ipv6Set: { name: b, id: b } } } }";
    const stricter = { ...context, config: parseConfig(`${web}\n${yaml}`, "test.yaml") };

    await reconcileOnce(stricter);

    expect([...context.firewall.blocked]).toEqual([FLOODER]);
    expect(timelineOf(context).at(-1)).toContain("it may not be any more. 198.51.100.14 overlaps 198.51.100.0/24");
    expect(timelineOf(context).at(-1)).toMatch(/[^.]\.$/);
    expect(context.messenger.said().at(-1)?.message.text).toContain("ended before its time");
  });

  it("leaves what two people blocked against a guard, and ends it where another guard forbids it", async () => {
    const context = jobContext();
    const change = { ...blockOf([CRAWLER]), overrides: ["never-block"] } as const;
    const proposal = await offered(context, { change, approversNeeded: 2 });
    const approval = { ...proposal, atMs: context.clock.now(), needed: 2, reason: "they flood the login" } as const;
    for (const by of [SECOND, THIRD]) await context.store.approveProposal({ ...approval, by });
    const firewall = "firewall: { kind: wafv2, ipv4Set: { name: a, id: a }, ipv6Set: { name: b, id: b } }";
    const listed = `services: { web: { neverBlock: [${CRAWLER}], ${firewall} } }`;
    const under = (yaml: string) => ({ ...context, config: parseConfig(yaml, "test.yaml") });
    await applyOnce(proposal, under(listed));

    await reconcileOnce(under(listed));
    const left = [...context.firewall.blocked];
    await reconcileOnce(under(`${listed}\nguards: { monitoring: [198.51.100.0/24] }`));

    expect(left).toEqual([CRAWLER]);
    expect([...context.firewall.blocked]).toEqual([]);
  });

  it("looks at the rules now and then, and keeps what is weak", async () => {
    const context = jobContext();
    context.firewall.weak = ["No web ACL has a rule for IP set a: nobody in it is blocked."];
    await reconcileOnce(context);
    context.firewall.weak = [];

    context.clock.advance(29 * MINUTE_MS);
    await reconcileOnce(context);
    expect((await reportOf(context))?.weaknesses).toHaveLength(1);
    context.clock.advance(MINUTE_MS);
    await reconcileOnce(context);

    expect((await reportOf(context))?.weaknesses).toEqual([]);
  });

  it("fails aloud where the firewall cannot be read, and keeps its last report", async () => {
    const context = jobContext({ blocked: [FOREIGN] });
    await reconcileOnce(context);
    context.clock.advance(MINUTE_MS);
    context.firewall.failNext = new UpstreamError("aws-down", "AWS does not answer", { retryable: true });

    await expect(reconcileOnce(context)).rejects.toThrow("1 steps were not reconciled");

    expect(await reportOf(context)).toMatchObject({ entries: 1, checkedMs: context.clock.now() - MINUTE_MS });
  });
});

describe("a block that ends while it is put back", () => {
  /** Counts the steps of a reconciling that puts back, with nobody about. */
  async function stepsOfPuttingBack(): Promise<number> {
    const context = jobContext();
    await applied(context);
    context.firewall.blocked.clear();
    const living = mortal(context, 0);
    await reconcileOnce(living.context);
    return living.steps();
  }

  it("is out of the firewall in the end, at whatever step it ended, and whatever died then", async () => {
    const steps = await stepsOfPuttingBack();
    expect(steps).toBeGreaterThan(6);
    for (let ends = 1; ends <= steps; ends += 1) {
      for (let dies = ends; dies <= steps + 1; dies += 1) {
        const world = jobContext();
        const { id } = await applied(world);
        world.firewall.blocked.clear();
        let step = 0;
        const raced = throughEachPort(world, async (act) => {
          step += 1;
          if (step > dies) throw new UpstreamError("died", "The process is dead", { retryable: true });
          const answer = await act();
          if (step === ends) await undoOnce(id, world);
          if (step === dies) throw new UpstreamError("died", "The process is dead", { retryable: true });
          return answer;
        });

        await reconcileOnce(raced).catch(() => undefined);
        world.clock.advance(5 * MINUTE_MS);
        await reconcileOnce(world);

        const states = (await world.store.blocks({})).map(({ state }) => state);
        expect({ ends, dies, blocked: [...world.firewall.blocked], states }).toEqual({
          ends,
          dies,
          blocked: [],
          states: ["lifted"],
        });
      }
    }
  });

  it("is not put back by one who looks while it is being taken out, and whoever takes it out dies", async () => {
    for (let dies = 1; dies <= 14; dies += 1) {
      const world = jobContext();
      const { id } = await applied(world);
      let step = 0;
      const raced = throughEachPort(world, async (act) => {
        step += 1;
        if (step > dies) throw new UpstreamError("died", "The process is dead", { retryable: true });
        const answer = await act();
        await reconcileOnce(world);
        return answer;
      });
      await undoOnce(id, raced).catch(() => undefined);

      // The queue tries again.
      await undoOnce(id, world);
      world.clock.advance(5 * MINUTE_MS);
      await reconcileOnce(world);

      expect({ dies, blocked: [...world.firewall.blocked] }).toEqual({ dies, blocked: [] });
    }
  });

  it("leaves nothing a minute after two undid the blocks of its address at once, and one died of it", async () => {
    for (let dies = 1; dies <= 24; dies += 1) {
      const world = jobContext();
      await applied(world, { id: "one" });
      await applied(world, { id: "two" });
      const dying = mortal(world, dies, "after").context;
      const lifted = async () => (await world.store.blocks({ state: ["lifted"] })).length;

      await Promise.allSettled([undoOnce("one", dying), undoOnce("two", world)]);
      if ((await lifted()) < 2) continue;
      world.clock.advance(MINUTE_MS);
      await reconcileOnce(world);

      expect({ dies, blocked: [...world.firewall.blocked] }).toEqual({ dies, blocked: [] });
    }
  });

  it("together with the other block of its address leaves nothing, though the process dies between", async () => {
    for (let dies = 1; dies <= 24; dies += 1) {
      const world = jobContext();
      await applied(world, { id: "one" });
      await applied(world, { id: "two" });
      const dying = mortal(world, dies, "after").context;

      await Promise.allSettled([undoOnce("one", dying), undoOnce("two", dying)]);
      await Promise.all([undoOnce("one", world), undoOnce("two", world)]);
      world.clock.advance(5 * MINUTE_MS);
      await reconcileOnce(world);

      expect({ dies, blocked: [...world.firewall.blocked] }).toEqual({ dies, blocked: [] });
    }
  });
});

describe("a block that was applied by somebody who died", () => {
  it("is in the firewall once apply goes on, whoever reconciles meanwhile", async () => {
    for (let dies = 1; dies <= 12; dies += 1) {
      const world = jobContext({ blocked: [FOREIGN] });
      const proposal = await approved(world);
      await applyOnce(proposal, mortal(world, dies, "after").context).catch(() => undefined);
      await reconcileOnce(world);

      await applyOnce(proposal, world);
      await reconcileOnce(world);

      expect([...world.firewall.blocked].sort()).toEqual([FOREIGN, CRAWLER]);
      expect(timelineOf(world).filter((text) => text.startsWith("Somebody"))).toEqual([]);
    }
  });
});
