import { combined, readCombined } from "./combined.ts";
import type { LogFormat } from "./format.ts";

/** Apache's `combined`: host names where it looks them up, `-` where no byte was sent, `\"` within fields. */
export const apacheCombined: LogFormat = combined({
  extraFields: 0,
  recognises: (line) => readCombined(line)?.tail === "",
});
