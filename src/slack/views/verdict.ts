import type { Button, KnownBlock } from "@slack/types";
import { formatRateLimit, wordsOf } from "../../domain/address-measure.ts";
import { detailLines } from "../../domain/details-text.ts";
import { formatDuration } from "../../domain/duration.ts";
import type { Advice, Cause, Finding, Onset, Suggestion } from "../../domain/finding.ts";
import type { LogCount } from "../../domain/log-count.ts";
import { openRivals } from "../../domain/rivals.ts";
import { MINUTE_MS, SECOND_MS } from "../../domain/time-window.ts";
import type { Breakdown, Intake } from "../../domain/traffic.ts";
import { formatUtcClock, formatUtcTime } from "../../domain/utc.ts";
import type { Message } from "../../ports/messenger.ts";
import type { Investigation } from "../../ports/remembered.ts";
import { ACTION } from "../action-ids.ts";
import { actions, button, context, fileImage, section, sectionWith } from "../block-kit.ts";
import { bold, plain } from "../escape.ts";
import { moment } from "../moment.ts";
import { addressList, predictionText } from "./change.ts";
import { excessTable } from "./excess-table.ts";
import { sourceLines } from "./intake.ts";
import { movementLines } from "./movements.ts";
import { CAUSE_NAMES, filterText } from "./names.ts";

/** More than these in a row are no longer read. */
const MAX_EVIDENCE = 6;
const MAX_RIVALS = 2;
const MAX_ADDRESSES_IN_SENTENCE = 3;

/**
 * The answer to "what is going on?": what happened, what that rests on, and last what can be done about it, since Slack
 * shows the end of a long message and not its beginning.
 *
 * @param answer.breakdown gives the table of what explains the excess; left out where there is none
 */
export function verdictMessage(answer: {
  readonly investigation: Investigation;
  readonly finding: Finding;
  readonly intake: Intake;
  readonly chartFileId: string | null;
  /** The log that was read, for people. */
  readonly description: string;
  readonly breakdown?: Breakdown | null;
  /** The log's count of requests against CloudWatch's, where that is known. */
  readonly logCount?: LogCount | null;
}): Message {
  const { finding, investigation } = answer;
  const [cause] = finding.causes;
  const explained = finding.onset === null ? null : answer.breakdown ? excessTable(answer.breakdown) : null;
  const movements = movementLines(finding.moved, finding.unmoved);
  const filter = filterText(investigation.filter);
  const blocks: KnownBlock[] = [
    section(headline(finding.verdict)),
    ...(finding.onset === null ? [] : [context(onsetText(finding.onset))]),
    ...(answer.chartFileId === null ? [] : [fileImage(answer.chartFileId, chartAlt(finding))]),
    ...(explained === null ? [] : [explained]),
    ...(movements.length === 0 ? [] : [section(movements.join("\n"))]),
    ...detailBlocks(finding),
    ...causeBlocks(cause),
    ...finding.suggestions.map((suggestion, index) => suggestionBlock(suggestion, index, investigation.id)),
    ...adviceBlocks(finding),
    actions("next", ...nextButtons(investigation.id, cause)),
    context(
      [...(filter === null ? [] : [filter]), ...sourceLines({ ...answer, window: investigation.window })].join("\n"),
    ),
  ];
  return { text: plain(finding.verdict, 1_000), blocks };
}

/** The first sentence in bold: who reads no further has read the most. */
function headline(verdict: string): string {
  const [first = "", ...rest] = verdict.split(/(?<=[.!?])\s+(?=[\p{Lu}\d])/u);
  const shown = bold(first, 500);
  return rest.length === 0 ? shown : `${shown}\n${plain(rest.join(" "), 2_000)}`;
}

function onsetText(onset: Onset): string {
  const since = `Began ${moment(onset.onsetMs)}${onsetDoubt(onset)}`;
  return onset.endMs === null ? `${since}; it goes on.` : `${since}; ended ${formatUtcTime(onset.endMs)}.`;
}

/** By minutes where those tell it, to the second where it is known better; empty where there is no doubt. */
function onsetDoubt({ onsetMs, lowMs, highMs }: Onset): string {
  const doubtMs = Math.max(onsetMs - lowMs, highMs - onsetMs);
  if (doubtMs <= 0) return "";
  const [low, high] = [formatUtcTime(lowMs), formatUtcTime(highMs)];
  if (low !== high && doubtMs >= MINUTE_MS / 2) return `, between ${low} and ${high}`;
  return `, at ${formatUtcClock(onsetMs)} ± ${Math.ceil(doubtMs / SECOND_MS)} s`;
}

