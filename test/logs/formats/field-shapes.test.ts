import { expect, it } from "@jest/globals";
import { mayGoOnBehind } from "../../../src/logs/formats/text/field-shapes.ts";

const ISO = { time: "arrival", as: "iso" } as const;
const CLF = { time: "arrival", as: "clf" } as const;
const SECS = { secs: "backend", unitSecs: 1 } as const;

it.each([
  ["seconds before a comma's blank", SECS, "0.1, 0.2", 4, true],
  ["seconds before a colon", SECS, "0.1 : 0.2", 3, true],
  ["seconds behind a colon", SECS, "0.1 : 0.2", 5, true],
  ["seconds that end", SECS, "0.1 0.2", 3, false],
  ["a date before its clock", ISO, "2026-10-01 12:00:00", 10, true],
  ["a time before its zone", ISO, "2026-10-01T12:00:00 UTC", 19, true],
  ["a time that ends", ISO, "2026-10-01T12:00:00Z app/web", 20, false],
  ["a time of Apache before its zone", CLF, "26/Jan/2019:19:45:25 +0330", 20, true],
  ["a time of Apache that ends", CLF, "26/Jan/2019:19:45:25 GET", 20, false],
  ["an agent, which may say anything", "user-agent", "curl 8", 4, true],
  ["a status", "status", "200 512", 3, false],
] as const)("tells whether a field goes on behind a blank: %s", (_what, is, line, blank, goesOn) => {
  expect(mayGoOnBehind(blank, is, line, 0)).toBe(goesOn);
});
