import type { Batch } from "./batch.ts";
import type { FileResult, FileTask } from "./file-reader.ts";
import type { ReadSettings } from "./reading-context.ts";

/** What a reading thread starts with. */
export interface WorkerData {
  readonly name: string;
  readonly settings: ReadSettings;
  readonly code: WebAssembly.Module;
}

/** What a reading thread is told. */
export type ToWorker =
  | { readonly kind: "read"; readonly tasks: readonly FileTask[] }
  /** One of its batches was taken. */
  | { readonly kind: "taken" }
  /** Nothing more will come: all rows are to be given away. */
  | { readonly kind: "finish" };

/** What a reading thread tells. */
export type FromWorker =
  | { readonly kind: "batch"; readonly batch: Batch }
  /** One for each task. */
  | { readonly kind: "results"; readonly results: readonly FileResult[] }
  | { readonly kind: "finished" }
  /** A mistake of ours: nothing that is in a file may lead here. */
  | { readonly kind: "broken"; readonly error: string };
