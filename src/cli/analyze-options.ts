import { parseArgs } from "node:util";
import type { LogFormatSetting } from "../config/log-format.ts";
import { parseNetwork } from "../domain/address.ts";
import { NAMED_FORMATS } from "../domain/log-formats.ts";
import type { TimeWindow } from "../domain/time-window.ts";
import { UserError } from "../errors.ts";
import { readTime } from "./time-option.ts";

const FORMAT_NAMES = ["auto", ...NAMED_FORMATS] as const;

export const ANALYZE_USAGE = `spillway analyze PATH... [options]

  Reads access logs (files, folders, patterns with *; plain or gzip) and prints what stands out in them.

  --format NAME          one that \`spillway formats\` lists; auto, the default, tells it by each file's content.
                         nginx:LAYOUT and apache:LAYOUT read a log_format or LogFormat of your own
  --trusted-proxy CIDR   a proxy whose X-Forwarded-For is believed; may be given again and again
  --from ISO  --to ISO   only requests that arrived from then, and before then
  --baseline-from ISO    the usual traffic to hold it against; without these two it is
  --baseline-to ISO      what comes before the spike that is found
  --top N                rows in each table, 1 to 1000; 10 where it is left out
  --png FILE             writes the chart there
  --json                 prints one JSON object and nothing else
  --explain              shows instead how each file is told and read: format and reason, layout, the first
                         lines as parsed, and what became of those that are not as they should be

  Times are ISO 8601, as 2026-11-21T14:02:00Z; without a zone they are UTC.
`;

const MAX_TOP = 1_000;
const DEFAULT_TOP = 10;

export interface AnalyzeOptions {
  readonly paths: readonly string[];
  readonly format: LogFormatSetting;
  /** Proxies whose X-Forwarded-For is believed. */
  readonly trustedProxies: readonly string[];
  /** Null where it is open. */
  readonly fromMs: number | null;
  readonly toMs: number | null;
  readonly baseline: TimeWindow | null;
  readonly top: number;
  readonly png: string | null;
  readonly isJson: boolean;
  /** Explains how files are read, in place of what is in them. */
  readonly explains: boolean;
}

/**
 * Reads the words after `spillway analyze`; gives "help" where that is asked for.
 * @throws {UserError} `bad-option`, saying what was given and what is allowed
 */
export function readAnalyzeOptions(argv: readonly string[]): AnalyzeOptions | "help" {
  const { values, positionals } = parse(argv);
  if (values.help) return "help";
  if (positionals.length === 0) throw badOption("No path was given: name at least one log file or folder.");
  const fromMs = values.from === undefined ? null : readTime("--from", values.from);
  const toMs = values.to === undefined ? null : readTime("--to", values.to);
  if (fromMs !== null && toMs !== null && fromMs >= toMs) {
    throw badOption(`--from ${values.from} is not before --to ${values.to}.`);
  }
  return {
    paths: positionals,
    format: readFormat(values.format),
    trustedProxies: readProxies(values["trusted-proxy"] ?? []),
    fromMs,
    toMs,
    baseline: readBaseline(values["baseline-from"], values["baseline-to"]),
    top: readTop(values.top),
    png: values.png ?? null,
    isJson: values.json ?? false,
    explains: readExplain(values),
  };
}

function parse(argv: readonly string[]) {
  try {
    return parseArgs({
      args: [...argv],
      allowPositionals: true,
      options: {
        format: { type: "string" },
        "trusted-proxy": { type: "string", multiple: true },
        from: { type: "string" },
        to: { type: "string" },
        "baseline-from": { type: "string" },
        "baseline-to": { type: "string" },
        top: { type: "string" },
        png: { type: "string" },
        json: { type: "boolean" },
        explain: { type: "boolean" },
        help: { type: "boolean", short: "h" },
      },
    });
  } catch (cause) {
    // Node's own message says what is wrong; only its first sentence is about this program.
    const [first = ""] = (cause as Error).message.split(/\.\s|\n/);
    throw badOption(`${first.replace(/\.$/, "")}; \`spillway analyze --help\` lists the options.`, cause);
  }
}

function readFormat(text = "auto"): LogFormatSetting {
  const format = FORMAT_NAMES.find((name) => name === text);
  if (format !== undefined) return format;
  const [, server, layout = ""] = /^(nginx|apache):(.*)$/s.exec(text) ?? [];
  if (server === "nginx") return { nginx: layout };
  if (server === "apache") return { apache: layout };
  throw badOption(`--format ${text} is none of ${FORMAT_NAMES.join(", ")}, nginx:LAYOUT or apache:LAYOUT.`);
}

function readProxies(texts: readonly string[]): readonly string[] {
  for (const text of texts) {
    const network = parseNetwork(text);
    if (!network.ok) throw badOption(`--trusted-proxy: ${network.reason}.`);
  }
  return texts;
}

/** What asks something of the requests has no part in it; better to say so than to do nothing with it. */
const NOT_EXPLAINED = ["from", "to", "baseline-from", "baseline-to", "top", "png"] as const;

function readExplain(values: ReturnType<typeof parse>["values"]): boolean {
  if (values.explain !== true) return false;
  const other = NOT_EXPLAINED.find((name) => values[name] !== undefined);
  if (other !== undefined) throw badOption(`--explain shows how files are read; it has no use for --${other}.`);
  return true;
}

function readTop(text: string | undefined): number {
  if (text === undefined) return DEFAULT_TOP;
  const top = /^\d+$/.test(text) ? Number(text) : 0;
  if (top < 1 || top > MAX_TOP) throw badOption(`--top ${text} is not a whole number from 1 to ${MAX_TOP}.`);
  return top;
}

function readBaseline(from: string | undefined, to: string | undefined): TimeWindow | null {
  if (from === undefined && to === undefined) return null;
  if (from === undefined || to === undefined) {
    throw badOption(
      `--baseline-${from === undefined ? "to" : "from"} needs --baseline-${from === undefined ? "from" : "to"} too.`,
    );
  }
  const baseline = { startMs: readTime("--baseline-from", from), endMs: readTime("--baseline-to", to) };
  if (baseline.startMs >= baseline.endMs) throw badOption(`--baseline-from ${from} is not before --baseline-to ${to}.`);
  return baseline;
}

function badOption(message: string, cause?: unknown): UserError {
  return new UserError("bad-option", message, cause === undefined ? {} : { cause });
}
