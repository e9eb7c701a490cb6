import { crawlerClause } from "../crawlers.ts";
import { cellsOf, totalOf } from "../cube.ts";
import type { Cause } from "../finding.ts";
import { formatCount, formatExcessShare, formatRatio, formatShare } from "../quantity.ts";
import { sum } from "../robust.ts";
import type { GuiltySlice } from "../slices.ts";
import { MINUTE_MS } from "../time-window.ts";
import { crawlerOf, isDeclaredBot, userAgentOf } from "../traits.ts";
import { formatUtcClock } from "../utc.ts";
import { extraShare } from "./busier.ts";
import { carrierText } from "./carried.ts";
import { requestsRose, type Scene } from "./scene.ts";
import { asEvidence, ramp, scoreOf, type Weighed } from "./score.ts";

/** Odds of one to seven before any evidence is heard: most spikes are not one client's. */
const PRIOR = -1.5;

/** Judges every client or network that carries the excess: one cause each, so that mixtures stay visible. */
export function heavyClientCauses(scene: Scene): readonly Cause[] {
  if (!requestsRose(scene)) return costlyClients(scene);
  return scene.guilty.map((slice) => {
    const evidence = [
      shareOfExcess(slice, scene),
      timesUsual(slice),
      ...others(scene),
      ...firstSeen(slice, scene),
      ...usualBefore(slice, scene),
      ...declared(slice, scene),
      ...spacing(slice, scene),
      ...everybodyRepeats(slice, scene),
    ];
    const missing = looksForWhatIsNotThere(slice, scene);
    const isScanner = missing !== null && missing.value >= SCANNER_SHARE;
    const weighed = missing === null ? evidence : [...evidence, missing];
    const score = scoreOf(PRIOR, weighed);
    return {
      kind: isScanner ? "scanner" : "heavy-client",
      slice: { [slice.dimension]: slice.row.value },
      excessShare: slice.excessShare,
      score,
      evidence: asEvidence(weighed),
      rivals: rivals(slice, scene, { score, isScanner }),
    };
  });
}

/** Of the additional work of the servers behind, one client's: less has other reasons, too. */
const MIN_COST_SHARE = 0.3;
const MIN_COST_RATIO = 1.4;

/** Clients that ask for little more than others, and for what is dear. */
function costlyClients({ cost }: Scene): readonly Cause[] {
  if (cost === null || cost.ratio < MIN_COST_RATIO) return [];
  return cost.carriers
    .filter(({ values, excessShare }) => {
      const names = Object.keys(values);
      return (
        excessShare >= MIN_COST_SHARE && names.every((name) => name === "ip" || name === "subnet" || name === "net")
      );
    })
    .map(({ values, excessShare, requests }) => {
      const evidence: Weighed[] = [
        {
          code: "share-of-cost",
          value: excessShare,
          statement: `${formatExcessShare(excessShare).replace("of the excess", "of the additional work of the servers behind")} is for one ${carrierText(values)}, with ${formatCount(requests.spike)} requests`,
          weight: ramp(excessShare, { at: MIN_COST_SHARE, gives: 1 }, { at: 0.8, gives: 3.5 }),
        },
      ];
      const score = scoreOf(PRIOR, evidence);
      return { kind: "heavy-client", slice: values, excessShare, score, evidence: asEvidence(evidence), rivals: [] };
    });
}

/** More than half of what it asks for is refused or does not exist: no crawler that follows links sees that. */
const SCANNER_SHARE = 0.5;

/** Answers to what does not exist, or is not for everybody; 429 and what a firewall turns away are no such. */
const NOT_THERE = ["400", "401", "404", "405", "410"];

function looksForWhatIsNotThere(slice: GuiltySlice, { observations, breakdown }: Scene): Weighed | null {
  const { cube } = observations;
  if (cube === undefined || !cube.dimensions.includes("status")) return null;
  const own = { [slice.dimension]: slice.row.value };
  const missing = NOT_THERE.map((status) => totalOf(cellsOf(cube, { ...own, status }), "requests").spike);
  const share = sum(missing) / Math.max(1, slice.row.spike.requests);
  const usual = NOT_THERE.map((status) => breakdown.by.status?.rows.find(({ value }) => value === status));
  const usualShare = sum(usual.map((row) => row?.baseline.requests ?? 0)) / Math.max(1, breakdown.baseline.requests);
  if (share < 0.1 || share < 2 * usualShare) return null;
  return {
    code: "not-there",
    value: share,
    statement: `${formatShare(share)} of what it asks for does not exist or is refused, against ${formatShare(usualShare)} usually`,
    weight: 0.5,
  };
}

function noun(slice: GuiltySlice): string {
  return slice.dimension === "ip" ? "address" : "network";
}

/** Several heavy clients at once support each other: they are weighed by what they carry together. */
function shareOfExcess(slice: GuiltySlice, { guilty, guiltyShare }: Scene): Weighed {
  const own = `${formatExcessShare(slice.excessShare)} is this one ${noun(slice)}`;
  return {
    code: "share-of-excess",
    value: slice.excessShare,
    statement: guilty.length > 1 ? `${own}, and ${formatShare(guiltyShare)} together with others like it` : own,
    weight: ramp(guiltyShare, { at: 0.02, gives: -1.2 }, { at: 0.6, gives: 3 }),
  };
}

function timesUsual(slice: GuiltySlice): Weighed {
  return {
    code: "times-heaviest-client",
    value: slice.timesUsual,
    statement: `it sends ${formatRatio(slice.timesUsual)} what the heaviest ${noun(slice)} usually does`,
    weight: ramp(Math.log2(slice.timesUsual), { at: 1, gives: 0.2 }, { at: 5, gives: 1.5 }),
  };
}

