import type { KnownBlock } from "@slack/types";
import type { Capacity } from "../../domain/capacity.ts";
import type { Message } from "../../ports/messenger.ts";
import type { CapacityHold } from "../../ports/remembered.ts";
import { ACTION } from "../action-ids.ts";
import { actions, button, confirm, context, section } from "../block-kit.ts";
import { bold, plain } from "../escape.ts";
import { capacityText } from "./capacity.ts";

/** Asks what to do with capacity whose time is up and that somebody changed meanwhile. */
export function capacityQuestionMessage(question: {
  readonly hold: CapacityHold;
  /** A clause. */
  readonly conflict: string;
  readonly now: Capacity;
  /** How many instances the scale-out asked for. */
  readonly raisedTo: number;
}): Message {
  const { hold, conflict, now, raisedTo } = question;
  const { service, before } = hold;
  const title = `Put the capacity of ${service} back?`;
  // A maximum that was not raised is left alone, whoever changed it.
  const isMaxOurs = raisedTo > before.max && now.max !== before.max;
  const max = isMaxOurs ? `, maximum ${before.max}` : "";
  const old = `minimum ${before.min}, desired ${before.desired}${max}`;
  const restore = button(ACTION.restoreCapacity, "Restore anyway", hold.proposalId, {
    style: "danger",
    confirm: confirm("Restore?", `Sets ${service} to ${old}, whatever it is now.`, "Restore"),
  });
  return {
    text: plain(title),
    blocks: [
      section(
        `:question: ${bold(title)}\nThe scale-out is to end, but ${plain(conflict)}: somebody changed it meanwhile, so it was left alone.`,
      ),
      section(`*Now:* ${capacityText(now)}\n*Before the scale-out:* ${old}`),
      actions("capacity", restore, button(ACTION.keepCapacity, "Keep as it is", hold.proposalId)),
      context("Nothing changes until somebody answers; this is asked again every hour."),
    ] satisfies KnownBlock[],
  };
}
