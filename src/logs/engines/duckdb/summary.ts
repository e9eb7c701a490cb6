import type { Intake } from "../../../domain/traffic.ts";
import type { InspectedFile, SkippedFile } from "../../inspected-file.ts";
import type { LogDatabase } from "./database.ts";
import { LINE_STATES } from "./raw-table.ts";

/** Enough to see what kind of lines they are. */
const SAMPLES = 10;
const SAMPLE_CHARS = 500;

/**
 * Says what became of every line in the raw table. A file without one readable line gave nothing: it is named among
 * the skipped, and its lines are taken out of the table and the counts.
 *
 * @param read.lines how many lines were loaded, by file id; they must all still be there
 */
export async function summarise(
  database: LogDatabase,
  read: {
    files: readonly InspectedFile[];
    skipped: readonly SkippedFile[];
    lines: ReadonlyMap<number, number>;
  },
): Promise<Intake> {
  const counts = await countByFile(database);
  const used = read.files.filter(({ id }) => (counts.get(id)?.parsed ?? 0) + (counts.get(id)?.recovered ?? 0) > 0);
  const useless = read.files.filter((file) => !used.includes(file));
  if (useless.length > 0) {
    await database.run(`DELETE FROM raw WHERE file IN (${useless.map(({ id }) => id).join(", ")})`);
  }

  const totals = { lines: 0, parsed: 0, recovered: 0, unparsed: 0 };
  for (const { id, name } of used) {
    const { parsed, recovered, unparsed } = counts.get(id) as LineCounts;
    const lines = read.lines.get(id);
    if (lines !== parsed + recovered + unparsed) {
      throw new Error(`${name}: ${lines} lines are not ${parsed} + ${recovered} + ${unparsed}`);
    }
    totals.lines += lines;
    totals.parsed += parsed;
    totals.recovered += recovered;
    totals.unparsed += unparsed;
  }
  const known = new Set(read.skipped.map(({ file }) => file));
  const skipped = [
    ...read.skipped,
    ...useless
      .filter(({ name }) => !known.has(name))
      .map(({ id, name, format }) => ({
        file: name,
        reason: `none of its ${read.lines.get(id) ?? 0} lines is a request in the format ${format}`,
      })),
  ];
  return {
    files: used.length,
    ...totals,
    unparsedSamples: await sampleUnparsed(database, read.files),
    skipped: skipped.toSorted((a, b) => (a.file < b.file ? -1 : Number(a.file > b.file))),
    ...(await timesOf(database)),
    formats: countFormats(used),
  };
}

interface LineCounts {
  readonly parsed: number;
  readonly recovered: number;
  readonly unparsed: number;
}

async function countByFile(database: LogDatabase): Promise<ReadonlyMap<number, LineCounts>> {
  const countOf = (state: number) => `(count(*) FILTER (WHERE state = ${state}))::DOUBLE`;
  const { parsed, recovered, unparsed } = LINE_STATES;
  const columns = await database.columns(
    `SELECT file, ${countOf(parsed)}, ${countOf(recovered)}, ${countOf(unparsed)} FROM raw GROUP BY file`,
  );
  const [ids = [], ...counts] = columns;
  return new Map(
    ids.map((id, row) => [
      Number(id),
      { parsed: Number(counts[0]?.[row]), recovered: Number(counts[1]?.[row]), unparsed: Number(counts[2]?.[row]) },
    ]),
  );
}

async function timesOf(database: LogDatabase): Promise<{ firstMs: number | null; lastMs: number | null }> {
  const [[first = null] = [], [last = null] = []] = await database.columns(
    "SELECT min(arrival_ms)::DOUBLE, max(arrival_ms)::DOUBLE FROM raw",
  );
  return { firstMs: first === null ? null : Number(first), lastMs: last === null ? null : Number(last) };
}

async function sampleUnparsed(
  database: LogDatabase,
  files: readonly InspectedFile[],
): Promise<Intake["unparsedSamples"]> {
  const [ids = [], lines = []] = await database.columns(`
    SELECT file, left(line, ${SAMPLE_CHARS}) AS line FROM raw
    WHERE state = ${LINE_STATES.unparsed} ORDER BY file, line LIMIT ${SAMPLES}`);
  return ids.map((id, row) => ({ file: files[Number(id)]?.name ?? "", line: String(lines[row]) }));
}

function countFormats(files: readonly InspectedFile[]): Readonly<Record<string, number>> {
  const counts: Record<string, number> = {};
  for (const { format } of files) counts[format] = (counts[format] ?? 0) + 1;
  return counts;
}
