import { afterEach, beforeEach, describe, expect, it, jest } from "@jest/globals";
import type { Message } from "../../src/ports/messenger.ts";
import { type ThrottledUpdates, throttleUpdates } from "../../src/slack/throttle.ts";

const clock = { now: () => Date.now() };

function said(text: string): Message {
  return { text, blocks: [] };
}

beforeEach(() => {
  jest.useFakeTimers({ now: 1_000_000 });
});
afterEach(() => {
  jest.useRealTimers();
});

describe("throttled updates", () => {
  it("show the first at once and then the newest after 1.2 s", async () => {
    const sent: string[] = [];
    const updates = throttleUpdates(async ({ text }) => void sent.push(text), clock);

    for (const text of ["a", "b", "c", "d"]) updates.offer(said(text));
    expect(sent).toEqual(["a"]);
    await jest.advanceTimersByTimeAsync(1_199);
    expect(sent).toEqual(["a"]);
    await jest.advanceTimersByTimeAsync(1);

    expect(sent).toEqual(["a", "d"]);
  });

  it("never send two at the same time, however slow Slack is", async () => {
    let underWay = 0;
    let most = 0;
    const updates = throttleUpdates(async () => {
      underWay += 1;
      most = Math.max(most, underWay);
      await new Promise((resolve) => setTimeout(resolve, 5_000));
      underWay -= 1;
    }, clock);

    for (let step = 0; step < 20; step += 1) {
      updates.offer(said(`${step}`));
      await jest.advanceTimersByTimeAsync(700);
    }

    expect(most).toBe(1);
  });

  it("tell when what was offered is sent, at the pace of the others", async () => {
    const events: string[] = [];
    const updates = throttleUpdates(async ({ text }) => {
      await new Promise((resolve) => setTimeout(resolve, 100));
      events.push(text);
    }, clock);
    updates.offer(said("first"));
    updates.offer(said("second"));

    const told = updates.sent().then(() => events.push("told"));
    await jest.advanceTimersByTimeAsync(2_000);
    await told;

    expect(events).toEqual(["first", "second", "told"]);
  });

  it.each([
    ["nothing was offered", async () => {}],
    ["they were stopped", async (updates: ThrottledUpdates) => updates.stop()],
  ])("leave nobody waiting where %s", async (_name, before) => {
    const updates = throttleUpdates(async () => {}, clock);
    await before(updates);

    await expect(updates.sent()).resolves.toBeUndefined();
  });

  it("leave nobody waiting who waited when they were stopped", async () => {
    const updates = throttleUpdates(async () => {}, clock);
    updates.offer(said("first"));
    await jest.advanceTimersByTimeAsync(0);
    updates.offer(said("never"));
    const told = updates.sent();

    await updates.stop();

    await expect(told).resolves.toBeUndefined();
  });

  it("send nothing after they were stopped, and wait for what is under way", async () => {
    const sent: string[] = [];
    const updates = throttleUpdates(async ({ text }) => {
      await new Promise((resolve) => setTimeout(resolve, 300));
      sent.push(text);
    }, clock);
    updates.offer(said("first"));
    updates.offer(said("second"));

    const stopped = updates.stop().then(() => sent.push("stopped"));
    await jest.advanceTimersByTimeAsync(10_000);
    await stopped;
    updates.offer(said("third"));
    await jest.advanceTimersByTimeAsync(10_000);

    expect(sent).toEqual(["first", "stopped"]);
  });

  it("go on after one that failed", async () => {
    const sent: string[] = [];
    const updates = throttleUpdates(async ({ text }) => {
      if (text === "bad") throw new Error("rate limited");
      sent.push(text);
    }, clock);

    updates.offer(said("bad"));
    updates.offer(said("good"));
    await jest.advanceTimersByTimeAsync(2_000);

    expect(sent).toEqual(["good"]);
  });
});
