import { useId } from "react";
import { isObject, type JsonObject } from "../../json.ts";
import { Icon } from "../icon.tsx";
import { Control } from "./control.tsx";
import { plainTextOf, Text } from "./text.tsx";
import type { EnteredValues } from "./use-block-values.ts";
import type { Dispatch } from "./use-dispatch.ts";

interface InputBlockProps {
  readonly block: JsonObject;
  readonly dispatch: Dispatch;
  readonly values: EnteredValues;
  readonly error: string | undefined;
}

/** A field with its label, a hint, and what is wrong with it. */
export function InputBlock({ block, dispatch, values, error }: InputBlockProps) {
  const labelId = useId();
  const blockId = String(block["block_id"]);
  return (
    <div
      className={`block-input${error === undefined ? "" : " block-input--wrong"}`}
      data-testid="field"
      data-block-id={blockId}
    >
      <div className="block-input__label">
        <span id={labelId}>{plainTextOf(block["label"])}</span>
        {block["optional"] === true && <small> (optional)</small>}
      </div>
      {isObject(block["element"]) && (
        <Control
          element={block["element"]}
          blockId={blockId}
          dispatch={dispatch}
          values={values}
          isSilent={block["dispatch_action"] !== true}
          labelId={labelId}
        />
      )}
      {error !== undefined && (
        <p className="block-input__error" role="alert" data-testid="field-error">
          <Icon name="warning" size={15} /> {error}
        </p>
      )}
      {isObject(block["hint"]) && (
        <p className="block-input__hint">
          <Text text={block["hint"]} />
        </p>
      )}
    </div>
  );
}
