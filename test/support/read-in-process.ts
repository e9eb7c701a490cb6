import { execFile } from "node:child_process";
import { join } from "node:path";
import { promisify } from "node:util";
import type { Intake } from "../../src/domain/traffic.ts";

export interface ReadApart {
  readonly intake: Intake;
  readonly tookMs: number;
  /** The most that the process ever held. */
  readonly maxRssBytes: number;
}

/** Reads logs in a process of its own. */
export async function readInProcess(
  paths: readonly string[],
  { spillDir, userId }: { readonly spillDir: string; readonly userId?: number },
): Promise<ReadApart> {
  const program = join(import.meta.dirname, "read-apart.ts");
  const { stdout } = await promisify(execFile)(
    process.execPath,
    ["--import", "tsx", program, spillDir, String(userId ?? "-"), ...paths],
    { env: { ...process.env, NODE_OPTIONS: "" }, maxBuffer: 64 * 1024 ** 2 },
  );
  return JSON.parse(stdout) as ReadApart;
}
