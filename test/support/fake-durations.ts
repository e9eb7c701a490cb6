import {
  type ApdexCounts,
  type DurationHistogram,
  type Endings,
  LATENCIES,
  type Latency,
  type LatencyPercentiles,
  type LatencySummary,
  type Legs,
} from "../../src/domain/traffic.ts";
import type { FakeRequest } from "./fake-request.ts";

type Requests = readonly FakeRequest[];

export function summariseLatencies(
  before: Requests,
  during: Requests,
  { latencies, percentiles }: { latencies: readonly Latency[]; percentiles: readonly number[] },
): LatencyPercentiles {
  function summary(requests: Requests, latency: Latency): LatencySummary {
    const others = requests.filter((request) => !isWebSocket(request));
    const known = knownSecs(requests, latency).sort((a, b) => a - b);
    return {
      known: known.length,
      unknown: others.length - known.length,
      secs: percentiles.map((share) => known[Math.max(1, Math.ceil(known.length * share)) - 1] ?? null),
    };
  }

  return {
    percentiles,
    webSockets: { baseline: before.filter(isWebSocket).length, spike: during.filter(isWebSocket).length },
    by: Object.fromEntries(
      latencies.map((latency) => [latency, { baseline: summary(before, latency), spike: summary(during, latency) }]),
    ),
  };
}

/** @param all of the log, which tells which legs were read */
export function addLegs(all: Requests, before: Requests, during: Requests): Legs {
  const legIn = (requests: Requests, leg: Latency) => {
    const secs = knownSecs(requests, leg);
    return { known: secs.length, secs: secs.reduce((sum, each) => sum + Math.round(each * 1e6), 0) / 1e6 };
  };
  const legs = LATENCIES.filter((leg) => all.some((request) => secsOf(request, leg) !== undefined));
  return Object.fromEntries(legs.map((leg) => [leg, { baseline: legIn(before, leg), spike: legIn(during, leg) }]));
}

export function countClasses(
  before: Requests,
  during: Requests,
  { leg, edgesSecs }: { leg: Latency; edgesSecs: readonly number[] },
): DurationHistogram {
  const classesOf = (requests: Requests) => {
    const secs = knownSecs(requests, leg);
    return [0, ...edgesSecs].map(
      (from, index) =>
        secs.filter((each) => each >= from && each < (edgesSecs[index] ?? Number.POSITIVE_INFINITY)).length,
    );
  };
  return { edgesSecs, baseline: classesOf(before), spike: classesOf(during) };
}

export function judge(before: Requests, during: Requests, thresholdSecs: number) {
  const judged = (requests: Requests): ApdexCounts => {
    const failed = requests.filter(({ status }) => status !== undefined && status >= 500).length;
    const abandoned = requests.filter(({ status }) => status === 499 || status === 460).length;
    const answered = requests.filter(
      ({ status }) => status === undefined || (status < 500 && status !== 499 && status !== 460),
    );
    const secs = knownSecs(answered, "total");
    const satisfied = secs.filter((each) => each <= thresholdSecs).length;
    const tolerating = secs.filter((each) => each > thresholdSecs && each <= 4 * thresholdSecs).length;
    const frustrated = secs.length - satisfied - tolerating + failed + abandoned;
    return { satisfied, tolerating, frustrated, failed, abandoned };
  };
  const isKnown = knownSecs([...before, ...during], "total").length > 0;
  return isKnown ? { baseline: judged(before), spike: judged(during) } : null;
}

export function countEndings(
  before: Requests,
  during: Requests,
  { slowSecs, binMs }: { slowSecs: number; binMs: number },
): { baseline: Endings; spike: Endings } {
  const endingsOf = (requests: Requests): Endings => {
    const slow = requests.filter((request) => !isWebSocket(request) && (request.totalSecs ?? -1) >= slowSecs);
    const endOf = ({ atMs, totalSecs = 0 }: FakeRequest) => Math.floor((atMs + Math.round(totalSecs * 1e3)) / binMs);
    const beginningsAt = (end: number) =>
      new Set(slow.filter((other) => endOf(other) === end).map(({ atMs }) => Math.floor(atMs / binMs))).size;
    return { slow: slow.length, together: slow.filter((request) => beginningsAt(endOf(request)) >= 5).length };
  };
  return { baseline: endingsOf(before), spike: endingsOf(during) };
}

function isWebSocket({ status }: FakeRequest): boolean {
  return status === 101;
}

/** Without WebSockets. */
function knownSecs(requests: Requests, latency: Latency): number[] {
  return requests.filter((request) => !isWebSocket(request)).flatMap((request) => secsOf(request, latency) ?? []);
}

function secsOf(request: FakeRequest, latency: Latency): number | undefined {
  if (latency === "total") return request.totalSecs;
  return latency === "backend" ? request.backendSecs : undefined;
}
