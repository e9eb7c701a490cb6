import { MINUTE_MS } from "../../domain/time-window.ts";
import type { ServiceName } from "../stories/story.ts";
import type { Simulation } from "./simulation.ts";

/** How the simulated site is, for its own page and for tests. */
export interface SiteStatus {
  readonly story: string;
  /** Played up to here, epoch ms. */
  readonly playedMs: number;
  /** Machines of `web` that take requests. */
  readonly inService: number;
  /** The last full minute. */
  readonly services: Readonly<Record<ServiceName, ServiceStatus>>;
}

export interface ServiceStatus {
  readonly requestsPerMin: number;
  readonly blockedPerMin: number;
  /** Share of requests that failed with 500 or more, 0–1. */
  readonly failedShare: number;
  /** Null in a minute without answers. */
  readonly latencyP95Secs: number | null;
  readonly cpuPercent: number;
}

/** Reads the state of the site off its ledgers. */
export function readStatus(simulation: Simulation, story: string): SiteStatus {
  const playedMs = simulation.playedMs();
  const lastMinuteMs = (Math.floor(playedMs / MINUTE_MS) - 1) * MINUTE_MS;
  return {
    story,
    playedMs,
    inService: simulation.fleet.inService(playedMs).length,
    services: {
      web: serviceStatus(simulation, "web", lastMinuteMs),
      forum: serviceStatus(simulation, "forum", lastMinuteMs),
    },
  };
}

function serviceStatus(simulation: Simulation, service: ServiceName, minuteMs: number): ServiceStatus {
  const minute = simulation.ledgers[service].between(minuteMs, minuteMs + MINUTE_MS);
  if (minute === null) {
    return { requestsPerMin: 0, blockedPerMin: 0, failedShare: 0, latencyP95Secs: null, cpuPercent: 0 };
  }
  const answers = minute.answered;
  const all = answers[2] + answers[3] + answers[4] + answers[5] + minute.balancerErrors;
  return {
    requestsPerMin: minute.requests,
    blockedPerMin: minute.blocked,
    failedShare: all === 0 ? 0 : (answers[5] + minute.balancerErrors) / all,
    latencyP95Secs: minute.latencies.quantileSecs(0.95),
    cpuPercent: minute.cpuPercent.sum / minute.cpuPercent.samples,
  };
}
