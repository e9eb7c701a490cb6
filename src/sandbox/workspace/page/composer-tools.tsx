import type { RefObject } from "react";
import { Icon, type IconName } from "./icon.tsx";

const MARKS: readonly { readonly icon: IconName; readonly label: string; readonly mark: string }[] = [
  { icon: "bold", label: "Bold", mark: "*" },
  { icon: "italic", label: "Italic", mark: "_" },
  { icon: "strike", label: "Strikethrough", mark: "~" },
  { icon: "code", label: "Code", mark: "`" },
];

interface ComposerToolsProps {
  readonly input: RefObject<HTMLTextAreaElement | null>;
  readonly onWrite: (text: string, cursor: number) => void;
}

/** Puts marks around what is selected. */
export function ComposerTools({ input, onWrite }: ComposerToolsProps) {
  const wrap = (mark: string) => {
    const element = input.current;
    if (element === null) return;
    const { value, selectionStart, selectionEnd } = element;
    const selected = value.slice(selectionStart, selectionEnd);
    const text = value.slice(0, selectionStart) + mark + selected + mark + value.slice(selectionEnd);
    onWrite(text, selectionEnd + (selected === "" ? 1 : 2));
  };
  return (
    <div className="composer__tools" role="toolbar" aria-label="Formatting">
      {MARKS.map(({ icon, label, mark }) => (
        <button
          key={mark}
          type="button"
          className="icon-button"
          aria-label={label}
          title={label}
          tabIndex={-1}
          onClick={() => wrap(mark)}
        >
          <Icon name={icon} size={17} />
        </button>
      ))}
    </div>
  );
}
