import type { TimelineEvent } from "./incident.ts";

/** An entry of the timeline with the mark that sentences cite it by. */
export interface TimelineEntry {
  /** "E1" for the first. */
  readonly ref: string;
  readonly event: TimelineEvent;
}

/** Puts events in the order in which they happened and numbers them; the same events always get the same marks. */
export function numberEvents(events: readonly TimelineEvent[]): readonly TimelineEntry[] {
  return [...events]
    .sort(
      (a, b) =>
        a.occurredMs - b.occurredMs || a.recordedMs - b.recordedMs || (a.key < b.key ? -1 : Number(a.key > b.key)),
    )
    .map((event, index) => ({ ref: `E${index + 1}`, event }));
}
