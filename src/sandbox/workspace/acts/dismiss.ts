import type { WorkspaceParts } from "../parts.ts";
import { DONE, type Outcome } from "./interaction.ts";
import { messageNamed } from "./named.ts";

/** Removes a message that only this person sees. */
export function dismissEphemeral(
  act: { readonly personId: string; readonly channelId: string; readonly ts: string },
  parts: WorkspaceParts,
): Outcome {
  const message = messageNamed(act.channelId, act.ts, parts.store.read());
  if (message.visibleTo !== act.personId) return { kind: "refused", reason: "Others see this message too" };
  parts.store.apply({ kind: "message-deleted", channelId: act.channelId, ts: act.ts });
  return DONE;
}
