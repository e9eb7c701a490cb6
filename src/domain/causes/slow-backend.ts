import type { CarrierSlice } from "../carriers.ts";
import type { Cause } from "../finding.ts";
import { describeLatencyRise, explainLatency } from "../legs.ts";
import { findLostSyns, stallShare } from "../lost-packets.ts";
import { formatExcessShare, formatRatio, formatShare } from "../quantity.ts";
import { extraShare } from "./busier.ts";
import { cacheSign, carriedBy, carrierText, costlyPattern } from "./carried.ts";
import type { Scene } from "./scene.ts";
import { asEvidence, ramp, scoreOf, type Weighed } from "./score.ts";

const PRIOR = -1.5;

/**
 * Judges whether answers take longer though nobody asks for more; null where requests are what rose, or no durations
 * are in the log.
 */
export function slowBackendCause(scene: Scene): Cause | null {
  const { cost, comparison, observations, measure } = scene;
  const rise = observations.legs === undefined ? null : explainLatency(observations.legs);
  if (cost === null && rise === null) return null;
  const each = cost === null ? null : cost.secsEach.spike / Math.max(1e-9, cost.secsEach.baseline);
  const total = rise === null ? null : rise.spikeSecs / Math.max(1e-9, rise.baselineSecs);
  const slower = Math.max(each ?? 0, total ?? 0);
  const tail = slowTail(scene, slower);
  if (slower < 1.15 && tail.length === 0) return null;
  const carrier = cost === null ? null : carriedBy(cost.carriers, ["target", "pathTemplate", "host", "status"], 0.5);
  const evidence: Weighed[] = [
    {
      code: "slower",
      value: slower,
      statement: `a request takes ${formatRatio(slower)} its usual time`,
      weight: ramp(
        Math.log2(Math.max(0.1, slower)),
        { at: 0.3, gives: tail.length === 0 ? -1 : 0 },
        { at: 1, gives: 2 },
      ),
    },
    {
      code: "requests-as-usual",
      value: comparison.ratio,
      statement: `there are ${formatRatio(comparison.ratio)} the usual requests`,
      weight: ramp(
        Math.log2(Math.max(0.1, comparison.ratio)),
        { at: 0.25, gives: 1.5 },
        { at: 0.9, gives: measure === "requests" ? -3.5 : -2.5 },
      ),
    },
    ...tail,
    ...asked(scene),
    ...otherWork(scene),
    ...pastTheCache(scene),
    ...failingLate(scene, carrier),
    ...legs(scene),
    ...(carrier === null
      ? []
      : [
          {
            code: "slow-part",
            value: carrier.excessShare,
            statement:
              `${formatExcessShare(carrier.excessShare)} of the seconds is ${carrierText(carrier.values)}`.replace(
                "of the excess of the seconds",
                "of the additional seconds",
              ),
            weight: 0.5,
          },
        ]),
  ];
  const score = scoreOf(PRIOR, evidence);
  return {
    kind: "slow-backend",
    slice: carrier?.values ?? {},
    excessShare: measure === "requests" ? Math.min(1, cost?.bySlowness ?? 0) : 1,
    score,
    evidence: asEvidence(evidence),
    rivals: [
      {
        kind: "cache-bypass",
        score: 0.7 * (1 - score),
        decidedBy: "whether more requests than usual reach the servers behind",
      },
    ],
  };
}

/** Of all requests; fewer that wait for a second or longer are nobody's trouble. */
const MIN_SLOW_RISE = 0.005;

const MEAN_SHOWS = 1.5;

/** The mean hides what a few of a hundred wait for. */
function slowTail({ observations, breakdown }: Scene, slower: number): readonly Weighed[] {
  const { endings } = observations;
  if (endings === undefined) return [];
  const before = endings.baseline.slow / Math.max(1, breakdown.baseline.requests);
  const now = endings.spike.slow / Math.max(1, breakdown.spike.requests);
  if (now - before < MIN_SLOW_RISE || now < 2 * before) return [];
  return [
    {
      code: "slow-tail",
      value: now,
      statement: `${formatShare(now)} of the requests take a second or longer, against ${formatShare(before)} before`,
      // Where the mean shows it too, it is the same observation.
      weight:
        slower >= MEAN_SHOWS ? 0.2 : ramp(now - before, { at: MIN_SLOW_RISE, gives: 1 }, { at: 0.03, gives: 2.5 }),
    },
  ];
}

