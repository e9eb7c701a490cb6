/** From a window to the keys in a bucket that can hold its requests, and back; on paper, nothing is listed here. */
import { MINUTE_MS, type TimeWindow } from "../../../domain/time-window.ts";

/** How one sort of log is laid out in a bucket, for one writer of it. */
export interface Layout {
  /** For people, whose and what: "ALB logs of app/web/50dc". */
  readonly title: string;
  /** For people, a single one: "an ALB access log". */
  readonly fileKind: string;
  /** The beginning of every key of this sort, for people and to see whether anything is there at all. */
  readonly folder: string;
  /** For people, in case nothing is found. */
  readonly hints: {
    /** When files come: "5 to 10 minutes late". */
    readonly comes: string;
    /** Keys of `logs` in `spillway.yaml` that say whose logs they are. */
    readonly whose: string;
    /** Keys of `logs` in `spillway.yaml` that say where they are. */
    readonly where: string;
  };
  /** How long after a request its file is usually there. */
  readonly usualDelayMs: number;
  /**
   * Whether keys alone leave in much that was written before the window began; then the time of writing tells. What was
   * written before a request cannot hold it, and a copy is written later still.
   */
  readonly isPrunedByTimeOfWriting: boolean;
  /** The listings that find every key that can hold the window's requests, oldest first; they do not overlap. */
  listings(window: TimeWindow): readonly KeyListing[];
  /** Reads a listed key. */
  read(key: string): KeyReading;
  /** The spans for each of which a writer leaves a file; null where nothing is promised. */
  readonly spans: FileSpans | null;
}

/** One listing to make: keys that begin with `prefix`, after `startAfter` and before `endBefore`. */
export interface KeyListing {
  readonly prefix: string;
  readonly startAfter: string | null;
  /** Keys come in order, so that what follows this one need not be listed. */
  readonly endBefore: string | null;
}

/** What a key says of its object. */
export type KeyReading =
  | {
      readonly belongs: true;
      /** Requests that arrived in this span may be in it; wider than what its name says where the log is kept late. */
      readonly span: TimeWindow;
      /** Up to when it covers, by its name, epoch ms. */
      readonly endMs: number;
      /** Which of several writers it is of; null where there is one, or the name does not say. */
      readonly node: string | null;
    }
  | {
      readonly belongs: false;
      /** False for what is known to lie there: logs of another sort, markers of folders. */
      readonly isStranger: boolean;
    };

export interface FileSpans {
  readonly lengthMs: number;
  /** Starts of the spans that the window promises, oldest first, epoch ms. */
  startsOf(window: TimeWindow): readonly number[];
  /** The start of the span that a file is of. */
  startOf(endMs: number): number;
}

/**
 * Most logs are written when a request ends, so that a later file than that of its arrival may hold it. What takes
 * longer than this (WebSockets mostly) is missed, rather than reading hours of files for a handful of lines.
 */
export const LONG_REQUEST_MS = 5 * MINUTE_MS;

export const STRANGER: KeyReading = { belongs: false, isStranger: true };
export const KNOWN_OTHER: KeyReading = { belongs: false, isStranger: false };

/** Tells whether requests of a window can be in a file. */
export function mayHold(window: TimeWindow, span: TimeWindow): boolean {
  return span.endMs > window.startMs && span.startMs < window.endMs;
}

/** Writes what stands before a key's own part as a folder: nothing, or with one slash at its end. */
export function asFolder(prefix: string): string {
  return prefix === "" ? "" : `${prefix.replace(/\/+$/, "")}/`;
}
