import { startsLater } from "../src/domain/scale-span.ts";
import { UserError } from "../src/errors.ts";
import { ACTION } from "../src/slack/action-ids.ts";
import type { ButtonHandler } from "../src/slack/command.ts";
import { answerQuietly } from "./answer-quietly.ts";
import { askToUndo, UNDO_KEPT } from "./ask-to-undo.ts";
import { proposalFor, refreshCard } from "./card.ts";
import type { CommandContext } from "./context.ts";

/** Undoes an applied change before its time, or calls off one that is to come. Anybody may: it only puts back what was there before. */
export const undo: ButtonHandler<CommandContext> = {
  actionId: ACTION.undo,
  run: async (click, context) => {
    const { id, state, change } = await proposalFor(click.value, context);
    const isWaiting = state === "approved" && startsLater(change, context.clock.now());
    const [held, holds] = await Promise.all([
      context.store.blocks({ proposalId: id, state: ["pending", "active"] }),
      context.store.capacityHolds(),
    ]);
    if (!isWaiting && held.length === 0 && !holds.some((hold) => hold.proposalId === id)) {
      await refreshCard(id, context);
      throw new UserError("undo-nothing", "There is nothing left to undo: it ended already.");
    }
    const isQueued = await askToUndo({ id: `undo-${id}`, proposalId: id, userId: click.userId }, context);
    const doing = isWaiting ? "Calling it off" : "Undoing it now";
    await answerQuietly(click, isQueued ? `${doing}; the card will say when it is done.` : UNDO_KEPT, context);
  },
};
