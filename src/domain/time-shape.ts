import { sum } from "./robust.ts";
import { HOUR_MS } from "./time-window.ts";

/**
 * How an excess is shaped in time against the usual level m.
 *
 * - `proportional`: k · m, as when every client sends more; `constant`: m + c, as when one machine adds its own;
 *   `both`: k · m + c
 * - `too-short`: there is less than about a day, in which the usual level hardly changes
 * - `undecided`: none of them fits clearly better
 */
export type TimeShapeKind = "proportional" | "constant" | "both" | "too-short" | "undecided";

export interface TimeShape {
  readonly kind: TimeShapeKind;
  /** Of the shape found; 1 where it is `constant`, of k · m alone where none is found. Null for no usual level. */
  readonly k: number | null;
  /** Per step, of the shape found; 0 where it is `proportional`, of m + c alone where none is found. */
  readonly c: number | null;
  /** Bayesian information criteria, lower is better; null with fewer than three steps. */
  readonly bic: { readonly proportional: number; readonly constant: number; readonly both: number } | null;
}

/** Between the six hours and the day for which a proportional excess was told in 86 % and 97 % of weekly taxi rides. */
const MIN_SPAN_MS = 20 * HOUR_MS;

/**
 * "Strong" evidence of one model over another begins here.
 * @source Kass & Raftery, "Bayes factors", J. American Statistical Association 90 (1995)
 */
const CLEARLY = 6;

/**
 * Tells whether an excess is in proportion to the usual level or on top of it, by weighted least squares and BIC.
 *
 * Steps weigh 1/m, since counts vary as their level does. Neighbouring steps that err alike count for fewer. `both` has
 * to be clearly better than the better of the simple ones, and those differ clearly, or nothing is said. Scaling both
 * series by a factor changes c alone.
 *
 * @param observed counts in equal steps, the spike's only; `usual` what is usual in each of them, at the same index;
 *   steps without a usual level are left out
 * @source Schwarz, "Estimating the dimension of a model", Annals of Statistics 6 (1978)
 */
export function timeShape(observed: readonly number[], usual: readonly number[], stepMs: number): TimeShape {
  const points = observed.flatMap((y, i) => {
    const m = usual[i] ?? 0;
    return m > 0 ? [{ y, m }] : [];
  });
  if (points.length === 0) return { kind: "too-short", k: null, c: null, bic: null };
  const fits = fitAll(points);
  const unsure = { k: fits.proportional.k, c: fits.constant.c };
  if (points.length < 3) return { kind: "too-short", ...unsure, bic: null };

  const n = effectiveSteps(residuals(points, fits.both));
  const bic = {
    proportional: bicOf(points, fits.proportional, n, 1),
    constant: bicOf(points, fits.constant, n, 1),
    both: bicOf(points, fits.both, n, 2),
  };
  if (points.length * stepMs < MIN_SPAN_MS) return { kind: "too-short", ...unsure, bic };
  const best = bic.proportional <= bic.constant ? "proportional" : "constant";
  if (bic[best] - bic.both >= CLEARLY) return { kind: "both", ...fits.both, bic };
  if (Math.abs(bic.proportional - bic.constant) < CLEARLY) return { kind: "undecided", ...unsure, bic };
  return { kind: best, ...fits[best], bic };
}

interface Point {
  readonly y: number;
  readonly m: number;
}
interface Fit {
  readonly k: number;
  readonly c: number;
}

/** Weighted by 1/m, so that the sums of Σwmm, Σwm and Σwy are those of m, of ones and of y/m. */
function fitAll(points: readonly Point[]): Record<"proportional" | "constant" | "both", Fit> {
  const sumM = sum(points.map(({ m }) => m));
  const sumY = sum(points.map(({ y }) => y));
  const sumW = sum(points.map(({ m }) => 1 / m));
  const sumWy = sum(points.map(({ y, m }) => y / m));
  const n = points.length;
  const proportional = { k: sumY / sumM, c: 0 };
  const constant = { k: 1, c: (sumWy - n) / sumW };
  const determinant = sumM * sumW - n * n;
  // A level that never changes cannot tell the two apart.
  if (determinant <= 1e-12 * n * n) return { proportional, constant, both: proportional };
  const both = { k: (sumY * sumW - n * sumWy) / determinant, c: (sumM * sumWy - n * sumY) / determinant };
  return { proportional, constant, both };
}

function residuals(points: readonly Point[], { k, c }: Fit): readonly number[] {
  return points.map(({ y, m }) => (y - k * m - c) / Math.sqrt(m));
}

/** Of steps whose errors resemble their neighbours' by r, so many are worth as much as independent ones; at least 3. */
function effectiveSteps(errors: readonly number[]): number {
  const power = sum(errors.map((error) => error ** 2));
  const shared = sum(errors.slice(1).map((error, i) => error * (errors[i] ?? 0)));
  const r = power > 0 ? Math.min(0.99, Math.max(0, shared / power)) : 0;
  return Math.max(3, (errors.length * (1 - r)) / (1 + r));
}

function bicOf(points: readonly Point[], fit: Fit, n: number, parameters: number): number {
  const level = sum(points.map(({ y, m }) => y ** 2 / m)) / points.length;
  const power = sum(residuals(points, fit).map((error) => error ** 2)) / points.length;
  // An exact fit has an error of rounding alone, whose logarithm means nothing.
  return n * Math.log(Math.max(power, 1e-12 * level, Number.MIN_VALUE)) + parameters * Math.log(n);
}
