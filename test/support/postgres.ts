import { chmodSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import pg from "pg";
import pino from "pino";
import { startEmbeddedPostgres } from "../../src/store/embedded.ts";

export interface TestPostgres {
  /** Makes an empty database and gives its URL. */
  freshDatabase(): Promise<string>;
  /** Asks past the store, for what no port shows. */
  query<Row extends object>(url: string, sql: string, values?: readonly unknown[]): Promise<readonly Row[]>;
  /** Kills the server, as a machine that runs out of memory does; it comes back by itself. */
  kill(): void;
  stop(): Promise<void>;
}

/** Starts one server for a test file; call once, in `beforeAll`. */
export async function startTestPostgres(): Promise<TestPostgres> {
  const dir = reachableFolder();
  const server = await startEmbeddedPostgres({ dir, log: pino({ level: "silent" }) });
  let made = 0;
  // Nothing here has to outlive the machine (the server, it has), and the disk is what a fresh database waits for.
  for (const setting of ["fsync", "full_page_writes"]) {
    await query(server.url, `ALTER SYSTEM SET ${setting} = off`);
  }
  await query(server.url, "SELECT pg_reload_conf()");

  async function query<Row extends object>(url: string, sql: string, values: readonly unknown[] = []) {
    const client = new pg.Client({ connectionString: url, options: "-c search_path=spillway,public" });
    await client.connect();
    try {
      return (await client.query<Row>(sql, [...values])).rows;
    } finally {
      await client.end();
    }
  }

  return {
    query,
    async freshDatabase() {
      made += 1;
      const name = `test_${made}`;
      await query(server.url, `CREATE DATABASE ${name} STRATEGY = file_copy`);
      return server.url.replace(/\/postgres$/, `/${name}`);
    },
    kill: () => killServer(server.folder),
    async stop() {
      await server.stop();
      rmSync(dir, { recursive: true, force: true });
    },
  };
}

/** Gives the process of the server that keeps its files in a folder. */
export function serverPid(folder: string): number {
  return Number.parseInt(readFileSync(join(folder, "data", "postmaster.pid"), "utf8"), 10);
}

/** Nothing is left to do for it: what it had not written to its journal is lost. */
export function killServer(folder: string): void {
  process.kill(serverPid(folder), "SIGKILL");
}

/** A temporary folder that the server's account may enter too, where tests run as root. */
export function reachableFolder(): string {
  const dir = mkdtempSync(join(tmpdir(), "spillway-test-"));
  chmodSync(dir, 0o755);
  return dir;
}
