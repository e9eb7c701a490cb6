import { setImmediate as yieldNow } from "node:timers/promises";
import { GetIPSetCommand, UpdateIPSetCommand, type WAFV2Client } from "@aws-sdk/client-wafv2";
import { reconcile } from "../../jobs/reconcile.ts";
import { undo } from "../../jobs/undo.ts";
import { UpstreamError } from "../../src/errors.ts";
import type { Firewall } from "../../src/ports/firewall.ts";
import { SECOND } from "./build-proposal.ts";
import { blockOf } from "./changes.ts";
import { applyOnce, approved, attempt, type TestJobContext, withWeb } from "./job-context.ts";

/** What a queue would do with a job that says it may be tried again. */
async function asTheQueueWould(work: () => Promise<void>): Promise<void> {
  for (let tries = 0; ; tries += 1) {
    try {
      return await work();
    } catch (error) {
      const causes = error instanceof AggregateError ? error.errors : [error];
      const isRetryable = causes.every((cause) => cause instanceof UpstreamError && cause.retryable);
      if (!isRetryable || tries >= 30) throw error;
    }
  }
}

/** An address of a bot's own block. */
export const ownAddress = (bot: number, block: number) => `198.51.100.${bot * 10 + block}/32`;

/**
 * Lets bots that share a store each put in three blocks and take out one of them, while each of them reconciles all
 * the time; gives what should be in the firewall of theirs when all is quiet.
 */
export async function letBotsRun(world: TestJobContext, firewalls: readonly Firewall[]): Promise<readonly string[]> {
  let isQuiet = false;
  const bots = firewalls.map((firewall) => withWeb(world, { firewall }));
  const reconcileOnce = (bot: TestJobContext) => asTheQueueWould(() => reconcile(attempt<"reconcile">({}), bot));
  const reconcilers = bots.map(async (bot) => {
    while (!isQuiet) {
      await reconcileOnce(bot);
      await yieldNow();
    }
  });
  await Promise.all(
    bots.map(async (bot, n) => {
      for (const block of [0, 1, 2]) {
        const proposal = await approved(bot, { id: `p${n}-${block}`, change: blockOf([ownAddress(n, block)]) });
        await asTheQueueWould(() => applyOnce(proposal, bot));
      }
      const payload = { proposalId: `p${n}-1`, userId: SECOND.id };
      await asTheQueueWould(() => undo(attempt<"undo">(payload), bot));
    }),
  );
  isQuiet = true;
  await Promise.all(reconcilers);
  // Whoever looks later finds what an end and a putting back at the same moment may have left.
  world.clock.advance(5 * 60_000);
  await Promise.all(bots.map(reconcileOnce));
  return bots.flatMap((_, n) => [ownAddress(n, 0), ownAddress(n, 2)]);
}

/** Somebody else who keeps an honest lock: adds these one by one, and once takes out one that is not theirs. */
export async function writeAsForeigner(
  client: WAFV2Client,
  set: { readonly Name: string; readonly Id: string; readonly Scope: "REGIONAL" },
  addresses: readonly string[],
  takesOut: string,
): Promise<{ readonly conflicts: number }> {
  let conflicts = 0;
  for (const [n, address] of addresses.entries()) {
    for (;;) {
      const { IPSet, LockToken } = await client.send(new GetIPSetCommand(set));
      const held = (IPSet?.Addresses ?? []).filter((each) => n !== addresses.length >> 1 || each !== takesOut);
      try {
        await client.send(new UpdateIPSetCommand({ ...set, Addresses: [...held, address], LockToken }));
        break;
      } catch (error) {
        if ((error as Error).name !== "WAFOptimisticLockException") throw error;
        conflicts += 1;
      }
    }
  }
  return { conflicts };
}
