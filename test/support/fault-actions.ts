/** What Spillway does to AWS, as a person sees it done, fail and come right. */
import { expect } from "@jest/globals";
import type { Message } from "../../src/sandbox/workspace/state/workspace-state.ts";
import type { Target } from "./fault-catalogue.ts";
import type { FaultWorld } from "./fault-world.ts";
import { until } from "./until.ts";

const HOUR_MS = 3_600_000;
const MINUTE_MS = 60_000;
/** The group as the sandbox has it, and as it is asked for. */
const SMALL = { min: 2, desired: 2 };
const LARGE = { min: 4, desired: 4 };

/** One change, and its card. */
export interface Scene {
  /** What nobody else blocks, in CIDR notation; and what names the card. */
  readonly address: string;
  readonly mark: RegExp;
  readonly proposalId: string;
  readonly card: Message;
}

export interface Action {
  readonly name: string;
  readonly target: Target;
  /** Whether it changes AWS, or only looks. */
  readonly writes: boolean;
  /** Everything before it. */
  arrange(world: FaultWorld, nth: number): Promise<Scene>;
  act(world: FaultWorld, scene: Scene): Promise<unknown>;
  /** Card, rows and AWS say that it was done. */
  isDone(world: FaultWorld, scene: Scene): Promise<void>;
  /** People were told why it was not done; card, rows and AWS say the same. */
  isTold(world: FaultWorld, scene: Scene, says: string): Promise<void>;
  /** What whoever read that does once the fault is over, or what goes by itself. */
  comeRight(world: FaultWorld, scene: Scene): Promise<Scene>;
}

export const ACTIONS: readonly Action[] = [
  {
    name: "block",
    target: "firewall",
    writes: true,
    arrange: (world, nth) => offered(world, blockWords(nth)),
    act: (world, { card }) => world.ben.click(card, /^Approve/),
    isDone: isBlocked,
    isTold: async (world, scene, says) => {
      await isFailed(world, scene, says);
      await world.run("sweep");
      expect(await world.store.blocks({ proposalId: scene.proposalId, state: ["pending", "active"] })).toEqual([]);
      expect(await world.firewall.list()).not.toContain(scene.address);
    },
    comeRight: retried,
  },
  {
    name: "unblock",
    target: "firewall",
    writes: true,
    arrange: blocked,
    act: undone,
    isDone: isUnblocked,
    isTold: async (world, scene, says) => {
      await saysInThread(world, scene, /Not undone/, says);
      await isBlocked(world, scene);
    },
    comeRight: async (world, scene) => {
      await undone(world, scene);
      return scene;
    },
  },
  {
    name: "expiry",
    target: "firewall",
    writes: true,
    arrange: blocked,
    act: timeIsUp,
    isDone: isUnblocked,
    isTold: async (world, scene, says) => {
      await stillNot(world);
      await isOverdue(world, scene, says);
      expect(await world.firewall.list()).toContain(scene.address);
    },
    comeRight: swept,
  },
  {
    name: "scale out",
    target: "group",
    writes: true,
    arrange: (world, nth) => offered(world, scaleWords(nth)),
    act: (world, { card }) => world.ben.click(card, /^Approve/),
    isDone: isScaled,
    isTold: async (world, scene, says) => {
      await isFailed(world, scene, says);
      await world.run("sweep");
      expect(await world.store.capacityHolds()).toEqual([]);
      expect(await world.group.read()).toMatchObject(SMALL);
    },
    comeRight: retried,
  },
  {
    name: "scale back",
    target: "group",
    writes: true,
    arrange: scaled,
    act: undone,
    isDone: isScaledBack,
    isTold: async (world, scene, says) => {
      await saysInThread(world, scene, /Not undone/, says);
      await isScaled(world, scene);
    },
    comeRight: async (world, scene) => {
      await undone(world, scene);
      return scene;
    },
  },
  {
    name: "end of a scale-out",
    target: "group",
    writes: true,
    arrange: scaled,
    act: timeIsUp,
    isDone: isScaledBack,
    isTold: async (world, scene, says) => {
      await stillNot(world);
      await isOverdue(world, scene, says);
      expect(await world.group.read()).toMatchObject(LARGE);
    },
    comeRight: swept,
  },
  {
    name: "check",
    target: "firewall",
    writes: false,
    arrange: blocked,
    act: (world, { proposalId }) => world.queue.enqueue("check", { proposalId, round: 2 }),
    isDone: async (world, scene) => {
      await world.ben.seesInThread(scene.card, /not checked|Cannot tell/);
      expect((await world.store.receipt(scene.proposalId))?.check).toMatchObject({ isFinal: true });
      await isBlocked(world, scene);
    },
    isTold: async (world, scene, says) => {
      await saysInThread(world, scene, /Cannot tell whether it worked/, says);
      await isBlocked(world, scene);
    },
    comeRight: async (_world, scene) => scene,
  },
  {
    name: "reconcile",
    target: "firewall",
    writes: true,
    arrange: async (world, nth) => {
      const scene = await blocked(world, nth);
      await world.firewall.unblock([scene.address]);
      return scene;
    },
    act: async (world) => {
      for (let rounds = 0; rounds < 4; rounds += 1) {
        await world.run("reconcile");
        world.clock.step(4 * MINUTE_MS);
      }
    },
    isDone: async (world, scene) => {
      await isBlocked(world, scene);
      await world.ben.seesInThread(scene.card, /Somebody took .* out of the firewall/);
    },
    isTold: async (world, _scene, says) => {
      for (let minute = 0; minute < 7; minute += 1) {
        world.clock.step(MINUTE_MS);
        await world.run("reconcile");
      }
      await world.ben.sees(new RegExp(`could not be (looked at|put back)[\\s\\S]*${escaped(says)}`));
    },
    comeRight: async (world, scene) => {
      world.clock.step(4 * MINUTE_MS);
      await world.run("reconcile");
      return scene;
    },
  },
];

