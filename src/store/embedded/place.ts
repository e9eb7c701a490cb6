import { createHash } from "node:crypto";
import { accessSync, chmodSync, chownSync, constants, mkdirSync, realpathSync } from "node:fs";
import { tmpdir } from "node:os";
import { basename, dirname, join } from "node:path";
import type { Log } from "../../log.ts";
import { type Account, mayEnter } from "./account.ts";

/**
 * Gives the folder that holds the database: `<dir>/postgres`, unless the server's
 * account cannot get there (a clone under /root, say). Then it is a folder of the
 * system's, always the same for the same `dir`, and the log says which.
 */
export function databaseFolder(dir: string, account: Account | null, log: Log): string {
  mkdirSync(dir, { recursive: true });
  const wanted = realpathSync(dir);
  const isReachable = account === null || mayEnter(account, wanted);
  const folder = isReachable ? join(wanted, "postgres") : join(systemFolder(), nameFor(wanted));
  if (!isReachable)
    log.warn({ wanted, folder }, "the database's account cannot enter the folder; it is kept elsewhere");
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  if (account !== null) chownSync(folder, account.uid, account.gid);
  return folder;
}

/** Where root keeps what the server's account must reach; survives a restart of the machine if it can. */
export function systemFolder(): string {
  const folder = join(mayWrite("/var/lib") ? "/var/lib" : tmpdir(), "spillway");
  mkdirSync(folder, { recursive: true });
  chmodSync(folder, 0o755);
  return folder;
}

function nameFor(path: string): string {
  const digest = createHash("sha256").update(path).digest("hex").slice(0, 12);
  return `${basename(dirname(path))}-${digest}`;
}

function mayWrite(folder: string): boolean {
  try {
    accessSync(folder, constants.W_OK);
    return true;
  } catch {
    return false;
  }
}
