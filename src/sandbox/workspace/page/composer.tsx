import { type KeyboardEvent, useLayoutEffect, useRef, useState } from "react";
import { ComposerTools } from "./composer-tools.tsx";
import { Icon } from "./icon.tsx";
import { useOffice } from "./office.tsx";
import { SuggestionList } from "./suggestion-list.tsx";
import { type Suggestion, suggest } from "./suggestions.ts";

interface ComposerProps {
  readonly channelId: string;
  readonly threadTs: string | null;
  readonly placeholder: string;
  readonly onSend: () => void;
}

/** Where one types: Enter sends, Shift and Enter begin a line, a slash offers commands. */
export function Composer({ channelId, threadTs, placeholder, onSend }: ComposerProps) {
  const { state, offers, acts, complain } = useOffice();
  const [text, setText] = useState("");
  const [cursor, setCursor] = useState(0);
  const [picked, setPicked] = useState(0);
  /** The text for which the suggestions were sent away. */
  const [isQuietFor, setIsQuietFor] = useState<string | null>(null);
  const input = useRef<HTMLTextAreaElement>(null);
  const isInThread = threadTs !== null;
  const suggestions = isQuietFor === text ? [] : suggest(text.slice(0, cursor), { offers, state, isInThread });
  const current = suggestions[Math.min(picked, suggestions.length - 1)];

  useLayoutEffect(() => {
    const element = input.current;
    if (element === null) return;
    element.style.height = "auto";
    element.style.height = `${text === "" ? 0 : element.scrollHeight}px`;
  }, [text]);

  const write = (next: string, nextCursor = next.length) => {
    setText(next);
    setCursor(nextCursor);
    setPicked(0);
    requestAnimationFrame(() => {
      input.current?.focus();
      input.current?.setSelectionRange(nextCursor, nextCursor);
    });
  };
  const complete = (suggestion: Suggestion) =>
    write(suggestion.completion + text.slice(cursor), suggestion.completion.length);
  const send = () => {
    if (text.trim() === "") return;
    write("");
    onSend();
    void complain(acts.say({ channelId, threadTs, text }));
  };
  const press = (event: KeyboardEvent) => {
    if (event.nativeEvent.isComposing) return;
    const act = keyAct(event, { suggestions, current, isWhole: current?.completion.trim() === text.trim() });
    if (act === null) return;
    event.preventDefault();
    if (act === "send") send();
    else if (act === "quiet") setIsQuietFor(text);
    else if (act === "complete" && current !== undefined) complete(current);
    else if (typeof act === "number") setPicked((picked + act + suggestions.length) % suggestions.length);
  };
  return (
    <div className="composer">
      <SuggestionList suggestions={suggestions} current={current} onPick={complete} />
      <div className="composer__box">
        <ComposerTools input={input} onWrite={write} />
        <textarea
          ref={input}
          value={text}
          rows={1}
          placeholder={placeholder}
          aria-label={placeholder}
          aria-autocomplete="list"
          aria-controls={suggestions.length > 0 ? "suggestions" : undefined}
          aria-activedescendant={current === undefined ? undefined : `suggestion-${current.id}`}
          data-testid={isInThread ? "thread-composer" : "composer"}
          // biome-ignore lint/a11y/noAutofocus: the page is for typing here, as Slack's is
          autoFocus
          onChange={(event) => {
            setText(event.target.value);
            setCursor(event.target.selectionStart);
            setPicked(0);
          }}
          onSelect={(event) => setCursor(event.currentTarget.selectionStart)}
          onKeyDown={press}
        />
        <div className="composer__bottom">
          <button
            type="button"
            className="icon-button"
            aria-label="Slash commands"
            title="Slash commands"
            disabled={isInThread}
            onClick={() => write("/")}
          >
            <Icon name="slash" />
          </button>
          <button
            type="button"
            className="icon-button"
            aria-label="Mention somebody"
            title="Mention somebody"
            onClick={() => write(`${text}${text === "" || text.endsWith(" ") ? "" : " "}@`)}
          >
            <Icon name="at" />
          </button>
          <span className="composer__hint">
            <b>Enter</b> to send, <b>Shift + Enter</b> for a new line
          </span>
          <button
            type="button"
            className="composer__send"
            aria-label="Send"
            title="Send"
            disabled={text.trim() === ""}
            data-testid={isInThread ? "thread-send" : "send"}
            onClick={send}
          >
            <Icon name="send" />
          </button>
        </div>
      </div>
    </div>
  );
}

type KeyAct = "send" | "complete" | "quiet" | 1 | -1 | null;

/** What a key does; null leaves it to the browser. */
function keyAct(
  event: KeyboardEvent,
  typing: {
    readonly suggestions: readonly Suggestion[];
    readonly current: Suggestion | undefined;
    readonly isWhole: boolean;
  },
): KeyAct {
  const hasSuggestions = typing.suggestions.length > 0;
  switch (event.key) {
    case "ArrowDown":
      return hasSuggestions ? 1 : null;
    case "ArrowUp":
      return hasSuggestions ? -1 : null;
    case "Tab":
      return hasSuggestions ? "complete" : null;
    case "Escape":
      return hasSuggestions ? "quiet" : null;
    case "Enter":
      if (event.shiftKey) return null;
      return hasSuggestions && !typing.isWhole ? "complete" : "send";
    default:
      return null;
  }
}
