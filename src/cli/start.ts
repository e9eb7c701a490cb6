import { parseArgs } from "node:util";
import { UserError } from "../errors.ts";
import { startSpillway } from "../main.ts";

/** Runs `spillway start` or `spillway worker` until it is told to stop. */
export async function runStart(
  argv: readonly string[],
  roles: { readonly bot: boolean; readonly worker: boolean },
): Promise<number> {
  const options = roles.bot ? { "no-worker": { type: "boolean" as const } } : {};
  const values = parse(argv, options);
  const toldToStop = untilToldToStop();
  try {
    const running = await startSpillway(process.env, { ...roles, worker: values["no-worker"] !== true });
    await toldToStop;
    await running.stop();
    return 0;
  } finally {
    endSoon();
  }
}

/** A connection that somebody forgot must not keep a process that does nothing: nobody would start another. */
function endSoon(): void {
  setTimeout(() => process.exit(), END_WITHIN_MS).unref();
}

const END_WITHIN_MS = 5_000;

/**
 * Waits for Ctrl-C or a service manager's stop; a second one ends the process at once. Called before anything is
 * started, so that what is told meanwhile ends it in good order too.
 */
export function untilToldToStop(): Promise<void> {
  return new Promise<void>((resolve) => {
    for (const name of ["SIGINT", "SIGTERM"] as const) {
      process.once(name, () => {
        process.once(name, () => process.exit(130));
        resolve();
      });
    }
  });
}

function parse(argv: readonly string[], options: Readonly<Record<string, { type: "boolean" }>>) {
  try {
    return parseArgs({ args: [...argv], options, strict: true }).values;
  } catch (cause) {
    throw new UserError("bad-option", cause instanceof Error ? cause.message : String(cause), { cause });
  }
}
