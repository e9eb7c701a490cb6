/** Slack, the database and the clock go wrong while a change is carried out: it is right, and told once they are back. */
import { afterAll, afterEach, beforeAll, describe, expect, it } from "@jest/globals";
import type { Misbehaviour } from "../../src/sandbox/workspace/misbehaviour.ts";
import { wordsOf } from "../support/at-the-page.ts";
import {
  blocked,
  blockWords,
  cardSays,
  isBlocked,
  isScaledBack,
  isUnblocked,
  offered,
  saysInThread,
  scaled,
  undone,
} from "../support/fault-actions.ts";
import { FAULTS } from "../support/fault-catalogue.ts";
import { type FaultWorld, openFaultWorld } from "../support/fault-world.ts";
import { startTestPostgres, type TestPostgres } from "../support/postgres.ts";
import { untilSwept, untilTakenUp } from "../support/sweeping.ts";

const HOUR_MS = 3_600_000;
/** More than the card is tried at once, fewer than it is tried in all. */
const CALLS = 5;

let postgres: TestPostgres;
let world: FaultWorld;
let rows = 0;

beforeAll(async () => {
  postgres = await startTestPostgres();
  world = await openFaultWorld({ databaseUrl: await postgres.freshDatabase() });
}, 60_000);
afterAll(async () => {
  await world?.close();
  await postgres?.stop();
}, 30_000);
afterEach(async () => {
  world.breakAws(null);
  world.clock.step(2 * HOUR_MS);
  await untilSwept(world);
  expect(await world.firewall.list()).toEqual([]);
  expect(await world.group.read()).toMatchObject({ min: 2, desired: 2 });
});

function next(): number {
  rows += 1;
  return rows;
}

/** How Slack fails a method for a while. */
const SLACK: readonly (readonly [string, (method: string) => Misbehaviour])[] = [
  ["asks to wait (429)", (method) => ({ kind: "rate-limit", method, calls: CALLS, retryAfterSecs: 30 })],
  ["has trouble of its own", (method) => ({ kind: "fail", method, calls: CALLS, error: "internal_error" })],
  ["does not know the channel", (method) => ({ kind: "fail", method, calls: CALLS, error: "channel_not_found" })],
];

describe.each(SLACK)("Slack %s", (_, fault) => {
  it("as a block is put in: it is in, and the card says so once Slack is back", async () => {
    const scene = await offered(world, blockWords(next()));
    world.workspace.misbehave(fault("chat.update"));

    await world.ben.click(scene.card, /^Approve/);

    await isBlocked(world, scene);
  });

  it("as a block that failed is told: it is told once Slack is back", async () => {
    const scene = await offered(world, blockWords(next()));
    await FAULTS.find(({ name }) => name === "a write denied")?.begin(world, "firewall");
    world.workspace.misbehave(fault("chat.postMessage"));

    await world.ben.click(scene.card, /^Approve/);

    await saysInThread(world, scene, /Not carried out/, "Allow wafv2:UpdateIPSet");
    await cardSays(world, scene, "but not carried out");
  });

  it("as an undo is answered: it is undone, and nobody is told that it was not", async () => {
    const scene = await blocked(world, next());
    world.workspace.misbehave({ ...fault("chat.postEphemeral"), ...{ calls: 1 } } as Misbehaviour);

    await undone(world, scene);

    await isUnblocked(world, scene);
    const said = wordsOf(await world.ben.sees(/./));
    expect(said).not.toContain("nothing was changed");
  });
});

it("a card that somebody deleted comes back with what became of it", async () => {
  const scene = await blocked(world, next());
  await deleted(scene.card);

  await world.ana.say(`/unblock ${scene.address}`);

  const again = await cardSays(world, scene, "Over since");
  expect(again.ts).not.toBe(scene.card.ts);
  await isUnblocked(world, scene);
});

