import { type JsonObject, textOf } from "../../json.ts";
import { plainTextOf, Text } from "./text.tsx";

interface ButtonControlProps {
  readonly element: JsonObject;
  readonly isPending: boolean;
  readonly onClick: () => void;
}

export function ButtonControl({ element, isPending, onClick }: ButtonControlProps) {
  const style = textOf(element["style"]);
  const url = textOf(element["url"]);
  const shared = {
    className: `button${style === null ? "" : ` button--${style}`}${isPending ? " button--pending" : ""}`,
    "aria-label": textOf(element["accessibility_label"]) ?? plainTextOf(element["text"]),
    "aria-busy": isPending,
    "data-testid": "block-button",
    "data-action-id": String(element["action_id"]),
    onClick,
  };
  if (url !== null) {
    return (
      <a {...shared} href={url} target="_blank" rel="noreferrer noopener">
        <Text text={element["text"]} />
      </a>
    );
  }
  return (
    <button type="button" {...shared}>
      <Text text={element["text"]} />
    </button>
  );
}
