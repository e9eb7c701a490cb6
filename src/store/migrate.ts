import { createHash } from "node:crypto";
import pg from "pg";
import { UserError } from "../errors.ts";
import type { Log } from "../log.ts";
import { asStoreError, connectionSettings, SCHEMA } from "./database.ts";
import { MIGRATIONS, type Migration } from "./migrations.ts";

interface Applied {
  readonly version: number;
  readonly checksum: string;
}

/** Names the lock that lets one process at a time change the schema; any constant will do. */
const LOCK_KEY = 7_207_445;
const CONNECT_WITHIN_MS = 2_000;
/** Waiting for another process to migrate included. */
const STEP_WITHIN_MS = 60_000;

/**
 * Brings a database up to this program's schema: each step in a transaction of
 * its own, all of them under one advisory lock.
 *
 * @throws {UserError} `store-newer` when a newer program was here, `store-altered`
 *   when a step that was applied reads differently now, `store-refused` when the
 *   server does not let us in
 * @throws {UpstreamError} `store-down`
 */
export async function migrate(
  databaseUrl: string,
  log: Log,
  migrations: readonly Migration[] = MIGRATIONS,
): Promise<void> {
  const client = new pg.Client({
    ...connectionSettings(databaseUrl),
    connectionTimeoutMillis: CONNECT_WITHIN_MS,
    query_timeout: STEP_WITHIN_MS,
  });
  client.on("error", (error) => log.warn({ reason: error.message }, "lost the connection while migrating"));
  await connect(client);
  try {
    // A session lock: it is gone when this connection is, however that ends.
    await client.query("SELECT pg_advisory_lock($1)", [LOCK_KEY]);
    await client.query(`CREATE SCHEMA IF NOT EXISTS ${SCHEMA}`);
    await client.query(
      "CREATE TABLE IF NOT EXISTS migrations (version integer PRIMARY KEY, name text NOT NULL, checksum text NOT NULL, applied_at timestamptz NOT NULL DEFAULT now())",
    );
    const { rows } = await client.query<Applied>("SELECT version, checksum FROM migrations ORDER BY version");
    for (const migration of pending(rows, migrations)) {
      await apply(client, migration);
      log.info({ version: migration.version, name: migration.name }, "migrated the database");
    }
  } finally {
    await client.end();
  }
}

async function connect(client: pg.Client): Promise<void> {
  try {
    await client.connect();
  } catch (cause) {
    // Class 28: who we are is not accepted; 3D000: no such database.
    if (cause instanceof pg.DatabaseError && /^(28|3D)/.test(cause.code ?? "")) {
      throw new UserError("store-refused", `The database refused us: ${cause.message}. Check DATABASE_URL.`, { cause });
    }
    throw asStoreError(cause);
  }
}

function pending(applied: readonly Applied[], migrations: readonly Migration[]): readonly Migration[] {
  for (const { version, checksum } of applied) {
    const ours = migrations.find((migration) => migration.version === version);
    if (ours === undefined) {
      throw new UserError(
        "store-newer",
        `The database is at schema ${applied.at(-1)?.version}, this program knows ${migrations.at(-1)?.version}: a newer Spillway was here. Run that version, or name another database in DATABASE_URL.`,
      );
    }
    if (checksum !== checksumOf(ours)) {
      throw new UserError(
        "store-altered",
        `Migration ${version} (${ours.name}) differs from the one this database was made with. Restore it, and write a new migration instead.`,
      );
    }
  }
  const versions = new Set(applied.map(({ version }) => version));
  return migrations.filter(({ version }) => !versions.has(version));
}

async function apply(client: pg.Client, migration: Migration): Promise<void> {
  await client.query("BEGIN");
  try {
    await client.query(migration.sql);
    await client.query("INSERT INTO migrations (version, name, checksum) VALUES ($1, $2, $3)", [
      migration.version,
      migration.name,
      checksumOf(migration),
    ]);
    await client.query("COMMIT");
  } catch (error) {
    await client.query("ROLLBACK");
    throw error;
  }
}

function checksumOf(migration: Migration): string {
  return createHash("sha256").update(migration.sql).digest("hex");
}
