import { readdirSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";

/** A combination of values that was counted in some minutes: all events, and the bad ones among them. */
export interface Leaf {
  readonly values: readonly string[];
  /** By minute, as `minutes` of the case. */
  readonly bad: Float64Array;
  readonly all: Float64Array;
}

/** One incident: how often something went wrong, minute by minute, around the time at which somebody noticed. */
export interface AttributionCase {
  /** The name of its file, without `.csv`. */
  readonly name: string;
  readonly dimensions: readonly string[];
  /** Ascending, as in the file: seconds. */
  readonly minutes: readonly number[];
  readonly leaves: readonly Leaf[];
}

/** What is wrong with the files of a benchmark, for people. */
export class CaseError extends Error {}

const COLUMNS = { minute: "min", bad: "value", all: "cnt" } as const;

/** Lists the case files of a folder by name. @throws CaseError where there are none. */
export function listCases(folder: string): readonly string[] {
  if (!statSync(folder, { throwIfNoEntry: false })?.isDirectory()) throw new CaseError(`"${folder}" is not a folder`);
  const files = readdirSync(folder).filter((file) => file.endsWith(".csv"));
  if (files.length === 0) throw new CaseError(`"${folder}" has no .csv files`);
  return files.sort();
}

/** Reads one case. @throws CaseError where columns are missing or numbers are none. */
export function readCase(folder: string, file: string): AttributionCase {
  const lines = readFileSync(join(folder, file), "utf8")
    .replace(/^\uFEFF/, "")
    .split(/\r?\n/)
    .filter((line) => line !== "");
  const header = (lines[0] ?? "").split(",");
  const [minuteAt, badAt, allAt] = [COLUMNS.minute, COLUMNS.bad, COLUMNS.all].map((name) => {
    if (!header.includes(name)) throw new CaseError(`${file} has no column "${name}", which every case has`);
    return header.indexOf(name);
  }) as [number, number, number];
  const valuesAt = header.flatMap((name, at) => (Object.values(COLUMNS).some((other) => other === name) ? [] : [at]));
  if (valuesAt.length === 0) throw new CaseError(`${file} has no dimensions beside its min, value and cnt`);
  const rows = lines.slice(1).map((line, index) => {
    const fields = line.split(",");
    const [minute, bad, all] = [minuteAt, badAt, allAt].map((at) => Number(fields[at] || Number.NaN)) as [
      number,
      number,
      number,
    ];
    if (fields.length !== header.length || ![minute, bad, all].every((value) => value >= 0 && Number.isFinite(value))) {
      throw new CaseError(`${file}, line ${index + 2} is not ${header.length} fields with counts of 0 or more`);
    }
    return { minute, bad, all, values: valuesAt.map((at) => fields[at] as string) };
  });
  const minutes = [...new Set(rows.map((row) => row.minute))].sort((a, b) => a - b);
  const position = new Map(minutes.map((minute, index) => [minute, index]));
  const leaves = new Map<string, Leaf>();
  for (const { minute, bad, all, values } of rows) {
    const key = values.join(",");
    const leaf = leaves.get(key) ?? {
      values,
      bad: new Float64Array(minutes.length),
      all: new Float64Array(minutes.length),
    };
    leaves.set(key, leaf);
    const at = position.get(minute) as number;
    leaf.bad[at] = (leaf.bad[at] as number) + bad;
    leaf.all[at] = (leaf.all[at] as number) + all;
  }
  return {
    name: file.slice(0, -".csv".length),
    dimensions: valuesAt.map((at) => header[at] as string),
    minutes,
    leaves: [...leaves.values()],
  };
}
