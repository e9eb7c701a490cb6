import { describe, expect, it } from "@jest/globals";
import fc from "fast-check";
import { formatIn, isZone, nextTime } from "../../src/domain/wall-clock.ts";

const at = (text: string) => Date.parse(text);
const clock = (text: string) => {
  const [hour = 0, minute = 0] = text.split(":").map(Number);
  return { hour, minute };
};

describe("the next time of the day", () => {
  it.each([
    // asked for, zone, asked at, begins, shift, later day
    ["20:00", "UTC", "2026-11-21T18:30Z", "2026-11-21T20:00Z", null, false],
    ["20:00", "Europe/Berlin", "2026-11-21T18:30Z", "2026-11-21T19:00Z", null, false],
    ["20:00", "Europe/Berlin", "2026-11-21T19:00Z", "2026-11-22T19:00Z", null, true],
    ["20:00", "Europe/Berlin", "2026-11-21T19:30Z", "2026-11-22T19:00Z", null, true],
    // Today there, though tomorrow in UTC, and the other way round.
    ["20:00", "America/Los_Angeles", "2026-11-22T02:00Z", "2026-11-22T04:00Z", null, false],
    ["08:00", "Pacific/Auckland", "2026-11-21T18:30Z", "2026-11-21T19:00Z", null, false],
    ["00:00", "Asia/Kathmandu", "2026-11-21T18:00Z", "2026-11-21T18:15Z", null, true],
    ["23:59", "Pacific/Kiritimati", "2026-11-21T10:00Z", "2026-11-22T09:59Z", null, false],
    // Clocks go from 02:00 to 03:00 at 01:00 UTC.
    ["02:30", "Europe/Berlin", "2026-03-28T23:00Z", "2026-03-29T01:30Z", "gap", false],
    ["03:00", "Europe/Berlin", "2026-03-28T23:00Z", "2026-03-29T01:00Z", null, false],
    ["20:00", "Europe/Berlin", "2026-03-28T20:00Z", "2026-03-29T18:00Z", null, true],
    // And back from 03:00 to 02:00 at 01:00 UTC.
    ["02:30", "Europe/Berlin", "2026-10-24T22:00Z", "2026-10-25T00:30Z", "overlap", false],
    ["02:30", "Europe/Berlin", "2026-10-25T00:45Z", "2026-10-25T01:30Z", "overlap", false],
    ["02:30", "Europe/Berlin", "2026-10-25T01:45Z", "2026-10-26T01:30Z", null, true],
    ["01:30", "America/New_York", "2026-11-01T04:30Z", "2026-11-01T05:30Z", "overlap", false],
    // Half an hour, as on one island, and in the south, where summer is in winter.
    ["02:15", "Australia/Lord_Howe", "2026-10-03T14:00Z", "2026-10-03T15:45Z", "gap", false],
    ["01:45", "Australia/Lord_Howe", "2027-04-03T14:00Z", "2027-04-03T14:45Z", "overlap", false],
  ] as const)("%s in %s, asked at %s, is %s", (asked, zone, nowMs, begins, shift, isLaterDay) => {
    const next = nextTime(clock(asked), zone, at(nowMs));

    expect(new Date(next.atMs).toISOString()).toBe(new Date(at(begins)).toISOString());
    expect(next).toMatchObject({ shift, isLaterDay });
  });

  it("is what clocks there show, is still to come, and is within two days, in any zone and at any time", () => {
    const zones = [
      "Europe/Berlin",
      "America/New_York",
      "Asia/Kolkata",
      "Australia/Lord_Howe",
      "America/St_Johns",
      "UTC",
    ];
    const asked = fc.record({
      zone: fc.constantFrom(...zones),
      hour: fc.integer({ min: 0, max: 23 }),
      minute: fc.integer({ min: 0, max: 59 }),
      nowMs: fc.integer({ min: at("2026-01-01T00:00Z"), max: at("2028-01-01T00:00Z") }),
    });

    fc.assert(
      fc.property(asked, ({ zone, hour, minute, nowMs }) => {
        const { atMs, shift } = nextTime({ hour, minute }, zone, nowMs);
        const shown = formatIn(zone, atMs).slice(-5);
        const typed = `${String(hour).padStart(2, "0")}:${String(minute).padStart(2, "0")}`;

        expect(atMs).toBeGreaterThan(nowMs);
        expect(atMs - nowMs).toBeLessThanOrEqual(26 * 3_600_000);
        if (shift !== "gap") expect(shown).toBe(typed);
        else expect(shown > typed).toBe(true);
      }),
      { numRuns: 400 },
    );
  });
});

it("knows which names are zones", () => {
  expect(["Europe/Berlin", "UTC", "Mars/Olympus", ""].map(isZone)).toEqual([true, true, false, false]);
});
