import { isAbsolute } from "node:path";
import { describe } from "@jest/globals";
import { findProgram } from "./find-program.ts";

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
