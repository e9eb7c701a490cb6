import type { TimeWindow } from "../../domain/time-window.ts";
import type { FileSpans } from "./layouts/layout.ts";

/**
 * Gives the starts of spans that should have a file and have none, oldest first, one for each node that misses it.
 *
 * Nodes come and go with the traffic, so that each is held to the time between its first and its last file; a span
 * that no node has a file of is missing whoever should have written it. Spans that had not ended are not missed yet.
 */
export function missingSpans(
  spans: FileSpans,
  {
    window,
    listedMs,
    files,
  }: {
    readonly window: TimeWindow;
    readonly listedMs: number;
    readonly files: readonly { readonly endMs: number; readonly node: string | null }[];
  },
): readonly number[] {
  const nodes = new Map<string | null, Set<number>>();
  for (const { endMs, node } of files) {
    const starts = nodes.get(node) ?? new Set();
    nodes.set(node, starts.add(spans.startOf(endMs)));
  }
  const lives = [...nodes.values()].map((starts) => ({ starts, first: least(starts), last: most(starts) }));
  return spans
    .startsOf(window)
    .filter((startMs) => startMs + spans.lengthMs <= listedMs)
    .flatMap((startMs) => {
      const absent = lives.filter(
        ({ starts, first, last }) => first < startMs && startMs < last && !starts.has(startMs),
      );
      const isByNobody = absent.length === 0 && lives.every(({ starts }) => !starts.has(startMs));
      return new Array<number>(isByNobody ? 1 : absent.length).fill(startMs);
    });
}

function least(numbers: Iterable<number>): number {
  return [...numbers].reduce((a, b) => Math.min(a, b));
}

function most(numbers: Iterable<number>): number {
  return [...numbers].reduce((a, b) => Math.max(a, b));
}
