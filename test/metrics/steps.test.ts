import { describe, expect, it } from "@jest/globals";
import { DAY_MS, HOUR_MS, MINUTE_MS } from "../../src/domain/time-window.ts";
import { chooseSteps } from "../../src/metrics/steps.ts";

const nowMs = Date.parse("2026-10-01T14:00:30Z");

describe("the steps of metrics", () => {
  it.each([
    ["a minute within 15 days", 14 * DAY_MS, MINUTE_MS],
    ["five minutes within 63 days", 16 * DAY_MS, 5 * MINUTE_MS],
    ["an hour before that", 64 * DAY_MS, HOUR_MS],
    ["an hour beyond what is kept, which gives nothing", 500 * DAY_MS, HOUR_MS],
  ])("are %s", (_, ageMs, stepMs) => {
    const window = { startMs: nowMs - ageMs, endMs: nowMs - ageMs + HOUR_MS };

    expect(chooseSteps(window, nowMs).stepMs).toBe(stepMs);
  });

  it("begin with the minute that holds the start, and end with the one that holds the end", () => {
    const window = { startMs: Date.parse("2026-10-01T13:00:40Z"), endMs: Date.parse("2026-10-01T13:09:10Z") };

    expect(chooseSteps(window, nowMs)).toEqual({
      startMs: Date.parse("2026-10-01T13:00:00Z"),
      stepMs: MINUTE_MS,
      count: 10,
    });
  });

  it("leave out what is not over for a minute", () => {
    const window = { startMs: nowMs - 5 * MINUTE_MS, endMs: nowMs };

    const { startMs, count, stepMs } = chooseSteps(window, nowMs);

    expect(new Date(startMs + count * stepMs).toISOString()).toBe("2026-10-01T13:59:00.000Z");
  });

  it("are none for a window that lies ahead", () => {
    expect(chooseSteps({ startMs: nowMs + HOUR_MS, endMs: nowMs + 2 * HOUR_MS }, nowMs).count).toBe(0);
  });
});
