import { describe, expect, it } from "@jest/globals";
import { registry } from "../../../commands/index.ts";
import { MINUTE_MS } from "../../../src/domain/time-window.ts";
import type { Totals } from "../../../src/sandbox/site/ledger.ts";
import { createSimulation, type Simulation } from "../../../src/sandbox/site/simulation.ts";
import { doubling } from "../../../src/sandbox/stories/doubling.ts";
import { previewLinks } from "../../../src/sandbox/stories/preview-links.ts";
import { findStory, STORIES } from "../../../src/sandbox/stories/registry.ts";
import { slowProxy } from "../../../src/sandbox/stories/slow-proxy.ts";
import type { Story } from "../../../src/sandbox/stories/story.ts";

const OPEN_MS = Date.UTC(2026, 10, 21, 13, 7, 3);
const END_MS = Math.floor(OPEN_MS / MINUTE_MS) * MINUTE_MS;
/** Every cause of every story is there in full by then. */
const SETTLED_MINUTES = 3;

function play(
  story: Story,
  historyMinutes = 14,
): { simulation: Simulation; lines: ReturnType<Simulation["advanceTo"]> } {
  const startMs = OPEN_MS - historyMinutes * MINUTE_MS;
  const simulation = createSimulation({ story, seed: 11, startMs, openMs: OPEN_MS });
  return { simulation, lines: simulation.advanceTo(OPEN_MS) };
}

/** The same site without anything that happens. */
function untouched(story: Story): Story {
  return { ...story, enact: () => ({}) };
}

function settled(story: Story, minutes = SETTLED_MINUTES): Totals {
  const ledger = play(story).simulation.ledgers[story.truth.service];
  return ledger.between(END_MS - minutes * MINUTE_MS, END_MS) as Totals;
}

describe("stories", () => {
  it.each(STORIES.map((story) => [story.name, story] as const))(
    "%s adds the share of requests that its truth tells",
    (_name, story) => {
      const all = settled(story).requests;
      const ordinary = settled(untouched(story)).requests;

      const told = story.truth.causes.reduce((sum, { shareOfRequests }) => sum + shareOfRequests, 0);
      expect(Math.abs((all - ordinary) / all - told)).toBeLessThan(0.04);
    },
  );

  it("doubling sends lighter answers, and fewer of them say that nothing changed", () => {
    const after = settled(doubling, 12);
    const before = settled(untouched(doubling), 12);

    const each = ({ sentBytes, requests }: Totals) => sentBytes / requests;
    const unchanged = ({ answered, requests }: Totals) => answered[3] / requests;
    expect(each(after) / each(before)).toBeCloseTo(2.2 / 1.4 / (130 / 66), 1);
    expect(unchanged(after)).toBeLessThan(0.95 * unchanged(before));
  });

  it("preview-links takes several times the seconds of the servers by a few requests to one site", () => {
    const after = settled(previewLinks, 12);
    const before = settled(untouched(previewLinks), 12);

    expect(after.requests).toBeLessThan(1.07 * before.requests);
    expect(after.latencies.sumSecs()).toBeGreaterThan(4 * before.latencies.sumSecs());
  });

  it("slow-proxy waits 1, 3 or 7 s for connections, and lets many answers end at once, with no more requests", () => {
    const { forum } = play(slowProxy).lines;

    const connects = forum
      .map(({ text }) => Number(/uct="([\d.]+)"/.exec(text)?.[1] ?? 0))
      .filter((secs) => secs > 0.5);
    const endedMs = new Map<number, number>();
    for (const { atMs } of forum) endedMs.set(atMs, (endedMs.get(atMs) ?? 0) + 1);

    expect(connects.length / forum.length).toBeGreaterThan(0.003);
    expect(connects.length / forum.length).toBeLessThan(0.009);
    expect(connects.every((secs) => [1, 3, 7].some((step) => Math.abs(secs - step) < 0.05))).toBe(true);
    expect(Math.max(...endedMs.values())).toBeGreaterThan(10);
  });

  it("tv-show sends machines that load nothing but the front page some minutes after the people", () => {
    const { web } = play(findStory("tv-show")).lines;

    const machines = web.filter(({ text }) => text.includes("/ HTTP/1.1") && text.includes("Mozilla/5.0 ("));
    const early = machines.filter(({ atMs }) => atMs < OPEN_MS - 6 * MINUTE_MS);
    expect(machines.length).toBeGreaterThan(2_000);
    expect(early.length).toBeLessThan(0.05 * machines.length);
  });

  it("are found by their names, which are all different", () => {
    const names = STORIES.map((story) => story.name);

    expect(new Set(names).size).toBe(names.length);
    expect(names.map((name) => findStory(name))).toEqual(STORIES);
  });

  it.each(STORIES)(
    "name commands that there are, the postmortem after its incident ($name)",
    ({ tryThis, thenTry }) => {
      const typed = [tryThis, ...thenTry].filter((step) => step.startsWith("/")).map((step) => step.split(" ", 1)[0]);
      const steps = thenTry.join("\n");

      expect(registry.commands.map(({ name }) => `/${name}`)).toEqual(expect.arrayContaining(typed));
      expect(steps.indexOf("/incident declare")).toBeLessThanOrEqual(steps.indexOf("/postmortem"));
    },
  );

  it("are answered with those that there are when another is asked for", () => {
    expect(() => findStory("flood")).toThrow(
      'There is no story "flood"; the sandbox plays crawler, preview-links, tv-show, doubling, slow-proxy, quiet.',
    );
  });
});