async function deleted({ channelId, ts }: { readonly channelId: string; readonly ts: string }): Promise<void> {
  const answer = await fetch(`${world.workspace.apiUrl}chat.delete`, {
    method: "POST",
    headers: { authorization: `Bearer ${world.workspace.botToken}` },
    body: new URLSearchParams({ channel: channelId, ts }),
  });
  expect(await answer.json()).toMatchObject({ ok: true });
}

describe("the database is lost", () => {
  it.each([
    ["is out of reach", () => world.database.cut()],
    ["is killed", async () => postgres.kill()],
  ] as const)(
    "and %s between the firewall's answer and the receipt: there is one receipt, and the card says so",
    async (_, lose) => {
      const scene = await offered(world, blockWords(next()));
      const ended = world.ended("apply");
      let losses = 0;
      world.breakAws({
        after: async (operation) => {
          if (operation !== "UpdateIPSet" || losses > 0) return;
          losses += 1;
          await lose();
        },
      });

      await world.ben.click(scene.card, /^Approve/);
      expect(await ended).toMatchObject({ code: "store-down" });
      await world.database.restore();

      await untilTakenUp(world, scene.proposalId, "done");
      await isBlocked(world, scene);
      expect(losses).toBe(1);
    },
    40_000,
  );

  it.each([
    ["is out of reach", () => world.database.cut()],
    ["is killed", async () => postgres.kill()],
  ] as const)(
    "and %s as a block ends: it is ended by the next sweep",
    async (_, lose) => {
      const scene = await blocked(world, next());
      let losses = 0;
      world.breakAws({
        after: async (operation) => {
          if (operation !== "UpdateIPSet" || losses > 0) return;
          losses += 1;
          await lose();
        },
      });
      world.clock.step(HOUR_MS + 1_000);

      expect(await world.run("sweep")).not.toBeNull();
      await world.database.restore();
      await untilSwept(world);

      await isUnblocked(world, scene);
    },
    40_000,
  );

  it("as somebody approves: nobody is told that nothing was changed, and a second click ends it", async () => {
    const scene = await offered(world, blockWords(next()));
    await world.database.freeze();

    await world.ben.click(scene.card, /^Approve/);

    await world.ben.sees(/The database did not answer, so it is not sure whether this was taken\. Look at the card/);
    await world.database.restore();
    await world.ben.click(await cardSays(world, scene, "Waits for approval"), /^Approve/);
    await untilTakenUp(world, scene.proposalId, "done");
    await isBlocked(world, scene);
  }, 40_000);
});

describe("a clock that is set", () => {
  it("two hours ahead ends what should have ended by then", async () => {
    const scene = await blocked(world, next());

    world.clock.step(2 * HOUR_MS);
    await world.run("sweep");

    await isUnblocked(world, scene);
  });

  it("two hours back ends nothing before its time, and everything in it", async () => {
    const scene = await blocked(world, next());
    const group = await scaled(world, next());

    world.clock.step(-2 * HOUR_MS);
    expect([await world.run("sweep"), await world.run("reconcile")]).toEqual([null, null]);
    await isBlocked(world, scene);
    world.clock.step(3 * HOUR_MS + 2_000);
    expect(await world.run("sweep")).toBeNull();

    await isUnblocked(world, scene);
    await isScaledBack(world, group);
  });

  it("two hours ahead lets nobody approve an offer that is over by then, and says so", async () => {
    const scene = await offered(world, blockWords(next()));

    world.clock.step(2 * HOUR_MS);
    await world.ben.click(scene.card, /^Approve/);

    await world.ben.sees(/[Ee]xpired/);
    expect(await world.firewall.list()).toEqual([]);
  });

  it("two hours back lets an offer be approved", async () => {
    const scene = await offered(world, blockWords(next()));

    world.clock.step(-2 * HOUR_MS);
    await world.ben.click(scene.card, /^Approve/);

    await isBlocked(world, scene);
    world.clock.step(2 * HOUR_MS);
  });
});
