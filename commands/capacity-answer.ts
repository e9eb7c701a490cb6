import { UserError } from "../src/errors.ts";
import type { CapacityHold } from "../src/ports/remembered.ts";
import { record } from "../src/record.ts";
import { ACTION } from "../src/slack/action-ids.ts";
import type { ButtonHandler, Click } from "../src/slack/command.ts";
import { noticeMessage } from "../src/slack/views/failure.ts";
import { actorOf } from "./actor.ts";
import { askToUndo } from "./ask-to-undo.ts";
import { proposalFor, refreshCard } from "./card.ts";
import type { CommandContext } from "./context.ts";

/** Puts capacity back although somebody changed it. Anybody may, as with Undo. */
export const restoreCapacity: ButtonHandler<CommandContext> = {
  actionId: ACTION.restoreCapacity,
  run: async (click, context) => {
    const hold = await heldBy(click, context);
    const { proposalId } = hold;
    const wish = { id: `undo-${proposalId}-forced`, proposalId, userId: click.userId, isForced: true };
    await askToUndo(wish, context);
    const by = await actorOf(click, context);
    await answered(
      click,
      `${by.name} wants ${hold.service} put back whatever it is now; the card says when it is.`,
      context,
    );
  },
};

/** Leaves capacity as somebody else set it. Anybody may: it changes nothing, and the record says who it was. */
export const keepCapacity: ButtonHandler<CommandContext> = {
  actionId: ACTION.keepCapacity,
  run: async (click, context) => {
    const { store, clock } = context;
    const hold = await heldBy(click, context);
    const proposal = await proposalFor(hold.proposalId, context);
    const by = await actorOf(click, context);
    const { proposalId, service } = hold;
    await record(context, {
      key: `scale-kept:${proposalId}`,
      kind: "undo",
      channelId: proposal.channelId,
      incidentId: proposal.incidentId,
      actor: by,
      text: `The capacity of ${service} stays as it was found; before the scale-out it was minimum ${hold.before.min}, desired ${hold.before.desired}.`,
      messageTs: proposal.messageTs,
    });
    await store.addCapacityEnd({ proposalId, kind: "kept", by, atMs: clock.now() });
    await store.dropCapacityHold(proposalId);
    await refreshCard(proposalId, context);
    await answered(click, `${by.name} keeps the capacity of ${service} as it is.`, context);
  },
};

async function heldBy(click: Click, context: CommandContext): Promise<CapacityHold> {
  const hold = (await context.store.capacityHolds()).find(({ proposalId }) => proposalId === click.value);
  if (hold !== undefined) return hold;
  const { name = "somebody" } = (await context.store.capacityEnd(click.value))?.by ?? {};
  await answered(click, "Answered already; the card says how it ended.", context);
  throw new UserError("capacity-answered", `This was answered already, by ${name}; the card says how it ended.`);
}

/** A question that was answered has no buttons. */
async function answered({ channelId, messageTs }: Click, text: string, context: CommandContext): Promise<void> {
  const message = noticeMessage(text);
  await context.messenger.update({ channelId, ts: messageTs }, message).catch((error: unknown) => {
    context.log.warn({ err: error }, "question not updated");
  });
}
