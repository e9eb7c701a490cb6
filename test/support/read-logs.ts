import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { createLogReader } from "../../src/logs/reader.ts";
import { createFileSource } from "../../src/logs/sources/files.ts";
import type { LogReadRequest } from "../../src/ports/log-reader.ts";
import type { LogSlice } from "../../src/ports/log-slice.ts";

/** A folder for one test file's logs, and readers of what is in it. */
export interface LogFolder {
  readonly path: string;
  write(name: string, content: string | Uint8Array): string;
  /** Reads the whole folder, or the paths that are given; slices are closed with the folder. */
  read(
    options?: Partial<LogReadRequest> & { paths?: readonly string[]; format?: ReadFormat; networkOwners?: string },
  ): Promise<LogSlice>;
  remove(): Promise<void>;
}

type ReadFormat = Parameters<typeof createLogReader>[0]["format"];

export function createLogFolder(): LogFolder {
  const root = mkdtempSync(join(tmpdir(), "spillway-test-"));
  const path = join(root, "logs");
  const slices: LogSlice[] = [];
  mkdirSync(path);
  return {
    path,
    write(name, content) {
      const file = join(path, name);
      mkdirSync(dirname(file), { recursive: true });
      writeFileSync(file, content);
      return file;
    },
    async read({ paths = [path], format = "auto", networkOwners, ...request } = {}) {
      const source = createFileSource(paths);
      const reader = createLogReader({
        source,
        format,
        spillDir: join(root, "spill"),
        ...(networkOwners && { networkOwners }),
      });
      const slice = await reader.read({ window: null, ...request });
      slices.push(slice);
      return slice;
    },
    async remove() {
      await Promise.all(slices.map((slice) => slice.close()));
      rmSync(root, { recursive: true, force: true });
    },
  };
}
