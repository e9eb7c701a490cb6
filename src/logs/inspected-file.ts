import type { FileHead } from "./file-head.ts";
import type { LocalFile } from "./sources/source.ts";

/** A file that looks like a log, with a number to know it by. */
export interface InspectedFile extends LocalFile, Omit<FileHead, "kind"> {
  readonly id: number;
}

/** A file that gave nothing, or not all that is in it, and why, for people. */
export interface SkippedFile {
  readonly file: string;
  readonly reason: string;
}
