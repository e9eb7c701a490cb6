import { newId } from "../ids.ts";
import { isObject, type Json, type JsonObject, objectsOf } from "../json.ts";

/** Gives every block, and every element that can be used, an id where the app gave none. */
export function withBlockIds(blocks: Json): readonly JsonObject[] {
  return objectsOf(blocks).map((block) => ({
    ...block,
    block_id: block["block_id"] ?? shortId(),
    ...(Array.isArray(block["elements"]) && block["type"] === "actions"
      ? { elements: objectsOf(block["elements"]).map(withActionId) }
      : {}),
    ...(isObject(block["accessory"]) ? { accessory: withActionId(block["accessory"]) } : {}),
    ...(isObject(block["element"]) ? { element: withActionId(block["element"]) } : {}),
  }));
}

function withActionId(element: JsonObject): JsonObject {
  return element["type"] === "image" ? element : { ...element, action_id: element["action_id"] ?? shortId() };
}

function shortId(): string {
  return newId("").slice(0, 5);
}
