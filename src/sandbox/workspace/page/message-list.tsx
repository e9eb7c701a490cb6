import { type ReactNode, useLayoutEffect, useRef } from "react";
import type { Message } from "../state/workspace-state.ts";
import { MessageView } from "./message.tsx";
import { dayName, tsToMs } from "./time.ts";

/** Messages of the same author this close together share one name. */
const GROUP_MS = 5 * 60_000;
/** This close to the end counts as being there. */
const NEAR_END_PX = 120;

interface MessageListProps {
  readonly channelId: string;
  readonly messages: readonly Message[];
  readonly intro: ReactNode;
}

/** What was said in a channel, with a line between days; stays at the end while somebody reads there. */
export function MessageList({ channelId, messages, intro }: MessageListProps) {
  const list = useRef<HTMLDivElement>(null);
  const content = useRef<HTMLDivElement>(null);
  const isAtEnd = useRef(true);
  const last = messages.at(-1)?.ts;

  useLayoutEffect(() => {
    const element = list.current;
    if (element === null || channelId === "") return;
    isAtEnd.current = true;
    // Pictures load and messages change after they are drawn.
    const follow = () => {
      if (isAtEnd.current) element.scrollTop = element.scrollHeight;
    };
    const observer = new ResizeObserver(follow);
    observer.observe(element);
    if (content.current !== null) observer.observe(content.current);
    follow();
    return () => observer.disconnect();
  }, [channelId]);

  useLayoutEffect(() => {
    const element = list.current;
    if (element !== null && isAtEnd.current && last !== undefined) element.scrollTop = element.scrollHeight;
  }, [last]);

  const noteScroll = () => {
    const element = list.current;
    if (element === null) return;
    isAtEnd.current = element.scrollHeight - element.scrollTop - element.clientHeight < NEAR_END_PX;
  };
  return (
    <div className="messages" ref={list} onScroll={noteScroll} role="log" aria-label="Messages" data-testid="messages">
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
