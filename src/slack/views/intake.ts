import { formatDuration } from "../../domain/duration.ts";
import type { TimeWindow } from "../../domain/time-window.ts";
import type { Intake } from "../../domain/traffic.ts";
import { formatUtc, formatUtcWindow } from "../../domain/utc.ts";
import { code, plain } from "../escape.ts";
import { count, plural } from "./numbers.ts";

/**
 * Says what an answer was made from: source, window, what became of every line, and how new the newest record is.
 */
export function sourceLines(read: {
  readonly description: string;
  readonly window: TimeWindow;
  readonly intake: Intake;
}): readonly string[] {
  const { intake } = read;
  const accounted = `${count(intake.lines)} lines = ${count(intake.parsed)} parsed + ${count(intake.recovered)} recovered + ${count(intake.unparsed)} unparsed`;
  const lines = [
    `${plain(read.description)}, ${formatUtcWindow(read.window)} and the time before it to compare with: ${plural(intake.files, "file")}, ${accounted}.`,
    newest(intake, read.window),
  ];
  const [first] = intake.skipped;
  if (first !== undefined) {
    const more = intake.skipped.length > 1 ? `, and ${count(intake.skipped.length - 1)} more` : "";
    lines.push(
      `:warning: ${plural(intake.skipped.length, "file was", "files were")} not read: ${code(first.file)} (${plain(first.reason, 100)})${more}.`,
    );
  }
  return lines;
}

function newest({ lastMs }: Intake, window: TimeWindow): string {
  if (lastMs === null)
    return "No request in it, which is not the same as no traffic: the log may be late or elsewhere.";
  const behindSecs = Math.round((window.endMs - lastMs) / 1_000);
  const behind = behindSecs <= 1 ? "up to the window's end" : `${formatDuration(behindSecs)} before the window's end`;
  return `Newest record: ${formatUtc(lastMs)}, ${behind}.`;
}
