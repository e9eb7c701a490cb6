import { contains } from "./address.ts";
import { wordsOf } from "./address-measure.ts";
import type { Capacity } from "./capacity.ts";
import { formatDuration } from "./duration.ts";
import type { Finding } from "./finding.ts";
import type { Block, BlockChange, ScaleChange } from "./proposal.ts";
import { formatShare } from "./quantity.ts";
import { scaleOutLagSecs } from "./queueing.ts";
import { scaleCost } from "./scale-cost.ts";
import { SECOND_MS } from "./time-window.ts";
import { formatUtc, formatUtcTime } from "./utc.ts";
import { formatIn, type NextTime } from "./wall-clock.ts";

/** What is known about a service whose scaling is asked for; null where nobody configured it. */
export interface ScaleFacts {
  readonly capacity: Capacity;
  readonly instanceHourUsd: number | null;
  /** Where the price is from, as whoever configured it says. */
  readonly priceSource: string | null;
  readonly bootSecs: number | null;
  readonly warmupSecs: number | null;
  /** What was found of late about the service. */
  readonly finding: Finding | null;
  /** What holds now of blocks and milder measures; nothing where it is left out. */
  readonly standing?: readonly Pick<Block, "address" | "measure">[];
}

/** Says, a sentence each, what whoever approves a scale-out should know: what there is, what it costs, when it helps. */
export function scaleNotes(change: ScaleChange, facts: ScaleFacts): readonly string[] {
  return [nowNote(facts.capacity), costNote(change, facts), lagNote(change, facts), ...doubtNotes(facts)];
}

/** Says when a change begins, in the zone of who asked and in UTC, and what the clocks there do to it. */
export function startNote(next: NextTime, zone: string): string {
  const local = formatIn(zone, next.atMs);
  const there = local === formatIn("UTC", next.atMs) ? "" : ` (${local} ${zone})`;
  const shift = {
    gap: " Clocks are put forward over the time that was asked for, so it is as much later.",
    overlap: " Clocks are put back over it, so it comes twice; this is the first.",
    none: "",
  }[next.shift ?? "none"];
  const day = next.isLaterDay ? ", not today, as that time has passed" : "";
  return `Begins at ${formatUtc(next.atMs)}${there}${day}.${shift}`;
}

function nowNote({ min, max, desired, running, pending = 0 }: Capacity): string {
  const starting = pending > 0 ? `, ${pending} starting` : "";
  return `Now ${desired} are desired (${running} in service${starting}), with a minimum of ${min} and a maximum of ${max}.`;
}

function costNote(change: ScaleChange, { instanceHourUsd, priceSource }: ScaleFacts): string {
  if (instanceHourUsd === null) {
    return "What it costs is not known: spillway.yaml has no `prices.instanceHourUsd` for this service.";
  }
  const more = change.toInstances - change.fromInstances;
  const { perHourUsd, totalUsd } = scaleCost({ more, durationSecs: change.durationSecs, instanceHourUsd });
  const source =
    priceSource === null ? "price of spillway.yaml, source not given" : `price of spillway.yaml: ${priceSource}`;
  return `Costs ${usd(perHourUsd)} an hour and ${usd(totalUsd)} in all: ${more} more for ${formatDuration(change.durationSecs)} at ${usd(instanceHourUsd)} each (${source}).`;
}

/** Cents are not enough for what one instance costs. */
function usd(amount: number): string {
  return `$${amount.toLocaleString("en-US", { minimumFractionDigits: 2, maximumFractionDigits: 4 })}`;
}

/** Nobody waits for an alarm where people ask, so only boot and warm-up count. */
function lagNote({ startMs }: ScaleChange, { bootSecs, warmupSecs }: ScaleFacts): string {
  if (bootSecs === null && warmupSecs === null) {
    return "When new ones begin to help is not known: spillway.yaml has no `scaling.bootSecs`.";
  }
  const lag = { metricPeriodSecs: 0, evaluationPeriods: 0, bootSecs: bootSecs ?? 0, warmupSecs: warmupSecs ?? 0 };
  const lagSecs = scaleOutLagSecs(lag);
  const after = `New ones help ${formatDuration(lagSecs)} after they are asked for`;
  if (startMs === undefined) return `${after}; what queues or is lost until then they do not bring back.`;
  const [readyMs, earlierMs] = [startMs + lagSecs * SECOND_MS, startMs - lagSecs * SECOND_MS];
  // Nobody can ask for a part of a minute.
  if (formatUtcTime(readyMs) === formatUtcTime(startMs)) return `${after}, so from ${formatUtcTime(readyMs)} on.`;
  return `${after}, so from ${formatUtcTime(readyMs)} on; to have them at ${formatUtcTime(startMs)}, ask for ${formatUtcTime(earlierMs)}.`;
}

/** Less sure than this, a cause is no reason to doubt. */
const MIN_SCORE = 0.5;
/** A block that takes away half of the excess does more than twice the instances. */
const MIN_REMOVED = 0.5;
const NOT_HELPED: readonly Finding["causes"][number]["kind"][] = ["cache-bypass", "retry-storm", "slow-backend"];

function doubtNotes({ finding, standing = [] }: ScaleFacts): readonly string[] {
  if (finding === null) return [];
  const [cause] = finding.causes;
  const advice = finding.advice?.find(({ kind }) => kind === "cache" || kind === "fix");
  const doubts: string[] = [];
  if (NOT_HELPED.includes(cause.kind) && cause.score >= MIN_SCORE) {
    doubts.push(`It may not help: the last finding is ${cause.kind}. ${advice?.because ?? ""}`.trimEnd());
  }
  // What is limited may be blocked all the same; what is blocked needs nothing milder.
  const isInForce = ({ measure, addresses }: BlockChange) => {
    const holding = standing.filter((row) => row.measure === undefined || row.measure === measure);
    return addresses.every((address) => holding.some((row) => contains(row.address, address)));
  };
  const [offered] = finding.suggestions.flatMap(({ change, predicted }) =>
    change.kind === "block" && !isInForce(change) ? { change, removed: predicted.excessRemoved ?? 0 } : [],
  );
  if (offered !== undefined && offered.removed >= MIN_REMOVED) {
    const { noun } = wordsOf(offered.change);
    doubts.push(
      `The last finding offers a ${noun} that would take away ${formatShare(offered.removed)} of the excess.`,
    );
  }
  return doubts;
}
