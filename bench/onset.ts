/**
 * Tells how exactly the onset is found in simulated minutes with known truth: `npm run bench:onset`.
 *
 * Two hours of counts that jump at a random minute to so many times the level and stay; gamma-Poisson, so that variance
 * is φ times the mean. "found" is the share with an onset at all; the rest is of these. First as `/spike` asks, which
 * leaves alone what is small or half as much again at most; then the likelihood alone, told that there is a rise and, but
 * for an error of 3 %, from what level. 200 series a row.
 */
import { findRise } from "../src/domain/change-point.ts";
import { detectOnset } from "../src/domain/onset.ts";
import { median, quantile } from "../src/domain/robust.ts";
import { MINUTE_MS } from "../src/domain/time-window.ts";
import { createRandom, type Random } from "./random.ts";

const SERIES = 200;
const MINUTES = 120;
const LEVELS = [10, 100, 1_000, 10_000];
const FACTORS = [1.2, 1.5, 2, 3, 10];
const DISPERSIONS = [1, 10];
const LEVEL_ERROR = 0.03;

/** Minutes from the start; null where there is no onset. */
interface Located {
  readonly at: number;
  readonly low: number;
  readonly high: number;
}

interface Row {
  readonly level: number;
  readonly factor: number;
  readonly dispersion: number;
}

type Locate = (requests: readonly number[], row: Row, random: Random) => Located | null;

function main(): void {
  for (const [name, locate] of [
    ["detectOnset", asSpikeAsks],
    ["the likelihood alone", byLikelihood],
  ] as const) {
    process.stdout.write(`${name}\na minute  times    φ   found   exact   median error   p90   in its 95 % interval\n`);
    for (const level of LEVELS) {
      for (const factor of FACTORS) {
        for (const dispersion of DISPERSIONS) process.stdout.write(`${line({ level, factor, dispersion }, locate)}\n`);
      }
    }
  }
}

function asSpikeAsks(requests: readonly number[]): Located | null {
  const onset = detectOnset({ startMs: 0, stepMs: MINUTE_MS, requests, bytes: [], errors: [], clients: [] });
  if (onset === null) return null;
  return { at: onset.onsetMs / MINUTE_MS, low: onset.lowMs / MINUTE_MS, high: onset.highMs / MINUTE_MS };
}

function byLikelihood(requests: readonly number[], { level, dispersion }: Row, random: Random): Located | null {
  const expected = { level: level * (1 + LEVEL_ERROR * normal(random)), dispersion, end: MINUTES };
  const rise = findRise(requests, expected, { from: 0, to: MINUTES });
  return rise === null ? null : { at: rise.step, low: rise.low, high: rise.high };
}

function line(row: Row, locate: Locate): string {
  const { level, factor, dispersion } = row;
  const random = createRandom(level + 1_000 * factor + dispersion);
  const errors: number[] = [];
  let covered = 0;
  for (let series = 0; series < SERIES; series++) {
    const at = 40 + Math.floor(50 * random());
    const requests = Array.from({ length: MINUTES }, (_, minute) =>
      overdispersed(minute < at ? level : factor * level, dispersion, random),
    );
    const found = locate(requests, row, random);
    if (found === null) continue;
    errors.push(Math.abs(found.at - at));
    if (found.low <= at && at <= found.high) covered++;
  }
  const percent = (count: number, of: number) => (of === 0 ? "–" : `${Math.round((100 * count) / of)} %`);
  const minutes = (value: number) => (errors.length === 0 ? "–" : value.toFixed(0));
  return [
    String(level).padStart(8),
    String(factor).padStart(7),
    String(dispersion).padStart(5),
    percent(errors.length, SERIES).padStart(8),
    percent(errors.filter((error) => error === 0).length, errors.length).padStart(8),
    minutes(median(errors)).padStart(15),
    minutes(quantile(errors, 0.9)).padStart(6),
    percent(covered, errors.length).padStart(23),
  ].join("");
}

/** A Poisson count whose mean is itself gamma-distributed; beyond thirty both are drawn as normal. */
function overdispersed(mean: number, dispersion: number, random: Random): number {
  if (mean * dispersion > 30 || mean > 30) {
    return Math.max(0, Math.round(mean + normal(random) * Math.sqrt(dispersion * mean)));
  }
  const rate = dispersion === 1 ? mean : gamma(mean / (dispersion - 1), random) * (dispersion - 1);
  let count = -1;
  for (let product = 1; product > Math.exp(-rate); product *= random()) count++;
  return Math.max(0, count);
}

/** @source G. Marsaglia, W. W. Tsang, "A simple method for generating gamma variables", ACM TOMS 26 (2000) */
function gamma(shape: number, random: Random): number {
  if (shape < 1) return gamma(shape + 1, random) * random() ** (1 / shape);
  const d = shape - 1 / 3;
  for (;;) {
    const x = normal(random);
    const v = (1 + x / Math.sqrt(9 * d)) ** 3;
    if (v > 0 && Math.log(1 - random()) < 0.5 * x * x + d - d * v + d * Math.log(v)) return d * v;
  }
}

function normal(random: Random): number {
  return Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());
}

main();
