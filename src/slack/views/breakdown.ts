import type { Button, KnownBlock } from "@slack/types";
import { minutesIn, type TimeWindow } from "../../domain/time-window.ts";
import type { Breakdown, Dimension, Intake, SliceRow, TrafficFilter } from "../../domain/traffic.ts";
import { formatUtcClock, formatUtcWindow } from "../../domain/utc.ts";
import type { Message } from "../../ports/messenger.ts";
import { ACTION } from "../action-ids.ts";
import { actions, button, context, section, table } from "../block-kit.ts";
import { dimensionWordOf } from "../dimension-words.ts";
import { bold, code, plain } from "../escape.ts";
import { sourceLines } from "./intake.ts";
import { DIMENSION_NAMES, filterText } from "./names.ts";
import { count, percent, plural, times } from "./numbers.ts";

/** Rows that fit a message beside everything else. */
const MAX_ROWS = 15;

/** The values of one dimension, largest first, each compared with the window before. */
export function breakdownMessage(answer: {
  readonly service: string;
  readonly dimension: Dimension;
  readonly breakdown: Breakdown;
  readonly window: TimeWindow;
  readonly intake: Intake;
  readonly filter: TrafficFilter;
  readonly description: string;
}): Message {
  const { breakdown, dimension, service } = answer;
  const names = DIMENSION_NAMES[dimension];
  const part = breakdown.by[dimension];
  const rows = part?.rows.slice(0, MAX_ROWS) ?? [];
  const filter = filterText(answer.filter);
  const left = (part?.distinct ?? 0) - rows.length;
  const unknown = part?.unknown.spikeRequests ?? 0;
  const notes = [
    ...(filter === null ? [] : [filter]),
    ...(left > 0 ? [`${plural(left, `more ${names.one}`, `more ${names.many}`)} not shown.`] : []),
    ...(unknown > 0 ? [`The log does not give the ${names.one} of ${plural(unknown, "request")}.`] : []),
    ...sourceLines(answer),
  ];
  const lead =
    rows.length === 0
      ? `The log gives no ${names.one} for this window${filter === null ? "" : " and filter"}; that is not the same as no traffic.`
      : `${plural(breakdown.spike.requests, "request")} in ${formatUtcWindow(answer.window)}, ${count(breakdown.baseline.requests)} in the same time before.`;
  const blocks: KnownBlock[] = [
    section(`${bold(`Top ${names.many} of ${service}`)}\n${lead}`),
    ...(rows.length === 0 ? [] : [rowTable(names.one, rows, breakdown)]),
    ...nextBlocks(service, dimension, rows),
    context(notes.join("\n")),
  ];
  return { text: `Top ${names.many} of ${plain(service)}: ${lead}`, blocks };
}

function rowTable(heading: string, rows: readonly SliceRow[], breakdown: Breakdown) {
  const baselineMins = minutesIn(breakdown.baselineWindow);
  const spikeMins = minutesIn(breakdown.spikeWindow);
  const cells = rows.map((row) => [
    row.value,
    count(row.spike.requests),
    percent(breakdown.spike.requests === 0 ? 0 : row.spike.requests / breakdown.spike.requests),
    count(row.baseline.requests),
    change(row, baselineMins, spikeMins),
    percent(row.spike.requests === 0 ? 0 : row.spike.errors / row.spike.requests),
    formatUtcClock(row.firstSeenMs),
  ]);
  return table(
    [[heading, "Requests", "Share", "Before", "Change", "Errors", "First seen (UTC)"], ...cells],
    ["wrapped", "right", "right", "right", "right", "right", "right"],
  );
}

/** Per minute, so that windows of different lengths compare. */
function change(row: SliceRow, baselineMins: number, spikeMins: number): string {
  if (row.baseline.requests === 0) return "new";
  if (baselineMins === 0 || spikeMins === 0) return "–";
  return times(row.spike.requests / spikeMins / (row.baseline.requests / baselineMins));
}

function nextBlocks(service: string, dimension: Dimension, rows: readonly SliceRow[]): KnownBlock[] {
  const [top] = rows;
  if (top === undefined) return [];
  const buttons: Button[] =
    dimension === "ip" || dimension === "net"
      ? [button(ACTION.blockForm, `Block ${top.value}…`, JSON.stringify({ service, addresses: [top.value] }))]
      : [];
  const example = code(
    `/top ${dimension === "path" ? "ip" : "path"} ${service} only ${dimensionWordOf(dimension)}=${quoted(top.value)}`,
    160,
  );
  return [...(buttons.length === 0 ? [] : [actions("next", ...buttons)]), context(`Look closer: ${example}`)];
}

function quoted(value: string): string {
  return /[\s"]/.test(value) ? `"${value.replaceAll('"', "")}"` : value;
}
