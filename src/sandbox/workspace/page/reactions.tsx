import type { Message } from "../state/workspace-state.ts";
import { EmojiView } from "./mrkdwn/emoji-view.tsx";
import { authorOf, useOffice } from "./office.tsx";

/** The reactions on a message; a click adds one's own or takes it back. */
export function Reactions({ message }: { readonly message: Message }) {
  const { state, me, acts, complain } = useOffice();
  if (message.reactions.length === 0) return null;
  return (
    <div className="reactions" data-testid="reactions">
      {message.reactions.map(({ name, userIds }) => {
        const names = userIds.map((id) => authorOf(id, state).name).join(", ");
        return (
          <button
            key={name}
            type="button"
            className="reaction"
            aria-pressed={userIds.includes(me.id)}
            aria-label={`:${name}: ${userIds.length}, by ${names}`}
            title={`${names} reacted with :${name}:`}
            data-testid={`reaction-${name}`}
            onClick={() => void complain(acts.react({ channelId: message.channelId, ts: message.ts, name }))}
          >
            <EmojiView name={name} /> {userIds.length}
          </button>
        );
      })}
    </div>
  );
}