interface Button {
  readonly action_id?: string;
  readonly value?: string;
}

export function blockWords(nth: number) {
  const address = `198.51.100.${nth}`;
  return { words: `/block ${address} for 1h because it floods`, mark: `Block ${address} on`, address: `${address}/32` };
}

export function scaleWords(nth: number) {
  const address = `198.51.100.${nth}/32`;
  return { words: `/scale web to 4 for 1h because show ${nth} begins`, mark: `show ${nth} begins`, address };
}

export async function offered(
  world: FaultWorld,
  { words, mark, address }: { readonly words: string; readonly mark: string; readonly address: string },
): Promise<Scene> {
  await world.ana.say(words);
  const found = new RegExp(escaped(mark));
  return sceneOf(await world.ben.sees(new RegExp(`${found.source}[\\s\\S]*Approve`)), found, address);
}

function sceneOf(card: Message, mark: RegExp, address: string): Scene {
  const buttons = card.blocks.flatMap((block) => (block["elements"] as readonly Button[] | undefined) ?? []);
  const proposalId = buttons.find(({ action_id }) => action_id === "approve")?.value;
  if (proposalId === undefined) throw new Error("the card has no button to approve it");
  return { card, mark, address, proposalId };
}

export async function blocked(world: FaultWorld, nth: number): Promise<Scene> {
  return approved(world, await offered(world, blockWords(nth)));
}

export async function scaled(world: FaultWorld, nth: number): Promise<Scene> {
  return approved(world, await offered(world, scaleWords(nth)));
}

async function approved(world: FaultWorld, scene: Scene): Promise<Scene> {
  await world.ben.click(scene.card, /^Approve/);
  return { ...scene, card: await cardSays(world, scene, "applied at") };
}

export async function cardSays(world: FaultWorld, { mark }: Scene, words: string): Promise<Message> {
  return world.ben.sees(new RegExp(`${mark.source}[\\s\\S]*${words}`));
}