function chartAlt(finding: Finding): string {
  return `Requests a minute. ${finding.verdict}`;
}

function detailBlocks({ details }: Finding): KnownBlock[] {
  const lines = details === undefined ? [] : detailLines(details).map((line) => plain(line));
  return lines.length === 0 ? [] : [section(lines.join("\n"))];
}

function causeBlocks(cause: Cause): KnownBlock[] {
  if (cause.evidence.length === 0) return [];
  const evidence = cause.evidence
    .slice(0, MAX_EVIDENCE)
    .map(({ direction, statement }) => `${direction === "for" ? "•" : "◦ against:"} ${plain(statement)}`);
  const rivals = openRivals(cause)
    .slice(0, MAX_RIVALS)
    .map(
      (rival) =>
        `It could be ${CAUSE_NAMES[rival.kind]} (${scoreText(rival.score)}); what would tell: ${plain(rival.decidedBy)}.`,
    );
  const why = `*Why ${CAUSE_NAMES[cause.kind]}* (fits ${scoreText(cause.score)})\n${evidence.join("\n")}`;
  return [section(why), ...(rivals.length === 0 ? [] : [context(rivals.join("\n"))])];
}

/** How well evidence fits is no probability, so it is not written as one. */
function scoreText(score: number): string {
  return score.toFixed(2);
}

function suggestionBlock(suggestion: Suggestion, index: number, investigationId: string): KnownBlock {
  const { change, predicted, because, caution = "" } = suggestion;
  const effect = predictionText(predicted, change.service);
  // What speaks for a block is its effect and the headline; why people are served rather than blocked is news.
  const isPlainBlock = change.kind === "block" && change.measure === undefined;
  const news = isPlainBlock ? caution : because;
  const why = news === "" ? "" : ` ${plain(news)}`;
  return sectionWith(
    `suggestion-${index}`,
    `*${offer(suggestion)}:* ${effect}.${why}`,
    suggestionButton(suggestion, `${investigationId}:${index}`),
  );
}

function offer({ change }: Suggestion): string {
  const duration = formatDuration(change.durationSecs);
  if (change.kind === "scale") {
    return `Scale out from ${change.fromInstances} to ${change.toInstances} instances for ${duration}`;
  }
  const shown = addressList(change.addresses.slice(0, MAX_ADDRESSES_IN_SENTENCE));
  const more = change.addresses.length - MAX_ADDRESSES_IN_SENTENCE;
  const { verb } = wordsOf(change);
  const limit = change.rateLimit === undefined ? "" : ` to ${formatRateLimit(change.rateLimit)}`;
  return `${verb} ${shown}${more > 0 ? ` and ${more} more` : ""}${limit} for ${duration}`;
}

const ADVICE_TITLES: Readonly<Record<Advice["kind"], string>> = {
  "rate-limit": "Rate-limit",
  challenge: "Challenge",
  cache: "Mend the cache",
  fix: "Fix",
  none: "No block",
};

/** What people do themselves: it has no button. */
function adviceBlocks({ advice = [] }: Finding): KnownBlock[] {
  return advice.map(({ kind, because }) => section(`*${ADVICE_TITLES[kind]}:* ${plain(because, 1_000)}`));
}

function suggestionButton({ change }: Suggestion, value: string): Button {
  switch (change.kind) {
    case "block": {
      const text = `${wordsOf(change).verb} for ${formatDuration(change.durationSecs)}…`;
      return button(ACTION.blockForm, text, value, change.measure === undefined ? { style: "danger" } : {});
    }
    case "scale":
      return button(ACTION.scaleForm, "Scale out…", value, { style: "primary" });
  }
}

function nextButtons(investigationId: string, cause: Cause): Button[] {
  const isSomebodyGuilty = Object.keys(cause.slice).length > 0;
  return [
    button(ACTION.declareForm, "Declare incident", investigationId),
    button(ACTION.topAddresses, "Top addresses", investigationId),
    button(ACTION.topPaths, "Top paths", investigationId),
    ...(isSomebodyGuilty
      ? [button(ACTION.only, "Only this", investigationId), button(ACTION.without, "Without it", investigationId)]
      : []),
  ];
}
