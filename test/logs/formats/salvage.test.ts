import { expect, it } from "@jest/globals";
import { salvageLine } from "../../../src/logs/formats/salvage.ts";

const AT_MS = Date.UTC(2026, 9, 1, 12);

it.each([
  [
    '[01/Oct/2026:14:00:00 +0200] _ 198.51.100.7 0.811 "GET /a?b=1 HTTP/1.1" 404 12',
    { client: "198.51.100.7", method: "GET", path: "/a", query: "b=1", status: 404 },
  ],
  ["2026-10-01T12:00:00Z dropped 2001:db8::7", { client: "2001:db8::7", method: null, status: null }],
  ['2026-10-01T12:00:00Z "POST /x HTTP/2"', { client: null, method: "POST", path: "/x", status: null }],
])("reads of %s what can be told by its look", (line, known) => {
  expect(salvageLine(line)).toMatchObject({ arrivalMs: AT_MS, ...known });
});

it.each([
  "",
  "198.51.100.7 without a time",
  "2026-10-01T12:00:00Z nothing beside a time",
  '2026/10/01 12:00:00 [error] 31#31: *46 open() "/a" failed, client: 198.51.100.7, request: "GET /a HTTP/1.1"',
  "[Thu Oct 01 12:24:49.880562 2026] [core:error] [client 198.51.100.7:1] AH01618",
])("makes no request of %j", (line) => {
  expect(salvageLine(line)).toBe(null);
});
