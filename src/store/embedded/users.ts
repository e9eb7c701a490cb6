import { mkdirSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { isAlive } from "./process.ts";

/** Who uses the server: one empty file each, named after its process. */
export interface Membership {
  /** Tells whether nobody else who lives is left. */
  leave(): { readonly isLast: boolean };
}

let joined = 0;

/** Joins the users of a server. Call, and leave, only under the lock. */
export function joinUsers(folder: string): Membership {
  mkdirSync(folder, { recursive: true });
  joined += 1;
  const name = `${process.pid}-${joined}`;
  writeFileSync(join(folder, name), "");
  return {
    leave() {
      rmSync(join(folder, name), { force: true });
      return { isLast: removeDead(folder) === 0 };
    },
  };
}

/** Returns how many are left. */
function removeDead(folder: string): number {
  const names = readdirSync(folder);
  const dead = names.filter((name) => !isAlive(Number.parseInt(name, 10)));
  for (const name of dead) rmSync(join(folder, name), { force: true });
  return names.length - dead.length;
}
