import { Fragment } from "react";
import { isObject, type Json, type JsonObject, objectsOf, textOf } from "../../json.ts";
import { Icon } from "../icon.tsx";
import { Popup } from "./popup.tsx";
import { plainTextOf, Text } from "./text.tsx";

interface SelectControlProps {
  readonly element: JsonObject;
  readonly options: readonly JsonObject[];
  /** The option chosen, or the options of a select of several. */
  readonly current: Json;
  readonly labelId?: string;
  onChange(chosen: Json): void;
}

/** A select, of one option or of several. */
export function SelectControl({ element, options, current, labelId, onChange }: SelectControlProps) {
  const isMulti = String(element["type"]).startsWith("multi_");
  const chosen = isMulti ? objectsOf(current) : [current].filter(isObject);
  const values = chosen.map(({ value }) => value);
  const labels = options.filter(({ value }) => values.includes(value)).map(({ text }) => plainTextOf(text));
  const pick = (option: JsonObject) => {
    const { group: _, ...plain } = option;
    if (!isMulti) return onChange(plain);
    const without = chosen.filter(({ value }) => value !== option["value"]);
    onChange(without.length < chosen.length ? without : [...chosen, plain]);
  };
  const actionId = String(element["action_id"]);
  return (
    <Popup
      className={`select${labels.length === 0 ? " select--empty" : ""}`}
      role="listbox"
      triggerProps={{
        "data-testid": "block-select",
        "data-action-id": actionId,
        ...(labelId === undefined
          ? { "aria-label": plainTextOf(element["placeholder"]) || actionId }
          : { "aria-labelledby": labelId }),
      }}
      trigger={
        <>
          <span>{labels.join(", ") || plainTextOf(element["placeholder"]) || "Choose an option"}</span>
          <Icon name="down" size={15} />
        </>
      }
    >
      {options.map((option, index) => (
        <Fragment key={String(option["value"])}>
          {textOf(option["group"]) !== null && option["group"] !== options[index - 1]?.["group"] && (
            <div className="popup__group">{textOf(option["group"])}</div>
          )}
          <button
            type="button"
            role="option"
            data-entry
            className="popup__entry"
            aria-selected={values.includes(option["value"])}
            onClick={() => pick(option)}
          >
            <span>
              <Text text={option["text"]} />
              {isObject(option["description"]) && <small>{plainTextOf(option["description"])}</small>}
            </span>
            {values.includes(option["value"]) && <Icon name="check" size={15} />}
          </button>
        </Fragment>
      ))}
    </Popup>
  );
}

interface OverflowControlProps {
  readonly options: readonly JsonObject[];
  readonly actionId: string;
  onPick(option: JsonObject): void;
}

/** Three dots with more to do behind them. */
export function OverflowControl({ options, actionId, onPick }: OverflowControlProps) {
  return (
    <Popup
      className="button button--overflow"
      role="menu"
      triggerProps={{ "aria-label": "More", "data-testid": "block-overflow", "data-action-id": actionId }}
      trigger={<Icon name="more" />}
    >
      {options.map((option) => (
        <button
          key={String(option["value"])}
          type="button"
          role="menuitem"
          data-entry
          className="popup__entry"
          onClick={() => onPick(option)}
        >
          <Text text={option["text"]} />
        </button>
      ))}
    </Popup>
  );
}
