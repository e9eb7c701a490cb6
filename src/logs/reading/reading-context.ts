/** All that one thread needs to read files: kernels, formats, and where rows go. */
import type { LogFormatSetting } from "../../config.ts";
import { createClientResolver } from "../client-address.ts";
import { findContainerPrefix, stripContainerPrefix } from "../formats/container-prefix.ts";
import { createDetector } from "../formats/index.ts";
import type { Escaping } from "../formats/line-template.ts";
import type { Batch } from "./batch.ts";
import type { FileReading } from "./file-reader.ts";
import { LineKernel } from "./line-kernel.ts";
import { createRecordCollector } from "./record-batch.ts";

/** What is read of every file; plain data, so that it can be sent to another thread. */
export interface ReadSettings {
  readonly format: LogFormatSetting;
  /** The codes of the columns that are kept. */
  readonly wanted: readonly number[];
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
  sink: Pick<FileReading, "ready" | "signal"> & { readonly name: string; emit(batch: Batch): void },
): ReadingContext {
  const wanted = new Set(settings.wanted);
  const detect = createDetector(settings.format);
  const resolveClient = createClientResolver(settings.trustedProxies);
  const collector = createRecordCollector(`${sink.name}:records`, wanted);
  const kernels = new Map<Escaping | null, LineKernel>();

  function kernelFor(escaping: Escaping | null): LineKernel {
    let kernel = kernels.get(escaping);
    if (kernel === undefined) {
      kernel = new LineKernel({
        settings: {
          wanted,
          startMs: settings.startMs,
          endMs: settings.endMs,
          joinsForwardedFor: settings.trustedProxies.length > 0,
        },
        name: `${sink.name}:${escaping}`,
        escaping: escaping ?? "none",
        emit: sink.emit,
      });
      kernels.set(escaping, kernel);
    }
    return kernel;
  }

  function give(batch: Batch | null): void {
    if (batch !== null) sink.emit(batch);
  }

  return {
    reading: {
      detect,
      findPrefix: (lines) => (findContainerPrefix(lines) === null ? null : stripContainerPrefix),
      kernelFor,
      mayBeMixed: settings.format === "auto",
      keep(record) {
        if (record.arrivalMs < settings.startMs || record.arrivalMs >= settings.endMs) return;
        const client = resolveClient(record.client, record.forwardedFor);
        if (collector.add(client === record.client ? record : { ...record, client })) give(collector.take());
      },
      ready: sink.ready,
      signal: sink.signal,
    },
    flush() {
      for (const kernel of kernels.values()) kernel.flush();
      give(collector.take());
    },
  };
}
