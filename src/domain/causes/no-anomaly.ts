import type { Cause } from "../finding.ts";
import { formatRatio, formatShare } from "../quantity.ts";
import { type Comparison, findGuiltyClients } from "../slices.ts";
import type { Breakdown } from "../traffic.ts";
import { asEvidence, ramp, scoreOf, type Weighed } from "./score.ts";

const PRIOR = 0;

/** Says how ordinary the traffic is, for when nothing abrupt was found, or there is no excess in what was asked about. */
export function noAnomalyCause(
  breakdown: Breakdown,
  comparison: Comparison,
  { hasOnset, risesEveryDay }: { readonly hasOnset: boolean; readonly risesEveryDay: boolean },
): Cause {
  const heaviest = findGuiltyClients(breakdown, comparison)[0];
  const evidence: Weighed[] = [];
  if (risesEveryDay) {
    const statement = "requests rise as they did at this time on earlier days";
    evidence.push({ code: "as-every-day", value: comparison.ratio, statement, weight: 1.5 });
  } else if (!hasOnset) {
    const statement = "requests never rise abruptly and well above their level before";
    evidence.push({ code: "no-onset", value: 0, statement, weight: 1.5 });
  }
  // A rise that there is every day makes the windows differ, and nothing unusual.
  if (comparison.ratio > 0 && !risesEveryDay) {
    evidence.push({
      code: "windows-alike",
      value: comparison.ratio,
      statement: `the later window has ${formatRatio(comparison.ratio)} the requests of the earlier, for its length`,
      weight: ramp(
        Math.abs(Math.log(comparison.ratio)),
        { at: Math.log(1.2), gives: 1.5 },
        { at: Math.log(2), gives: -1 },
      ),
    });
  }
  if (heaviest !== undefined) {
    const share = heaviest.row.spike.requests / Math.max(1, breakdown.spike.requests);
    evidence.push({
      code: "heavy-newcomer",
      value: share,
      statement: `${heaviest.row.value} sends ${formatShare(share)} of the later window's requests, ${formatRatio(heaviest.timesUsual)} what the heaviest client usually does`,
      weight: ramp(share, { at: 0.05, gives: 0 }, { at: 0.5, gives: -1.5 }),
    });
  }
  evidence.push(...constantGiant(breakdown));
  const score = scoreOf(PRIOR, evidence);
  return {
    kind: "no-anomaly",
    slice: {},
    excessShare: 0,
    score,
    evidence: asEvidence(evidence),
    rivals: [
      {
        kind: heaviest === undefined ? "unknown" : "heavy-client",
        score: 1 - score,
        decidedBy: "a longer window before, at the same time of day",
      },
    ],
  };
}

/** Less of everything is what a monitor or an office has. */
const MIN_GIANT_SHARE = 0.3;

/** A crawler that was there before the first line is part of what is taken for usual; at least it is named. */
function constantGiant({ by, baseline, spike }: Breakdown): readonly Weighed[] {
  const [giant] = (by.ip?.rows ?? []).filter(
    (row) =>
      row.baseline.requests > MIN_GIANT_SHARE * baseline.requests &&
      row.spike.requests > MIN_GIANT_SHARE * spike.requests,
  );
  if (giant === undefined || by.ip?.distinct === 1) return [];
  const share = (giant.baseline.requests + giant.spike.requests) / (baseline.requests + spike.requests);
  return [
    {
      code: "constant-giant",
      value: share,
      statement: `${giant.value} alone sends ${formatShare(share)} of the requests, in both windows; it may have begun earlier`,
      weight: ramp(share, { at: MIN_GIANT_SHARE, gives: -0.3 }, { at: 0.8, gives: -2 }),
    },
  ];
}