function asked({ cost }: Scene): readonly Weighed[] {
  if (cost === null || cost.ratio <= 1.1) return [];
  return [
    {
      code: "each-slower",
      value: cost.bySlowness,
      statement: `${formatShare(Math.min(1, Math.max(0, cost.bySlowness)))} of the additional time of the servers behind is that each request takes longer`,
      weight: ramp(cost.bySlowness, { at: 0.3, gives: -2 }, { at: 0.8, gives: 1 }),
    },
  ];
}

/** Requests of a kind that there were hardly any of before are other work, not the same work done slower. */
function otherWork({ cost }: Scene): readonly Weighed[] {
  const carrier = cost === null ? null : costlyPattern(cost.carriers);
  if (carrier === null || cost === null) return [];
  const growth = carrier.requests.spike / Math.max(1, carrier.requests.baseline * cost.timeFactor);
  if (growth < 2) return [];
  return [
    {
      code: "other-work",
      value: growth,
      statement: `there are ${formatRatio(growth)} the usual requests with ${carrierText(carrier.values)}, and these are what takes long`,
      weight: ramp(Math.log2(growth), { at: 1, gives: -2.5 }, { at: 2, gives: -4 }),
    },
  ];
}

/** What the cache used to answer is new to the servers behind; it is not they who became slow. */
function pastTheCache(scene: Scene): readonly Weighed[] {
  const sign = scene.cost === null ? null : cacheSign(scene, costlyPattern(scene.cost.carriers));
  if (sign === null) return [];
  const code = sign.growth === null ? "fast-answers-gone" : "past-the-cache";
  return [{ code, value: sign.value, statement: sign.statement, weight: -2.5 }];
}

/** What is answered with an error after a while, and asked for again, is no slow answer: none came. */
function failingLate(scene: Scene, carrier: CarrierSlice | null): readonly Weighed[] {
  const { retries } = scene.observations;
  const status = Number(carrier?.values.status ?? 0);
  const more = (retries?.spike.share ?? 0) - (retries?.baseline.share ?? 0);
  const explained = more / Math.max(0.05, extraShare(scene));
  if (status < 500 || explained < MIN_RETRIED) return [];
  return [
    {
      code: "fails-late",
      value: more,
      statement: `what takes long is answered with ${status} in the end, and clients ask again`,
      weight: ramp(explained, { at: MIN_RETRIED, gives: -1 }, { at: 0.5, gives: -3 }),
    },
  ];
}

/** Of the additional requests: with fewer retries they are some people's impatience. */
const MIN_RETRIED = 0.2;

function legs(scene: Scene): readonly Weighed[] {
  const { observations } = scene;
  const rise = observations.legs === undefined ? null : explainLatency(observations.legs);
  const found: Weighed[] = [];
  if (rise !== null && rise.guilty !== null && rise.riseSecs > 0) {
    const statement = describeLatencyRise(rise).replace(/\.$/, "");
    found.push({ code: `leg-${rise.guilty.leg.toLowerCase()}`, value: rise.guilty.share, statement, weight: 0.6 });
  }
  return [...found, ...lostSyns(scene), ...stalls(scene)];
}

/** In nats; below that it may be chance. */
const MIN_SYN_GAIN = 5;

function lostSyns({ observations }: Scene): readonly Weighed[] {
  if (observations.connect === undefined) return [];
  const { baseline, spike } = findLostSyns(observations.connect);
  const [before, now] = [baseline.lossShare ?? 0, spike.lossShare ?? 0];
  if (spike.gain < MIN_SYN_GAIN || now < 2 * before) return [];
  const statement = `${formatShare(now)} of connections stand after 1, 3 or 7 s, as when packets are lost and sent again, against ${formatShare(before)} before`;
  return [{ code: "lost-syns", value: now, statement, weight: 1 }];
}

/** Fewer slow requests than this end together by chance. */
const MIN_STALLED = 20;
const MIN_STALLED_SHARE = 0.1;

function stalls({ observations }: Scene): readonly Weighed[] {
  const { endings } = observations;
  if (endings === undefined || endings.spike.slow < MIN_STALLED) return [];
  const now = stallShare(endings.spike) ?? 0;
  // Each lost packet waits for itself, so that beside lost ones a good part is enough.
  if (now < MIN_STALLED_SHARE || endings.spike.together < MIN_STALLED / 2) return [];
  const statement = `${formatShare(now)} of the slow requests end together though they began apart, as when a machine or a link stands still and goes on`;
  return [{ code: "stalls", value: now, statement, weight: 0.8 }];
}
