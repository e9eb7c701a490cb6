import { execFileSync, spawnSync } from "node:child_process";
import { UserError } from "../../errors.ts";

/** The system account that the server runs as. */
export interface Account {
  readonly uid: number;
  readonly gid: number;
}

const NAME = "postgres";

/**
 * Gives the account to run Postgres as: our own, told by null, unless we are root,
 * whom Postgres refuses. The account is made where the system has none yet.
 *
 * @throws {UserError} `postgres-account` when it cannot be made
 */
export function serverAccount(): Account | null {
  if (process.getuid?.() !== 0) return null;
  const existing = lookUp();
  if (existing !== null) return existing;
  spawnSync("useradd", ["--system", "--user-group", "--no-create-home", NAME], { stdio: "ignore" });
  const made = lookUp();
  if (made !== null) return made;
  throw new UserError(
    "postgres-account",
    `Postgres does not run as root, and no account "${NAME}" could be made. Run Spillway as another user, or name a database in DATABASE_URL.`,
  );
}

/** Tells whether the account may enter a folder, which takes leave on every folder above it too. */
export function mayEnter(account: Account, folder: string): boolean {
  return spawnSync("sh", ["-c", 'cd "$1"', "sh", folder], { ...account, cwd: "/", stdio: "ignore" }).status === 0;
}

function lookUp(): Account | null {
  try {
    const id = (flag: "-u" | "-g") => Number(execFileSync("id", [flag, NAME], { encoding: "utf8", stdio: "pipe" }));
    return { uid: id("-u"), gid: id("-g") };
  } catch {
    return null;
  }
}
