import { MINUTE_MS, SECOND_MS, type TimeWindow } from "../../domain/time-window.ts";
import { createCache } from "../site/cache.ts";
import { createFleet } from "../site/fleet.ts";
import type { LineFormat, LineFormatName } from "../site/line-format.ts";
import { createRandom } from "../site/random.ts";
import { createService } from "../site/service.ts";
import { createBackdrop } from "./backdrop.ts";
import type { Background } from "./background.ts";
import { createCurve } from "./curve.ts";
import { drawKinds, drawPlan, type IncidentPlan, type Kinds, type PlannedCause } from "./plan.ts";
import { PLAYED } from "./play-cause.ts";
import type { Setting } from "./setting.ts";
import { createTally, type TalliedCause } from "./tally.ts";
import type { IncidentTruth } from "./truth.ts";

/** A log with something in it, and what that is. */
export interface Incident {
  readonly truth: IncidentTruth;
  /** Without line ends, in the order of writing; what `format.header` is comes before them in a file. */
  readonly lines: readonly string[];
  readonly format: LineFormat;
  readonly serviceName: string;
  /** What the log covers. */
  readonly window: TimeWindow;
}

/** Played and thrown away, so that the log begins among visits that are under way. */
const WARM_UP_MS = 4 * MINUTE_MS;
const PAGE_TTL_MS = 5 * MINUTE_MS;
const FILE_TTL_MS = 60 * MINUTE_MS;

/**
 * Makes an incident at random, the same to the byte for the same options.
 *
 * @throws {RangeError} where the format asked for shows nothing of a kind asked for
 */
export function createIncident(options: {
  readonly seed: number;
  /** What it is made of, an empty list for a quiet day; drawn where it is left out. */
  readonly kinds?: Kinds;
  readonly format?: LineFormatName;
  /** How many lines there are besides those of the causes; drawn where it is left out. */
  readonly ordinaryLines?: number;
  /** Real requests for the ordinary ones; simulated people where it is left out. */
  readonly background?: Background;
}): Incident {
  const random = createRandom(options.seed).fork("incident");
  const kinds = options.kinds ?? drawKinds(random);
  const plan = drawPlan({ ...options, kinds }, random);
  const { startMs, endMs, format } = plan;
  const fleet = createFleet({ count: plan.instances, zones: ["a", "b"], random: random.fork("fleet") });
  const curve = createCurve({ startMs, endMs, temper: plan.temper }, random.fork("curve"));
  const backdrop = createBackdrop({
    plan,
    curve,
    background: options.background ?? null,
    random: random.fork("backdrop"),
  });

  const causes = plan.causes.map((planned, index): TalliedCause => {
    const label = `${planned.kind}-${index}`;
    const setting: Setting = {
      ...backdrop,
      label,
      onsetMs: planned.onsetMs,
      endMs: planned.endMs,
      lastsMs: (planned.endMs ?? endMs) - planned.onsetMs,
      level: (atMs) => levelOf(planned, atMs),
      strength: planned.strength,
      format,
      targets: fleet.instances().map(({ address }) => address),
      random: random.fork(label),
    };
    return { label, planned, played: PLAYED[planned.kind](setting) };
  });
  const service = createService({
    sources: backdrop.sources,
    effects: causes.map(({ played }) => played.effect),
    shield: null,
    cache: plan.hasCache ? createCache({ pageTtlMs: PAGE_TTL_MS, fileTtlMs: FILE_TTL_MS }) : null,
    isCacheBehind: format.cache === "behind",
    fleet,
    random: random.fork("answers"),
  });

  const tally = createTally(causes);
  const lines: string[] = [];
  const writing = random.fork("lines");
  for (let secondMs = startMs - WARM_UP_MS; secondMs + SECOND_MS <= endMs; secondMs += SECOND_MS) {
    for (const exchange of service.play(secondMs)) {
      if (exchange.doneMs < startMs) continue;
      tally.count(exchange);
      lines.push(format.line(exchange, writing));
    }
  }
  return { truth: tally.truth(), lines, format, serviceName: serviceNameOf(plan), window: { startMs, endMs } };
}

/** Up from nothing to full strength in the time that it takes to rise, and back to nothing at once. */
function levelOf({ onsetMs, endMs, riseMs }: PlannedCause, atMs: number): number {
  if (atMs < onsetMs || (endMs !== null && atMs >= endMs)) return 0;
  return riseMs === 0 ? 1 : Math.min(1, (atMs - onsetMs + SECOND_MS) / riseMs);
}

function serviceNameOf({ format }: IncidentPlan): string {
  return format.name === "alb" ? "web" : format.name === "cloudfront" ? "cdn" : "site";
}
