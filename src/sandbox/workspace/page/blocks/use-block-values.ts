import { useCallback, useState } from "react";
import type { Json, JsonObject } from "../../json.ts";
import { type BlockValues, carryOver, initialValues } from "./element-values.ts";

/** What somebody entered into blocks. */
export interface EnteredValues {
  readonly all: BlockValues;
  set(blockId: string, actionId: string, value: JsonObject): void;
}

/** Keeps what is entered into blocks; changed blocks keep what they can. */
export function useBlockValues(blocks: Json): EnteredValues {
  const [entered, setEntered] = useState(() => ({ blocks, values: initialValues(blocks) }));
  const current = entered.blocks === blocks ? entered : { blocks, values: carryOver(entered.values, blocks) };
  if (current !== entered) setEntered(current);
  const set = useCallback((blockId: string, actionId: string, value: JsonObject) => {
    setEntered((before) => ({
      ...before,
      values: { ...before.values, [blockId]: { ...before.values[blockId], [actionId]: value } },
    }));
  }, []);
  return { all: current.values, set };
}
