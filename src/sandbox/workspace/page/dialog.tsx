import { type ReactNode, useEffect, useRef } from "react";

interface DialogProps {
  readonly label: string;
  readonly className: string;
  readonly testId: string;
  readonly onClose: () => void;
  readonly children: ReactNode;
}

/** Something over the page that has to be dealt with first; Esc and a click beside it close it. */
export function Dialog({ label, className, testId, onClose, children }: DialogProps) {
  const dialog = useRef<HTMLDialogElement>(null);
  useEffect(() => {
    const element = dialog.current;
    element?.showModal();
    return () => element?.close();
  }, []);
  return (
    // biome-ignore lint/a11y/useKeyWithClickEvents: Esc does the same for the keyboard
    <dialog
      ref={dialog}
      className={className}
      aria-label={label}
      data-testid={testId}
      onCancel={(event) => {
        event.preventDefault();
        onClose();
      }}
      onClick={(event) => {
        // The second click of a double one on what opened it falls beside it, and is no answer.
        if (event.target === dialog.current && event.detail < 2) onClose();
      }}
    >
      {children}
    </dialog>
  );
}
