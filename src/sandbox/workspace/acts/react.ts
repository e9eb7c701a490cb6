import { announceReaction } from "../events/announce.ts";
import type { WorkspaceParts } from "../parts.ts";
import { withoutReaction, withReaction } from "../state/reactions.ts";
import { DONE, type Outcome } from "./interaction.ts";
import { messageNamed, personNamed } from "./named.ts";

export interface ReactionClick {
  readonly personId: string;
  readonly channelId: string;
  readonly ts: string;
  /** Without colons. */
  readonly name: string;
}

/** Adds a person's reaction to a message, or takes it back where it is there. */
export function toggleReaction(act: ReactionClick, parts: WorkspaceParts): Outcome {
  const state = parts.store.read();
  const person = personNamed(act.personId, state);
  const message = messageNamed(act.channelId, act.ts, state);
  const added = withReaction(message, act.name, person.id);
  const changed = added ?? withoutReaction(message, act.name, person.id) ?? message;
  parts.store.apply({ kind: "message-changed", message: changed });
  announceReaction(
    added === null ? "reaction_removed" : "reaction_added",
    { message, name: act.name, personId: person.id },
    parts,
  );
  return DONE;
}
