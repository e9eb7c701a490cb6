import { existsSync, readdirSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { z } from "zod";
import { UserError } from "../../src/errors.ts";
import type { AnomalyWindow } from "./score.ts";

/** One file of the benchmark. */
export interface LabelledSeries {
  /** `category/file.csv` */
  readonly name: string;
  readonly category: string;
  /** As written in the file. */
  readonly timestamps: readonly string[];
  /** Epoch ms, read as UTC. */
  readonly timesMs: readonly number[];
  /** NaN where the file has no number. */
  readonly values: readonly number[];
  readonly windows: readonly AnomalyWindow[];
}

export interface Corpus {
  readonly series: readonly LabelledSeries[];
  /** Listed in windows.json, and not there. */
  readonly absent: readonly string[];
  /** There, and not listed. */
  readonly unlabelled: readonly string[];
}

const Windows = z.record(z.string(), z.array(z.tuple([z.string(), z.string()])));

/**
 * Reads `windows.json` and the CSV files in the folders beside it.
 *
 * @throws {UserError} `nab-unreadable`, in one line
 */
export function readCorpus(folder: string): Corpus {
  if (!existsSync(folder) || !statSync(folder).isDirectory()) throw unreadable(`There is no folder ${folder}.`);
  const labels = readWindows(join(folder, "windows.json"));
  const files = csvFilesIn(folder);
  const series = files
    .filter((name) => labels[name] !== undefined)
    .map((name) => readSeries(folder, name, labels[name] ?? []));
  if (series.length === 0) {
    throw unreadable(`Not one CSV file in the folders of ${folder} is named in its windows.json.`);
  }
  return {
    series,
    absent: Object.keys(labels).filter((name) => !files.includes(name)),
    unlabelled: files.filter((name) => labels[name] === undefined),
  };
}

function readWindows(path: string): z.output<typeof Windows> {
  if (!existsSync(path)) throw unreadable(`There is no ${path}: it names each CSV file and its windows.`);
  try {
    return Windows.parse(JSON.parse(readFileSync(path, "utf8")));
  } catch (cause) {
    throw unreadable(`${path} is not {"folder/file.csv": [["start", "end"], …], …}.`, cause);
  }
}

function csvFilesIn(folder: string): readonly string[] {
  return readdirSync(folder, { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .flatMap(({ name }) =>
      readdirSync(join(folder, name))
        .filter((file) => file.endsWith(".csv"))
        .map((file) => `${name}/${file}`),
    )
    .sort();
}

function readSeries(folder: string, name: string, labels: readonly (readonly [string, string])[]): LabelledSeries {
  const [header = "", ...lines] = readText(join(folder, name)).split("\n");
  if (header !== "timestamp,value") throw unreadable(`${name} does not begin with the line "timestamp,value".`);
  if (lines.length === 0) throw unreadable(`${name} has no row.`);
  const rows = lines.map((line, index) => readRow(line, `${name}, line ${index + 2}`));
  const timesMs = rows.map(({ atMs }) => atMs);
  return {
    name,
    category: name.split("/")[0] ?? "",
    timestamps: rows.map(({ timestamp }) => timestamp),
    timesMs,
    values: rows.map(({ value }) => value),
    windows: labels.map((window) => locate(window, timesMs, name)).sort((one, other) => one.first - other.first),
  };
}

function readText(path: string): string {
  try {
    return readFileSync(path, "utf8").replaceAll("\r", "").trim();
  } catch (cause) {
    throw unreadable(`${path} cannot be read.`, cause);
  }
}

function readRow(line: string, where: string): { timestamp: string; atMs: number; value: number } {
  const [timestamp = "", text, ...more] = line.split(",");
  const atMs = parseTime(timestamp);
  if (text === undefined || more.length > 0 || Number.isNaN(atMs)) {
    throw unreadable(`${where} is not "timestamp,value": ${JSON.stringify(line.slice(0, 60))}.`);
  }
  return { timestamp, atMs, value: text.trim() === "" ? Number.NaN : Number(text) };
}

function locate([start, end]: readonly [string, string], timesMs: readonly number[], name: string): AnomalyWindow {
  const [startMs, endMs] = [parseTime(start), parseTime(end)];
  if (!(startMs <= endMs)) throw unreadable(`windows.json: ${name} has a window from ${start} to ${end}.`);
  const first = timesMs.findIndex((atMs) => atMs >= startMs);
  const after = timesMs.findIndex((atMs, index) => index >= first && atMs >= endMs);
  if (first === -1) throw unreadable(`windows.json: ${name} ends before its window from ${start}.`);
  if (after === -1) return { first, last: timesMs.length - 1 };
  return { first, last: timesMs[after] === endMs ? after : Math.max(first, after - 1) };
}

/** `2014-04-10 16:15:00` and the like, as UTC: NAB's clocks have no zone. */
function parseTime(text: string): number {
  const found = /^(\d{4}-\d\d-\d\d)[ T](\d\d:\d\d:\d\d)(\.\d+)?$/.exec(text.trim());
  return found === null ? Number.NaN : Date.parse(`${found[1]}T${found[2]}Z`);
}

function unreadable(message: string, cause?: unknown): UserError {
  return new UserError("nab-unreadable", message, { cause });
}
