import type { KnownBlock } from "@slack/types";
import { formatBytes } from "../../domain/quantity.ts";
import type { TimeWindow } from "../../domain/time-window.ts";
import { formatUtcWindow } from "../../domain/utc.ts";
import type { Message, ReadProgress } from "../../ports.ts";
import { context, section } from "../block-kit.ts";
import { bold, plain } from "../escape.ts";
import { count } from "./numbers.ts";

export type Stage = "starting" | "fetching" | "reading" | "analysing";

const SAID: Readonly<Record<Stage, string>> = {
  starting: "Starting; a worker takes it up in a moment…",
  fetching: "Finding the logs of that time…",
  reading: "Reading logs…",
  analysing: "All read. Looking for what changed…",
};

/** Shows how far a question has come, in place of the answer to be. */
export function progressMessage(question: {
  readonly service: string;
  readonly window: TimeWindow;
  readonly stage: Stage;
  /** Null until there is something to count. */
  readonly progress: ReadProgress | null;
}): Message {
  const { progress, stage } = question;
  const headline = `Looking at ${bold(question.service)}, ${formatUtcWindow(question.window)}`;
  const blocks = [
    section(`:mag: ${headline}`),
    context(progress === null ? SAID[stage] : `${SAID[stage]} ${readSoFar(progress)}`),
  ] satisfies KnownBlock[];
  return { text: `Looking at ${plain(question.service)}: ${SAID[stage]}`, blocks };
}

const BAR_CELLS = 12;

function readSoFar(progress: ReadProgress): string {
  const share = progress.bytesTotal > 0 ? Math.min(1, progress.bytesRead / progress.bytesTotal) : 0;
  const filled = Math.floor(share * BAR_CELLS);
  const bar = "█".repeat(filled) + "░".repeat(BAR_CELLS - filled);
  const files = `${count(progress.filesDone)} of ${count(progress.filesTotal)} files`;
  return `\`${bar}\` ${Math.floor(share * 100)} %: ${files}, ${formatBytes(progress.bytesRead)}, ${count(progress.linesRead)} lines`;
}
