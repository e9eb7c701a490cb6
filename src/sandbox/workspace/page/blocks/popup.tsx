import { type KeyboardEvent, type ReactNode, useId, useRef } from "react";

interface PopupProps {
  readonly className: string;
  readonly trigger: ReactNode;
  readonly triggerProps: Readonly<Record<string, string | undefined>>;
  readonly role: "listbox" | "menu";
  /** Its entries carry `data-entry`; a click on one closes it. */
  readonly children: ReactNode;
}

/** A button that opens a list on top of everything else, dialogs too; arrows move in it, Esc closes it. */
export function Popup({ className, trigger, triggerProps, role, children }: PopupProps) {
  const id = useId();
  const button = useRef<HTMLButtonElement>(null);
  const list = useRef<HTMLDivElement>(null);
  const place = () => {
    const from = button.current?.getBoundingClientRect();
    const element = list.current;
    if (from === undefined || element === null) return;
    element.style.minWidth = `${from.width}px`;
    const isBelow = from.bottom + element.offsetHeight + 8 < innerHeight;
    element.style.top = `${isBelow ? from.bottom + 4 : Math.max(8, from.top - element.offsetHeight - 4)}px`;
    element.style.left = `${Math.max(8, Math.min(from.left, innerWidth - element.offsetWidth - 8))}px`;
  };
  const entries = () => [...(list.current?.querySelectorAll<HTMLElement>("[data-entry]") ?? [])];
  const move = (event: KeyboardEvent) => {
    const all = entries();
    const at = all.indexOf(document.activeElement as HTMLElement);
    const next = nextEntry(event.key, at, all);
    if (next === undefined) return;
    event.preventDefault();
    next.focus();
  };
  return (
    <>
      <button
        ref={button}
        type="button"
        className={className}
        popoverTarget={id}
        aria-haspopup={role}
        {...triggerProps}
      >
        {trigger}
      </button>
      {/* biome-ignore lint/a11y/noStaticElementInteractions: it has a role, which depends on what it lists */}
      <div
        id={id}
        ref={list}
        popover="auto"
        role={role}
        className="popup"
        tabIndex={-1}
        onToggle={(event) => {
          if (event.newState !== "open") return;
          place();
          (entries().find((entry) => entry.ariaSelected === "true") ?? entries()[0])?.focus();
        }}
        onKeyDown={move}
        onClick={() => list.current?.hidePopover()}
      >
        {children}
      </div>
    </>
  );
}

function nextEntry(key: string, at: number, entries: readonly HTMLElement[]): HTMLElement | undefined {
  if (key === "ArrowDown") return entries[Math.min(at + 1, entries.length - 1)];
  if (key === "ArrowUp") return entries[Math.max(at - 1, 0)];
  if (key === "Home") return entries[0];
  if (key === "End") return entries.at(-1);
  if (key.length !== 1 || key === " ") return undefined;
  const after = [...entries.slice(at + 1), ...entries.slice(0, at + 1)];
  return after.find((entry) => entry.textContent?.trim().toLowerCase().startsWith(key.toLowerCase()));
}
