import type { WorkspaceParts } from "../parts.ts";
import { messagePayload } from "../payloads/message.ts";
import { DONE, interactionBase, type Outcome, responseUrl } from "./interaction.ts";
import { channelNamed, messageNamed, personNamed } from "./named.ts";

export interface PickedShortcut {
  readonly personId: string;
  readonly callbackId: string;
  /** The message it was picked on; null for a global shortcut. */
  readonly message: { readonly channelId: string; readonly ts: string } | null;
}

/** Tells the app that somebody picked one of its shortcuts. */
export async function pickShortcut(act: PickedShortcut, parts: WorkspaceParts): Promise<Outcome> {
  const state = parts.store.read();
  const person = personNamed(act.personId, state);
  const delivery = await parts.hub.deliver({
    type: "interactive",
    payload: {
      ...interactionBase(person, parts),
      ...(act.message === null ? { type: "shortcut" } : onMessage(act.message, person.id, parts)),
      callback_id: act.callbackId,
      action_ts: parts.nextTs(),
    },
    acceptsResponse: false,
  });
  if (delivery.kind === "acknowledged") return DONE;
  return { kind: "no-response", reason: delivery.kind === "timed-out" ? "timed-out" : "not-connected" };
}

function onMessage(place: { channelId: string; ts: string }, personId: string, parts: WorkspaceParts) {
  const state = parts.store.read();
  const message = messageNamed(place.channelId, place.ts, state);
  const channel = channelNamed(place.channelId, state);
  const target = { channelId: channel.id, personId, threadTs: message.threadTs, messageTs: message.ts };
  return {
    type: "message_action",
    channel: { id: channel.id, name: channel.kind === "im" ? "directmessage" : channel.name },
    message_ts: message.ts,
    message: messagePayload(message, state),
    response_url: responseUrl(target, parts),
  };
}
