import type { Finding } from "../../src/domain/finding.ts";
import { MINUTE_MS } from "../../src/domain/time-window.ts";
import { INVESTIGATED } from "../../src/investigated.ts";
import { type InvestigationRequest, investigateSlice } from "../../src/investigation.ts";
import { SCALING_GROUP } from "../../src/sandbox/site/estate.ts";
import { logFormats } from "../../src/sandbox/site/log-formats.ts";
import { createSimulation } from "../../src/sandbox/site/simulation.ts";
import { findStory } from "../../src/sandbox/stories/registry.ts";
import type { Story } from "../../src/sandbox/stories/story.ts";
import { NO_LIMITS } from "./build-traffic.ts";
import type { LogFolder } from "./read-logs.ts";

const OPEN_MS = Date.UTC(2026, 10, 21, 13, 7, 3);

/** What happened, and what the product says of it. */
export interface PlayedStory {
  readonly story: Story;
  /** The first second in which the story may change anything, and the last. */
  readonly beganMs: { readonly earliest: number; readonly latest: number };
  readonly finding: Finding;
}

/** Plays a story, writes the log of the service that it is about, and asks for a verdict by the product's own reader. */
export async function playStory(
  folder: LogFolder,
  name: string,
  options: {
    readonly seed?: number;
    readonly minutes?: number;
    readonly limits?: Partial<InvestigationRequest["limits"]>;
  } = {},
): Promise<PlayedStory> {
  const { seed = 11, minutes = 120 } = options;
  const story = findStory(name);
  const simulation = createSimulation({ story, seed, startMs: OPEN_MS - minutes * MINUTE_MS, openMs: OPEN_MS });
  const { service } = story.truth;
  const lines = simulation.advanceTo(OPEN_MS)[service];
  const format = logFormats(story.site)[service];
  const path = folder.write(`${name}-${seed}.log`, `${format.header}${lines.map(({ text }) => text).join("\n")}\n`);
  const slice = await folder.read({ paths: [path], format: format.setting, ...INVESTIGATED });
  const { finding } = await investigateSlice(slice, {
    service,
    span: null,
    baseline: null,
    metrics: [],
    limits: {
      ...NO_LIMITS,
      // What runs on one machine is not scaled by anybody.
      capacity: service === "web" ? { ...SCALING_GROUP, running: SCALING_GROUP.desired } : null,
      ...options.limits,
    },
  });
  if (finding === null) throw new Error(`nothing of ${name} could be read`);
  const beganMs = OPEN_MS - story.beganMinutesAgo * MINUTE_MS;
  return { story, beganMs: { earliest: beganMs - 30_000, latest: beganMs }, finding };
}
