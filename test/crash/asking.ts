import { type Random, whole } from "../../bench/random.ts";
import { propose } from "../../commands/propose.ts";
import type { BlockChange, Change, Proposal, ScaleChange } from "../../src/domain/proposal.ts";
import { SECOND_MS } from "../../src/domain/time-window.ts";
import type { PersonAtPage } from "../support/at-the-page.ts";
import { until } from "../support/until.ts";
import type { World } from "./world.ts";

/** Longer than everything that a death may hold up: the queue's locks, the sweep's patience, and a start or two. */
const PATIENCE_MS = 180_000;
/** What a click did is on its way; whoever sees nothing for so long clicks again. */
const CLICK_AGAIN_MS = 6_000;
/** Of ten clicks so many are double clicks. */
const DOUBLE_CLICKS_OF_TEN = 3;

/** What was asked for, by what its card can be known by. */
export interface Asked {
  readonly tag: string;
  readonly id: string;
  readonly change: Change;
}

/** People who ask for changes, approve them, and change their minds. */
export interface Asking {
  readonly asked: readonly Asked[];
  block(change: Pick<BlockChange, "addresses" | "durationSecs">): Promise<Asked>;
  scale(change: Pick<ScaleChange, "toInstances" | "fromInstances" | "durationSecs" | "startMs">): Promise<Asked>;
  /** Clicks until nothing of it is left. */
  undo(asked: Asked): Promise<void>;
  /** Clicks on one button, once or twice: it lasts as long again, once. */
  extend(asked: Asked): Promise<void>;
  /** Waits until it has ended, however it does. */
  ended(asked: Asked): Promise<void>;
}

/** Changes are asked for as commands do, but for a shorter time than these allow; all clicks go through the bot. */
export function createAsking(world: World, random: Random): Asking {
  const { ana, ben, chloe, context } = world;
  const asked: Asked[] = [];
  let tags = 0;

  async function ask(change: Change): Promise<Asked> {
    tags += 1;
    const tag = `tag-${tags}`;
    const wish = { change: { ...change, reason: tag }, predicted: null, findingId: null };
    const {
      id,
      change: offered,
      approversNeeded,
    } = await propose({ ...wish, by: { id: ana.id, name: "Ana" }, channelId: ana.channelId("ops") }, context);
    const one = { tag, id, change: offered };
    asked.push(one);
    // Two approve at once where two have to, and now and then where one is enough.
    const approvers = approversNeeded > 1 || whole(4, random) === 0 ? [ben, chloe] : [ben];
    await clickUntil(one, /^Approve/, async () => (await stateOf(one)) !== "pending", approvers);
    await must(`${tag} carried out`, async () => !UNDER_WAY.has(await stateOf(one)));
    return one;
  }

  async function stateOf({ id }: Asked): Promise<Proposal["state"]> {
    return (await context.store.proposal(id))?.state ?? "expired";
  }

  async function isOver(one: Asked): Promise<boolean> {
    if (UNDER_WAY.has(await stateOf(one))) return false;
    const standing = await context.store.blocks({ proposalId: one.id, state: ["pending", "active"] });
    const holds = await context.store.capacityHolds();
    return standing.length === 0 && !holds.some(({ proposalId }) => proposalId === one.id);
  }

  /** A bot that dies hears nothing, or forgets what it heard. */
  async function clickUntil(
    one: Asked,
    button: RegExp,
    isDone: () => Promise<boolean>,
    people: readonly PersonAtPage[] = [ben],
  ): Promise<void> {
    let clickedMs = Number.NEGATIVE_INFINITY;
    await must(`a click on ${button} of ${one.tag}`, async () => {
      if (await isDone()) return true;
      if (Date.now() - clickedMs < CLICK_AGAIN_MS) return false;
      if (await click(one, button, people)) clickedMs = Date.now();
      return isDone();
    });
  }

  /** False where there is no such button, or nobody heard. */
  async function click(one: Asked, button: RegExp, people: readonly PersonAtPage[] = [ben]): Promise<boolean> {
    const card = cardOf(one, world);
    if (card === null) return false;
    const times = whole(10, random) < DOUBLE_CLICKS_OF_TEN ? 2 : 1;
    const clicks = people.flatMap((person) => Array.from({ length: times }, () => person.click(card, button)));
    return (await Promise.allSettled(clicks)).some(({ status }) => status === "fulfilled");
  }

  return {
    asked,
    block: (change) => ask({ kind: "block", service: "web", reason: "", ...change }),
    scale: (change) => ask({ kind: "scale", service: "web", reason: "", ...change }),
    undo: (one) => clickUntil(one, /^(Undo|Call off)/, () => isOver(one)),
    async extend(one) {
      await click(one, /^Extend/);
    },
    ended: (one) => must(`the end of ${one.tag}`, () => isOver(one), PATIENCE_MS + one.change.durationSecs * SECOND_MS),
  };
}

/** The card as it is shown now. */
export function cardOf({ tag }: Asked, { ben }: World) {
  return ben.looksFor(new RegExp(`\\b${tag}\\b[\\s\\S]*Asked for by`));
}

const UNDER_WAY: ReadonlySet<string> = new Set(["pending", "approved", "executing"]);

async function must(what: string, isSo: () => Promise<boolean>, withinMs = PATIENCE_MS): Promise<void> {
  if (!(await until(withinMs, isSo))) throw new Error(`in ${withinMs / SECOND_MS} s there was never ${what}`);
}
