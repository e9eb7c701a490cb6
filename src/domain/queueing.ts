/**
 * How much of an instance may be used so that queues stay short: in one queue before one worker (M/M/1) a request then
 * takes 1 / (1 − 0.65) = 2.9 times its own work; at 0.8 it is 5 times, at 0.9 ten.
 */
const TARGET_UTILISATION = 0.65;

/**
 * Gives how many requests are under way at once, on average: L = λ · W.
 *
 * @source Little, "A proof for the queuing formula: L = λW", Operations Research 9 (1961)
 * @param perSec λ, requests that arrive in a second
 * @param meanSecs W, how long one takes, in seconds
 * @example
 * concurrency(200, 0.3); // 60
 */
export function concurrency(perSec: number, meanSecs: number): number {
  return perSec * meanSecs;
}

/** How many instances a rate needs, and on which ground. */
export interface InstancesNeeded {
  /** Whole, 1 or more. */
  readonly instances: number;
  /** `proportion`: as many more as there are more requests, where not enough is known for Little's law. */
  readonly basis: "littles-law" | "proportion";
}

/**
 * Tells how many instances a rate of requests needs: ⌈λ · W / (c · utilisation)⌉, or in proportion to what serves now.
 *
 * W has to be the time that a request takes while nothing queues: of the baseline, not of the spike.
 *
 * @param target.perSec λ, the requests in a second that are to be served
 * @param target.now how many instances serve which rate well; the ground where `service` is null
 * @param target.service W in seconds, and how many requests an instance can work on at once (c, its workers)
 */
export function instancesNeeded(target: {
  readonly perSec: number;
  readonly now: { readonly instances: number; readonly perSec: number };
  readonly service: { readonly secs: number; readonly atOnce: number } | null;
}): InstancesNeeded {
  const { perSec, now, service } = target;
  if (service !== null && service.secs > 0 && service.atOnce > 0) {
    const workers = concurrency(perSec, service.secs) / TARGET_UTILISATION;
    return { instances: atLeastOne(workers / service.atOnce), basis: "littles-law" };
  }
  const ratio = now.perSec > 0 ? perSec / now.perSec : 1;
  return { instances: atLeastOne(now.instances * ratio), basis: "proportion" };
}

function atLeastOne(instances: number): number {
  // Divisions leave a hair above whole numbers.
  return Math.max(1, Math.ceil(instances - 1e-9));
}

/** What it takes until one more instance helps. */
export interface ScaleOutLag {
  /** Of the metric that the alarm watches: 60 s with detailed monitoring, 300 s without. */
  readonly metricPeriodSecs: number;
  /** So many periods in a row have to be over the threshold. */
  readonly evaluationPeriods: number;
  readonly bootSecs: number;
  readonly warmupSecs: number;
}

/**
 * Gives the seconds from the moment that the load is too high until new instances take their part. The moment falls
 * into the midst of a period, which does not count yet in the worst case; that may be one period more.
 */
export function scaleOutLagSecs(lag: ScaleOutLag): number {
  return lag.metricPeriodSecs * lag.evaluationPeriods + lag.bootSecs + lag.warmupSecs;
}

/**
 * Gives how many seconds it takes to work off what has queued: backlog / (μ − λ); null where it never ends.
 *
 * @param backlog requests that wait
 * @param perSec λ, requests that arrive in a second meanwhile
 * @param capacityPerSec μ, requests that can be served in a second
 */
export function drainSecs(backlog: number, perSec: number, capacityPerSec: number): number | null {
  if (backlog <= 0) return 0;
  return capacityPerSec > perSec ? backlog / (capacityPerSec - perSec) : null;
}

/** A rise of demand, and what there is against it. All rates are requests in a second. */
export interface Rise {
  readonly fromPerSec: number;
  readonly toPerSec: number;
  /** How long it takes from the one to the other, evenly; 0 for at once. */
  readonly riseSecs: number;
  /** μ, what can be served until new instances help. */
  readonly capacityPerSec: number;
  readonly lagSecs: number;
}

/**
 * Gives how many requests wait (or were lost) when new instances begin to help, that is `lagSecs` after demand exceeded
 * what can be served. For a rise at once that is (λ − μ) · lag; 0 where demand never exceeds it.
 */
export function backlogAtReady({ fromPerSec, toPerSec, riseSecs, capacityPerSec, lagSecs }: Rise): number {
  const over = toPerSec - capacityPerSec;
  if (over <= 0) return 0;
  const overAtStart = Math.max(0, fromPerSec - capacityPerSec);
  // From here on demand exceeds what can be served and goes on rising, in proportion to the part of the rise left.
  const risingSecs = toPerSec > fromPerSec ? (riseSecs * (over - overAtStart)) / (toPerSec - fromPerSec) : 0;
  const climbSecs = Math.min(risingSecs, lagSecs);
  const reached = risingSecs > 0 ? overAtStart + ((over - overAtStart) * climbSecs) / risingSecs : over;
  return (climbSecs * (overAtStart + reached)) / 2 + (lagSecs - climbSecs) * over;
}

/** Whether scaling by demand comes in time, and what to do if not. */
export interface AheadOfTime {
  /** Whether demand outgrows capacity before the first new instance can help. */
  readonly isTooLate: boolean;
  /** Requests that wait or are lost until then. */
  readonly backlog: number;
  /** Of the requests that come until then, the share that cannot be served, 0–1. */
  readonly lostShare: number;
  /** To have before it begins. */
  readonly instances: InstancesNeeded;
  /** So long before it begins they have to be asked for at the latest. */
  readonly leadSecs: number;
}

/**
 * Tells for a known rise (a programme, a newsletter, last time's spike) what should be there before it begins, and how
 * long before to ask for it: only boot and warm-up count then, for nobody has to wait for an alarm.
 */
export function planAhead(
  rise: Omit<Rise, "lagSecs">,
  lag: ScaleOutLag,
  fleet: Pick<Parameters<typeof instancesNeeded>[0], "now" | "service">,
): AheadOfTime {
  const lagSecs = scaleOutLagSecs(lag);
  const backlog = backlogAtReady({ ...rise, lagSecs });
  const served = rise.capacityPerSec * lagSecs;
  return {
    isTooLate: backlog > 0,
    backlog,
    lostShare: backlog > 0 ? backlog / (backlog + served) : 0,
    instances: instancesNeeded({ perSec: rise.toPerSec, ...fleet }),
    leadSecs: lag.bootSecs + lag.warmupSecs,
  };
}
