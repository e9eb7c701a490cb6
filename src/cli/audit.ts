import { parseArgs } from "node:util";
import { readStoreEnvironment } from "../config/environment.ts";
import { formatCount } from "../domain/quantity.ts";
import { UserError } from "../errors.ts";
import { createLog } from "../log.ts";
import { type AuditRow, openAudit, readAudit, verifyAudit } from "../store/audit.ts";
import { startEmbeddedPostgres } from "../store/embedded.ts";
import { readTime } from "./time-option.ts";

/** Where it reads its settings and writes its answer; `process` is one. */
export interface AuditIo {
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly stdout: { write(text: string): unknown };
}

type Reading = Parameters<typeof readAudit>[0];

/**
 * Runs `spillway audit verify` or `spillway audit export`; gives the exit status: 0, or 1 where the log was altered.
 *
 * @throws {UserError} `bad-option`, `audit-none`
 */
export async function runAudit(argv: readonly string[], io: AuditIo): Promise<number> {
  const [what = "", ...rest] = argv;
  if (what === "verify") {
    const { head } = parse(rest, ["head"]);
    return withAudit(io, (database) => verify(database, head, io));
  }
  if (what === "export") {
    const { from, to } = parse(rest, ["from", "to"]);
    const span = {
      ...(from !== undefined && { fromMs: readTime("--from", from) }),
      ...(to !== undefined && { toMs: readTime("--to", to) }),
    };
    return withAudit(io, (database) => exportAll(database, span, io));
  }
  throw new UserError("bad-option", `\`spillway audit\` takes verify or export${what === "" ? "" : `, not ${what}`}.`);
}

async function verify(database: Reading, head: string | undefined, { stdout }: AuditIo): Promise<number> {
  const verdict = await verifyAudit(readAudit(database), head);
  if (!verdict.ok) {
    stdout.write(
      `The audit log was altered: entry ${verdict.seq} is the first that is not as written: ${verdict.why}.\n`,
    );
    return 1;
  }
  const { entries } = verdict;
  stdout.write(
    `The audit log is whole: ${formatCount(entries)} ${entries === 1 ? "entry" : "entries"}, the last one with hash ${verdict.head}.\n`,
  );
  return 0;
}

async function exportAll(
  database: Reading,
  span: Parameters<typeof readAudit>[1],
  { stdout }: AuditIo,
): Promise<number> {
  for await (const row of readAudit(database, span)) stdout.write(`${line(row)}\n`);
  return 0;
}

/** What happened for whoever reads it, and to the letter what the hash is taken over for whoever checks it. */
function line({ content, previous_hash: previousHash, hash }: AuditRow): string {
  const { seq, atMs, ...entry } = JSON.parse(content) as { readonly seq: number; readonly atMs: number };
  return JSON.stringify({ seq, at: new Date(atMs).toISOString(), ...entry, previousHash, hash, content });
}

async function withAudit(io: AuditIo, work: (database: Reading) => Promise<number>): Promise<number> {
  const env = readStoreEnvironment(io.env);
  // What is normal while it opens would stand between the lines of the answer.
  const log = createLog(env.LOG_LEVEL === "info" ? "warn" : env.LOG_LEVEL);
  const embedded = env.DATABASE_URL === undefined ? await startEmbeddedPostgres({ dir: env.SPILLWAY_HOME, log }) : null;
  try {
    const database = await openAudit(env.DATABASE_URL ?? embedded?.url ?? "", log);
    try {
      return await work(database);
    } finally {
      await database.close();
    }
  } finally {
    await embedded?.stop();
  }
}

function parse<Name extends string>(argv: readonly string[], names: readonly Name[]): Partial<Record<Name, string>> {
  const options = Object.fromEntries(names.map((name) => [name, { type: "string" as const }]));
  try {
    return parseArgs({ args: [...argv], options, strict: true }).values as Partial<Record<Name, string>>;
  } catch (cause) {
    throw new UserError("bad-option", cause instanceof Error ? cause.message : String(cause), { cause });
  }
}
