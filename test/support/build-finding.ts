import type { Finding } from "../../src/domain/finding.ts";
import type { Breakdown, Intake } from "../../src/domain/traffic.ts";
import type { Investigation } from "../../src/ports/remembered.ts";
import { ASKING } from "./build-proposal.ts";

const AT = (hours: number, minutes: number) => Date.UTC(2026, 10, 21, hours, minutes);

/** Builds the verdict on one crawler, with what is given instead. */
export function buildFinding(given: Partial<Finding> = {}): Finding {
  return {
    service: "web",
    onset: { onsetMs: AT(13, 42), lowMs: AT(13, 41), highMs: AT(13, 43), endMs: null, ratio: 5.9 },
    verdict:
      'web: 5.9 × its usual requests since 13:42 UTC (± 1 min), still rising. One client explains 85 % of the excess: 198.51.100.14, "Indexer/1.2".',
    causes: [
      {
        kind: "heavy-client",
        slice: { ip: "198.51.100.14" },
        excessShare: 0.847,
        score: 0.97,
        evidence: [
          { code: "share-of-excess", direction: "for", statement: "85 % of the excess is one address", value: 0.847 },
          { code: "status", direction: "against", statement: "it asks for no file that is missing", value: 0 },
        ],
        rivals: [{ kind: "scanner", score: 0.2, decidedBy: "requests for files that do not exist" }],
      },
    ],
    moved: [
      { metric: "requests", baseline: 3_700, spike: 21_900, ratio: 5.9, low: 5.6, high: 6.2, state: "moved" },
      { metric: "cpu", baseline: 31, spike: 96, ratio: 3.1, low: 2.9, high: 3.3, state: "moved" },
      { metric: "latencyP95", baseline: 0.2, spike: 1.9, ratio: 9.5, low: 8, high: 11, state: "moved" },
    ],
    unmoved: [
      { metric: "clients", baseline: 812, spike: 829, ratio: 1.02, low: 0.98, high: 1.06, state: "unchanged" },
      { metric: "errors5xx", baseline: 0, spike: 0, ratio: null, low: null, high: null, state: "cannot-tell" },
    ],
    suggestions: [
      {
        change: {
          kind: "block",
          service: "web",
          addresses: ["198.51.100.14/32"],
          durationSecs: 7_200,
          reason: "one client explains 85 % of the excess",
        },
        predicted: {
          excessRemoved: 0.847,
          baselineHarmed: 0,
          baselineClientsHarmed: 0,
          ratioAfter: 1.7,
          costPerHourUsd: null,
        },
        because: "It is one address.",
      },
      {
        change: {
          kind: "scale",
          service: "web",
          fromInstances: 4,
          toInstances: 6,
          durationSecs: 5_400,
          reason: "to serve the rest",
        },
        predicted: {
          excessRemoved: null,
          baselineHarmed: 0,
          baselineClientsHarmed: 0,
          ratioAfter: 5.9,
          costPerHourUsd: 2.1,
        },
        because: "It would not help the database.",
      },
    ],
    ...given,
  };
}

/** Builds a finished investigation of "web" from 13:32 to 14:02. */
export function buildInvestigation(given: Partial<Investigation> = {}): Investigation {
  return {
    id: "inv-0000000001",
    service: "web",
    channelId: "C0WEB",
    requestedBy: ASKING,
    window: { startMs: AT(13, 32), endMs: AT(14, 2) },
    filter: {},
    messageTs: "1795269600.000001",
    createdMs: AT(14, 2),
    state: "done",
    cancelledBy: null,
    finding: buildFinding(),
    intake: buildIntake(),
    incidentId: null,
    ...given,
  };
}

/** Builds an intake in which every line was read. */
export function buildIntake(given: Partial<Intake> = {}): Intake {
  return {
    files: 12,
    lines: 481_207,
    parsed: 481_205,
    recovered: 2,
    unparsed: 0,
    unparsedSamples: [],
    skipped: [],
    firstMs: AT(12, 32),
    lastMs: AT(13, 58),
    formats: { alb: 12 },
    detected: [],
    coverage: null,
    headers: 0,
    ...given,
  };
}

/** Builds the traffic of the same half hour: one address and everybody else. */
export function buildBreakdown(given: Partial<Breakdown> = {}): Breakdown {
  const counts = (requests: number, clients: number) => ({
    requests,
    bytes: requests * 1_000,
    errors: 0,
    clients,
    backendSecs: null,
    cacheMisses: null,
  });
  return {
    baselineWindow: { startMs: AT(13, 2), endMs: AT(13, 32) },
    spikeWindow: { startMs: AT(13, 32), endMs: AT(14, 2) },
    baseline: counts(30_000, 800),
    spike: counts(130_000, 820),
    by: {
      ip: {
        rows: [
          { value: "198.51.100.14", baseline: counts(0, 0), spike: counts(85_000, 1), firstSeenMs: AT(13, 42) },
          { value: "203.0.113.9", baseline: counts(600, 1), spike: counts(1_200, 1), firstSeenMs: AT(13, 2) },
        ],
        distinct: 821,
        unknown: { baselineRequests: 0, spikeRequests: 0 },
      },
    },
    ...given,
  };
}
