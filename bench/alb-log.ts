/** Makes ALB logs for benchmarks: an hour of a shop, the same for the same seed. */
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { gzipSync } from "node:zlib";

export interface AlbLogOptions {
  readonly lines: number;
  readonly files: number;
  readonly seed: number;
}

const HOUR_MS = 3_600_000;
const START_MS = Date.UTC(2026, 9, 1, 12);
const CLIENTS = 20_000;
const AGENTS = 1_800;
const PRODUCTS = 50_000;

/** Writes gzip files of about 750 bytes a line, as a load balancer does, and gives their paths. */
export function writeAlbLogs(folder: string, { lines, files, seed }: AlbLogOptions): readonly string[] {
  const random = createRandom(seed);
  const clients = Array.from({ length: CLIENTS }, () => address(random));
  return Array.from({ length: files }, (_, file) => {
    const from = Math.floor((lines * file) / files);
    const to = Math.floor((lines * (file + 1)) / files);
    const text = Array.from({ length: to - from }, (_, line) =>
      albLine(START_MS + ((from + line) / lines) * HOUR_MS, clients, random),
    );
    const path = join(folder, `alb-${String(file).padStart(2, "0")}.log.gz`);
    writeFileSync(path, gzipSync(`${text.join("\n")}\n`));
    return path;
  });
}

type Random = () => number;

function albLine(arrivalMs: number, clients: readonly string[], random: Random): string {
  const targetSecs = Math.floor(random() ** 4 * 900) / 1_000;
  const status = random() < 0.95 ? 200 : random() < 0.6 ? 404 : 502;
  const client = `${clients[skewed(CLIENTS, random)]}:${1_024 + whole(60_000, random)}`;
  const target = `10.0.${whole(4, random)}.${1 + whole(250, random)}:8080`;
  const url = `https://www.example.com:443/products/${skewed(PRODUCTS, random)}/view?ref=${hex(8, random)}&page=${whole(30, random)}`;
  const agent = skewed(AGENTS, random);
  return (
    `https ${time(arrivalMs + targetSecs * 1_000, random)} app/web-prod/50dc6c495c0c9188 ${client} ${target} ` +
    `0.000 ${targetSecs.toFixed(3)} 0.000 ${status} ${status} ${200 + whole(900, random)} ${whole(60_000, random)} ` +
    `"GET ${url} HTTP/2.0" ` +
    `"Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) ` +
    `Chrome/${60 + (agent % 80)}.0.${1_000 + agent}.${agent % 200} Safari/537.36" ` +
    `ECDHE-RSA-AES128-GCM-SHA256 TLSv1.2 arn:aws:elasticloadbalancing:eu-west-1:123456789012:targetgroup/web-prod/73e2d6bc24d8a067 ` +
    `"Root=1-${hex(8, random)}-${hex(24, random)}" "www.example.com" "session-reused" 1 ${time(arrivalMs, random)} ` +
    `"waf,forward" "-" "-" "${target}" "${status}" "-" "-" TID_${hex(32, random)} "-" "-" "-"`
  );
}

/** With microseconds, as the load balancer writes it. */
function time(atMs: number, random: Random): string {
  return `${new Date(atMs).toISOString().slice(0, -1)}${String(whole(1_000, random)).padStart(3, "0")}Z`;
}

function address(random: Random): string {
  return [1 + whole(222, random), ...[1, 2, 3].map(() => whole(256, random))].join(".");
}

/** Few come often, most come seldom. */
function skewed(count: number, random: Random): number {
  return Math.floor(count * random() ** 3);
}

function whole(below: number, random: Random): number {
  return Math.floor(random() * below);
}

function hex(digits: number, random: Random): string {
  let text = "";
  while (text.length < digits)
    text += whole(2 ** 32, random)
      .toString(16)
      .padStart(8, "0");
  return text.slice(0, digits);
}

/** Mulberry32: small, fast and the same everywhere. */
function createRandom(seed: number): Random {
  let state = seed | 0;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}
