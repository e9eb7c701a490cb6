import { randomBytes } from "node:crypto";
import { appendFileSync, chownSync, existsSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { UserError } from "../../errors.ts";
import type { Account } from "./account.ts";
import type { Program } from "./program.ts";

/** The files of one database server. */
export interface Cluster {
  readonly folder: string;
  readonly data: string;
  readonly logFile: string;
  readonly password: string;
}

export const USER = "spillway";

/**
 * Reached over loopback TCP only; small, for a few dozen connections. Statements
 * are kept out of the log, as people's and attackers' text is in them.
 */
const SETTINGS = `
# Spillway
listen_addresses = '127.0.0.1'
unix_socket_directories = ''
max_connections = 100
shared_buffers = 32MB
log_timezone = 'UTC'
timezone = 'UTC'
log_min_messages = error
log_min_error_statement = panic
`;

/** Opens the files of a server, making them first where there are none. Call only under the lock. */
export async function openCluster(folder: string, account: Account | null, program: Program): Promise<Cluster> {
  const data = join(folder, "data");
  const passwordFile = join(folder, "password");
  if (!existsSync(data)) await make(data, passwordFile, account, program);
  if (!existsSync(passwordFile)) {
    throw new UserError(
      "postgres-password",
      `${passwordFile} is gone, and with it the way into ${data}. Restore it, or move ${folder} away to begin anew.`,
    );
  }
  return { folder, data, logFile: join(folder, "server.log"), password: readFileSync(passwordFile, "utf8").trim() };
}

/** Makes everything aside and renames it at the end, so that a crash midway leaves nothing that looks complete. */
async function make(data: string, passwordFile: string, account: Account | null, program: Program): Promise<void> {
  const unfinished = `${data}.unfinished`;
  rmSync(unfinished, { recursive: true, force: true });
  writeFileSync(passwordFile, `${randomBytes(24).toString("base64url")}\n`, { mode: 0o600 });
  if (account !== null) chownSync(passwordFile, account.uid, account.gid);
  const args = [
    `--pgdata=${unfinished}`,
    `--username=${USER}`,
    `--pwfile=${passwordFile}`,
    "--auth=scram-sha-256",
    "--encoding=UTF8",
    "--locale=C",
    "--no-instructions",
  ];
  await program.run("initdb", args, join(data, ".."));
  appendFileSync(join(unfinished, "postgresql.conf"), SETTINGS);
  renameSync(unfinished, data);
}
