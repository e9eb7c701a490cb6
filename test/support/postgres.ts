import { chmodSync, mkdtempSync, rmSync } from "node:fs";
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
  stop(): Promise<void>;
}

/** Starts one server for a test file; call once, in `beforeAll`. */
export async function startTestPostgres(): Promise<TestPostgres> {
  const dir = reachableFolder();
  const server = await startEmbeddedPostgres({ dir, log: pino({ level: "silent" }) });
  let made = 0;
  // Nothing here has to outlive the machine, and the disk is what a fresh database waits for.
  for (const setting of ["fsync", "synchronous_commit", "full_page_writes"]) {
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
      await query(server.url, `CREATE DATABASE test_${made} STRATEGY = file_copy`);
      return server.url.replace(/\/postgres$/, `/test_${made}`);
    },
    async stop() {
      await server.stop();
      rmSync(dir, { recursive: true, force: true });
    },
  };
}

/** A temporary folder that the server's account may enter too, where tests run as root. */
export function reachableFolder(): string {
  const dir = mkdtempSync(join(tmpdir(), "spillway-test-"));
  chmodSync(dir, 0o755);
  return dir;
}
