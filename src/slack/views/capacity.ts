import type { KnownBlock } from "@slack/types";
import type { Capacity } from "../../domain/capacity.ts";
import type { Message } from "../../ports/messenger.ts";
import type { CapacityHold } from "../../ports/remembered.ts";
import { context, section } from "../block-kit.ts";
import { bold, code } from "../escape.ts";
import { moment } from "../moment.ts";

/** "4 desired (3 in service, 1 starting), minimum 2, maximum 10". */
export function capacityText({ min, max, desired, running, pending = 0 }: Capacity): string {
  const starting = pending === 0 ? "" : `, ${pending} starting`;
  return `${desired} desired (${running} in service${starting}), minimum ${min}, maximum ${max}`;
}

/** How many instances serve a service now, and how to ask for more. */
export function capacityMessage(shown: {
  readonly service: string;
  readonly capacity: Capacity;
  /** Never more than this by us. */
  readonly most: number;
  /** A scale-out of ours that has not ended; null where there is none. */
  readonly hold: CapacityHold | null;
}): Message {
  const { service, capacity, most, hold } = shown;
  const now = capacityText(capacity);
  const raised = most > capacity.max ? `, and raises the maximum of ${capacity.max} for it` : "";
  const held =
    hold === null
      ? "No scale-out of ours is under way."
      : `A scale-out of ours ends at ${moment(hold.untilMs)}; before, it was minimum ${hold.before.min} and ${hold.before.desired} desired.`;
  return {
    text: `${service}: ${now}`,
    blocks: [
      section(`${bold(service)}: ${now}.\n${held}`),
      context(
        `Spillway goes to ${most} at most${raised}. Ask for more with ${code(`/scale ${service} +2 for 90m`)}, or ahead of time with ${code(`/scale ${service} +2 at 20:00 for 90m`)}.`,
      ),
    ] satisfies KnownBlock[],
  };
}
