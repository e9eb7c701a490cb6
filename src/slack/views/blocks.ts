import type { KnownBlock } from "@slack/types";
import { formatNetwork, formatNetworks } from "../../domain/address.ts";
import { ADDRESS_MEASURES, measureOf, wordsOf } from "../../domain/address-measure.ts";
import { formatDuration } from "../../domain/duration.ts";
import type { Block } from "../../domain/proposal.ts";
import { MINUTE_MS } from "../../domain/time-window.ts";
import { formatUtcClock } from "../../domain/utc.ts";
import type { Message } from "../../ports/messenger.ts";
import type { FirewallReport } from "../../ports/remembered.ts";
import { context, section, table } from "../block-kit.ts";
import { plain } from "../escape.ts";
import { count, plural } from "./numbers.ts";

const MAX_ROWS = 40;

/** What is blocked, limited or challenged now, what ends soonest first, and what else was found in the firewalls when they were last looked at. */
export function blocksMessage({
  blocks,
  reports,
  nowMs,
}: {
  readonly blocks: readonly Block[];
  readonly reports: readonly FirewallReport[];
  readonly nowMs: number;
}): Message {
  const found = reports.flatMap((report) => reportBlocks(report, nowMs));
  if (blocks.length === 0) {
    const text = "Spillway blocks nothing now.";
    return { text, blocks: [section(text), ...found] satisfies KnownBlock[] };
  }
  const text = heldText(blocks);
  // Where all are blocks, as they mostly are, a column that says so would only take room.
  const isMixed = blocks.some(({ measure }) => measure !== undefined);
  const sorted = [...blocks].sort((a, b) => a.expiresMs - b.expiresMs);
  const rows = sorted
    .slice(0, MAX_ROWS)
    .map((block) => [
      formatNetwork(block.address),
      ...(isMixed ? [wordsOf(block).noun] : []),
      block.service,
      timeLeft(block, nowMs),
      block.blockedBy.name,
      block.reason,
    ]);
  const left = blocks.length - rows.length;
  return {
    text,
    blocks: [
      section(`*${text}*`),
      table(
        [["Address", ...(isMixed ? ["Measure"] : []), "Service", "Ends", "Approved by", "Why"], ...rows],
        ["left", ...(isMixed ? (["left"] as const) : []), "left", "right", "left", "wrapped"],
      ),
      context(
        `${left > 0 ? `${plural(left, "more address", "more addresses")} not shown. ` : ""}As of ${formatUtcClock(nowMs)} UTC. Lift one with \`/unblock ADDRESS\`.`,
      ),
      ...found,
    ] satisfies KnownBlock[],
  };
}

/** "3 addresses are blocked, 1 rate-limited now." */
function heldText(blocks: readonly Block[]): string {
  const counts = ADDRESS_MEASURES.map((measure) => blocks.filter((block) => measureOf(block) === measure));
  const [first = [], ...more] = counts.filter((rows) => rows.length > 0);
  const past = (rows: readonly Block[]) => wordsOf(rows[0] ?? {}).past;
  const rest = more.map((rows) => `, ${count(rows.length)} ${past(rows)}`).join("");
  return `${plural(first.length, "address is", "addresses are")} ${past(first)}${rest} now.`;
}

/** As many as are read at a glance. */
const MAX_NAMED = 5;
/** What is looked at every minute and was not for so long is not looked at. */
const STALE_AFTER_MS = 5 * MINUTE_MS;

function reportBlocks(report: FirewallReport, nowMs: number): KnownBlock[] {
  const { services, entries, foreign, returned, weaknesses, checkedMs } = report;
  const what = { block: "Firewall", "rate-limit": "Rate limits", challenge: "Challenges" }[measureOf(report)];
  const whose =
    foreign.length === 0 ? "all of them Spillway's" : `${count(foreign.length)} not Spillway's (${named(foreign)})`;
  const held = entries === 0 ? "empty" : `${plural(entries, "entry", "entries")}, ${whose}`;
  const sentences = [
    `${what} of ${services.join(", ")}: ${held} when looked at, ${formatUtcClock(checkedMs)} UTC.`,
    ...(returned.length === 0
      ? []
      : [
          `Somebody put back ${named(returned)}, whose ${wordsOf(report).noun} ended; Spillway leaves what it did not put there.`,
        ]),
  ];
  const warnings = [
    ...weaknesses,
    ...(nowMs - checkedMs > STALE_AFTER_MS
      ? [
          `${report.measure === undefined ? "The firewall" : what} could not be looked at since: the log of Spillway's worker says why.`,
        ]
      : []),
  ];
  return [
    context(plain(sentences.join(" "), 1_500)),
    ...warnings.map((warning) => section(`:warning: ${plain(warning, 500)}`)),
  ];
}

function named(addresses: readonly string[]): string {
  const shown = formatNetworks(addresses.slice(0, MAX_NAMED));
  const left = addresses.length - MAX_NAMED;
  return left > 0 ? `${shown} and ${count(left)} more` : shown;
}

function timeLeft(block: Block, nowMs: number): string {
  const leftSecs = Math.ceil((block.expiresMs - nowMs) / 1_000);
  if (leftSecs <= 0) return "ending now";
  return block.state === "pending" ? "being applied" : `${formatDuration(leftSecs)} left`;
}