export async function undone(world: FaultWorld, scene: Scene): Promise<void> {
  await world.ben.click(await cardSays(world, scene, "Undo"), /^Undo/);
}

async function timeIsUp(world: FaultWorld): Promise<void> {
  world.clock.step(HOUR_MS + 1_000);
  for (let sweeps = 0; sweeps < 4; sweeps += 1) await world.run("sweep");
}

/** So much later that people have to hear of it. */
async function stillNot(world: FaultWorld): Promise<void> {
  world.clock.step(6 * MINUTE_MS);
  await world.run("sweep");
  await world.run("sweep");
}

async function swept(world: FaultWorld, scene: Scene): Promise<Scene> {
  await world.run("sweep");
  return scene;
}

async function retried(world: FaultWorld, scene: Scene): Promise<Scene> {
  await world.ana.click(await cardSays(world, scene, "Retry"), /^Retry/);
  const again = sceneOf(await cardSays(world, scene, "Waits for approval"), scene.mark, scene.address);
  expect(again.proposalId).not.toBe(scene.proposalId);
  return approved(world, again);
}

export async function isBlocked(world: FaultWorld, scene: Scene): Promise<void> {
  await cardSays(world, scene, "applied at .*Ends by itself");
  expect((await world.store.proposal(scene.proposalId))?.state).toBe("done");
  expect(await world.store.blocks({ proposalId: scene.proposalId })).toMatchObject([{ state: "active" }]);
  expect(await world.firewall.list()).toContain(scene.address);
}

export async function isUnblocked(world: FaultWorld, scene: Scene): Promise<void> {
  await cardSays(world, scene, "Over since");
  expect(await world.store.blocks({ proposalId: scene.proposalId, state: ["pending", "active"] })).toEqual([]);
  expect(await world.firewall.list()).not.toContain(scene.address);
}

export async function isScaled(world: FaultWorld, scene: Scene): Promise<void> {
  await cardSays(world, scene, "applied at .*Ends by itself");
  expect((await world.store.proposal(scene.proposalId))?.state).toBe("done");
  expect(await world.store.capacityHolds()).toMatchObject([{ proposalId: scene.proposalId }]);
  expect(await world.group.read()).toMatchObject(LARGE);
}

export async function isScaledBack(world: FaultWorld, scene: Scene): Promise<void> {
  await cardSays(world, scene, "Over since");
  // The hold goes last, so that what dies before the card says so leaves a trace.
  await until(2_000, async () => (await world.store.capacityHolds()).length === 0);
  expect(await world.store.capacityHolds()).toEqual([]);
  expect(await world.group.read()).toMatchObject(SMALL);
}

async function isFailed(world: FaultWorld, scene: Scene, says: string): Promise<void> {
  await cardSays(world, scene, "but not carried out");
  await saysInThread(world, scene, /Not carried out/, says);
  expect((await world.store.proposal(scene.proposalId))?.state).toBe("failed");
  expect((await world.store.receipt(scene.proposalId))?.outcome).toBe("failed");
}

async function isOverdue(world: FaultWorld, scene: Scene, says: string): Promise<void> {
  await saysInThread(world, scene, /should have ended at/, says);
  await cardSays(world, scene, "[Ss]hould have ended at");
  const said = await world.ben.seesInThread(scene.card, /should have ended at/);
  expect(said.filter((words) => words.includes("should have ended at"))).toHaveLength(1);
}

export async function saysInThread(world: FaultWorld, { card }: Scene, what: RegExp, why: string): Promise<void> {
  const said = await world.ben.seesInThread(card, new RegExp(`${what.source}[\\s\\S]*${escaped(why)}`));
  expect(said.join("\n")).not.toMatch(/node_modules|\n\s+at \S+|\[object|\bundefined\b|\$response/);
}

function escaped(text: string): string {
  return text.replace(/[.()[\]]/g, "\\$&");
}
