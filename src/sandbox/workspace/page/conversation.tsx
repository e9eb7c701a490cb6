import type { ReactNode } from "react";
import type { Message } from "../state/workspace-state.ts";
import { Composer } from "./composer.tsx";
import { MessageList } from "./message-list.tsx";
import { useStayAtEnd } from "./use-stay-at-end.ts";

interface ConversationProps {
  readonly channelId: string;
  /** Replies in threads are left out. */
  readonly messages: readonly Message[];
  readonly intro: ReactNode;
  readonly placeholder: string;
}

/** What was said somewhere, and where to say more. */
export function Conversation({ channelId, messages, intro, placeholder }: ConversationProps) {
  const stay = useStayAtEnd(channelId);
  return (
    <>
      <MessageList messages={messages.filter(({ threadTs }) => threadTs === null)} intro={intro} stay={stay} />
      <Composer key={channelId} channelId={channelId} threadTs={null} placeholder={placeholder} onSend={stay.toEnd} />
    </>
  );
}
