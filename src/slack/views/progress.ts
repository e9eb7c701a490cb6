import type { KnownBlock } from "@slack/types";
import { formatBytes, formatUsd } from "../../domain/quantity.ts";
import type { TimeWindow } from "../../domain/time-window.ts";
import { formatUtcWindow } from "../../domain/utc.ts";
import type { PriceEstimate, ReadProgress } from "../../ports/log-reader.ts";
import type { Message } from "../../ports/messenger.ts";
import { ACTION } from "../action-ids.ts";
import { actions, button, context, section } from "../block-kit.ts";
import { bold, plain } from "../escape.ts";
import { count, plural } from "./numbers.ts";

export type Stage = "starting" | "fetching" | "reading" | "asking" | "analysing";

const SAID: Readonly<Record<Stage, string>> = {
  starting: "Starting; a worker takes it up in a moment…",
  fetching: "Finding the logs of that time…",
  reading: "Reading logs…",
  asking: "Asking Athena…",
  analysing: "All read. Looking for what changed…",
};

/** Shows how far a question has come, in place of the answer to be, with a button to think better of it. */
export function progressMessage(question: {
  readonly service: string;
  readonly window: TimeWindow;
  readonly stage: Stage;
  /** Null until there is something to count. */
  readonly progress: ReadProgress | null;
  /** Null for a `/top`, which is known by its message. */
  readonly investigationId: string | null;
  /** What it will cost, where it is not read here. */
  readonly estimate?: PriceEstimate | null;
}): Message {
  const { progress, stage, service, investigationId, estimate = null } = question;
  const headline = `Looking at ${bold(service)}, ${formatUtcWindow(question.window)}`;
  const price = estimate === null ? [] : [priceText(estimate)];
  const blocks = [
    section(`:mag: ${headline}`),
    ...price.map((text) => section(text)),
    context(progress === null ? SAID[stage] : `${SAID[stage]} ${readSoFar(progress)}`),
    actions(
      "cancel",
      investigationId === null
        ? button(ACTION.cancelTop, "Cancel", service)
        : button(ACTION.cancel, "Cancel", investigationId),
    ),
  ] satisfies KnownBlock[];
  return { text: [`Looking at ${plain(service)}: ${SAID[stage]}`, ...price].join(" "), blocks };
}

/** Takes the place of the answer to be. Only reading was stopped: what is asked changes nothing anywhere. */
export function cancelledMessage(cancelled: { readonly service: string; readonly by: string }): Message {
  const { service, by } = cancelled;
  const blocks = [
    section(`Cancelled by ${bold(by)}; nothing was changed.`),
    context(`Looking at ${bold(service)} ended there, without an answer.`),
  ] satisfies KnownBlock[];
  return { text: `Looking at ${plain(service)}: cancelled by ${plain(by)}; nothing was changed.`, blocks };
}

function priceText({ logBytes, bytes, queries, usd, limitUsd }: PriceEstimate): string {
  // What lies in the same folders may be read too, and is paid for then.
  const each = bytes > logBytes ? `, each of up to ${formatBytes(bytes)} (whole days, others' logs too)` : "";
  return (
    `These logs are ${formatBytes(logBytes)}, too much to fetch, so Athena is asked where they lie: ` +
    `about ${plural(queries, "query", "queries")}${each}, up to ${formatUsd(usd)} (limit ${formatUsd(limitUsd)}).`
  );
}

const BAR_CELLS = 12;

function readSoFar(progress: ReadProgress): string {
  const share = progress.bytesTotal > 0 ? Math.min(1, progress.bytesRead / progress.bytesTotal) : 0;
  const filled = Math.floor(share * BAR_CELLS);
  const bar = "█".repeat(filled) + "░".repeat(BAR_CELLS - filled);
  const files = `${count(progress.filesDone)} of ${count(progress.filesTotal)} files`;
  return `\`${bar}\` ${Math.floor(share * 100)} %: ${files}, ${formatBytes(progress.bytesRead)}, ${count(progress.linesRead)} lines`;
}
