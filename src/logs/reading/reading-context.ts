/** All that one thread needs to read files: kernels, formats, and where rows go. */
import type { LogFormatSetting } from "../../config/log-format.ts";
import { findContainerPrefix, stripContainerPrefix } from "../formats/container-prefix.ts";
import { createDetector, foreignFormatFor } from "../formats/index.ts";
import type { Escaping } from "../formats/line-template.ts";
import type { HashSeed } from "../query-hash.ts";
import type { Batch } from "./batch.ts";
import type { FileReading } from "./file-reader.ts";
import { LineKernel } from "./line-kernel.ts";
import { createRecordKeeper } from "./record-keeper.ts";

/** What is read of every file; plain data, so that it can be sent to another thread. */
export interface ReadSettings {
  readonly format: LogFormatSetting;
  /** The codes of the columns that are kept. */
  readonly wanted: readonly number[];
  /** Where nothing but the shapes of queries is asked for: their texts are hashed then, and not kept. */
  readonly queryHashSeed?: HashSeed;
  /** Requests that arrived before, or then or after, are counted, and not kept. */
  readonly startMs: number;
  readonly endMs: number;
  readonly trustedProxies: readonly string[];
}

export interface ReadingContext {
  readonly reading: FileReading;
  /** Gives away all rows that are not in a full batch. */
  flush(): void;
}

/** @param name tells this thread's texts from those of others */
export function createReadingContext(
  settings: ReadSettings,
  sink: Pick<FileReading, "ready" | "signal"> & {
    readonly name: string;
    /** Whether every line that is not as its server writes it goes to the format's reader. */
    readonly leavesDamaged?: boolean;
    emit(batch: Batch): void;
  },
): ReadingContext {
  const wanted = new Set(settings.wanted);
  const detect = createDetector(settings.format);
  const keeper = createRecordKeeper(settings, `${sink.name}:records`, sink.emit);
  const kernels = new Map<Escaping | null, LineKernel>();

  function kernelFor(escaping: Escaping | null): LineKernel {
    let kernel = kernels.get(escaping);
    if (kernel === undefined) {
      kernel = new LineKernel({
        settings: {
          wanted,
          ...(settings.queryHashSeed && { queryHashSeed: settings.queryHashSeed }),
          startMs: settings.startMs,
          endMs: settings.endMs,
          joinsForwardedFor: settings.trustedProxies.length > 0,
          leavesDamaged: sink.leavesDamaged ?? false,
        },
        name: `${sink.name}:${escaping}`,
        escaping: escaping ?? "none",
        emit: sink.emit,
      });
      kernels.set(escaping, kernel);
    }
    return kernel;
  }

  function findPrefix(lines: readonly string[]) {
    if (findContainerPrefix(lines) === null) return null;
    // The objects of an access log may have a message of their own.
    const areOwn = detect(lines.map(stripContainerPrefix)).format === null && detect(lines).format !== null;
    return areOwn ? null : stripContainerPrefix;
  }

  return {
    reading: {
      detect,
      findPrefix,
      kernelFor,
      foreignFormat: foreignFormatFor(settings.format),
      keep: keeper.keep,
      ready: sink.ready,
      signal: sink.signal,
    },
    flush() {
      for (const kernel of kernels.values()) kernel.flush();
      keeper.flush();
    },
  };
}
