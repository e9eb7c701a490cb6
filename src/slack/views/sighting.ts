import type { KnownBlock } from "@slack/types";
import type { Sighting } from "../../domain/sighting.ts";
import { SECOND_MS } from "../../domain/time-window.ts";
import type { MetricName } from "../../domain/traffic.ts";
import { formatUtcTime } from "../../domain/utc.ts";
import type { Message } from "../../ports/messenger.ts";
import { context, section } from "../block-kit.ts";
import { bold, code } from "../escape.ts";
import { count, times } from "./numbers.ts";

const NAMES: Readonly<Partial<Record<MetricName, string>>> = {
  requests: "Requests",
  errors5xx: "5xx errors",
  latency: "Mean latency",
  latencyP95: "p95 latency",
};

/** Says that a service does what it has not done before, and how to look into it. */
export function sightingMessage(
  service: string,
  sightings: readonly [Sighting, ...Sighting[]],
  nowMs: number,
): Message {
  const openedMs = Math.min(...sightings.map((sighting) => sighting.openedMs));
  const since = `since ${formatUtcTime(openedMs)}`;
  const lines = sightings.map(lineOf);
  const isNew = sightings.some(({ isSeasonal }) => !isSeasonal);
  const hint = `Nothing was changed. To find out why: ${code(`/spike ${service} ${windowFor(nowMs - openedMs)}`)}`;
  return {
    text: `${service} is out of the ordinary ${since}. ${lines.join(" ")}`,
    blocks: [
      section(`${bold(service)} is out of the ordinary ${since}.\n${lines.map((line) => `• ${line}`).join("\n")}`),
      context(isNew ? `${hint}. There is no seasonal baseline yet: compared with the hours before.` : hint),
    ] satisfies KnownBlock[],
  };
}

function lineOf({ metric, unit, level, usual, ratio, isSeasonal }: Sighting): string {
  const name = NAMES[metric] ?? metric;
  const when = isSeasonal ? "usually at this time" : "in the hours before";
  const compared = ratio === null ? "" : ` (${times(ratio)})`;
  if (unit === "seconds") return `${name} ${duration(level)}, ${when} ${duration(usual)}${compared}.`;
  return `${name} ${count(level)} a minute, ${when} ${count(usual)}${compared}.`;
}

function duration(secs: number): string {
  return secs < 1 ? `${count(secs * 1_000)} ms` : `${count(secs)} s`;
}

/** The rise and some time before it. */
const BEFORE_MS = 30 * 60 * SECOND_MS;
const HOUR_MS = 3_600 * SECOND_MS;

function windowFor(ageMs: number): string {
  return `${Math.max(1, Math.ceil((ageMs + BEFORE_MS) / HOUR_MS))}h`;
}
