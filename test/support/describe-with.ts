import { accessSync, constants } from "node:fs";
import { delimiter, isAbsolute, join } from "node:path";
import { describe } from "@jest/globals";

/**
 * A `describe` for tests that start a program from outside the repository; where it is not installed they are
 * skipped, and say so.
 */
export function describeWith(
  program: { readonly name: string; readonly install: string },
  name: string,
  tests: (path: string) => void,
): void {
  const path = findProgram(program.name);
  if (path !== null) {
    describe(name, () => tests(path));
    return;
  }
  const reason = `skipped: there is no ${program.name}${isAbsolute(program.name) ? "" : " on the PATH"}; ${program.install}`;
  // Jest names no skipped test where there is more than one file.
  process.stderr.write(`${name}: ${reason}\n`);
  describe.skip(`${name} (${reason})`, () => tests(program.name));
}

/** The path of an executable file; null where there is none of that name or at that path. */
export function findProgram(name: string): string | null {
  const folders = isAbsolute(name) ? [""] : (process.env["PATH"] ?? "").split(delimiter);
  for (const folder of folders) {
    const path = join(folder, name);
    try {
      accessSync(path, constants.X_OK);
      return path;
    } catch {
      // Not in this folder.
    }
  }
  return null;
}
