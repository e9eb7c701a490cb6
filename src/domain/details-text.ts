import type { Effect } from "./decomposition.ts";
import type { FindingDetails } from "./finding-details.ts";
import { describeLatencyRise } from "./legs.ts";
import { formatBytes, formatRatio, formatShare, formatUsd } from "./quantity.ts";

/** What people lose is worth a line from here on. */
const MIN_LOST = 0.001;
/** A change of Apdex that anybody feels. */
const MIN_APDEX_CHANGE = 0.02;
/** Seconds a request more that anybody feels. */
const MIN_RISE_SECS = 0.02;

/** Says what a finding's details tell people, a sentence each; none where nothing is worth one. Plain text. */
export function detailLines(details: FindingDetails): readonly string[] {
  return [experienceLine(details), latencyLine(details), bytesLine(details), costLine(details)].filter(
    (line) => line !== null,
  );
}

function experienceLine({ experience }: FindingDetails): string | null {
  if (experience === undefined) return null;
  const { baseline, spike, apdexChange } = experience;
  const lost = spike.lost ?? 0;
  const isFelt = apdexChange !== null && Math.abs(apdexChange) >= MIN_APDEX_CHANGE;
  if (!isFelt && lost < MIN_LOST) return null;
  const apdex =
    baseline.apdex === null || spike.apdex === null
      ? ""
      : `Apdex ${baseline.apdex.toFixed(2)} before, ${spike.apdex.toFixed(2)} now; `;
  return `${apdex}${formatShare(lost)} of requests lost (errors, or the client left), against ${formatShare(baseline.lost ?? 0)} before.`;
}

function latencyLine({ latency }: FindingDetails): string | null {
  return latency === undefined || Math.abs(latency.riseSecs) < MIN_RISE_SECS ? null : describeLatencyRise(latency);
}

function bytesLine({ bytes, extraRequests }: FindingDetails): string | null {
  if (bytes === undefined || bytes.before <= 0) return null;
  const parts = bytes.effects.map((effect) => `${WORDS[effect.name] ?? effect.name} ${times(effect)}`);
  const each =
    extraRequests === undefined || extraRequests.extraBytes <= 0
      ? ""
      : `; an extra request carries ${formatBytes(extraRequests.extraBytes)}, a usual one ${formatBytes(extraRequests.usualBytes)}`;
  return `Bytes ${formatRatio(bytes.after / bytes.before)} = ${parts.join(", ")}${each}.`;
}

const WORDS: Readonly<Record<string, string>> = {
  clients: "clients",
  "requests-per-client": "requests per client",
  "bytes-per-request": "bytes per request",
};

function times({ before, after }: Effect): string {
  return before === null || after === null || before <= 0 ? "not known" : formatRatio(after / before);
}

function costLine({ costPerMonth }: FindingDetails): string | null {
  const total = costPerMonth?.totalUsd ?? null;
  return total === null || total <= 0 ? null : `If it goes on, it costs ${formatUsd(total)} a month.`;
}
