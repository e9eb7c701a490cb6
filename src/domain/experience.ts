import type { ApdexCounts } from "./traffic.ts";

/** How content people can be, in one window; all null where there was no request. */
export interface Experience {
  /** 0 (everybody is frustrated) to 1 (everybody is satisfied). */
  readonly apdex: number | null;
  /** Share of requests, 0–1, that got an error or whose client left before the answer. */
  readonly lost: number | null;
}

/** How content people can be, in two windows. */
export interface ExperienceChange {
  readonly baseline: Experience;
  readonly spike: Experience;
  /** Apdex of the spike less that of the baseline, −1 to 1; null where one of them is. */
  readonly apdexChange: number | null;
  /** What frustrated in the spike, as shares of the frustrated that add up to 1; null where nobody is. */
  readonly frustratedBy: {
    /** Got an error. */
    readonly errors: number;
    /** Left before the answer, which slowness makes people do. */
    readonly leaving: number;
    /** Got an answer, too late. */
    readonly slowness: number;
  } | null;
}

/**
 * Gives Apdex: (satisfied + tolerating / 2) / all; null for no requests. Errors count as frustrated.
 *
 * @source Apdex Alliance, "Application Performance Index – Apdex Technical Specification", version 1.1 (2007)
 * @example
 * apdex({ satisfied: 60, tolerating: 30, frustrated: 10, failed: 0, abandoned: 0 }); // 0.75
 */
export function apdex({ satisfied, tolerating, frustrated }: ApdexCounts): number | null {
  const all = satisfied + tolerating + frustrated;
  return all === 0 ? null : (satisfied + tolerating / 2) / all;
}

/** Compares how content people can be in the spike with before. */
export function compareExperience(baseline: ApdexCounts, spike: ApdexCounts): ExperienceChange {
  const [before, now] = [experienceOf(baseline), experienceOf(spike)];
  const { frustrated, failed, abandoned } = spike;
  return {
    baseline: before,
    spike: now,
    apdexChange: before.apdex === null || now.apdex === null ? null : now.apdex - before.apdex,
    frustratedBy:
      frustrated === 0
        ? null
        : {
            errors: failed / frustrated,
            leaving: abandoned / frustrated,
            slowness: (frustrated - failed - abandoned) / frustrated,
          },
  };
}

function experienceOf(counts: ApdexCounts): Experience {
  const all = counts.satisfied + counts.tolerating + counts.frustrated;
  return { apdex: apdex(counts), lost: all === 0 ? null : (counts.failed + counts.abandoned) / all };
}
