import { sendEvent } from "../events/event.ts";
import type { WorkspaceParts } from "../parts.ts";
import { viewPayload } from "../payloads/view.ts";
import { conversationWithApp } from "../state/workspace-state.ts";
import { DONE, type Outcome } from "./interaction.ts";
import { personNamed } from "./named.ts";

/** Tells the app that somebody looks at its Home or its messages. */
export function openApp(
  act: { readonly personId: string; readonly tab: "home" | "messages" },
  parts: WorkspaceParts,
): Outcome {
  const state = parts.store.read();
  const person = personNamed(act.personId, state);
  const home = state.homes[person.id];
  sendEvent(
    "app_home_opened",
    {
      type: "app_home_opened",
      user: person.id,
      channel: conversationWithApp(state, person.id)?.id ?? "",
      tab: act.tab,
      ...(act.tab === "home" && home !== undefined ? { view: viewPayload(home, state) } : {}),
    },
    parts,
  );
  return DONE;
}
