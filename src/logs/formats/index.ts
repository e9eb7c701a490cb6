/** The registry of formats: one line a format, in its file's list. */
import type { LogFormatSetting } from "../../config/log-format.ts";
import type { KnownFormatName } from "../../domain/log-formats.ts";
import { createCustomFormat } from "./custom-format.ts";
import { type Detection, detectFormat, inOrder } from "./detect.ts";
import { createForeignFormat, type ForeignFormat } from "./foreign-line.ts";
import type { LogFormat } from "./format.ts";
import { OBJECT_FORMATS } from "./object-formats.ts";
import { OTHER_TEXT_FORMATS } from "./other-formats.ts";
import { TEXT_FORMATS } from "./text-formats.ts";

/** Every format that is told by a file's content. */
export const FORMATS: readonly LogFormat[] = [...OTHER_TEXT_FORMATS, ...TEXT_FORMATS, ...OBJECT_FORMATS];

export { OBJECT_FORMATS };

/** @throws an error for a name that is in no list, which is a mistake of ours */
export function formatNamed(name: KnownFormatName): LogFormat {
  const format = FORMATS.find((each) => each.name === name);
  if (format === undefined) throw new Error(`no format is called ${name}`);
  return format;
}

/**
 * Makes what tells a file's format by lines of its start: nothing is to be told where the user has said it.
 * @throws {UserError} `bad-log-format` for a description that cannot be followed
 */
export function createDetector(setting: LogFormatSetting): (lines: readonly string[]) => Detection {
  if (setting === "auto") return (lines) => detectFormat(lines, FORMATS);
  const format = typeof setting === "string" ? formatNamed(setting) : createCustomFormat(setting);
  return () => ({ format, because: "as the configuration says", share: 1 });
}

/** Tells lines of other formats by content; null where the user has said what lines are. */
export function foreignFormatFor(setting: LogFormatSetting): ForeignFormat | null {
  return setting === "auto" ? foreignFormat : null;
}

const foreignFormat = createForeignFormat(inOrder(FORMATS));
