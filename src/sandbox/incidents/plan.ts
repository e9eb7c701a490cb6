import { DAY_MS, MINUTE_MS } from "../../domain/time-window.ts";
import { LINE_FORMAT_NAMES, LINE_FORMATS, type LineFormat, type LineFormatName } from "../site/line-format.ts";
import type { Random } from "../site/random.ts";
import type { Temper } from "./curve.ts";
import type { TrueKind } from "./truth.ts";

/** Everything about an incident that is drawn before it is played. */
export interface IncidentPlan {
  readonly startMs: number;
  readonly endMs: number;
  readonly format: LineFormat;
  readonly requestsPerSec: number;
  readonly temper: Temper;
  readonly siteCount: number;
  readonly instances: number;
  readonly hasCache: boolean;
  readonly causes: readonly PlannedCause[];
}

export interface PlannedCause {
  readonly kind: TrueKind;
  readonly onsetMs: number;
  /** Null where it goes on beyond the log's end. */
  readonly endMs: number | null;
  readonly riseMs: number;
  readonly strength: number;
}

/** What an incident may be asked to be made of; an empty list is a quiet day. */
export type Kinds = readonly TrueKind[];

const SINGLE: readonly TrueKind[] = [
  "heavy-client",
  "scanner",
  "distributed-flood",
  "flash-crowd",
  "cache-bypass",
  "client-regression",
  "retry-storm",
  "slow-backend",
];
const MIXTURES: readonly Kinds[] = [
  ["flash-crowd", "distributed-flood"],
  ["heavy-client", "retry-storm"],
  ["flash-crowd", "heavy-client"],
  ["distributed-flood", "scanner"],
];
const QUIET_SHARE = 0.15;
const MIXTURE_SHARE = 0.15;

/** Enough lines to tell something by, and few enough to play and judge in a second or two. */
const ORDINARY_LINES = { least: 15_000, most: 50_000 } as const;
const MOST_ADDED_LINES = 55_000;
const FIRST_DAY_MS = Date.UTC(2026, 2, 1);

/** Draws which kinds an incident is made of. */
export function drawKinds(random: Random): Kinds {
  if (random.chance(QUIET_SHARE)) return [];
  return random.chance(MIXTURE_SHARE) ? random.pick(MIXTURES) : [random.pick(SINGLE)];
}

/**
 * Draws an incident: one to two hours of ordinary traffic, then 10 to 60 minutes of its causes.
 *
 * @throws {RangeError} where the format asked for shows nothing of a kind asked for
 */
export function drawPlan(
  options: { readonly kinds: Kinds; readonly format?: LineFormatName; readonly ordinaryLines?: number },
  random: Random,
): IncidentPlan {
  const { kinds } = options;
  const format = drawFormat(options, random);
  const startMs = FIRST_DAY_MS + random.int(300) * DAY_MS + random.int(24 * 60) * MINUTE_MS;
  const baselineMs = Math.round(random.between(60, 120)) * MINUTE_MS;
  const spikeMs = Math.round(random.between(10, 60)) * MINUTE_MS;
  const isOver = random.chance(0.3);
  const afterMs = isOver ? Math.round(random.between(8, 25)) * MINUTE_MS : 0;
  const endMs = startMs + baselineMs + spikeMs + afterMs;
  const drawnLines = random.between(ORDINARY_LINES.least, ORDINARY_LINES.most);
  const lines = options.ordinaryLines ?? drawnLines;
  const requestsPerSec = lines / ((endMs - startMs) / 1_000);

  let onsetMs = startMs + baselineMs + random.int(60_000);
  const causes = kinds.map((kind): PlannedCause => {
    const cause: PlannedCause = {
      kind,
      onsetMs,
      endMs: isOver ? startMs + baselineMs + spikeMs : null,
      riseMs: random.chance(0.5) ? 0 : random.int(4 * 60_000),
      strength: drawStrength({ kind, spikeSecs: spikeMs / 1_000, requestsPerSec, share: kinds.length }, random),
    };
    // The next one of a mixture comes a while later, with time left to be seen.
    onsetMs += random.int(Math.max(60_000, Math.min(10 * MINUTE_MS, spikeMs / 2)));
    return cause;
  });
  return {
    startMs,
    endMs,
    format,
    requestsPerSec,
    temper: drawTemper(kinds.length === 0, random),
    siteCount: format.tells.host && random.chance(0.5) ? 2 + random.int(4) : 1,
    instances: 1 + random.int(5),
    hasCache: drawCache(kinds, random),
    causes,
  };
}

/** What only durations or the cache's word show is no incident in a log without them. */
function drawFormat(
  { kinds, format }: { readonly kinds: Kinds; readonly format?: LineFormatName },
  random: Random,
): LineFormat {
  const needsSecs = kinds.some((kind) => kind === "slow-backend" || kind === "cache-bypass");
  const fitting = LINE_FORMAT_NAMES.map((name) => LINE_FORMATS[name]).filter(({ tells }) => tells.secs || !needsSecs);
  if (format === undefined) return random.pick(fitting);
  const asked = fitting.find(({ name }) => name === format);
  if (asked === undefined) throw new RangeError(`A log as ${format} shows nothing of ${kinds.join(" and ")}`);
  return asked;
}

/** What the cache answers never fails, and what it never held cannot pass it. */
function drawCache(kinds: Kinds, random: Random): boolean {
  if (kinds.includes("cache-bypass")) return true;
  return !kinds.includes("retry-storm") && random.chance(0.6);
}

function drawStrength(
  options: {
    readonly kind: TrueKind;
    readonly spikeSecs: number;
    readonly requestsPerSec: number;
    /** How many causes share what may be added. */
    readonly share: number;
  },
  random: Random,
): number {
  const [least, most] = options.kind === "client-regression" ? [0.5, 1.5] : [0.6, 6];
  // Between the two by factors: weak ones are as frequent as strong ones.
  const drawn = least * (most / least) ** random.unit();
  const budget = MOST_ADDED_LINES / options.share / (options.spikeSecs * options.requestsPerSec);
  return Math.min(drawn, Math.max(least, budget));
}

/** A quiet day is restless more often, so that it is worth telling apart. */
function drawTemper(isQuiet: boolean, random: Random): Temper {
  return {
    dailySwing: random.between(0.05, 0.5),
    growth: isQuiet ? random.between(-0.2, 0.35) : random.between(-0.1, 0.15),
    noise: isQuiet ? random.between(0.02, 0.12) : random.between(0.02, 0.08),
    rises: isQuiet ? random.int(5) : random.int(3),
  };
}
