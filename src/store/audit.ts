import { createHash } from "node:crypto";
import { UserError } from "../errors.ts";
import type { Log } from "../log.ts";
import type { Store } from "../ports/store.ts";
import { type Database, openDatabase, SCHEMA } from "./database.ts";

/** One entry of the audit log as it is stored. */
export interface AuditRow {
  /** Counts from 1 without gaps. */
  readonly seq: number;
  readonly at_ms: number;
  readonly kind: string;
  /** JSON, to the letter what is hashed. */
  readonly content: string;
  readonly previous_hash: string;
  readonly hash: string;
}

/** Stands before the first entry. */
const NO_HASH = "0".repeat(64);
/** Read at a time. */
const PAGE_ROWS = 1_000;

const APPEND = "SELECT append_audit($1, $2, $3, $4, $5, $6, $7::json)";
/** Of two processes that start together both may add it; that is no harm. */
const APPEND_NEWS = `
${APPEND} WHERE $7::json::text IS DISTINCT FROM (
  SELECT (content::json->'details')::text FROM audit WHERE kind = $1 ORDER BY seq DESC LIMIT 1
)`;

/** Adds to the audit log what leaves no row of its own; everything else, the database adds itself. */
export function auditIn(database: Database): Pick<Store, "recordAudit"> {
  return {
    async recordAudit({ kind, atMs, actor, proposalId, incidentId, details }) {
      await database.query(kind === "configuration" ? APPEND_NEWS : APPEND, [
        kind,
        atMs,
        actor.id,
        actor.name,
        proposalId,
        incidentId,
        JSON.stringify(details),
      ]);
    },
  };
}

/** Gives the audit log in its order; of a span of time, `fromMs` belongs to it and `toMs` does not. */
export async function* readAudit(
  database: Pick<Database, "query">,
  span: { readonly fromMs?: number; readonly toMs?: number } = {},
): AsyncGenerator<AuditRow> {
  for (let last = 0; ; ) {
    const rows = await database.query<AuditRow>(
      `SELECT * FROM audit
       WHERE seq > $1 AND ($2::bigint IS NULL OR at_ms >= $2) AND ($3::bigint IS NULL OR at_ms < $3)
       ORDER BY seq LIMIT ${PAGE_ROWS}`,
      [last, span.fromMs ?? null, span.toMs ?? null],
    );
    yield* rows;
    last = rows.at(-1)?.seq ?? last;
    if (rows.length < PAGE_ROWS) return;
  }
}

/**
 * Opens a database for reading its audit log alone: nothing in it is changed, not even brought up to date.
 *
 * @throws {UserError} `audit-none` where it has none
 * @throws {UpstreamError} `store-down`
 */
export async function openAudit(databaseUrl: string, log: Log): Promise<Pick<Database, "query" | "close">> {
  const database = openDatabase(databaseUrl, log);
  const [found] = await database.query<{ readonly is_there: boolean }>(
    "SELECT to_regclass($1) IS NOT NULL AS is_there",
    [`${SCHEMA}.audit`],
  );
  if (found?.is_there) return database;
  await database.close();
  throw new UserError(
    "audit-none",
    "There is no audit log in this database: Spillway has not run on it yet. Set DATABASE_URL or SPILLWAY_HOME as for `spillway start`.",
  );
}

export type AuditVerdict =
  | {
      readonly ok: true;
      readonly entries: number;
      /** Of the last entry; whoever keeps it elsewhere can tell later that nothing was cut off at the end. */
      readonly head: string;
    }
  | { readonly ok: false; readonly seq: number; readonly why: string };

/**
 * Walks the whole log from its first entry, and names the first that is not as it was written.
 *
 * @param expectedHead a hash that the log had at its end once, and so has to have still
 */
export async function verifyAudit(rows: AsyncIterable<AuditRow>, expectedHead?: string): Promise<AuditVerdict> {
  let seq = 0;
  let head = NO_HASH;
  let isFound = expectedHead === undefined;
  for await (const row of rows) {
    const why = faultOf(row, seq + 1, head);
    if (why !== null) return { ok: false, seq: seq + 1, why };
    seq += 1;
    head = row.hash;
    isFound ||= head === expectedHead;
  }
  if (isFound) return { ok: true, entries: seq, head };
  return { ok: false, seq: seq + 1, why: `no entry has the hash ${expectedHead}: what followed up to it is gone` };
}

function faultOf(row: AuditRow, seq: number, previousHash: string): string | null {
  if (row.seq !== seq) return `it is missing; the next one there is ${row.seq}`;
  if (row.previous_hash !== previousHash) return "the hash of the entry before it does not match";
  if (hashOf(row) !== row.hash) return "its content does not match its hash";
  const { seq: own, atMs, kind } = JSON.parse(row.content) as Readonly<Record<string, unknown>>;
  return own === row.seq && atMs === row.at_ms && kind === row.kind
    ? null
    : "its columns do not say what its content says";
}

/** SHA-256 of the hash before, a line feed and the content, in hexadecimal digits. */
function hashOf({ previous_hash, content }: AuditRow): string {
  return createHash("sha256").update(`${previous_hash}\n${content}`).digest("hex");
}
