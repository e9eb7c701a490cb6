import { closeSync, openSync, readFileSync, rmSync, statSync, writeSync } from "node:fs";
import { setTimeout as sleep } from "node:timers/promises";
import { UserError } from "../../errors.ts";
import { isAlive } from "./process.ts";

const RETRY_MS = 25;
const GIVE_UP_MS = 60_000;
/** Between making the file and writing our pid into it there is an instant, never this long. */
const EMPTY_IS_STALE_MS = 2_000;

/**
 * Runs `work` while no other process does the same: the lock is a file that only
 * one can create, and that holds the owner's pid, so that a dead owner is noticed.
 *
 * Two who find a dead owner at the same instant may both get in. That is harmless
 * here: Postgres itself lets only one server into a data folder.
 */
export async function withLock<Result>(path: string, work: () => Promise<Result>): Promise<Result> {
  const giveUpMs = Date.now() + GIVE_UP_MS;
  while (!tryLock(path)) {
    if (isStale(path)) rmSync(path, { force: true });
    else if (Date.now() > giveUpMs) {
      throw new UserError(
        "postgres-locked",
        `Another process has held ${path} for ${GIVE_UP_MS / 1_000} s. End it, or remove the file.`,
      );
    } else await sleep(RETRY_MS);
  }
  try {
    return await work();
  } finally {
    rmSync(path, { force: true });
  }
}

function tryLock(path: string): boolean {
  try {
    const file = openSync(path, "wx", 0o600);
    writeSync(file, String(process.pid));
    closeSync(file);
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "EEXIST") return false;
    throw error;
  }
}

function isStale(path: string): boolean {
  try {
    const owner = readFileSync(path, "utf8");
    return owner === "" ? Date.now() - statSync(path).mtimeMs > EMPTY_IS_STALE_MS : !isAlive(Number(owner));
  } catch {
    return false;
  }
}
