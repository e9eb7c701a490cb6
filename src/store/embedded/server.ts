import { readFileSync, realpathSync, rmSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import pg from "pg";
import { UpstreamError } from "../../errors.ts";
import { type Cluster, USER } from "./cluster.ts";
import { freePort, isFree, rememberedPort, rememberPort } from "./port.ts";
import { commandLine, isAlive } from "./process.ts";
import type { Program } from "./program.ts";

const PORT_ATTEMPTS = 3;
/** After a crash of the machine the server replays its journal before it answers. */
const START_WITHIN_SECS = 60;
const STOP_WITHIN_SECS = 10;
const POLL_MS = 50;

/** Finds the server of a cluster that somebody else started and left running; null where there is none. */
export async function findRunning(cluster: Cluster): Promise<{ readonly url: string } | null> {
  const giveUpMs = Date.now() + START_WITHIN_SECS * 1_000;
  for (;;) {
    const running = readPidFile(cluster);
    if (running === null || !isAlive(running.pid)) return null;
    if (!isServerOf(cluster, running.pid)) {
      // The pid went to another process since. Postgres would take that one for its server and not start.
      rmSync(pidFile(cluster), { force: true });
      return null;
    }
    const url = urlOf(cluster, running.port);
    if (running.port > 0 && (await serves(cluster, url))) return { url };
    if (Date.now() > giveUpMs) {
      throw new UpstreamError("postgres-stuck", `Postgres runs as process ${running.pid} but does not answer.`, {
        retryable: false,
      });
    }
    await sleep(POLL_MS);
  }
}

/** Tells, without asking it, whether a server of the cluster runs; one that still starts counts. */
export function isRunning(cluster: Cluster): boolean {
  const running = readPidFile(cluster);
  return running !== null && isAlive(running.pid) && isServerOf(cluster, running.pid);
}

/**
 * Starts the server on a loopback port and waits until it answers. It outlives this process.
 * It takes the port that it had before, or any where that one is taken.
 */
export async function start(cluster: Cluster, program: Program): Promise<{ readonly url: string }> {
  for (let attempt = 1; ; attempt += 1) {
    const before = rememberedPort(cluster.folder);
    const port = before !== null && (await isFree(before)) ? before : await freePort();
    try {
      return await startOn(port, cluster, program);
    } catch (cause) {
      // Between finding the port and taking it, somebody else may have.
      if (attempt === PORT_ATTEMPTS) throw cause;
    }
  }
}

/**
 * Brings a server that was killed back to the URL that its users know. Tells whether it was us: somebody
 * else may have been first.
 *
 * @throws {UpstreamError} `postgres-start`, `postgres-stuck`, `postgres-port-taken`
 */
export async function bringBack(url: string, cluster: Cluster, program: Program): Promise<boolean> {
  const running = await findRunning(cluster);
  if (running?.url === url) return false;
  const { port } = new URL(url);
  if (running !== null || !(await isFree(Number(port)))) {
    throw new UpstreamError(
      "postgres-port-taken",
      `Postgres was at 127.0.0.1:${port}, where ${running === null ? "another program listens" : "it is no more"} now. Restart Spillway.`,
      { retryable: true },
    );
  }
  await startOn(Number(port), cluster, program);
  return true;
}

async function startOn(port: number, cluster: Cluster, program: Program): Promise<{ readonly url: string }> {
  const args = ["start", "--wait", `--timeout=${START_WITHIN_SECS}`, `--pgdata=${cluster.data}`];
  try {
    await program.run("pg_ctl", [...args, `--log=${cluster.logFile}`, `--options=-p ${port}`], cluster.folder);
  } catch (cause) {
    throw new UpstreamError("postgres-start", `Postgres did not start; ${cluster.logFile} says why.`, {
      cause,
      retryable: false,
    });
  }
  rememberPort(cluster.folder, port);
  return { url: urlOf(cluster, port) };
}

/** Ends the server: open transactions are rolled back, what is committed is on disk. */
export async function stop(cluster: Cluster, program: Program): Promise<void> {
  const args = ["stop", "--wait", `--timeout=${STOP_WITHIN_SECS}`, `--pgdata=${cluster.data}`];
  // It may end by itself at any moment, also between our look and pg_ctl's: what counts is that it is gone.
  for (const mode of ["fast", "immediate"]) {
    if (!isRunning(cluster)) return;
    try {
      return await program.run("pg_ctl", [...args, `--mode=${mode}`], cluster.folder);
    } catch (error) {
      if (mode === "immediate" && isRunning(cluster)) throw error;
    }
  }
}

function pidFile(cluster: Cluster): string {
  return join(cluster.data, "postmaster.pid");
}

/** Lines: pid, data folder, start time, port, … The port is there a moment later than the pid. */
function readPidFile(cluster: Cluster): { readonly pid: number; readonly port: number } | null {
  try {
    const lines = readFileSync(pidFile(cluster), "utf8").split("\n");
    return { pid: Number(lines[0]), port: Number(lines[3] ?? 0) };
  } catch {
    return null;
  }
}

function isServerOf(cluster: Cluster, pid: number): boolean {
  const command = commandLine(pid);
  return command.includes("postgres") && command.includes(cluster.data);
}

async function serves(cluster: Cluster, url: string): Promise<boolean> {
  const client = new pg.Client({ connectionString: url, connectionTimeoutMillis: 1_000 });
  client.on("error", () => {});
  try {
    await client.connect();
    const { rows } = await client.query<{ data_directory: string }>("SHOW data_directory");
    return realpathSync(rows[0]?.data_directory ?? "") === realpathSync(cluster.data);
  } catch {
    return false;
  } finally {
    await client.end().catch(() => {});
  }
}

function urlOf(cluster: Cluster, port: number): string {
  return `postgres://${USER}:${cluster.password}@127.0.0.1:${port}/postgres`;
}
