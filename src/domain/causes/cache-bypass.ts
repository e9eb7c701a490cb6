import type { CarrierSlice } from "../carriers.ts";
import { withSharedValues } from "../cube.ts";
import type { Cause } from "../finding.ts";
import { floodSize, MIN_FLOOD_SIZE } from "../newcomers.ts";
import { formatCount, formatExcessShare, formatRatio, formatShare } from "../quantity.ts";
import { type CacheSign, cacheSign, carriedBy, carrierText, costlyPattern } from "./carried.ts";
import type { Cost } from "./cost-scene.ts";
import type { Scene } from "./scene.ts";
import { asEvidence, ramp, scoreOf, type Weighed } from "./score.ts";

const PRIOR = -2;
const MIN_COST_RATIO = 1.4;
/** Each request of a slice may take so much longer and still be the same work. */
const SAME_WORK = 1.6;

/**
 * Judges whether requests that a cache could answer, or that should be few, load the servers behind; null where these
 * do not work more than requests make them, or the log does not tell.
 */
export function cacheBypassCause(scene: Scene): Cause | null {
  const { cost, comparison } = scene;
  if (cost === null || cost.ratio < MIN_COST_RATIO || cost.ratio < MIN_COST_RATIO * comparison.ratio) return null;
  const carrier = namedCarrier(scene, cost);
  const sign = cacheSign(scene, carrier);
  const evidence = [
    outgrown(cost, comparison.ratio),
    ...asked(cost, sign),
    ...sameWork(cost, carrier, sign !== null),
    ...carried(carrier),
    ...oneClient(cost),
    ...moreRequests(scene),
    ...newPrograms(scene),
  ];
  const score = scoreOf(PRIOR, evidence);
  return {
    kind: "cache-bypass",
    slice: carrier?.values ?? {},
    excessShare: carrier?.excessShare ?? 1,
    score,
    evidence: asEvidence(evidence),
    rivals: [
      {
        kind: "slow-backend",
        score: 0.8 * (1 - score),
        decidedBy: "whether as many requests reach the servers behind as usual, and each takes longer",
      },
    ],
  };
}

/** By site and page too where all of it has them: there people look for who passes the cache by. */
function namedCarrier({ observations: { cube } }: Scene, { carriers }: Cost): CarrierSlice | null {
  const carrier = costlyPattern(carriers);
  if (carrier === null || cube === undefined) return carrier;
  const shared = { dimensions: ["host", "pathTemplate"], rank: "backendSecs" } as const;
  return { ...carrier, values: withSharedValues(cube, carrier.values, shared) };
}

function outgrown(cost: Cost, requestsRatio: number): Weighed {
  const times = cost.ratio / Math.max(0.1, requestsRatio);
  return {
    code: "cost-outgrows",
    value: cost.ratio,
    statement: `the servers behind work ${formatRatio(cost.ratio)} as long as usual, for ${formatRatio(requestsRatio)} the requests`,
    weight: ramp(Math.log2(times), { at: 0.4, gives: 0 }, { at: 1.5, gives: 1.2 }),
  };
}

/** Fast answers may be gone for other reasons than a cache's. */
const GONE_FAST_WEIGHT = 3;

function asked(cost: Cost, sign: CacheSign | null): readonly Weighed[] {
  if (sign !== null) {
    const { value, statement, growth } = sign;
    return growth === null
      ? [{ code: "fast-answers-gone", value, statement, weight: GONE_FAST_WEIGHT }]
      : [
          {
            code: "past-the-cache",
            value,
            statement,
            weight: ramp(growth, { at: 1.3, gives: 1.5 }, { at: 2, gives: 3.5 }),
          },
        ];
  }
  if (cost.askedShare === null) return [];
  const { baseline, spike } = cost.askedShare;
  return [
    {
      code: "past-the-cache",
      value: spike,
      statement: `${formatShare(spike)} of the requests reach the servers behind, against ${formatShare(baseline)} usually`,
      weight: ramp(cost.byAsking, { at: 0.15, gives: -2 }, { at: 0.5, gives: 3 }),
    },
  ];
}

/** Of a slice's seconds: more of the same work, or the same work slower? */
function sameWork(cost: Cost, carrier: CarrierSlice | null, isPassing: boolean): readonly Weighed[] {
  if (carrier === null || carrier.requests.spike === 0) return [];
  const usualEach = carrier.backendSecs.baseline / Math.max(1, carrier.requests.baseline);
  const each = carrier.backendSecs.spike / carrier.requests.spike;
  const overall = cost.secsEach.baseline;
  // Where there were hardly any before, what they usually take is not known: then dear ones are more work.
  const isKnown = carrier.requests.baseline >= 20;
  const slower = isKnown && usualEach > 0 ? each / usualEach : 1;
  const isMoreWork = slower <= SAME_WORK && carrier.requests.spike > 0;
  return [
    {
      code: isMoreWork ? "more-of-the-same" : "slower-than-before",
      value: slower,
      statement: isMoreWork
        ? `each of these takes ${formatRatio(each / Math.max(1e-6, overall))} the usual request's time, as before; there are more of them`
        : `each of these takes ${formatRatio(slower)} the time that it took before`,
      weight: isMoreWork ? 1.7 : cost.askedShare === null && !isPassing ? -1.5 : -0.3,
    },
  ];
}

function carried(carrier: CarrierSlice | null): readonly Weighed[] {
  if (carrier === null) {
    return [{ code: "no-carrier", value: 0, statement: "no host, path or query carries it", weight: -0.7 }];
  }
  const isRandom = carrier.values.queryShape?.includes("{random}") ?? false;
  return [
    {
      code: isRandom ? "random-queries" : "one-pattern",
      value: carrier.excessShare,
      statement: `${formatExcessShare(carrier.excessShare)} is ${carrierText(carrier.values)}`,
      weight: isRandom ? 1.5 : 1,
    },
  ];
}

const MORE_REQUESTS = 1.3;

/** What more requests bring is theirs, however dear they are. */
function moreRequests({ measure, comparison }: Scene): readonly Weighed[] {
  if (measure !== "requests" || comparison.ratio < MORE_REQUESTS) return [];
  const statement = `there are ${formatRatio(comparison.ratio)} the usual requests, which may explain it`;
  return [{ code: "more-requests", value: comparison.ratio, statement, weight: -1.5 }];
}

/** A flood that makes up queries passes the cache too, and is what to act on. */
function newPrograms({ split, comparison }: Scene): readonly Weighed[] {
  if (split === null || !split.tellsByAssets) return [];
  const size = floodSize(split.programs.excess, comparison);
  if (size < MIN_FLOOD_SIZE || comparison.ratio < MORE_REQUESTS) return [];
  const { programs } = split;
  const statement = `${formatCount(programs.clients)} new clients that load nothing of what pages need ask for much of it`;
  return [
    {
      code: "new-programs",
      value: size,
      statement,
      weight: ramp(size, { at: 0.15, gives: -0.5 }, { at: 0.4, gives: -2.5 }),
    },
  ];
}

function oneClient(cost: Cost): readonly Weighed[] {
  const client = carriedBy(cost.carriers, ["ip", "subnet", "net", "wideNet"], 0.5);
  if (client === null) return [];
  return [
    {
      code: "one-client",
      value: client.excessShare,
      statement: `${formatExcessShare(client.excessShare)} is one ${carrierText(client.values)}`,
      weight: -2.5,
    },
  ];
}
