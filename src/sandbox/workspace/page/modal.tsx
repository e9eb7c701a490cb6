import { type FormEvent, useState } from "react";
import type { View } from "../state/workspace-state.ts";
import { Avatar } from "./avatar.tsx";
import { Blocks } from "./blocks/blocks.tsx";
import { missingFields } from "./blocks/element-values.ts";
import { plainTextOf } from "./blocks/text.tsx";
import { useBlockValues } from "./blocks/use-block-values.ts";
import { Dialog } from "./dialog.tsx";
import { Icon } from "./icon.tsx";
import { useOffice } from "./office.tsx";

/** The modal on top of those that the app opened; the others wait behind it. */
export function ModalStack() {
  const { state, me } = useOffice();
  const stack = state.modals[me.id] ?? [];
  const top = stack.at(-1);
  return top === undefined ? null : <Modal key={top.id} view={top} isOnAnother={stack.length > 1} />;
}

function Modal({ view, isOnAnother }: { readonly view: View; readonly isOnAnother: boolean }) {
  const { state, acts, complain } = useOffice();
  const blocks = view.content["blocks"];
  const values = useBlockValues(blocks);
  const [errors, setErrors] = useState<Readonly<Record<string, string>>>({});
  const [isSending, setIsSending] = useState(false);
  const title = plainTextOf(view.content["title"]);
  const submitLabel = plainTextOf(view.content["submit"]);
  const close = (isCleared: boolean) => void complain(acts.closeModal({ viewId: view.id, isCleared }));

  const send = async (event: FormEvent) => {
    event.preventDefault();
    const missing = missingFields(blocks, values.all);
    setErrors(missing);
    if (Object.keys(missing).length > 0 || isSending) return;
    setIsSending(true);
    const outcome = await complain(acts.submitModal({ viewId: view.id, values: values.all }));
    setIsSending(false);
    if (outcome.kind === "field-errors") setErrors(outcome.errors);
  };
  return (
    <Dialog label={title} className="dialog dialog--modal" testId="modal" onClose={() => close(false)}>
      <form onSubmit={(event) => void send(event)} noValidate>
        <header className="dialog__header">
          {isOnAnother ? (
            <button type="button" className="icon-button" aria-label="Back" onClick={() => close(false)}>
              <Icon name="back" />
            </button>
          ) : (
            <Avatar authorId={state.app.userId} size={28} />
          )}
          <h2>{title}</h2>
          <button type="button" className="icon-button" aria-label="Close" onClick={() => close(true)}>
            <Icon name="close" />
          </button>
        </header>
        <div className="dialog__body">
          <Blocks blocks={blocks} source={{ kind: "view", viewId: view.id }} values={values} errors={errors} />
        </div>
        <footer className="dialog__footer">
          <button
            type="button"
            className="button button--large"
            data-testid="modal-cancel"
            onClick={() => close(false)}
          >
            {plainTextOf(view.content["close"]) || (isOnAnother ? "Back" : "Cancel")}
          </button>
          {submitLabel !== "" && (
            <button
              type="submit"
              className={`button button--large button--primary${isSending ? " button--pending" : ""}`}
              data-testid="modal-submit"
              aria-busy={isSending}
            >
              {submitLabel}
            </button>
          )}
        </footer>
      </form>
    </Dialog>
  );
}
