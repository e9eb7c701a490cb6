import { goTo } from "./address.ts";
import { Composer } from "./composer.tsx";
import { Icon } from "./icon.tsx";
import { MessageView } from "./message.tsx";
import { continues } from "./message-list.tsx";
import { useOffice } from "./office.tsx";
import { countReplies } from "./thread-link.tsx";
import { useStayAtEnd } from "./use-stay-at-end.ts";

/** A message and its replies, beside the channel. */
export function ThreadPane({ channelId, threadTs }: { readonly channelId: string; readonly threadTs: string }) {
  const { state } = useOffice();
  const messages = state.messages[channelId] ?? [];
  const linked = messages.find(({ ts }) => ts === threadTs);
  const rootTs = linked?.threadTs ?? threadTs;
  const root = messages.find(({ ts }) => ts === rootTs);
  const replies = messages.filter((message) => message.threadTs === rootTs);
  const channel = state.channels.find(({ id }) => id === channelId);
  const count = replies.length;
  const { list, content, onScroll, toEnd } = useStayAtEnd(rootTs);
  return (
    <section className="pane pane--thread" aria-label="Thread" data-testid="thread">
      <header className="pane__header">
        <h2>Thread</h2>
        <p className="pane__topic">#{channel?.name}</p>
        <button
          type="button"
          className="icon-button"
          aria-label="Close the thread"
          onClick={() => goTo({ kind: "channel", channelId, threadTs: null })}
        >
          <Icon name="close" />
        </button>
      </header>
      <div className="messages" ref={list} onScroll={onScroll} role="log" aria-label="Thread messages">
        <div className="messages__content" ref={content}>
          {root === undefined ? (
            <p className="welcome">This message is gone.</p>
          ) : (
            <MessageView message={root} isContinued={false} isInThread />
          )}
          {count > 0 && <div className="replies-count">{countReplies(count)}</div>}
          {replies.map((reply, index) => (
            <MessageView key={reply.ts} message={reply} isContinued={continues(reply, replies[index - 1])} isInThread />
          ))}
        </div>
      </div>
      {root !== undefined && (
        <Composer key={rootTs} channelId={channelId} threadTs={rootTs} placeholder="Reply…" onSend={toEnd} />
      )}
    </section>
  );
}
