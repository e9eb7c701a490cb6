import { useState } from "react";
import type { ClickSource } from "../../acts/click.ts";
import type { JsonObject } from "../../json.ts";
import { useOffice } from "../office.tsx";
import type { BlockValues } from "./element-values.ts";
import type { EnteredValues } from "./use-block-values.ts";

/** Tells the app what was clicked or chosen. */
export interface Dispatch {
  /** `value` is what the element's action carries: its value, or the option chosen. */
  act(element: JsonObject, blockId: string, value: JsonObject): void;
  /** The element that the app has not acknowledged yet. */
  readonly pendingActionId: string | null;
}

export function useDispatch(source: ClickSource, entered: EnteredValues): Dispatch {
  const { acts, complain } = useOffice();
  const [pendingActionId, setPendingActionId] = useState<string | null>(null);
  return {
    pendingActionId,
    act: (element, blockId, value) => {
      const actionId = String(element["action_id"]);
      setPendingActionId(actionId);
      const action = { ...described(element), ...value, block_id: blockId, action_id: actionId };
      const values = withValue(entered.all, blockId, actionId, value);
      void complain(acts.click({ source, action, values })).finally(() => setPendingActionId(null));
    },
  };
}

/** What an action repeats of its element. */
function described(element: JsonObject): JsonObject {
  const kept = ["type", "text", "value", "style", "placeholder"].filter((name) => element[name] !== undefined);
  return Object.fromEntries(kept.map((name) => [name, element[name]]));
}

/** The values as they are with what was chosen just now, which React has not drawn yet. */
function withValue(all: BlockValues, blockId: string, actionId: string, value: JsonObject): BlockValues {
  if (all[blockId]?.[actionId] === undefined) return all;
  return { ...all, [blockId]: { ...all[blockId], [actionId]: { ...all[blockId][actionId], ...value } } };
}