/** So much up or down is still as usual for everybody else. */
const AS_USUAL = 1.5;

function others({ rest }: Scene): readonly Weighed[] {
  if (rest.ratio <= 0) return [];
  const isUsual = rest.ratio <= AS_USUAL;
  return [
    {
      code: "others",
      value: rest.ratio,
      statement: `everybody else sends ${formatRatio(rest.ratio)} their usual requests`,
      // A mixture is possible: others who grew too acquit nobody.
      weight: isUsual ? 0.7 : -0.1,
    },
  ];
}

function firstSeen({ row }: GuiltySlice, { onset }: Scene): readonly Weighed[] {
  if (row.baseline.requests > 0) return [];
  const isAtOnset = row.firstSeenMs >= onset.lowMs - MINUTE_MS && row.firstSeenMs <= onset.highMs + MINUTE_MS;
  const at = `first seen ${formatUtcClock(row.firstSeenMs)} UTC`;
  return [
    {
      code: "first-seen",
      value: row.firstSeenMs,
      statement: isAtOnset ? `${at}, as the excess began` : `${at}, not when the excess began`,
      weight: isAtOnset ? 0.7 : -0.1,
    },
  ];
}

/** A client that was so much of the usual traffic is known here, and may have its reasons. */
const KNOWN_SHARE = 0.02;

function usualBefore({ row }: GuiltySlice, { breakdown }: Scene): readonly Weighed[] {
  const share = row.baseline.requests / Math.max(1, breakdown.baseline.requests);
  if (share < KNOWN_SHARE) return [];
  const statement = `it was ${formatShare(share)} of the usual traffic before`;
  return [{ code: "usual-before", value: share, statement, weight: -0.5 }];
}

/** Where everybody asks again, so does whoever asks most: that makes none of them guilty. */
const SMALL_SHARE = 0.15;

function everybodyRepeats({ excessShare }: GuiltySlice, scene: Scene): readonly Weighed[] {
  const { retries, repeats } = scene.observations;
  const more = [retries, repeats].map((each) => (each?.spike.share ?? 0) - (each?.baseline.share ?? 0));
  const most = Math.max(...more);
  if (excessShare >= SMALL_SHARE || most < 0.4 * extraShare(scene) || most < 0.05) return [];
  const statement = "many clients ask for the same thing again and again, and it may be one of them";
  return [{ code: "everybody-repeats", value: most, statement, weight: -1.5 }];
}

/** Chance gives 1, people more; only a program sends like a clock. */
const CLOCK_VARIATION = 0.35;
const MIN_REGULAR_REQUESTS = 20;

function spacing({ row }: GuiltySlice, { observations }: Scene): readonly Weighed[] {
  const known = observations.regularity?.find(({ client }) => client === row.value);
  if (known === undefined || known.requests < MIN_REGULAR_REQUESTS || known.gapVariation > CLOCK_VARIATION) return [];
  const gap =
    known.meanGapSecs < 1 ? `${Math.round(known.meanGapSecs * 1_000)} ms` : `${known.meanGapSecs.toFixed(1)} s`;
  const statement = `it sends like a clock, a request every ${gap}`;
  return [{ code: "regular", value: known.gapVariation, statement, weight: 0.4 }];
}

function declared(slice: GuiltySlice, scene: Scene): readonly Weighed[] {
  const userAgent = userAgentOf(slice, scene.breakdown);
  const isDeclared = userAgent !== null && isDeclaredBot(userAgent);
  const statement = "its user agent says that it is a program, not a person";
  return [
    ...(isDeclared ? [{ code: "declared-bot", value: 1, statement, weight: 0.5 }] : []),
    ...crawler(slice, scene),
  ];
}

/** It is the heavy client whoever it is: this takes back what "a program" added, and no more. */
function crawler(slice: GuiltySlice, scene: Scene): readonly Weighed[] {
  const known = crawlerOf(slice, scene);
  if (known === null) return [];
  const clause = crawlerClause(known);
  switch (known.check) {
    case "verified":
      return [
        { code: "verified-crawler", value: 1, statement: `${clause}; slow it down, do not block it`, weight: -0.5 },
      ];
    case "forged":
      return [{ code: "forged-crawler", value: 1, statement: clause, weight: 0.3 }];
    case "cannot-tell":
      return [
        {
          code: "claims-crawler",
          value: 1,
          statement: `${clause}; look up its address before you block`,
          weight: -0.5,
        },
      ];
  }
}

function rivals(
  slice: GuiltySlice,
  scene: Scene,
  { score, isScanner }: { readonly score: number; readonly isScanner: boolean },
): Cause["rivals"] {
  const doubt = 1 - score;
  const isKnown = slice.row.baseline.requests > 0;
  const scanner = {
    kind: isScanner ? "heavy-client" : "scanner",
    score: doubt * 0.6,
    decidedBy: `whether this ${noun(slice)} asks for files that do not exist (top status and path, only it)`,
  } as const;
  const regression = {
    kind: "client-regression",
    score: doubt * 0.8,
    decidedBy: "whether it repeats the same requests within two seconds, and changed its version when this began",
  } as const;
  const flood = {
    kind: "distributed-flood",
    score: doubt * Math.min(1, scene.guilty.length / 10),
    decidedBy: "whether the addresses share a user agent and paths, and were seen in the weeks before",
  } as const;
  return [isKnown ? regression : scanner, ...(scene.guilty.length > 1 ? [flood] : [])];
}
