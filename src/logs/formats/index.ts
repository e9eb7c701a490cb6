import type { KnownFormatName } from "../../config.ts";
import type { LogFormat } from "./format.ts";
import { TEXT_FORMATS } from "./text-formats.ts";

/** Every format that is read without being described first. */
export const FORMATS: Readonly<Partial<Record<KnownFormatName, LogFormat>>> = Object.fromEntries(
  TEXT_FORMATS.map((format) => [format.name, format]),
);
