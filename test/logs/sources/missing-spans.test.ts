import { describe, expect, it } from "@jest/globals";
import { albLayout } from "../../../src/logs/sources/layouts/alb.ts";
import { wafLayout } from "../../../src/logs/sources/layouts/waf.ts";
import { missingSpans } from "../../../src/logs/sources/missing-spans.ts";

const at = (clock: string) => Date.parse(`2026-10-01T${clock}:00Z`);
const place = { prefix: "", accountId: "123456789012", region: "eu-west-1" };
const alb = albLayout({ ...place, loadBalancer: "app/my-alb/50dc" }).spans;
const waf = wafLayout({ ...place, scope: "REGIONAL", webAcl: "my-acl" }).spans;

/** `files` are the ends of slices of each node. */
function missing(files: Readonly<Record<string, readonly string[]>>, listed = "13:00", spans = alb) {
  const list = Object.entries(files).flatMap(([node, ends]) => ends.map((end) => ({ node, endMs: at(end) })));
  const window = { startMs: at("12:00"), endMs: at("12:20") };
  const starts = spans === null ? [] : missingSpans(spans, { window, listedMs: at(listed), files: list });
  return starts.map((ms) => new Date(ms).toISOString().slice(11, 16));
}

describe("slices that should have a file", () => {
  it.each([
    ["all there", { a: ["12:05", "12:10", "12:15", "12:20"] }, []],
    ["a gap", { a: ["12:05", "12:10", "12:20"] }, ["12:10"]],
    ["a gap of one of two nodes", { a: ["12:05", "12:15", "12:20"], b: ["12:05", "12:10", "12:15"] }, ["12:05"]],
    ["a gap of both", { a: ["12:05", "12:20"], b: ["12:05", "12:10", "12:20"] }, ["12:05", "12:10", "12:10"]],
    ["a node that came later", { a: ["12:05", "12:10", "12:15", "12:20"], b: ["12:15", "12:20"] }, []],
    ["a node that went", { a: ["12:05", "12:10", "12:15", "12:20"], b: ["12:05"] }, []],
    ["none at the end", { a: ["12:05", "12:10"] }, ["12:10", "12:15"]],
    ["none at the beginning", { a: ["12:15", "12:20", "12:25"] }, ["12:00", "12:05"]],
    ["nothing", {}, ["12:00", "12:05", "12:10", "12:15"]],
    ["a node that begins its slices at :02", { a: ["12:02", "12:07", "12:12", "12:17"] }, []],
    ["two files of a slice", { a: ["12:05", "12:05", "12:10", "12:15", "12:20"] }, []],
  ] as const)("are counted: %s", (_, files, expected) => {
    expect(missing(files)).toEqual(expected);
  });

  it("are not missed before they have ended", () => {
    expect(missing({ a: ["12:05"] }, "12:14")).toEqual(["12:05"]);
  });

  it("are those that a web ACL must have whether it names them by their beginning or their end", () => {
    expect(missing({ a: ["12:05", "12:15"] }, "13:00", waf)).toEqual(["12:00", "12:10"]);
  });
});
