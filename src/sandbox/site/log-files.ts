import { appendFile, mkdir, rm, stat } from "node:fs/promises";
import { dirname, join } from "node:path";
import { HOUR_MS, MINUTE_MS } from "../../domain/time-window.ts";
import { ACCOUNT_ID, BALANCER_NODES, LOAD_BALANCER, REGION } from "./estate.ts";
import type { Random } from "./random.ts";
import type { LoggedLine } from "./simulation.ts";

/** Log files on disk that grow as the site is used. */
export interface LogFiles {
  /** Appends whole lines, in the order given; nobody ever reads half a line. */
  append(lines: readonly LoggedLine[]): Promise<void>;
}

const PERIOD_MS = 5 * MINUTE_MS;
/** Long enough for every window that is asked about; a sandbox that is left on must not fill the disk. */
const KEPT_MS = 6 * HOUR_MS;
const MAX_ACCESS_LOG_BYTES = 256 * 1024 ** 2;

interface BalancerFile {
  readonly path: string;
  readonly endMs: number;
}

/**
 * Makes the files of a load balancer: one a machine and five minutes, in its layout of folders and names.
 * Unlike the real ones they are not compressed and grow second by second.
 */
export function createBalancerFiles(dir: string, random: Random): LogFiles {
  let files = new Map<string, BalancerFile>();

  function fileFor(atMs: number, node: string): BalancerFile {
    const endMs = (Math.floor(atMs / PERIOD_MS) + 1) * PERIOD_MS;
    const key = `${endMs} ${node}`;
    const known = files.get(key);
    if (known !== undefined) return known;
    const file = { path: join(dir, objectKey(endMs, node, random)), endMs };
    files.set(key, file);
    return file;
  }

  async function append(lines: readonly LoggedLine[]): Promise<void> {
    const texts = new Map<BalancerFile, string[]>();
    for (const { atMs, text } of lines) {
      const file = fileFor(atMs, random.pick(BALANCER_NODES));
      const own = texts.get(file);
      if (own === undefined) texts.set(file, [text]);
      else own.push(text);
    }
    for (const [file, own] of texts) {
      await mkdir(dirname(file.path), { recursive: true });
      await appendFile(file.path, `${own.join("\n")}\n`);
    }
    const newestMs = lines.at(-1)?.atMs;
    if (newestMs !== undefined) files = await forgetOld(files, newestMs - KEPT_MS);
  }

  return { append };
}

/** Makes the access log of a web server; when it has grown large it begins anew, as after a rotation. */
export function createAccessLog(path: string): LogFiles {
  async function append(lines: readonly LoggedLine[]): Promise<void> {
    if (lines.length === 0) return;
    await mkdir(dirname(path), { recursive: true });
    await appendFile(path, `${lines.map((line) => line.text).join("\n")}\n`);
    if ((await stat(path)).size > MAX_ACCESS_LOG_BYTES) await rm(path);
  }

  return { append };
}

async function forgetOld(
  files: ReadonlyMap<string, BalancerFile>,
  beforeMs: number,
): Promise<Map<string, BalancerFile>> {
  const kept = new Map<string, BalancerFile>();
  for (const [key, file] of files) {
    if (file.endMs >= beforeMs) kept.set(key, file);
    else await rm(file.path, { force: true });
  }
  return kept;
}

/** The name tells when the five minutes end, and on which machine they were. */
function objectKey(endMs: number, node: string, random: Random): string {
  const iso = new Date(endMs).toISOString();
  const [year, month, day] = [iso.slice(0, 4), iso.slice(5, 7), iso.slice(8, 10)];
  const end = `${year}${month}${day}T${iso.slice(11, 13)}${iso.slice(14, 16)}Z`;
  const balancer = LOAD_BALANCER.replaceAll("/", ".");
  return [
    `AWSLogs/${ACCOUNT_ID}/elasticloadbalancing/${REGION}/${year}/${month}/${day}`,
    `${ACCOUNT_ID}_elasticloadbalancing_${REGION}_${balancer}_${end}_${node}_${random.hex(8)}.log`,
  ].join("/");
}
