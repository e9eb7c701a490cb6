import { useState } from "react";
import type { Message } from "../state/workspace-state.ts";
import { Avatar } from "./avatar.tsx";
import { Blocks } from "./blocks/blocks.tsx";
import { useBlockValues } from "./blocks/use-block-values.ts";
import { FileCard } from "./file-card.tsx";
import { Icon } from "./icon.tsx";
import { MessageToolbar } from "./message-toolbar.tsx";
import { Mrkdwn } from "./mrkdwn/mrkdwn.tsx";
import { authorOf, useOffice } from "./office.tsx";
import { Reactions } from "./reactions.tsx";
import { ThreadLink } from "./thread-link.tsx";
import { clockTime, tsToMs } from "./time.ts";

interface MessageViewProps {
  readonly message: Message;
  /** Whether it follows one of the same author. */
  readonly isContinued: boolean;
  /** Whether it stands in the pane of its thread. */
  readonly isInThread?: boolean;
}

/** One message with everything on it. */
export function MessageView({ message, isContinued, isInThread = false }: MessageViewProps) {
  const { state } = useOffice();
  const [isMenuOpen, setIsMenuOpen] = useState(false);
  const author = authorOf(message.authorId, state);
  const isEphemeral = message.visibleTo !== null;
  const classes = [
    "message",
    isContinued ? "message--continued" : "",
    isEphemeral ? "message--ephemeral" : "",
    isMenuOpen ? "message--active" : "",
  ];
  return (
    <article
      className={classes.filter(Boolean).join(" ")}
      aria-label={`Message of ${author.name}`}
      data-testid="message"
      data-ts={message.ts}
      data-author={author.name}
      data-ephemeral={isEphemeral ? "true" : undefined}
    >
      <div className="message__gutter">
        {isContinued ? <Time ts={message.ts} /> : <Avatar authorId={message.authorId} />}
      </div>
      <div className="message__body">
        {isEphemeral && <OnlyYou message={message} />}
        {!isContinued && (
          <div className="message__head">
            <b>{author.name}</b>
            {author.isApp && <span className="badge">APP</span>}
            <Time ts={message.ts} />
          </div>
        )}
        <Content message={message} />
        <Reactions message={message} />
        {!isInThread && message.threadTs === null && <ThreadLink message={message} />}
      </div>
      {!isEphemeral && (
        <MessageToolbar message={message} isInThread={isInThread} isMenuOpen={isMenuOpen} onMenu={setIsMenuOpen} />
      )}
    </article>
  );
}

/** Blocks take the place of the text, which is then for notifications only. */
function Content({ message }: { readonly message: Message }) {
  const values = useBlockValues(message.blocks);
  const source = { kind: "message", channelId: message.channelId, ts: message.ts } as const;
  const edited = message.editedTs !== null && <span className="message__edited"> (edited)</span>;
  return (
    <div className="message__content">
      {message.blocks.length > 0 ? (
        <Blocks blocks={message.blocks} source={source} values={values} />
      ) : (
        message.text !== "" && <Mrkdwn text={message.text} />
      )}
      {message.blocks.length === 0 && edited}
      {message.fileIds.map((fileId) => (
        <FileCard key={fileId} fileId={fileId} />
      ))}
    </div>
  );
}

function OnlyYou({ message }: { readonly message: Message }) {
  const { acts, complain } = useOffice();
  return (
    <div className="only-you">
      <Icon name="eye" size={14} /> Only visible to you
      <button
        type="button"
        className="only-you__dismiss"
        onClick={() => void complain(acts.dismiss({ channelId: message.channelId, ts: message.ts }))}
      >
        Dismiss
      </button>
    </div>
  );
}

function Time({ ts }: { readonly ts: string }) {
  const ms = tsToMs(ts);
  return (
    <time className="message__time" dateTime={new Date(ms).toISOString()} title={new Date(ms).toUTCString()}>
      {clockTime(ms)}
    </time>
  );
}
