import { isObject, type Json, type JsonObject, objectsOf } from "../../json.ts";

/** What is entered or chosen, by block and action, as Slack's `state.values` has it. */
export type BlockValues = Readonly<Record<string, Readonly<Record<string, JsonObject>>>>;

/**
 * The elements that hold a value, by the field that the value is in, and where
 * the app may have put a first one.
 */
const FIELDS: Readonly<Record<string, { readonly value: string; readonly initial: string; readonly empty: Json }>> = {
  plain_text_input: { value: "value", initial: "initial_value", empty: null },
  number_input: { value: "value", initial: "initial_value", empty: null },
  email_text_input: { value: "value", initial: "initial_value", empty: null },
  url_text_input: { value: "value", initial: "initial_value", empty: null },
  static_select: { value: "selected_option", initial: "initial_option", empty: null },
  radio_buttons: { value: "selected_option", initial: "initial_option", empty: null },
  multi_static_select: { value: "selected_options", initial: "initial_options", empty: [] },
  checkboxes: { value: "selected_options", initial: "initial_options", empty: [] },
  users_select: { value: "selected_user", initial: "initial_user", empty: null },
  channels_select: { value: "selected_channel", initial: "initial_channel", empty: null },
  conversations_select: { value: "selected_conversation", initial: "initial_conversation", empty: null },
  datepicker: { value: "selected_date", initial: "initial_date", empty: null },
  timepicker: { value: "selected_time", initial: "initial_time", empty: null },
  datetimepicker: { value: "selected_date_time", initial: "initial_date_time", empty: null },
};

/** An element's value as Slack sends it: `{ type, selected_option }` and the like. */
export function elementValue(element: JsonObject, value: Json): JsonObject {
  const type = String(element["type"]);
  return { type, [FIELDS[type]?.value ?? "value"]: value };
}

/** What is in a value that `elementValue` made. */
export function contentOf(value: JsonObject | undefined): Json {
  return value === undefined ? null : value[FIELDS[String(value["type"])]?.value ?? "value"];
}

function isEmpty(value: JsonObject | undefined): boolean {
  const content = contentOf(value);
  return (
    content === null || content === undefined || content === "" || (Array.isArray(content) && content.length === 0)
  );
}

/** The values that blocks begin with. */
export function initialValues(blocks: Json): BlockValues {
  const values: Record<string, Record<string, JsonObject>> = {};
  for (const { blockId, element } of elementsWithValues(blocks)) {
    const fields = FIELDS[String(element["type"])];
    if (fields === undefined) continue;
    const value = elementValue(element, element[fields.initial] ?? fields.empty);
    values[blockId] = { ...values[blockId], [String(element["action_id"])]: value };
  }
  return values;
}

/** New blocks' values: what was entered stays where the same block and element are still there. */
export function carryOver(before: BlockValues, blocks: Json): BlockValues {
  const next = initialValues(blocks);
  return Object.fromEntries(
    Object.entries(next).map(([blockId, elements]) => [
      blockId,
      Object.fromEntries(
        Object.entries(elements).map(([actionId, value]) => [actionId, before[blockId]?.[actionId] ?? value]),
      ),
    ]),
  );
}

/** The blocks that must be filled in and are not, with what Slack says of them. */
export function missingFields(blocks: Json, values: BlockValues): Readonly<Record<string, string>> {
  const missing = objectsOf(blocks).filter((block) => {
    const element = block["element"];
    if (block["type"] !== "input" || block["optional"] === true || !isObject(element)) return false;
    return isEmpty(values[String(block["block_id"])]?.[String(element["action_id"])]);
  });
  return Object.fromEntries(
    missing.map((block) => [String(block["block_id"]), "Please complete this required field."]),
  );
}

function elementsWithValues(blocks: Json): readonly { readonly blockId: string; readonly element: JsonObject }[] {
  return objectsOf(blocks).flatMap((block) => {
    const single = [block["element"], block["accessory"]].filter(isObject);
    const several = block["type"] === "actions" ? objectsOf(block["elements"]) : [];
    return [...single, ...several].map((element) => ({ blockId: String(block["block_id"]), element }));
  });
}
