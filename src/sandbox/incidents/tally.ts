import type { Exchange } from "../site/exchange.ts";
import type { PlannedCause } from "./plan.ts";
import type { PlayedCause } from "./setting.ts";
import type { IncidentTruth, SeenClient, TrueCause } from "./truth.ts";

/** A cause with the mark that its requests carry. */
export interface TalliedCause {
  readonly label: string;
  readonly planned: PlannedCause;
  readonly played: PlayedCause;
}

/** Counts what is true of an incident while it is logged. */
export interface Tally {
  count(exchange: Exchange): void;
  truth(): IncidentTruth;
}

interface Sums {
  requests: number;
  bytes: number;
  backendSecs: number;
}

/** Makes the count of an incident of these causes; only what arrives within the incident itself is seen. */
export function createTally(causes: readonly TalliedCause[]): Tally {
  const sums = new Map<string, Sums>(causes.map(({ label }) => [label, { requests: 0, bytes: 0, backendSecs: 0 }]));
  const seen = new Map<string, { address: string; userAgent: string; label: string | null; requests: number }>();
  const fromMs = Math.min(...causes.map(({ planned }) => planned.onsetMs));
  const ends = causes.map(({ planned }) => planned.endMs);
  const untilMs = ends.some((endMs) => endMs === null) ? Number.POSITIVE_INFINITY : Math.max(...(ends as number[]));
  const ailing = causes.find(({ played }) => played.effect.ailment !== undefined)?.label;

  function count({ arrival, sentBytes, targetSecs, ailedSecs }: Exchange): void {
    const label = arrival.addedBy ?? null;
    const added = label === null ? undefined : sums.get(label);
    if (added !== undefined) {
      added.requests++;
      added.bytes += sentBytes;
      added.backendSecs += targetSecs ?? 0;
    } else if (ailing !== undefined) {
      const slowed = sums.get(ailing);
      if (slowed !== undefined) slowed.backendSecs += ailedSecs;
    }
    if (arrival.atMs < fromMs || arrival.atMs >= untilMs) return;
    const { address, userAgent } = arrival.client;
    const key = `${label ?? ""}\n${address}\n${userAgent}`;
    const known = seen.get(key);
    if (known === undefined) seen.set(key, { address, userAgent, label, requests: 1 });
    else known.requests++;
  }

  function truth(): IncidentTruth {
    const requestsOf = (label: string) => sums.get(label)?.requests ?? 0;
    const ordered = causes.toSorted((a, b) => requestsOf(b.label) - requestsOf(a.label));
    const positions = new Map(ordered.map(({ label }, position) => [label, position]));
    const clients = [...seen.values()].map(
      ({ label, ...client }): SeenClient => ({
        ...client,
        cause: label === null ? null : (positions.get(label) ?? null),
      }),
    );
    return {
      causes: ordered.map((cause, position) => trueCause(cause, sums.get(cause.label), clients, position)),
      seen: clients,
    };
  }

  return { count, truth };
}

function trueCause(
  { planned, played }: TalliedCause,
  added: Sums | undefined,
  seen: readonly SeenClient[],
  position: number,
): TrueCause {
  const addresses = played.hasSuspects
    ? seen.filter(({ cause }) => cause === position).map(({ address }) => address)
    : [];
  return {
    kind: planned.kind,
    variant: played.variant,
    onsetMs: planned.onsetMs,
    endMs: planned.endMs,
    slice: played.slice,
    added: added ?? { requests: 0, bytes: 0, backendSecs: 0 },
    guiltyAddresses: [...new Set(addresses)],
  };
}
