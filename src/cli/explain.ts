import { UserError } from "../errors.ts";
import { explainFile } from "../logs/explaining/explain-file.ts";
import type { Explanation } from "../logs/explaining/explanation.ts";
import { createFileSource } from "../logs/sources/files.ts";
import type { AnalyzeOptions } from "./analyze-options.ts";
import { explanationJson, explanationText } from "./explain-report.ts";
import { printable } from "./printable.ts";

/** A folder may hold a hundred thousand files, which are all alike. */
const MAX_FILES = 20;

/**
 * Says of each file how it is told and read.
 * @throws {UserError} `logs-not-found` where there is no file to explain
 */
export async function explainFiles(
  { paths, format, trustedProxies, isJson }: AnalyzeOptions,
  signal: AbortSignal,
): Promise<string> {
  const fetching = createFileSource(paths).fetch({ window: null, signal });
  const explained: Explanation[] = [];
  let notShown = 0;
  for await (const file of fetching.files) {
    if (explained.length === MAX_FILES) notShown += 1;
    else explained.push(await explainFile(file, { format, trustedProxies, signal }));
  }
  const { skipped } = fetching.report();
  if (explained.length === 0) {
    const reasons = skipped.map(({ file, reason }) => `${printable(file)} ${reason}`);
    throw new UserError("logs-not-found", `There is no file to explain: ${reasons.join("; ")}.`);
  }
  if (isJson) return `${JSON.stringify({ files: explained.map(explanationJson), notShown, skipped })}\n`;
  return [
    ...explained.map(explanationText),
    ...skipped.map(({ file, reason }) => `skipped: ${printable(file)}: ${reason}\n`),
    ...(notShown === 0 ? [] : [`${notShown} more files are not shown; name them to see them.\n`]),
  ].join("\n");
}
