import { announceReaction } from "../../events/announce.ts";
import { messagePayload } from "../../payloads/message.ts";
import { withoutReaction, withReaction } from "../../state/reactions.ts";
import { ApiFailure } from "../failure.ts";
import { channelFor, messageFor } from "../lookup.ts";
import type { MethodFamily } from "../method.ts";

const NAME = /^[a-z0-9_+'-]+(::skin-tone-[2-6])?$/;

export const reactionMethods: MethodFamily = {
  "reactions.add": (args, parts) => {
    const state = parts.store.read();
    const name = args.requiredText("name");
    if (!NAME.test(name)) throw new ApiFailure("invalid_name");
    const channel = channelFor(args.requiredText("channel"), state);
    const message = messageFor(channel.id, args.requiredText("timestamp"), state);
    const changed = withReaction(message, name, state.app.userId);
    if (changed === null) throw new ApiFailure("already_reacted");
    parts.store.apply({ kind: "message-changed", message: changed });
    announceReaction("reaction_added", { message, name, personId: state.app.userId }, parts);
    return {};
  },

  "reactions.remove": (args, parts) => {
    const state = parts.store.read();
    const name = args.requiredText("name");
    const channel = channelFor(args.requiredText("channel"), state);
    const message = messageFor(channel.id, args.requiredText("timestamp"), state);
    const changed = withoutReaction(message, name, state.app.userId);
    if (changed === null) throw new ApiFailure("no_reaction");
    parts.store.apply({ kind: "message-changed", message: changed });
    announceReaction("reaction_removed", { message, name, personId: state.app.userId }, parts);
    return {};
  },

  "reactions.get": (args, parts) => {
    const state = parts.store.read();
    const channel = channelFor(args.requiredText("channel"), state);
    const message = messageFor(channel.id, args.requiredText("timestamp"), state);
    return { type: "message", channel: channel.id, message: messagePayload(message, state) };
  },
};
