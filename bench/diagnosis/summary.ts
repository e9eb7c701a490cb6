import type { CauseKind } from "../../src/domain/finding.ts";
import type { CaseScore } from "./score-case.ts";

/** All that the verdicts on a set of incidents come to. Shares are 0–1, and null where nothing can be counted. */
export interface Summary {
  readonly cases: number;
  /** True kind → answered kind → cases. */
  readonly confusion: ReadonlyMap<CauseKind, ReadonlyMap<CauseKind, number>>;
  readonly primaryRight: number | null;
  readonly mixtures: {
    readonly cases: number;
    readonly firstRight: number;
    readonly allNamed: number;
    readonly exact: number;
  };
  /** Precision counts suspects, recall the guilty causes' requests. */
  readonly suspects: {
    readonly named: number;
    readonly precision: number | null;
    readonly recall: number | null;
    readonly f1: number | null;
    /** Of the incidents without anybody guilty, those in which somebody is blamed. */
    readonly blamedInnocent: { readonly cases: number; readonly blamed: number };
  };
  readonly onset: {
    readonly found: number;
    readonly of: number;
    readonly medianMins: number | null;
    readonly p90Mins: number | null;
  };
  readonly effect: { readonly blocks: number; readonly medianPoints: number | null; readonly p90Points: number | null };
  readonly calibration: readonly {
    readonly from: number;
    readonly to: number;
    readonly cases: number;
    readonly meanScore: number;
    readonly right: number;
  }[];
  readonly brier: number | null;
  readonly quiet: { readonly cases: number; readonly alarms: number };
  readonly analyseMs: { readonly median: number | null; readonly p90: number | null };
  readonly readMs: { readonly median: number | null };
}

const SCORE_BINS = 5;

/** Adds up the scores of single cases. */
export function summarise(scores: readonly CaseScore[]): Summary {
  const isRight = (score: CaseScore) => score.answer === score.primary;
  const mixed = scores.filter(({ truth }) => truth.length > 1);
  const eventful = scores.filter(({ truth }) => truth.length > 0);
  const quiet = scores.filter(({ truth }) => truth.length === 0);
  const onsetErrors = scores.flatMap(({ onsetErrorMins }) =>
    onsetErrorMins === null ? [] : [Math.abs(onsetErrorMins)],
  );
  const points = scores.flatMap(({ effects }) =>
    effects.map(({ predicted, actual }) => Math.abs(predicted - actual) * 100),
  );
  return {
    cases: scores.length,
    confusion: confusionOf(scores),
    primaryRight: shareOf(scores, isRight),
    mixtures: {
      cases: mixed.length,
      firstRight: mixed.filter(isRight).length,
      allNamed: mixed.filter(isAllNamed).length,
      exact: mixed.filter((score) => isAllNamed(score) && new Set(score.named).size === new Set(kindsOf(score)).size)
        .length,
    },
    suspects: suspectsOf(scores),
    onset: {
      found: onsetErrors.length,
      of: eventful.length,
      medianMins: quantile(onsetErrors, 0.5),
      p90Mins: quantile(onsetErrors, 0.9),
    },
    effect: { blocks: points.length, medianPoints: quantile(points, 0.5), p90Points: quantile(points, 0.9) },
    calibration: calibrationOf(scores, isRight),
    brier: meanOf(scores.map((each) => (each.score - Number(isRight(each))) ** 2)),
    quiet: { cases: quiet.length, alarms: quiet.filter(({ answer }) => answer !== "no-anomaly").length },
    analyseMs: { median: quantile(msOf(scores), 0.5), p90: quantile(msOf(scores), 0.9) },
    readMs: {
      median: quantile(
        scores.map(({ readMs }) => readMs),
        0.5,
      ),
    },
  };
}

function kindsOf({ truth }: CaseScore): readonly CauseKind[] {
  return truth.map(({ kind }) => kind);
}

function isAllNamed(score: CaseScore): boolean {
  return kindsOf(score).every((kind) => score.named.includes(kind));
}

function msOf(scores: readonly CaseScore[]): readonly number[] {
  return scores.map(({ analyseMs }) => analyseMs);
}

function confusionOf(scores: readonly CaseScore[]): Summary["confusion"] {
  const rows = new Map<CauseKind, Map<CauseKind, number>>();
  for (const { primary, answer } of scores) {
    const row = rows.get(primary) ?? new Map<CauseKind, number>();
    row.set(answer, (row.get(answer) ?? 0) + 1);
    rows.set(primary, row);
  }
  return rows;
}

function suspectsOf(scores: readonly CaseScore[]): Summary["suspects"] {
  const total = (count: (score: CaseScore["suspects"]) => number) =>
    scores.reduce((sum, { suspects }) => sum + count(suspects), 0);
  const named = total((each) => each.named);
  const precision = named === 0 ? null : total((each) => each.right) / named;
  // Each incident weighs the same, however many requests it has.
  const guilty = scores.filter(({ suspects }) => suspects.guiltyRequests > 0);
  const recall = meanOf(guilty.map(({ suspects }) => suspects.covered / suspects.guiltyRequests));
  const innocent = scores.filter(({ suspects }) => suspects.guiltyRequests === 0);
  return {
    named,
    precision,
    recall,
    f1:
      precision === null || recall === null || precision + recall === 0
        ? null
        : (2 * precision * recall) / (precision + recall),
    blamedInnocent: { cases: innocent.length, blamed: innocent.filter(({ suspects }) => suspects.named > 0).length },
  };
}

function calibrationOf(scores: readonly CaseScore[], isRight: (score: CaseScore) => boolean): Summary["calibration"] {
  return Array.from({ length: SCORE_BINS }, (_, bin) => {
    const isIn = ({ score }: CaseScore) => Math.min(SCORE_BINS - 1, Math.floor(score * SCORE_BINS)) === bin;
    const inside = scores.filter(isIn);
    return {
      from: bin / SCORE_BINS,
      to: (bin + 1) / SCORE_BINS,
      cases: inside.length,
      meanScore: meanOf(inside.map(({ score }) => score)) ?? 0,
      right: inside.filter(isRight).length,
    };
  });
}

function shareOf<Item>(items: readonly Item[], isCounted: (item: Item) => boolean): number | null {
  return items.length === 0 ? null : items.filter(isCounted).length / items.length;
}

function meanOf(values: readonly number[]): number | null {
  return values.length === 0 ? null : values.reduce((sum, value) => sum + value, 0) / values.length;
}

function quantile(values: readonly number[], share: number): number | null {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))] ?? null;
}
