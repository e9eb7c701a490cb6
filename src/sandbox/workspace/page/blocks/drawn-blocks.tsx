import { type MouseEvent, useMemo } from "react";
import { type Block, Message } from "slack-blocks-to-jsx";
import { isObject, type Json, type JsonObject } from "../../json.ts";
import { emojiOf } from "../mrkdwn/emoji.ts";
import { EmojiView } from "../mrkdwn/emoji-view.tsx";
import { useOffice } from "../office.tsx";
import { formatDateToken } from "../time.ts";

interface DrawnBlocksProps {
  readonly blocks: readonly JsonObject[];
  /** A button among them was clicked. */
  readonly onAct?: (element: JsonObject) => void;
}

/**
 * Leaves the richer blocks (rich text, Markdown, cards, alerts, charts) to
 * slack-blocks-to-jsx. It only draws; a button's element id is its action_id,
 * by which a click on it is found again.
 */
export function DrawnBlocks({ blocks, onAct }: DrawnBlocksProps) {
  const { state } = useOffice();
  const drawn = useMemo(() => blocks.map(withoutConfirm) as unknown as Block[], [blocks]);
  const data = {
    users: [
      ...state.people.map(({ id, realName }) => ({ id, name: realName })),
      { id: state.app.userId, name: state.app.name },
    ],
    channels: state.channels.map(({ id, name }) => ({ id, name })),
  };
  const click = (event: MouseEvent) => {
    const button = (event.target as HTMLElement).closest("button");
    const element = button === null ? null : findElement(blocks, button.id);
    if (element !== null) onAct?.(element);
  };
  return (
    // biome-ignore lint/a11y/useKeyWithClickEvents: the buttons inside are buttons, which the keyboard clicks by itself
    // biome-ignore lint/a11y/noStaticElementInteractions: it only listens to the buttons inside
    <div className="drawn" onClick={click}>
      <Message
        withoutWrapper
        theme="light"
        name=""
        logo=""
        blocks={drawn}
        data={data}
        hooks={{
          date: ({ timestamp, format }) => formatDateToken(Number(timestamp), format, Date.now()),
          // The library takes the middle of 14:02:07 for an emoji.
          emoji: ({ name }) => (emojiOf(name) === null ? `:${name}:` : <EmojiView name={name} />),
        }}
      />
    </div>
  );
}

/** The library asks for confirmation by itself, and tells nobody the answer. */
function withoutConfirm(value: JsonObject): JsonObject {
  const strip = (inner: Json): Json => {
    if (Array.isArray(inner)) return inner.map(strip);
    return isObject(inner) ? withoutConfirm(inner) : inner;
  };
  const kept = Object.entries(value).filter(([name]) => name !== "confirm");
  return Object.fromEntries(kept.map(([name, inner]) => [name, strip(inner)]));
}

function findElement(value: Json, actionId: string): JsonObject | null {
  if (actionId === "") return null;
  if (isObject(value) && value["action_id"] === actionId) return value;
  const inner = Array.isArray(value) ? value : isObject(value) ? Object.values(value) : [];
  for (const item of inner) {
    const found = findElement(item as Json, actionId);
    if (found !== null) return found;
  }
  return null;
}
