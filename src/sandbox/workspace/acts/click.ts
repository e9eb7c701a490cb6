import type { JsonObject } from "../json.ts";
import type { WorkspaceParts } from "../parts.ts";
import { messagePayload } from "../payloads/message.ts";
import { viewPayload } from "../payloads/view.ts";
import { findModal, replaceView } from "../state/modals.ts";
import type { Person, View } from "../state/workspace-state.ts";
import { DONE, interactionBase, type Outcome, responseUrl } from "./interaction.ts";
import { channelNamed, messageNamed, personNamed, UnknownThing } from "./named.ts";

/** Where somebody clicked. */
export type ClickSource =
  | { readonly kind: "message"; readonly channelId: string; readonly ts: string }
  | { readonly kind: "view"; readonly viewId: string };

export interface Click {
  readonly personId: string;
  readonly source: ClickSource;
  /** The element as block_actions shows it: type, ids, and its value or the option chosen. */
  readonly action: JsonObject;
  /** Everything entered or chosen around it, by block and action. */
  readonly values: JsonObject;
}

/** Tells the app that a button was clicked or something chosen. */
export async function click(act: Click, parts: WorkspaceParts): Promise<Outcome> {
  const person = personNamed(act.personId, parts.store.read());
  const place =
    act.source.kind === "message"
      ? inMessage(act.source, act.values, person, parts)
      : inView(act.source, act.values, person, parts);
  const delivery = await parts.hub.deliver({
    type: "interactive",
    payload: {
      type: "block_actions",
      ...interactionBase(person, parts),
      ...place,
      actions: [{ ...act.action, action_ts: parts.nextTs() }],
    },
    acceptsResponse: false,
  });
  if (delivery.kind === "acknowledged") return DONE;
  return { kind: "no-response", reason: delivery.kind === "timed-out" ? "timed-out" : "not-connected" };
}

function inMessage(
  source: Extract<ClickSource, { kind: "message" }>,
  values: JsonObject,
  person: Person,
  parts: WorkspaceParts,
): JsonObject {
  const state = parts.store.read();
  const message = messageNamed(source.channelId, source.ts, state);
  const channel = channelNamed(source.channelId, state);
  const isEphemeral = message.visibleTo !== null;
  const target = {
    channelId: channel.id,
    personId: person.id,
    threadTs: message.threadTs,
    messageTs: message.ts,
  };
  return {
    container: {
      type: "message",
      message_ts: message.ts,
      channel_id: channel.id,
      is_ephemeral: isEphemeral,
      ...(message.threadTs === null ? {} : { thread_ts: message.threadTs }),
    },
    channel: { id: channel.id, name: channel.kind === "im" ? "directmessage" : channel.name },
    // Slack leaves ephemeral messages out: nobody but the person has them.
    ...(isEphemeral ? {} : { message: messagePayload(message, state) }),
    state: { values },
    response_url: responseUrl(target, parts),
  };
}

function inView(
  source: Extract<ClickSource, { kind: "view" }>,
  values: JsonObject,
  person: Person,
  parts: WorkspaceParts,
): JsonObject {
  const state = parts.store.read();
  const before: View | undefined = findModal(state, source.viewId) ?? state.homes[person.id];
  if (before === undefined || before.id !== source.viewId) throw new UnknownThing(`There is no view ${source.viewId}`);
  const view = { ...before, values };
  replaceView(parts.store, view);
  return { container: { type: "view", view_id: view.id }, view: viewPayload(view, state) };
}
