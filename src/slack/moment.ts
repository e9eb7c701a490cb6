import { formatUtc, formatUtcTime } from "../domain/utc.ts";

/**
 * Writes a moment in UTC and beside it in the reader's own zone, which Slack fills in.
 *
 * @source https://docs.slack.dev/messaging/formatting-message-text#date-formatting
 */
export function moment(atMs: number): string {
  return `${formatUtcTime(atMs)} (${readersMoment(atMs)} your time)`;
}

/** Only in the reader's zone; in UTC where a client cannot. */
function readersMoment(atMs: number): string {
  return `<!date^${Math.floor(atMs / 1_000)}^{date_short_pretty} {time}|${formatUtc(atMs)}>`;
}
