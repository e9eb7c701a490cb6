import { contains } from "./address.ts";
import type { RateLimit } from "./address-measure.ts";
import type { GuiltySlice } from "./slices.ts";
import { minutesIn } from "./time-window.ts";
import type { Breakdown } from "./traffic.ts";

/** Requests that a limit stops, and clients who send more than it lets through. */
export interface BeyondLimit {
  readonly requests: number;
  readonly clients: number;
}

/**
 * Replays one side of a breakdown through a limit for each address of a slice.
 *
 * Each is taken to send evenly over the window; of a network, whoever is not listed by address is taken to send alike.
 * It is the least that is stopped: bursts are cut more, and the firewall goes on counting what it stops, so that who does
 * not slow down gets nothing through.
 *
 * @source https://docs.aws.amazon.com/waf/latest/developerguide/waf-rule-statement-type-rate-based.html
 */
export function beyondLimit(
  { dimension, row }: Pick<GuiltySlice, "dimension" | "row">,
  side: "baseline" | "spike",
  { limit, breakdown }: { readonly limit: RateLimit; readonly breakdown: Breakdown },
): BeyondLimit {
  const mins = minutesIn(side === "baseline" ? breakdown.baselineWindow : breakdown.spikeWindow);
  const allowed = limit.limit * Math.max(1, (mins * 60) / limit.windowSecs);
  const whole = { requests: row[side].requests, clients: dimension === "ip" ? 1 : row[side].clients };
  const known =
    dimension === "ip"
      ? []
      : (breakdown.by.ip?.rows ?? [])
          .filter(({ value }) => contains(row.value, value))
          .map((one) => one[side].requests);
  const rest = {
    requests: Math.max(0, whole.requests - total(known)),
    clients: Math.max(0, whole.clients - known.filter((requests) => requests > 0).length),
  };
  const each = rest.clients === 0 ? 0 : rest.requests / rest.clients;
  const over = known.filter((requests) => requests > allowed);
  const restOver = each > allowed ? rest.clients : 0;
  return {
    requests: total(over.map((requests) => requests - allowed)) + restOver * (each - allowed),
    clients: over.length + restOver,
  };
}

function total(counts: readonly number[]): number {
  return counts.reduce((sum, count) => sum + count, 0);
}
