import type { Cause } from "../finding.ts";
import { formatRatio, formatShare } from "../quantity.ts";
import { busierClients, extraShare } from "./busier.ts";
import { carriedBy } from "./carried.ts";
import { requestsRose, type Scene } from "./scene.ts";
import { asEvidence, ramp, scoreOf, type Weighed } from "./score.ts";

const PRIOR = -1.5;
const MIN_REST_SHARE = 0.2;
const MIN_REST_RATIO = 1.2;

/**
 * Judges whether every client sends more, so that a page, an app or a release is to blame and nobody else; null where
 * too little is left by the guilty.
 */
export function clientRegressionCause(scene: Scene): Cause | null {
  const { rest } = scene;
  const busier = busierClients(scene);
  if (!requestsRose(scene)) return null;
  if (busier === null || rest.excessShare < MIN_REST_SHARE || rest.ratio < MIN_REST_RATIO) return null;
  const carrier = carriedBy(scene.carriers, ["userAgent", "queryShape", "pathTemplate", "host"], 0.6);
  const evidence: Weighed[] = [
    {
      code: "busier-clients",
      value: busier.each,
      statement: `each client sends ${formatRatio(busier.each)} what it usually does, and there are ${formatRatio(busier.clientsRatio)} as many`,
      weight: ramp(busier.share, { at: 0.35, gives: -3.5 }, { at: 0.8, gives: 2 }),
    },
    ...repeating(scene),
    ...proportion(scene, carrier !== null),
    ...notModified(scene),
    ...failures(scene),
  ];
  const score = scoreOf(PRIOR, evidence);
  return {
    kind: "client-regression",
    slice: carrier?.values ?? {},
    excessShare: rest.excessShare,
    score,
    evidence: asEvidence(evidence),
    rivals: [
      {
        kind: "retry-storm",
        score: 0.6 * (1 - score),
        decidedBy: "whether the repeated requests follow failed ones",
      },
      {
        kind: "distributed-flood",
        score: 0.4 * (1 - score),
        decidedBy: "whether these clients were there in the weeks before",
      },
    ],
  };
}

/** What repeats within two seconds is hardly ever a person: 1 to 2 % of real traffic. */
function repeating(scene: Scene): readonly Weighed[] {
  const { repeats } = scene.observations;
  const [before, now] = [repeats?.baseline.share ?? null, repeats?.spike.share ?? null];
  if (before === null || now === null) return [];
  const explained = (now - before) / Math.max(0.05, extraShare(scene) * (1 - before));
  return [
    {
      code: "repeats",
      value: now,
      statement: `${formatShare(now)} of all requests repeat one of the same client within two seconds, against ${formatShare(before)} usually`,
      weight: ramp(explained, { at: 0.1, gives: -0.7 }, { at: 0.6, gives: 2.5 }),
    },
  ];
}

function proportion({ carriers, guilty }: Scene, isCarried: boolean): readonly Weighed[] {
  if (isCarried) return [];
  const isEven = carriers.length === 0 && guilty.length === 0;
  return isEven
    ? [
        {
          code: "in-proportion",
          value: 1,
          statement: "no address, network, user agent, path, host or referer grew out of proportion",
          weight: 1.2,
        },
      ]
    : [];
}

/** Browsers that no longer ask whether what they hold is still good fetch it anew. */
const MIN_USUAL_NOT_MODIFIED = 0.03;

function notModified({ breakdown }: Scene): readonly Weighed[] {
  const row = breakdown.by.status?.rows.find(({ value }) => value === "304");
  const before = (row?.baseline.requests ?? 0) / Math.max(1, breakdown.baseline.requests);
  const now = (row?.spike.requests ?? 0) / Math.max(1, breakdown.spike.requests);
  if (before < MIN_USUAL_NOT_MODIFIED || now > 0.6 * before) return [];
  return [
    {
      code: "not-modified-falls",
      value: now,
      statement: `answers with 304 (not modified) fell from ${formatShare(before)} to ${formatShare(now)}`,
      weight: 0.7,
    },
  ];
}

function failures(scene: Scene): readonly Weighed[] {
  const { retries } = scene.observations;
  const [before, now] = [retries?.baseline.share ?? 0, retries?.spike.share ?? 0];
  const explained = (now - before) / Math.max(0.05, extraShare(scene));
  if (explained < 0.2) return [];
  return [
    {
      code: "after-failures",
      value: now,
      statement: `${formatShare(now)} of all requests follow a failed one of the same client for the same path`,
      weight: ramp(explained, { at: 0.2, gives: -0.5 }, { at: 0.5, gives: -2.5 }),
    },
  ];
}
