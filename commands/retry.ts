import { isSameLimit } from "../src/domain/address-measure.ts";
import type { BlockChange, Change, Proposal, ScaleChange } from "../src/domain/proposal.ts";
import { startsLater } from "../src/domain/scale-span.ts";
import { UserError } from "../src/errors.ts";
import { ACTION } from "../src/slack/action-ids.ts";
import type { ButtonHandler } from "../src/slack/command.ts";
import { actorOf } from "./actor.ts";
import { refuseBlocked } from "./block.ts";
import { addressProblem, blockChange } from "./block-request.ts";
import { proposalFor, refreshCard } from "./card.ts";
import type { CommandContext } from "./context.ts";
import { propose } from "./propose.ts";
import { refuseRetried } from "./retried.ts";
import { notesOn, scaleChange } from "./scale-request.ts";
import { serviceFor } from "./service.ts";

/**
 * Offers what was approved and could not be carried out once more, whoever clicks how often. It is checked and approved
 * anew: the world went on.
 */
export const retry: ButtonHandler<CommandContext> = {
  actionId: ACTION.retry,
  run: async (click, context) => {
    const failed = await proposalFor(click.value, context);
    if (failed.state !== "failed") {
      await refreshCard(failed.id, context);
      throw new UserError("retry-nothing", "There is nothing to retry: this one did not fail.");
    }
    await refuseRetried(failed.id, context);
    const by = await actorOf(click, context);
    const wish = { ...(await anew(failed, context)), by, retryOf: failed.id };
    const predicted = isPredicted(failed.change, wish.change) ? failed.predicted : null;
    await propose({ ...wish, predicted, findingId: failed.findingId, channelId: click.channelId }, context);
  },
};

/** What was predicted of a limit holds for that one. */
function isPredicted(before: Change, now: Change): boolean {
  return before.kind !== "block" || now.kind !== "block" || isSameLimit(before.rateLimit, now.rateLimit);
}

function anew({ change }: Proposal, context: CommandContext) {
  return change.kind === "block" ? blockAnew(change, context) : scaleAnew(change, context);
}

/** Whether it is a dry run, and what a limit lets through, is settled anew, as of any offer. */
async function blockAnew(before: BlockChange, context: CommandContext): Promise<{ readonly change: Change }> {
  const { kind: _kind, dryRun: _dryRun, rateLimit: _rateLimit, overrides = [], ...asked } = before;
  serviceFor({ named: before.service, needs: before.measure ?? "firewall", command: "retry" }, context);
  await refuseBlocked(before, context);
  // Where no guard refuses it any more, there is no glass to break.
  const breaksGlass = overrides.length > 0 && addressProblem(asked, asked.addresses, context) !== null;
  return { change: await blockChange({ ...asked, breaksGlass }, context) };
}

/** From what the group is now; ahead of time where that is still to come. */
async function scaleAnew(
  before: ScaleChange,
  context: CommandContext,
): Promise<{ readonly change: Change; readonly notes: readonly string[] }> {
  const { service, toInstances, durationSecs, reason, startMs } = before;
  const { port } = serviceFor({ named: service, needs: "scaler", command: "scale" }, context);
  const capacity = await port.read();
  const wanted = { kind: "to", instances: toInstances } as const;
  const isAhead = startMs !== undefined && startsLater(before, context.clock.now());
  const request = { service, wanted, capacity, durationSecs, reason, ...(isAhead && { startMs }) };
  const change = scaleChange(request, context);
  return { change, notes: await notesOn(change, capacity, context) };
}
