/** Where the time of an analysis goes, by one thread that does everything in turn: so what each part takes adds up. */
import { tmpdir } from "node:os";
import { analyzeSlice } from "../src/cli/analyze-slice.ts";
import { LogDatabase } from "../src/logs/engines/duckdb/database.ts";
import { RequestTable } from "../src/logs/engines/duckdb/request-table.ts";
import { createLogReader } from "../src/logs/reader.ts";
import { LineKernel } from "../src/logs/reading/line-kernel.ts";
import { createFileSource } from "../src/logs/sources/files.ts";

/** Reads as many of the files as are read in one thread, and prints the shares of its time. */
export async function timeApart(files: readonly string[]): Promise<void> {
  const spent = { kernel: 0, table: 0, duckdb: 0 };
  measure(LineKernel.prototype, "feed", (ms) => {
    spent.kernel += ms;
  });
  measure(RequestTable.prototype, "add", (ms) => {
    spent.table += ms;
  });
  measure(LogDatabase.prototype, "columns", (ms) => {
    spent.duckdb += ms;
  });
  const startMs = performance.now();
  const reader = createLogReader({
    source: createFileSource(files),
    format: "auto",
    spillDir: tmpdir(),
    localBytes: Number.MAX_SAFE_INTEGER,
  });
  const slice = await reader.read({ window: null });
  const readMs = performance.now() - startMs;
  const { kernel, table, duckdb: filling } = spent;
  spent.duckdb = 0;
  const options = {
    paths: files,
    format: "auto",
    trustedProxies: [],
    fromMs: null,
    toMs: null,
    baseline: null,
    top: 10,
    png: null,
    isJson: true,
    explains: false,
  } as const;
  await analyzeSlice(slice, options);
  const totalMs = performance.now() - startMs;
  await slice.close();
  const share = (ms: number) => `${((ms / totalMs) * 100).toFixed(0).padStart(3)} %`;
  process.stdout.write(
    `\nWhere the time goes, ${slice.intake.lines} ALB lines in one thread, which reads, fills and asks in turn\n` +
      `  ${share(readMs - kernel - table - filling)}  unpacking, and waiting: for the disk, for threads, for the engine to open\n` +
      `  ${share(kernel)}  our kernel: lines, fields, dictionaries\n` +
      `  ${share(table)}  filling the table: our dictionaries, and DuckDB's appender\n` +
      `  ${share(spent.duckdb + filling)}  DuckDB answering questions (several at once count once)\n` +
      `  ${share(totalMs - readMs - spent.duckdb)}  the analysis, and turning answers into rows\n`,
  );
}

type Measured = (...args: never[]) => unknown;

/** Adds up how long a method's calls take; those that overlap count once. */
function measure<T, Name extends keyof T>(prototype: T, name: Name, add: (ms: number) => void): void {
  const method = prototype[name] as Measured;
  let underWay = 0;
  let sinceMs = 0;
  function begin(): void {
    if (underWay === 0) sinceMs = performance.now();
    underWay += 1;
  }
  function end(): void {
    underWay -= 1;
    if (underWay === 0) add(performance.now() - sinceMs);
  }
  prototype[name] = function (this: T, ...args: never[]) {
    begin();
    const result = method.apply(this, args);
    if (result instanceof Promise) return result.finally(end);
    end();
    return result;
  } as T[Name];
}
