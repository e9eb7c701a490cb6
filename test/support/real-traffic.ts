import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { gunzipSync } from "node:zlib";
import { MINUTE_MS } from "../../src/domain/time-window.ts";
import type { TrafficSeries } from "../../src/domain/traffic.ts";
import type { Hit } from "./build-traffic.ts";

/** Public logs for measurements; they are no part of the project, and tests without them are skipped. */
export const REAL_LOGS = process.env["SPILLWAY_DATA"] ?? join(import.meta.dirname, "..", "..", "..", "shared", "data");

/** Says whether real logs are at hand, and if not, where they were looked for. */
export const realTraffic: { readonly isThere: boolean; readonly note: string } = existsSync(REAL_LOGS)
  ? { isThere: true, note: "" }
  : { isThere: false, note: ` (skipped: no data at ${REAL_LOGS}; set SPILLWAY_DATA)` };
// Jest names no skipped test where there is more than one file.
if (!realTraffic.isThere) process.stderr.write(`tests with real logs${realTraffic.note}\n`);

const LINE =
  /^(\S+) \S+ \S+ \[(\d+)\/(\w+)\/(\d+):(\d+):(\d+):(\d+) ([+-]\d\d)(\d\d)\] "\S+ (\S*)[^"]*" (\d+) (\S+) "([^"]*)" "([^"]*)"/;
const MONTHS = "JanFebMarAprMayJunJulAugSepOctNovDec";

const cache = new Map<string, readonly Hit[]>();

/** Reads a log in the combined format, in order of time; once a test run. */
export function readHits(name: string): readonly Hit[] {
  const hits = cache.get(name) ?? parseHits(name);
  cache.set(name, hits);
  return hits;
}

function parseHits(name: string): readonly Hit[] {
  const lines = gunzipSync(readFileSync(`${REAL_LOGS}/logs/${name}`))
    .toString("latin1")
    .split("\n");
  return lines.flatMap((line) => hitOf(line) ?? []).sort((a, b) => a.atMs - b.atMs);
}

function hitOf(line: string): Hit | null {
  const match = LINE.exec(line);
  if (match === null) return null;
  const [, ip = "", day, month = "", year, hour, minute, second, zoneHours, zoneMins, path = "", status, bytes] = match;
  const utc = Date.UTC(
    Number(year),
    MONTHS.indexOf(month) / 3,
    Number(day),
    Number(hour),
    Number(minute),
    Number(second),
  );
  const zone = Number(zoneHours) * 60 + Math.sign(Number(zoneHours)) * Number(zoneMins);
  const referer = match[13] ?? "-";
  return {
    atMs: utc - zone * MINUTE_MS,
    ip,
    userAgent: match[14] ?? "",
    path,
    host: "",
    refererHost: /^https?:\/\/([^/:]+)/.exec(referer)?.[1] ?? null,
    status: Number(status),
    bytes: Number.parseInt(bytes ?? "0", 10) || 0,
  };
}

/** Reads requests a minute of the 1998 World Cup's site, from 30 April 1998 on. */
export function readWorldCup(): readonly number[] {
  const rows = gunzipSync(readFileSync(`${REAL_LOGS}/worldcup98/per-minute.csv.gz`))
    .toString()
    .trim()
    .split("\n")
    .slice(1);
  const firstMs = minuteOf(rows[0] ?? "");
  const counts: number[] = [];
  for (const row of rows) {
    const step = (minuteOf(row) - firstMs) / MINUTE_MS;
    while (counts.length < step) counts.push(0);
    counts[step] = Number(row.split(",")[1]);
  }
  return counts;
}

function minuteOf(row: string): number {
  return Date.parse(`${row.slice(0, 16).replace(" ", "T")}Z`);
}

/** Makes a series of requests a minute, without bytes, errors and clients. */
export function seriesOfCounts(requests: readonly number[]): TrafficSeries {
  const zeros = requests.map(() => 0);
  return { startMs: 0, stepMs: MINUTE_MS, requests, bytes: zeros, errors: zeros, clients: zeros };
}
