import type { LogFormatName } from "../../config.ts";
import { alb } from "./alb.ts";
import { apacheCombined } from "./apache.ts";
import type { LogFormat } from "./format.ts";
import { nginxCombined, nginxCombinedXff } from "./nginx.ts";

export type KnownFormatName = Exclude<LogFormatName, "auto">;

/** Every format that is read; of two that recognise as many lines of a file, the earlier is taken. */
export const FORMATS: Readonly<Record<KnownFormatName, LogFormat>> = {
  alb,
  "nginx-combined-xff": nginxCombinedXff,
  "nginx-combined": nginxCombined,
  "apache-combined": apacheCombined,
};

/** Tells a file's format by its lines; null where none of them is of a known format. */
export function detectFormat(lines: readonly string[]): KnownFormatName | null {
  let best: { name: KnownFormatName; recognised: number } | null = null;
  for (const name of Object.keys(FORMATS) as KnownFormatName[]) {
    const recognised = lines.filter((line) => FORMATS[name].recognises(line)).length;
    if (recognised > (best?.recognised ?? 0)) best = { name, recognised };
  }
  return best?.name ?? null;
}
