import type { AnalysisInput } from "../../src/domain/analysis-input.ts";
import { cubeCandidates, SCANNED } from "../../src/domain/cube-candidates.ts";
import { MINUTE_MS } from "../../src/domain/time-window.ts";
import type {
  Breakdown,
  ClientGroup,
  ClientGroups,
  CubeCell,
  Dimension,
  DimensionBreakdown,
  SliceRow,
  TrafficCounts,
  TrafficCube,
} from "../../src/domain/traffic.ts";
import { createRandom, type Random, skewed, whole } from "../random.ts";

const START_MS = Date.UTC(2026, 10, 21, 12);
const ONSET_MS = START_MS + 60 * MINUTE_MS;
const END_MS = ONSET_MS + 60 * MINUTE_MS;
/** What an investigation asks for. */
const ROWS_PER_DIMENSION = 5_000;
const NAMED_GROUPS = 1_000;

interface Request {
  readonly isSpike: boolean;
  /** Null where it has none. */
  readonly values: Readonly<Record<(typeof SCANNED)[number], string | null>>;
  readonly secs: number;
}

/** Makes everything that a verdict is made from, of so many requests: a crawler, a flood and a costly pattern at once. */
export function makeLargeInput(counts: { readonly requests: number; readonly clients: number }): AnalysisInput {
  const random = createRandom(1);
  const requests = Array.from({ length: counts.requests }, () => draw(random, counts.clients));
  const breakdown = divide(requests);
  const cube = divideTogether(requests, cubeCandidates(breakdown, 1));
  const steps = (of: (counts: TrafficCounts) => number) =>
    Array.from({ length: 120 }, (_, minute) => of(minute < 60 ? breakdown.baseline : breakdown.spike) / 60);
  return {
    service: "web",
    series: {
      startMs: START_MS,
      stepMs: MINUTE_MS,
      requests: steps((of) => of.requests),
      bytes: steps((of) => of.bytes),
      errors: steps((of) => of.errors),
      clients: steps((of) => of.clients),
    },
    onset: { onsetMs: ONSET_MS, lowMs: ONSET_MS, highMs: ONSET_MS, endMs: null, ratio: 2 },
    breakdown,
    observations: { cube, groups: group(requests) },
    metrics: [],
    limits: {
      neverBlock: ["10.0.0.0/8"],
      blocked: [],
      blockSecs: 3_600,
      maxAddresses: 100,
      capacity: { min: 2, max: 20, desired: 4, running: 4 },
      instanceHourUsd: 0.1,
      mayBlock: true,
      offersForPast: false,
    },
  };
}

function draw(random: Random, clients: number): Request {
  const kind = random();
  const isSpike = kind > 1 / 3;
  const ofMany = skewed(clients, random);
  const usual = {
    client: ofMany,
    agent: `agent ${ofMany % 700}`,
    path: `/page/${skewed(3_000, random)}`,
    query: `q${skewed(100, random)}`,
    secs: 0.05,
  };
  if (kind > 0.9) return request(random, isSpike, { ...usual, client: clients + 7, agent: "Indexer/1.2" });
  if (kind > 0.75)
    return request(random, isSpike, { ...usual, client: clients + 1_000 + whole(9_000, random), path: "/" });
  if (kind > 0.7) return request(random, isSpike, { ...usual, path: "/preview/{id}", query: "t={random}", secs: 2 });
  return request(random, isSpike, usual);
}

function request(
  random: Random,
  isSpike: boolean,
  { client, agent, path, query, secs }: { client: number; agent: string; path: string; query: string; secs: number },
): Request {
  const wide = `${20 + (client >> 16)}.${(client >> 8) & 255}`;
  const net = `${wide}.${(client >> 4) & 15}`;
  const values = {
    ip: `${net}.${client & 15}`,
    subnet: null,
    net: `${net}.0/24`,
    wideNet: `${wide}.0.0/16`,
    userAgent: agent,
    pathTemplate: path,
    host: `host${skewed(6, random)}`,
    refererHost: `referer${skewed(300, random)}`,
    queryShape: query,
    status: ["200", "304", "404", "500"][skewed(4, random)] ?? "200",
    target: `10.0.0.${whole(20, random)}`,
  };
  return { isSpike, values, secs };
}

