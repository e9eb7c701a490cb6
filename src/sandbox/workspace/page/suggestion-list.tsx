import { useEffect, useRef } from "react";
import { Avatar } from "./avatar.tsx";
import { Icon } from "./icon.tsx";
import type { Suggestion } from "./suggestions.ts";

interface SuggestionListProps {
  readonly suggestions: readonly Suggestion[];
  readonly current: Suggestion | undefined;
  readonly onPick: (suggestion: Suggestion) => void;
}

/** What could be meant, above the composer. */
export function SuggestionList({ suggestions, current, onPick }: SuggestionListProps) {
  const list = useRef<HTMLDivElement>(null);
  const currentId = current?.id;
  useEffect(() => {
    if (currentId !== undefined)
      list.current?.querySelector("[aria-selected=true]")?.scrollIntoView({ block: "nearest" });
  }, [currentId]);
  if (suggestions.length === 0) return null;
  return (
    <div className="suggestions" data-testid="suggestions">
      <div className="suggestions__title">
        {suggestions[0]?.id.startsWith("/") ? "Commands" : "Matching"}
        <small>
          <kbd>↑</kbd> <kbd>↓</kbd> to move, <kbd>Tab</kbd> to take, <kbd>Esc</kbd> to leave
        </small>
      </div>
      <div role="listbox" id="suggestions" aria-label="Suggestions" className="suggestions__list" ref={list}>
        {suggestions.map((suggestion) => (
          <button
            key={suggestion.id}
            type="button"
            role="option"
            id={`suggestion-${suggestion.id}`}
            className="suggestion"
            aria-selected={suggestion.id === currentId}
            data-testid="suggestion"
            tabIndex={-1}
            onMouseDown={(event) => {
              event.preventDefault();
              onPick(suggestion);
            }}
          >
            {suggestion.authorId === null ? <Icon name="hash" /> : <Avatar authorId={suggestion.authorId} size={28} />}
            <span className="suggestion__text">
              <span>
                <b>{suggestion.title}</b> <span className="suggestion__usage">{suggestion.usage}</span>
              </span>
              {suggestion.description !== "" && <small>{suggestion.description}</small>}
            </span>
          </button>
        ))}
      </div>
    </div>
  );
}
