/** How complete a log is, for people: the same words wherever an answer is shown. */
import { formatDuration } from "./duration.ts";
import { formatBytes, formatCount } from "./quantity.ts";
import { MINUTE_MS, SECOND_MS, type TimeWindow } from "./time-window.ts";
import type { Coverage } from "./traffic.ts";
import { formatUtc, formatUtcDay, formatUtcTime } from "./utc.ts";

/** "231 of 231 objects", "19 objects" where no number is promised; and what could not be brought. */
export function objectsText({ objectsExpected, objectsFound, objectsNotFetched }: Coverage): string {
  const expected = objectsExpected === null ? "" : ` of ${formatCount(objectsExpected)}`;
  const ofOne = (objectsExpected ?? objectsFound) === 1;
  const lost = objectsNotFetched === 0 ? "" : `, ${formatCount(objectsNotFetched)} of them not fetched`;
  return `${formatCount(objectsFound)}${expected} ${ofOne ? "object" : "objects"}${lost}`;
}

/** Names the first spans that no object covers; null where there are none. */
export function missingText({ missing }: Coverage, window: TimeWindow): string | null {
  if (missing.spans === 0) return null;
  const starts = missing.firstStartsMs.map((startMs) => timeIn(startMs, window));
  const more = missing.spans > starts.length ? ` and ${formatCount(missing.spans - starts.length)} more` : "";
  const spans = missing.spans === 1 ? "the span" : "the spans";
  return `No object for ${spans} from ${starts.join(", ")}${more}: late, lost, or without a request.`;
}

/** What was spent, and how new the newest object is. */
export function fetchedText(coverage: Coverage, window: TimeWindow): string {
  const { bytes, bytesDownloaded, objectsFromCache, requests, newestEndMs, newestWrittenMs } = coverage;
  const cached = objectsFromCache === 0 ? "" : `, ${formatCount(objectsFromCache)} from the cache`;
  const covers = newestEndMs === null ? null : `covers up to ${timeIn(newestEndMs, window)}`;
  const written = newestWrittenMs === null ? null : `was written at ${timeIn(newestWrittenMs, window)}`;
  const newest = [covers, written].filter((part) => part !== null).join(" and ");
  return (
    `${formatBytes(bytes)}${cached}; ${formatBytes(bytesDownloaded)} downloaded by ${formatCount(requests.get)} GET and ` +
    `${formatCount(requests.list)} LIST.${newest === "" ? "" : ` The newest object ${newest}.`}`
  );
}

/** Says that the window's end may still be on its way, and when to ask again; null where enough time has passed. */
export function tooEarlyText({ listedMs, usualDelayMs }: Coverage, window: TimeWindow): string | null {
  const completeMs = window.endMs + usualDelayMs;
  if (listedMs >= completeMs) return null;
  const againMs = Math.ceil(completeMs / MINUTE_MS) * MINUTE_MS;
  return `These logs come about ${formatDuration(usualDelayMs / SECOND_MS)} late; ask again at ${timeIn(againMs, window)}.`;
}

/** Without the day where it is that of the window's end. */
function timeIn(atMs: number, { endMs }: TimeWindow): string {
  return formatUtcDay(atMs) === formatUtcDay(endMs) ? formatUtcTime(atMs) : formatUtc(atMs);
}
