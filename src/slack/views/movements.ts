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
  if (movements.length === 0) return null;
  const parts = movements.map((movement) => {
    const ratio = movement.ratio === null ? "" : ` ${times(movement.ratio)}`;
    return `${METRIC_LABELS[movement.metric]}${ratio} (${level(movement, movement.baseline)} → ${level(movement, movement.spike)})`;
  });
  return `*${label}:* ${parts.join(", ")}`;
}

/** A level with as many digits as it needs; the unit follows from the metric. */
function level({ metric }: Movement, value: number): string {
  switch (metric) {
    case "cpu":
      return `${Math.round(value)} %`;
    case "latency":
    case "latencyP95":
      return value < 1 ? `${Math.round(value * 1_000)} ms` : `${value.toFixed(1)} s`;
    case "bytesIn":
    case "bytesOut":
      return `${bytes(value)} a minute`;
    case "healthyHosts":
      return compact(value);
    default:
      return `${compact(value)} a minute`;
  }
}

const COMPACT = new Intl.NumberFormat("en-US", { notation: "compact", maximumSignificantDigits: 3 });
const SMALL = new Intl.NumberFormat("en-US", { maximumSignificantDigits: 2 });

function compact(value: number): string {
  return (value < 10 ? SMALL : COMPACT).format(value);
}
