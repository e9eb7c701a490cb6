import { expect, it } from "@jest/globals";
import { formatUtc, formatUtcClock, formatUtcDay, formatUtcTime, formatUtcWindow } from "../../src/domain/utc.ts";

const AT_MS = Date.UTC(2026, 10, 21, 14, 2, 7);

it.each([
  [formatUtc, "2026-11-21 14:02 UTC"],
  [formatUtcTime, "14:02 UTC"],
  [formatUtcClock, "14:02:07"],
  [formatUtcDay, "2026-11-21"],
])("%p writes UTC whatever the machine's zone is", (format, text) => {
  expect(format(AT_MS)).toBe(text);
});

it("names the day of a window once where it has one", () => {
  const endMs = Date.UTC(2026, 10, 21, 14, 19);

  expect(formatUtcWindow({ startMs: AT_MS, endMs })).toBe("2026-11-21 14:02–14:19 UTC");
  expect(formatUtcWindow({ startMs: AT_MS, endMs: endMs + 86_400_000 })).toBe(
    "2026-11-21 14:02 – 2026-11-22 14:19 UTC",
  );
});
