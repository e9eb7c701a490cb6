/** Objects of S3 on this machine's disk: whole or not at all, the least recently used go first. */
import { createHash, randomUUID } from "node:crypto";
import { mkdir, open, readdir, rename, rm, stat, utimes } from "node:fs/promises";
import { basename, join } from "node:path";
import { PassThrough, type Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { HOUR_MS, MINUTE_MS, SECOND_MS } from "../../domain/time-window.ts";
import { UserError } from "../../errors.ts";
import type { S3Object } from "./s3-object.ts";

export interface S3Cache {
  /** Gives the path of an object that is here whole, and counts it as used now; null where it is not. */
  find(object: S3Object): Promise<string | null>;
  /**
   * Writes an object and gives its path. It appears there at once and whole, or not at all.
   * @throws {UserError} `logs-cache-unwritable` where this machine's disk is full or closed to us
   * @throws {Error} where the body ends early or cannot be read
   */
  keep(
    object: S3Object,
    body: Readable,
    options?: { readonly onBytes?: (bytes: number) => void; readonly signal?: AbortSignal },
  ): Promise<string>;
  /** Deletes what was used least recently until the rest is within the limit; what may be in use stays. */
  trim(): Promise<void>;
}

/** Longer than a job may run: what it was given must not vanish under it. */
const IN_USE_MS = 30 * MINUTE_MS;
/** A download that is older has been given up by its process. */
const ABANDONED_MS = HOUR_MS;
const PART = ".part";
/** Begins with the digest of bucket, key and version. */
const WHOLE = /^[0-9a-f]{64}(?:\.[a-z.]+)?$/;
/** Endings that say how a file is to be read; those of other keys say nothing. */
const ENDING = /(?:\.(?:log|json|csv|txt))?\.(?:gz|zst)$|\.(?:log|json|csv|txt|parquet)$/;

export function createS3Cache(options: {
  readonly dir: string;
  readonly maxBytes: number;
  readonly now?: () => number;
}): S3Cache {
  const { dir, maxBytes, now = Date.now } = options;
  const pathOf = ({ bucket, key, etag }: S3Object) => {
    const digest = createHash("sha256").update([bucket, key, etag].join("\n")).digest("hex");
    return join(dir, digest + (ENDING.exec(key)?.[0] ?? ""));
  };

  return {
    async find(object) {
      const path = pathOf(object);
      try {
        // In this order: another process that trims looks at the time again before it deletes.
        await touch(path, now());
        return (await stat(path)).size === object.bytes ? path : null;
      } catch (error) {
        if (["ENOENT", "ENOTDIR"].includes((error as NodeJS.ErrnoException).code ?? "")) return null;
        throw error;
      }
    },

    async keep(object, body, { onBytes, signal } = {}) {
      const path = pathOf(object);
      const part = `${path}.${randomUUID()}${PART}`;
      let bytes = 0;
      const counter = new PassThrough().on("data", (chunk: Buffer) => {
        bytes += chunk.length;
        onBytes?.(chunk.length);
      });
      try {
        // Addresses of people are in there: nobody else on this machine needs to read it.
        await mkdir(dir, { recursive: true, mode: 0o700 });
        // Made before anything can be given up: what is opened later would be left behind.
        const file = await open(part, "wx", 0o600);
        await pipeline(body, counter, file.createWriteStream(), { ...(signal && { signal }) });
        if (bytes !== object.bytes) throw new Error(`ended after ${bytes} of ${object.bytes} bytes`);
        await touch(part, now());
        await rename(part, path);
      } catch (error) {
        body.destroy();
        await rm(part, { force: true }).catch(() => {});
        throw diskError(error, dir) ?? error;
      }
      return path;
    },

    async trim() {
      const files = await list(dir);
      const abandoned = files.filter(({ path, usedMs }) => path.endsWith(PART) && usedMs < now() - ABANDONED_MS);
      const whole = files.filter(({ path }) => WHOLE.test(basename(path))).sort((a, b) => a.usedMs - b.usedMs);
      let excessBytes = whole.reduce((total, file) => total + file.bytes, 0) - maxBytes;
      const unneeded = whole.filter(({ bytes, usedMs }) => {
        if (excessBytes <= 0 || usedMs > now() - IN_USE_MS) return false;
        excessBytes -= bytes;
        return true;
      });
      for (const { path, usedMs } of [...abandoned, ...unneeded]) {
        // Another process may have come to use it meanwhile, or have deleted it.
        const isAsListed = (await stat(path).catch(() => null))?.mtimeMs === usedMs;
        if (isAsListed) await rm(path, { force: true });
      }
    },
  };
}

const DISK_ERRORS: Readonly<Record<string, string>> = {
  ENOSPC: "the disk is full",
  EDQUOT: "the disk's quota is used up",
  EACCES: "it may not be written",
  EPERM: "it may not be written",
  EROFS: "the disk is read-only",
  ENOTDIR: "it is no folder",
  EEXIST: "it is no folder",
};

/** No object's own failure: the next one would fail as well. */
function diskError(cause: unknown, dir: string): UserError | null {
  const why = DISK_ERRORS[(cause as NodeJS.ErrnoException).code ?? ""];
  if (why === undefined) return null;
  const message = `Logs cannot be kept in ${dir}: ${why}. Make room, lower \`logs.cacheMaxBytes\` in spillway.yaml, or set SPILLWAY_HOME to another place.`;
  return new UserError("logs-cache-unwritable", message, { cause });
}

/** The time of change says when a file was used last; that of access is switched off on many machines. */
async function touch(path: string, nowMs: number): Promise<void> {
  await utimes(path, nowMs / SECOND_MS, nowMs / SECOND_MS);
}

async function list(dir: string): Promise<{ path: string; bytes: number; usedMs: number }[]> {
  const names = await readdir(dir).catch(() => []);
  const files = await Promise.all(
    names.map(async (name) => {
      const path = join(dir, name);
      // Another process trims the same folder.
      const found = await stat(path).catch(() => null);
      return found === null ? [] : [{ path, bytes: found.size, usedMs: found.mtimeMs }];
    }),
  );
  return files.flat();
}
