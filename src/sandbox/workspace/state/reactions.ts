import type { Message } from "./workspace-state.ts";

/** The message with a person's reaction; null where it had it already. */
export function withReaction(message: Message, name: string, personId: string): Message | null {
  const existing = message.reactions.find((reaction) => reaction.name === name);
  if (existing === undefined) {
    return { ...message, reactions: [...message.reactions, { name, userIds: [personId] }] };
  }
  if (existing.userIds.includes(personId)) return null;
  const changed = { ...existing, userIds: [...existing.userIds, personId] };
  return { ...message, reactions: message.reactions.map((reaction) => (reaction === existing ? changed : reaction)) };
}

/** The message without a person's reaction; null where it had none. */
export function withoutReaction(message: Message, name: string, personId: string): Message | null {
  const existing = message.reactions.find((reaction) => reaction.name === name);
  if (existing === undefined || !existing.userIds.includes(personId)) return null;
  const userIds = existing.userIds.filter((id) => id !== personId);
  return {
    ...message,
    reactions: message.reactions.flatMap((reaction) => {
      if (reaction !== existing) return [reaction];
      return userIds.length === 0 ? [] : [{ ...existing, userIds }];
    }),
  };
}
