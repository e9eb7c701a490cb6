/** Files in which somebody put together what several servers or load balancers wrote. */
import { afterEach, beforeEach, describe, expect, it } from "@jest/globals";
import { explainFile } from "../../src/logs/explaining/explain-file.ts";
import { FORMAT_EXAMPLES } from "../../src/logs/formats/format-examples.ts";
import { createLogFolder, type LogFolder } from "../support/read-logs.ts";

let folder: LogFolder;
beforeEach(() => {
  folder = createLogFolder();
});
afterEach(() => folder.remove());

const ALWAYS = { startMs: 0, endMs: Date.UTC(2100, 0) };

type Name = keyof typeof FORMAT_EXAMPLES;

function lineOf(name: Name): string {
  return FORMAT_EXAMPLES[name].at(-1) ?? "";
}

/** A file of one format, in which one line is of another. */
function writeMixed(own: Name, other: Name): string {
  const lines = [...FORMAT_EXAMPLES[own], lineOf(own), lineOf(own), lineOf(other)];
  return folder.write("mixed.log", `${lines.join("\n")}\n`);
}

describe("a line of another format within a file", () => {
  it.each([
    ["alb", "clb"],
    ["alb", "nginx-combined"],
    ["alb", "caddy"],
    ["clb", "alb"],
    ["s3-access", "apache-combined"],
    ["cloudfront", "alb"],
    ["nginx-combined", "caddy"],
    ["waf", "nginx-timing"],
    ["caddy", "haproxy"],
    ["envoy-json", "envoy"],
  ] as const)("is read by that one: in %s, of %s", async (own, other) => {
    const alone = await folder.read({ paths: [folder.write("alone.log", lineOf(other))] });
    const mixed = await folder.read({ paths: [writeMixed(own, other)] });
    const question = { baseline: ALWAYS, spike: ALWAYS, dimensions: ["ip", "userAgent", "host"], topN: 9 } as const;

    const [expected, got] = await Promise.all([alone.breakdown(question), mixed.breakdown(question)]);

    expect(mixed.intake).toMatchObject({ recovered: 1, unparsed: 0 });
    for (const dimension of question.dimensions) {
      const values = got.by[dimension]?.rows.map(({ value }) => value);
      expect(values).toEqual(expect.arrayContaining((expected.by[dimension]?.rows ?? []).map(({ value }) => value)));
    }
  });

  it.each([
    ["alb", "nlb"],
    ["alb", "alb-connection"],
    ["alb", "alb-health-check"],
    ["clb", "alb-connection"],
    ["alb-vended", "alb-connection-vended"],
  ] as const)("is no request where that one tells of none: in %s, of %s", async (own, other) => {
    const { intake } = await folder.read({ paths: [writeMixed(own, other)] });

    expect(intake).toMatchObject({ parsed: 3, recovered: 0, unparsed: 1 });
    expect(intake.unparsedSamples.map(({ line }) => line)).toEqual([lineOf(other)]);
  });

  it("is left to the format that the user says", async () => {
    const { intake } = await folder.read({ paths: [writeMixed("nginx-combined", "caddy")], format: "nginx-combined" });

    expect(intake).toMatchObject({ recovered: 0, unparsed: 1 });
  });

  it("is explained as it is read", async () => {
    const path = writeMixed("alb", "caddy");

    const { left } = await explainFile(
      { path, name: path, bytes: 1 },
      { format: "auto", trustedProxies: [], signal: new AbortController().signal },
    );

    expect(left).toEqual([
      { line: lineOf("caddy"), record: expect.objectContaining({ host: "shop.example" }), because: null },
    ]);
  });
});

describe("a message within an access log's own objects", () => {
  it("is no line that a collector put there", async () => {
    const object = { ...JSON.parse(lineOf("caddy")), message: 'handled "GET /"' };
    const path = folder.write("caddy.log", `${JSON.stringify(object)}\n`);

    const { told, prefix, parsed } = await explainFile(
      { path, name: path, bytes: 1 },
      { format: "auto", trustedProxies: [], signal: new AbortController().signal },
    );

    expect({ format: told?.format, prefix }).toEqual({ format: "caddy", prefix: null });
    expect(parsed).toEqual([{ line: expect.any(String), record: expect.objectContaining({ host: "shop.example" }) }]);
  });
});
