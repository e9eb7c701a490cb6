import type { Message } from "../state/workspace-state.ts";
import { formatAddress } from "./address.ts";
import { Avatar } from "./avatar.tsx";
import { useOffice } from "./office.tsx";
import { clockTime, dayName, tsToMs } from "./time.ts";

/** How many replies a message has, and the way to them. */
export function ThreadLink({ message }: { readonly message: Message }) {
  const { state } = useOffice();
  const replies = (state.messages[message.channelId] ?? []).filter(({ threadTs }) => threadTs === message.ts);
  const last = replies.at(-1);
  if (last === undefined) return null;
  const authors = [...new Set(replies.map(({ authorId }) => authorId))].slice(0, 4);
  const lastMs = tsToMs(last.ts);
  return (
    <a
      className="thread-link"
      href={formatAddress({ kind: "channel", channelId: message.channelId, threadTs: message.ts })}
      data-testid="thread-link"
    >
      {authors.map((authorId) => (
        <Avatar key={authorId} authorId={authorId} size={22} />
      ))}
      <b>{countReplies(replies.length)}</b>
      <span>
        Last reply {dayName(lastMs, Date.now()).toLowerCase()} at {clockTime(lastMs)}
      </span>
    </a>
  );
}

export function countReplies(count: number): string {
  return count === 1 ? "1 reply" : `${count} replies`;
}
