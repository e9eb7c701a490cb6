import type { Cause } from "../finding.ts";
import { formatRatio, formatShare } from "../quantity.ts";
import { busierClients, extraShare } from "./busier.ts";
import { carriedBy } from "./carried.ts";
import { requestsRose, type Scene } from "./scene.ts";
import { asEvidence, ramp, scoreOf, type Weighed } from "./score.ts";

const PRIOR = -1.5;
const MIN_REST_SHARE = 0.2;
const MIN_REST_RATIO = 1.2;

/** Judges whether clients ask again because they got no good answer; null where nothing failed, or was asked again. */
export function retryStormCause(scene: Scene): Cause | null {
  const { rest, observations } = scene;
  const { retries } = observations;
  const [before, now] = [retries?.baseline.share ?? null, retries?.spike.share ?? null];
  if (!requestsRose(scene)) return null;
  if (before === null || now === null || rest.excessShare < MIN_REST_SHARE || rest.ratio < MIN_REST_RATIO) return null;
  const explained = (now - before) / Math.max(0.05, extraShare(scene));
  const evidence: Weighed[] = [
    {
      code: "after-failures",
      value: now,
      statement: `${formatShare(now)} of all requests follow, within twenty seconds, a failed one of the same client for the same path, against ${formatShare(before)} usually`,
      weight: ramp(explained, { at: 0.15, gives: -3 }, { at: 0.5, gives: 3 }),
    },
    ...failing(scene),
    ...busy(scene),
  ];
  const score = scoreOf(PRIOR, evidence);
  return {
    kind: "retry-storm",
    slice: carriedBy(scene.carriers, ["pathTemplate", "host", "userAgent"], 0.6)?.values ?? {},
    excessShare: rest.excessShare,
    score,
    evidence: asEvidence(evidence),
    rivals: [
      {
        kind: "client-regression",
        score: 0.7 * (1 - score),
        decidedBy: "whether requests are repeated that were answered well",
      },
    ],
  };
}

function failing({ breakdown: { baseline, spike } }: Scene): readonly Weighed[] {
  const before = baseline.errors / Math.max(1, baseline.requests);
  const now = spike.errors / Math.max(1, spike.requests);
  return [
    {
      code: "failing",
      value: now,
      statement: `${formatShare(now)} of the answers are errors (500 and more), against ${formatShare(before)} usually`,
      weight: ramp(now - before, { at: 0.02, gives: -1.5 }, { at: 0.15, gives: 1.5 }),
    },
  ];
}

function busy(scene: Scene): readonly Weighed[] {
  const busier = busierClients(scene);
  if (busier === null) return [];
  return [
    {
      code: "busier-clients",
      value: busier.each,
      statement: `each client sends ${formatRatio(busier.each)} what it usually does`,
      weight: ramp(busier.share, { at: 0.2, gives: -2 }, { at: 0.7, gives: 0.7 }),
    },
  ];
}
