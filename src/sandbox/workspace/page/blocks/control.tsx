import { isObject, type Json, type JsonObject, objectsOf } from "../../json.ts";
import { useOffice } from "../office.tsx";
import { ButtonControl } from "./button.tsx";
import { Choices } from "./choices.tsx";
import { contentOf, elementValue } from "./element-values.ts";
import { FieldControl } from "./field.tsx";
import { OverflowControl, SelectControl } from "./select.tsx";
import { plainTextOf } from "./text.tsx";
import type { EnteredValues } from "./use-block-values.ts";
import type { Dispatch } from "./use-dispatch.ts";

export interface ControlProps {
  readonly element: JsonObject;
  readonly blockId: string;
  readonly dispatch: Dispatch;
  readonly values: EnteredValues;
  /** In an input a choice is only kept, unless the app asked to be told. */
  readonly isSilent?: boolean;
  readonly labelId?: string;
}

/** An element that can be used: a button, a select, a field. */
export function Control({ element, blockId, dispatch, values, isSilent = false, labelId }: ControlProps) {
  const { state } = useOffice();
  const actionId = String(element["action_id"]);
  const current = contentOf(values.all[blockId]?.[actionId]);
  const choose = (content: Json) => {
    const value = elementValue(element, content);
    values.set(blockId, actionId, value);
    if (!isSilent) dispatch.act(element, blockId, value);
  };
  const label = labelId === undefined ? {} : { labelId };
  switch (element["type"]) {
    case "button":
    case "workflow_button":
      return (
        <ButtonControl
          element={element}
          isPending={dispatch.pendingActionId === actionId}
          onClick={() => dispatch.act(element, blockId, {})}
        />
      );
    case "overflow":
      return (
        <OverflowControl
          options={objectsOf(element["options"])}
          actionId={actionId}
          onPick={(option) => dispatch.act(element, blockId, { selected_option: option })}
        />
      );
    case "static_select":
    case "multi_static_select":
      return (
        <SelectControl element={element} options={optionsOf(element)} current={current} onChange={choose} {...label} />
      );
    case "users_select":
      return (
        <SelectControl
          element={element}
          options={state.people.map(({ id, realName }) => option(id, realName))}
          current={typeof current === "string" ? option(current, current) : null}
          onChange={(chosen) => choose(isObject(chosen) ? chosen["value"] : null)}
          {...label}
        />
      );
    case "channels_select":
    case "conversations_select":
      return (
        <SelectControl
          element={element}
          options={state.channels
            .filter(({ kind }) => kind === "channel")
            .map(({ id, name }) => option(id, `#${name}`))}
          current={typeof current === "string" ? option(current, current) : null}
          onChange={(chosen) => choose(isObject(chosen) ? chosen["value"] : null)}
          {...label}
        />
      );
    case "radio_buttons":
    case "checkboxes":
      return <Choices element={element} current={current} onChange={choose} {...label} />;
    default:
      return <FieldControl element={element} current={current} onChange={choose} {...label} />;
  }
}

/** Every option, also those of groups, with the group's name. */
function optionsOf(element: JsonObject): readonly JsonObject[] {
  const grouped = objectsOf(element["option_groups"]).flatMap((group) =>
    objectsOf(group["options"]).map((entry) => ({ ...entry, group: plainTextOf(group["label"]) })),
  );
  return [...objectsOf(element["options"]), ...grouped];
}

function option(value: string, text: string): JsonObject {
  return { value, text: { type: "plain_text", text } };
}