function counter() {
  const clients = new Set<string>();
  let [requests, secs] = [0, 0];
  return {
    add(request: Request) {
      requests++;
      secs += request.secs;
      clients.add(request.values.ip ?? "");
    },
    counts: (): TrafficCounts => ({
      requests,
      bytes: 1_000 * requests,
      errors: 0,
      clients: clients.size,
      backendSecs: secs,
      cacheMisses: null,
    }),
  };
}

function countBy<Key>(requests: readonly Request[], keyOf: (request: Request) => Key) {
  const groups = new Map<Key, { baseline: ReturnType<typeof counter>; spike: ReturnType<typeof counter> }>();
  for (const request of requests) {
    const key = keyOf(request);
    const known = groups.get(key) ?? { baseline: counter(), spike: counter() };
    known[request.isSpike ? "spike" : "baseline"].add(request);
    groups.set(key, known);
  }
  return [...groups].map(([key, { baseline, spike }]) => ({ key, baseline: baseline.counts(), spike: spike.counts() }));
}

function divide(requests: readonly Request[]): Breakdown {
  const [all] = countBy(requests, () => null);
  if (all === undefined) throw new Error("there is no request");
  const by: Partial<Record<Dimension, DimensionBreakdown>> = {};
  for (const dimension of SCANNED) {
    const counted = countBy(requests, ({ values }) => values[dimension]);
    const none = counted.find(({ key }) => key === null);
    const rows = counted
      .flatMap(({ key, baseline, spike }): SliceRow[] => {
        const firstSeenMs = baseline.requests > 0 ? START_MS : ONSET_MS;
        return key === null ? [] : [{ value: key, baseline, spike, firstSeenMs }];
      })
      .sort((a, b) => b.spike.requests - a.spike.requests);
    const unknown = {
      baselineRequests: none?.baseline.requests ?? 0,
      spikeRequests: none?.spike.requests ?? 0,
    };
    by[dimension] = { rows: rows.slice(0, ROWS_PER_DIMENSION), distinct: rows.length, unknown };
  }
  return {
    baselineWindow: { startMs: START_MS, endMs: ONSET_MS },
    spikeWindow: { startMs: ONSET_MS, endMs: END_MS },
    baseline: all.baseline,
    spike: all.spike,
    by,
  };
}

function divideTogether(
  requests: readonly Request[],
  named: Partial<Record<Dimension, readonly string[]>>,
): TrafficCube {
  const kept = SCANNED.map((dimension) => [dimension, new Set<string | null>(named[dimension] ?? [])] as const);
  const cells = countBy(requests, ({ values }) =>
    JSON.stringify(kept.map(([dimension, some]) => (some.has(values[dimension]) ? values[dimension] : null))),
  ).map(({ key, baseline, spike }): CubeCell => ({ values: JSON.parse(key), baseline, spike }));
  return { dimensions: SCANNED, cells };
}

/** Clients as they behave, which is told from a few of their requests. */
function group(requests: readonly Request[]): ClientGroups {
  const seen = countBy(requests, ({ values }) => values.ip);
  const first = new Map(requests.map(({ values }) => [values.ip, values] as const));
  const groups = new Map<string, ClientGroup>();
  for (const { key, baseline, spike } of seen) {
    const values = first.get(key);
    for (const window of ["baseline", "spike"] as const) {
      const own = window === "baseline" ? baseline : spike;
      if (own.requests === 0) continue;
      const isNew = baseline.requests === 0 || spike.requests === 0;
      const traits = {
        window,
        isNew,
        loadsAssets: own.requests > 2,
        userAgent: values?.userAgent ?? null,
        landing: values?.pathTemplate ?? null,
      };
      const name = JSON.stringify(traits);
      const known = groups.get(name);
      groups.set(name, {
        ...traits,
        isNetNew: false,
        staysOnOne: own.requests === 1,
        changesAgent: false,
        isTurnedAway: false,
        clients: (known?.clients ?? 0) + 1,
        requests: (known?.requests ?? 0) + own.requests,
        assets: 0,
        clientErrors: 0,
        errors: 0,
      });
    }
  }
  const named = [...groups.values()].sort((a, b) => b.requests - a.requests);
  return { all: named.slice(0, 16), named: named.slice(0, NAMED_GROUPS) };
}
