import { describe, expect, it } from "@jest/globals";
import { MINUTE_MS } from "../../../src/domain/time-window.ts";
import { createSimulation } from "../../../src/sandbox/site/simulation.ts";
import { findStory, STORIES } from "../../../src/sandbox/stories/registry.ts";
import type { Story } from "../../../src/sandbox/stories/story.ts";

const OPEN_MS = Date.UTC(2026, 10, 21, 13, 7, 3);
/** A story begins within half a minute before the minute that it names, and a crowd needs one more to gather. */
const SETTLED_MINUTES = 9;

/** Requests that arrived in the last minutes before the sandbox opens, to the last full minute. */
function requests(story: Story): number {
  const startMs = OPEN_MS - 14 * MINUTE_MS;
  const simulation = createSimulation({ story, seed: 11, startMs, openMs: OPEN_MS });
  simulation.advanceTo(OPEN_MS);
  const endMs = Math.floor(OPEN_MS / MINUTE_MS) * MINUTE_MS;
  const service = simulation.ledgers[story.truth.service];
  return service.between(endMs - (SETTLED_MINUTES - 1) * MINUTE_MS, endMs)?.requests ?? 0;
}

describe("stories", () => {
  it.each(STORIES.map((story) => [story.name, story] as const))(
    "%s adds the share of requests that its truth tells",
    (_name, story) => {
      const all = requests(story);
      const ordinary = requests(findStory("quiet"));

      expect(Math.abs((all - ordinary) / all - story.truth.shareOfRequests)).toBeLessThan(0.04);
    },
  );

  it("are found by their names, which are all different", () => {
    const names = STORIES.map((story) => story.name);

    expect(new Set(names).size).toBe(names.length);
    expect(names.map((name) => findStory(name))).toEqual(STORIES);
  });

  it("are answered with those that there are when another is asked for", () => {
    expect(() => findStory("slow-proxy")).toThrow(
      'There is no story "slow-proxy"; the sandbox plays crawler, tv-show, quiet.',
    );
  });
});
