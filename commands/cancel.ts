import type { Person } from "../src/domain/proposal.ts";
import { UserError } from "../src/errors.ts";
import { recordDone } from "../src/record.ts";
import { ACTION } from "../src/slack/action-ids.ts";
import type { ButtonHandler, Click } from "../src/slack/command.ts";
import { cancelledMessage } from "../src/slack/views/progress.ts";
import { actorOf } from "./actor.ts";
import type { CommandContext } from "./context.ts";
import { investigationFor } from "./investigation.ts";

/**
 * "Cancel" on a `/spike` under way. Anybody may who may ask. The row says it to the worker, wherever that is; what the
 * worker does then changes nothing any more for people.
 */
export const cancel: ButtonHandler<CommandContext> = {
  actionId: ACTION.cancel,
  run: async (click, context) => {
    const { id, service, channelId } = await investigationFor(click.value, context);
    const by = await actorOf(click, context);
    const isFirst = await context.store.cancelInvestigation(id, by);
    const { cancelledBy } = await investigationFor(id, context);
    await showCancelled(click, { service, cancelledBy }, context);
    if (!isFirst) throw tooLate(cancelledBy);
    await recordDone(context, {
      key: `cancelled:${id}`,
      kind: "investigation",
      channelId,
      actor: by,
      text: `Cancelled the question what is going on at ${service}.`,
      messageTs: click.messageTs,
    });
  },
};

/** "Cancel" on a `/top` under way, which is known by its message. */
export const cancelTop: ButtonHandler<CommandContext> = {
  actionId: ACTION.cancelTop,
  run: async (click, context) => {
    const { channelId, messageTs } = click;
    const by = await actorOf(click, context);
    const end = { channelId, messageTs, state: "cancelled", cancelledBy: by } as const;
    const isFirst = await context.store.endBreakdown(end);
    const cancelledBy = isFirst ? by : ((await context.store.breakdownEnd(click))?.cancelledBy ?? null);
    await showCancelled(click, { service: click.value, cancelledBy }, context);
    if (!isFirst) throw tooLate(cancelledBy);
  },
};

/** The message is only a view, and the worker shows it too. After the end it is the answer's. */
async function showCancelled(
  { channelId, messageTs }: Click,
  { service, cancelledBy }: { readonly service: string; readonly cancelledBy: Person | null },
  { messenger, log }: CommandContext,
): Promise<void> {
  if (cancelledBy === null) return;
  try {
    await messenger.update({ channelId, ts: messageTs }, cancelledMessage({ service, by: cancelledBy.name }));
  } catch (error) {
    log.warn({ err: error }, "cancelled, but not shown");
  }
}

function tooLate(cancelledBy: Person | null): UserError {
  return cancelledBy === null
    ? new UserError("cancel-ended", "There is nothing left to cancel: it has finished already.")
    : new UserError("cancel-cancelled", `${cancelledBy.name} has cancelled it already.`);
}
