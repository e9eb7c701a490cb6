import { z } from "zod";
import { NAMED_FORMATS } from "../domain/log-formats.ts";

const logFormat = z.union([
  z.enum(["auto", ...NAMED_FORMATS]),
  /** A `log_format` of nginx, as its configuration has it. */
  z.strictObject({ nginx: z.string().min(1) }),
  /** A `LogFormat` of Apache. */
  z.strictObject({ apache: z.string().min(1) }),
]);
/** How the lines of a log are laid out; `auto` tells it by each file's content. */
export type LogFormatSetting = z.output<typeof logFormat>;

/** A format that may be left out, for which the usual one then stands. */
export const format = (usual: LogFormatSetting) => logFormat.default(usual);
