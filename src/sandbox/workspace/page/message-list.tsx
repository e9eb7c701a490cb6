import type { ReactNode } from "react";
import type { Message } from "../state/workspace-state.ts";
import { MessageView } from "./message.tsx";
import { dayName, tsToMs } from "./time.ts";
import type { StayAtEnd } from "./use-stay-at-end.ts";

/** Messages of the same author this close together share one name. */
const GROUP_MS = 5 * 60_000;

interface MessageListProps {
  readonly messages: readonly Message[];
  readonly intro: ReactNode;
  readonly stay: StayAtEnd;
}

/** What was said in a channel, with a line between days; stays at the end while somebody reads there. */
export function MessageList({ messages, intro, stay: { list, content, onScroll } }: MessageListProps) {
  return (
    <div className="messages" ref={list} onScroll={onScroll} role="log" aria-label="Messages" data-testid="messages">
      <div className="messages__content" ref={content}>
        {intro}
        {messages.map((message, index) => (
          <Entry key={message.ts} message={message} before={messages[index - 1]} />
        ))}
      </div>
    </div>
  );
}

function Entry({ message, before }: { readonly message: Message; readonly before: Message | undefined }) {
  const day = dayName(tsToMs(message.ts), Date.now());
  const isNewDay = before === undefined || dayName(tsToMs(before.ts), Date.now()) !== day;
  return (
    <>
      {isNewDay && (
        <div className="day">
          <span>{day}</span>
        </div>
      )}
      <MessageView message={message} isContinued={!isNewDay && continues(message, before)} />
    </>
  );
}

/** Whether a message goes on from the one before it, so that its author need not be named again. */
export function continues(message: Message, before: Message | undefined): boolean {
  return (
    before !== undefined &&
    before.authorId === message.authorId &&
    before.visibleTo === message.visibleTo &&
    before.visibleTo === null &&
    tsToMs(message.ts) - tsToMs(before.ts) < GROUP_MS
  );
}
