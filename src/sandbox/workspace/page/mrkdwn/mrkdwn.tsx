import { Fragment, type ReactNode } from "react";
import { formatAddress } from "../address.ts";
import { authorOf, useOffice } from "../office.tsx";
import { formatDateToken } from "../time.ts";
import { EmojiView } from "./emoji-view.tsx";
import { type Inline, type Passage, parseInline, parseMrkdwn } from "./parse.ts";

/** Shows Slack's mrkdwn. */
export function Mrkdwn({ text }: { readonly text: string }) {
  return (
    <div className="mrkdwn">
      {parseMrkdwn(text).map((passage, index) => keyed(index, <PassageView passage={passage} />))}
    </div>
  );
}

/** Shows plain text, with its emoji where it asks for them. */
export function PlainText({ text }: { readonly text: string }) {
  const inlines = parseInline(text).flatMap((inline) => (inline.kind === "emoji" ? [inline] : []));
  if (inlines.length === 0) return <>{text}</>;
  return <>{text.split(/(:[a-z0-9_+-]+:)/).map((part, index) => keyed(index, emojiOrText(part, inlines)))}</>;
}

function emojiOrText(part: string, known: readonly Extract<Inline, { kind: "emoji" }>[]): ReactNode {
  const emoji = known.find(({ name }) => `:${name}:` === part);
  return emoji === undefined ? part : <EmojiView name={emoji.name} />;
}

function PassageView({ passage }: { readonly passage: Passage }) {
  switch (passage.kind) {
    case "preformatted":
      return <pre>{passage.text}</pre>;
    case "quote":
      return (
        <blockquote>
          <Inlines inlines={passage.children} />
        </blockquote>
      );
    case "lines":
      return (
        <p>
          <Inlines inlines={passage.children} />
        </p>
      );
  }
}

function Inlines({ inlines }: { readonly inlines: readonly Inline[] }) {
  return <>{inlines.map((inline, index) => keyed(index, <InlineView inline={inline} />))}</>;
}

function InlineView({ inline }: { readonly inline: Inline }): ReactNode {
  const { state } = useOffice();
  switch (inline.kind) {
    case "text":
      return inline.text;
    case "code":
      return <code>{inline.text}</code>;
    case "bold":
      return <b>{<Inlines inlines={inline.children} />}</b>;
    case "italic":
      return <i>{<Inlines inlines={inline.children} />}</i>;
    case "strike":
      return <s>{<Inlines inlines={inline.children} />}</s>;
    case "emoji":
      return <EmojiView name={inline.name} />;
    case "person":
      return <span className="mention">@{authorOf(inline.id, state).name}</span>;
    case "everybody":
      return <span className="mention mention--everybody">@{inline.name}</span>;
    case "channel":
      return <ChannelLink id={inline.id} name={inline.name} />;
    case "link":
      return <Link url={inline.url}>{inline.label}</Link>;
    case "date": {
      const text = formatDateToken(inline.atSecs, inline.format, Date.now());
      return inline.url === null ? (
        <time title={new Date(inline.atSecs * 1000).toISOString()}>{text}</time>
      ) : (
        <Link url={inline.url}>{text}</Link>
      );
    }
  }
}

function ChannelLink({ id, name }: { readonly id: string; readonly name: string | null }) {
  const { state } = useOffice();
  const channel = state.channels.find((candidate) => candidate.id === id);
  return (
    <a className="mention" href={formatAddress({ kind: "channel", channelId: id, threadTs: null })}>
      #{channel?.name ?? name ?? id}
    </a>
  );
}

function Link({ url, children }: { readonly url: string; readonly children: ReactNode }) {
  // A permalink leads to a place on this page; everything else opens beside it.
  const isHere = url.startsWith(`${location.origin}/#`);
  return (
    <a href={url} {...(isHere ? {} : { target: "_blank", rel: "noreferrer noopener" })}>
      {children}
    </a>
  );
}

/** Parts of a text have no identity but their place. */
function keyed(index: number, node: ReactNode) {
  return <Fragment key={index}>{node}</Fragment>;
}
