import { useId } from "react";
import { isObject, type Json, type JsonObject, objectsOf } from "../../json.ts";
import { Text } from "./text.tsx";

interface ChoicesProps {
  readonly element: JsonObject;
  readonly current: Json;
  readonly labelId?: string;
  onChange(chosen: Json): void;
}

/** Radio buttons, or checkboxes. */
export function Choices({ element, current, labelId, onChange }: ChoicesProps) {
  const name = useId();
  const isMulti = element["type"] === "checkboxes";
  const chosen = isMulti ? objectsOf(current) : [current].filter(isObject);
  const toggle = (option: JsonObject) => {
    if (!isMulti) return onChange(option);
    const without = chosen.filter(({ value }) => value !== option["value"]);
    onChange(without.length < chosen.length ? without : [...chosen, option]);
  };
  return (
    <fieldset className="choices" aria-labelledby={labelId} data-action-id={String(element["action_id"])}>
      {objectsOf(element["options"]).map((option) => (
        <label key={String(option["value"])}>
          <input
            type={isMulti ? "checkbox" : "radio"}
            name={name}
            checked={chosen.some(({ value }) => value === option["value"])}
            onChange={() => toggle(option)}
          />
          <span>
            <Text text={option["text"]} />
            {isObject(option["description"]) && (
              <small>
                <Text text={option["description"]} />
              </small>
            )}
          </span>
        </label>
      ))}
    </fieldset>
  );
}
