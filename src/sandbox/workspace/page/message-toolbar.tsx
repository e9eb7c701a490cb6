import { useEffect, useLayoutEffect, useRef, useState } from "react";
import type { Message } from "../state/workspace-state.ts";
import { goTo } from "./address.ts";
import { Icon } from "./icon.tsx";
import { PICKER_REACTIONS, QUICK_REACTIONS } from "./mrkdwn/emoji.ts";
import { EmojiView } from "./mrkdwn/emoji-view.tsx";
import { useOffice } from "./office.tsx";

interface MessageToolbarProps {
  readonly message: Message;
  readonly isInThread: boolean;
  readonly isMenuOpen: boolean;
  readonly onMenu: (isOpen: boolean) => void;
}

/** What one can do with a message; shown while the pointer or the focus is on it. */
export function MessageToolbar({ message, isInThread, isMenuOpen, onMenu }: MessageToolbarProps) {
  const { acts, complain } = useOffice();
  const [menu, setMenu] = useState<"emoji" | "more">("more");
  const place = { channelId: message.channelId, ts: message.ts };
  const react = (name: string) => {
    onMenu(false);
    void complain(acts.react({ ...place, name }));
  };
  const toggle = (next: typeof menu) => {
    setMenu(next);
    onMenu(!isMenuOpen || menu !== next);
  };
  return (
    <div className="toolbar" role="toolbar" aria-label="Message actions" data-testid="message-toolbar">
      {QUICK_REACTIONS.map((name) => (
        <button
          key={name}
          type="button"
          aria-label={`React with :${name}:`}
          title={`:${name}:`}
          onClick={() => react(name)}
        >
          <EmojiView name={name} />
        </button>
      ))}
      <button
        type="button"
        aria-label="Find another reaction"
        title="Find another reaction"
        onClick={() => toggle("emoji")}
      >
        <Icon name="smile" />
      </button>
      {!isInThread && (
        <button
          type="button"
          aria-label="Reply in thread"
          title="Reply in thread"
          data-testid="reply-in-thread"
          onClick={() => goTo({ kind: "channel", channelId: message.channelId, threadTs: message.ts })}
        >
          <Icon name="reply" />
        </button>
      )}
      <button
        type="button"
        aria-label="More actions"
        title="More actions"
        data-testid="more-actions"
        onClick={() => toggle("more")}
      >
        <Icon name="more" />
      </button>
      {isMenuOpen && (
        <Menu key={menu} onClose={() => onMenu(false)}>
          {menu === "emoji" ? (
            <EmojiPicker onPick={react} />
          ) : (
            <Shortcuts message={message} onDone={() => onMenu(false)} />
          )}
        </Menu>
      )}
    </div>
  );
}

/** A menu that goes when one clicks elsewhere or presses Esc; above its button where there is no room below. */
function Menu({ children, onClose }: { readonly children: React.ReactNode; readonly onClose: () => void }) {
  const menu = useRef<HTMLDivElement>(null);
  const [isAbove, setIsAbove] = useState(false);
  useLayoutEffect(() => {
    const room = menu.current?.closest("[role=log]")?.getBoundingClientRect().bottom ?? innerHeight;
    setIsAbove((menu.current?.getBoundingClientRect().bottom ?? 0) > room);
  }, []);
  useEffect(() => {
    const leave = (event: Event) => {
      const isElsewhere = event.target instanceof Node && !menu.current?.parentElement?.contains(event.target);
      if (event instanceof KeyboardEvent ? event.key === "Escape" : isElsewhere) onClose();
    };
    document.addEventListener("pointerdown", leave);
    document.addEventListener("keydown", leave);
    return () => {
      document.removeEventListener("pointerdown", leave);
      document.removeEventListener("keydown", leave);
    };
  }, [onClose]);
  return (
    <div className={`menu${isAbove ? " menu--above" : ""}`} role="menu" ref={menu}>
      {children}
    </div>
  );
}

function EmojiPicker({ onPick }: { readonly onPick: (name: string) => void }) {
  return (
    <div className="emoji-picker">
      {PICKER_REACTIONS.map((name) => (
        <button
          key={name}
          type="button"
          role="menuitem"
          aria-label={`:${name}:`}
          title={`:${name}:`}
          onClick={() => onPick(name)}
        >
          <EmojiView name={name} />
        </button>
      ))}
    </div>
  );
}

function Shortcuts({ message, onDone }: { readonly message: Message; readonly onDone: () => void }) {
  const { offers, acts, complain, state } = useOffice();
  const shortcuts = offers.shortcuts.filter(({ type }) => type === "message");
  const pick = (callbackId: string) => {
    onDone();
    void complain(acts.shortcut({ callbackId, message: { channelId: message.channelId, ts: message.ts } }));
  };
  if (shortcuts.length === 0) return <p className="menu__empty">No app offers anything here</p>;
  return shortcuts.map((shortcut) => (
    <button
      key={shortcut.callbackId}
      type="button"
      role="menuitem"
      className="menu__item"
      data-testid={`shortcut-${shortcut.callbackId}`}
      onClick={() => pick(shortcut.callbackId)}
    >
      <span>{shortcut.name}</span>
      <small>{state.app.name}</small>
    </button>
  ));
}
