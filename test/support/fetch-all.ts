import type { TimeWindow } from "../../src/domain/time-window.ts";
import type { FetchReport, FetchRequest, LocalFile, LogSource } from "../../src/logs/sources/source.ts";

/** Fetches to the end, and puts the files in the order of their names. */
export async function fetchAll(
  source: LogSource,
  window: TimeWindow | null,
  request: Partial<FetchRequest> = {},
): Promise<FetchReport & { readonly files: readonly LocalFile[] }> {
  const { files, report } = source.fetch({ signal: new AbortController().signal, ...request, window });
  const fetched: LocalFile[] = [];
  for await (const file of files) fetched.push(file);
  return { files: fetched.sort((a, b) => (a.name < b.name ? -1 : 1)), ...report() };
}
