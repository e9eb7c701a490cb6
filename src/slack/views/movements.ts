import type { Movement } from "../../domain/finding.ts";
import { METRIC_LABELS } from "./names.ts";
import { bytes, times } from "./numbers.ts";

/** One line each for what moved with the requests, what did not, and what cannot be told. */
export function movementLines(moved: readonly Movement[], unmoved: readonly Movement[]): string[] {
  const unchanged = unmoved.filter((movement) => movement.state === "unchanged");
  const open = unmoved.filter((movement) => movement.state === "cannot-tell");
  return [
    line("Not changed", unchanged),
    line(
      "Changed with it",
      moved.filter((movement) => movement.metric !== "requests"),
    ),
    line("Cannot tell", open),
  ].filter((text) => text !== null);
}

function line(label: string, movements: readonly Movement[]): string | null {
  return movements.length === 0 ? null : `*${label}:* ${movements.map(movementText).join(", ")}`;
}

/** Of what is counted the ratio tells most; of times and loads people know the levels; a ratio of rare errors needs both. */
function movementText(movement: Movement): string {
  const { metric, baseline, spike, ratio } = movement;
  const name = METRIC_LABELS[metric];
  switch (metric) {
    case "healthyHosts":
      return baseline === spike ? `${name} ${compact(spike)}` : `${name} ${compact(baseline)} → ${compact(spike)}`;
    case "cpu":
      return `${name} ${Math.round(baseline)} % → ${Math.round(spike)} %`;
    case "latency":
    case "latencyP95":
      return `${name} ${seconds(baseline)} → ${seconds(spike)}`;
    case "errors4xx":
    case "errors5xx":
      return ratio === null ? perMinute(movement) : `${name} ${times(ratio)} (${levels(movement)} a minute)`;
    default:
      return ratio === null ? perMinute(movement) : `${name} ${times(ratio)}`;
  }
}

function perMinute(movement: Movement): string {
  return `${METRIC_LABELS[movement.metric]} ${levels(movement)} a minute`;
}

function levels({ metric, baseline, spike }: Movement): string {
  const level = metric === "bytesIn" || metric === "bytesOut" ? bytes : compact;
  return `${level(baseline)} → ${level(spike)}`;
}

function seconds(value: number): string {
  return value < 1 ? `${Math.round(value * 1_000)} ms` : `${value.toFixed(1)} s`;
}

const COMPACT = new Intl.NumberFormat("en-US", { notation: "compact", maximumSignificantDigits: 3 });
const SMALL = new Intl.NumberFormat("en-US", { maximumSignificantDigits: 2 });

function compact(value: number): string {
  return (value < 10 ? SMALL : COMPACT).format(value);
}
