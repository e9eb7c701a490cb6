import { open } from "node:fs/promises";
import type { LogFormatSetting } from "../../config/log-format.ts";
import { type FileResult, readLogFile } from "../reading/file-reader.ts";
import { MAGIC_BYTES, type Packing, packingOf } from "../reading/packing.ts";
import type { LocalFile } from "../sources/source.ts";
import type { Explanation } from "./explanation.ts";
import { createOnlooker } from "./onlooker.ts";

/** More than this of a file is not read: there is enough to be seen by then. */
const MAX_EXPLAINED_BYTES = 64 * 1024 ** 2;

/** Explains one file; what is wrong with it is told, not thrown. */
export async function explainFile(
  file: LocalFile,
  options: {
    readonly format: LogFormatSetting;
    readonly trustedProxies: readonly string[];
    readonly signal: AbortSignal;
    /** For tests. */
    readonly maxBytes?: number;
  },
): Promise<Explanation> {
  const onlooker = createOnlooker({ ...options, maxBytes: options.maxBytes ?? MAX_EXPLAINED_BYTES });
  const task = { path: file.path, name: file.name, part: null, takesAnything: true };
  const packing = await readPacking(file.path);
  const result = await readLogFile(task, onlooker.reading);
  return { file: file.name, bytes: file.bytes, packing, ...onlooker.seen(), ...outcomeOf(result) };
}

async function readPacking(path: string): Promise<Packing | null> {
  const handle = await open(path, "r").catch(() => null);
  if (handle === null) return null;
  try {
    const { buffer, bytesRead } = await handle.read(Buffer.alloc(MAGIC_BYTES), 0, MAGIC_BYTES, 0);
    return packingOf(buffer.subarray(0, bytesRead));
  } catch {
    return null;
  } finally {
    await handle.close();
  }
}

function outcomeOf(result: FileResult): Pick<Explanation, "counts" | "problem"> {
  switch (result.kind) {
    case "read": {
      const { samples: _, ...counts } = result.counts;
      return { counts, problem: result.damage };
    }
    case "skipped":
      return { counts: null, problem: result.reason };
    case "set-aside":
      return { counts: null, problem: `is ${result.title}` };
    case "parquet":
      return {
        counts: null,
        problem: "is Parquet, whose rows are read by the names of their columns and not as lines",
      };
  }
}
