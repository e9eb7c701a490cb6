import type { JsonObject } from "../../json.ts";
import { Dialog } from "../dialog.tsx";
import { plainTextOf, Text } from "./text.tsx";

interface ConfirmDialogProps {
  readonly confirm: JsonObject;
  readonly onAnswer: (isConfirmed: boolean) => void;
}

/** Asks before something is done. */
export function ConfirmDialog({ confirm, onAnswer }: ConfirmDialogProps) {
  const title = plainTextOf(confirm["title"]);
  return (
    <Dialog label={title} className="dialog dialog--confirm" testId="confirm" onClose={() => onAnswer(false)}>
      <header className="dialog__header">
        <h2>{title}</h2>
      </header>
      <div className="dialog__body">
        <Text text={confirm["text"]} />
      </div>
      <footer className="dialog__footer">
        <button
          type="button"
          className="button button--large"
          data-testid="confirm-deny"
          onClick={() => onAnswer(false)}
        >
          {plainTextOf(confirm["deny"])}
        </button>
        <button
          type="button"
          className={`button button--large button--${confirm["style"] === "danger" ? "danger" : "primary"}`}
          data-testid="confirm-accept"
          onClick={() => onAnswer(true)}
        >
          {plainTextOf(confirm["confirm"])}
        </button>
      </footer>
    </Dialog>
  );
}
