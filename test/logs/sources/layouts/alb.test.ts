import { describe, expect, it } from "@jest/globals";
import { albLayout } from "../../../../src/logs/sources/layouts/alb.ts";
import { mayHold } from "../../../../src/logs/sources/layouts/layout.ts";

const place = {
  prefix: "",
  accountId: "123456789012",
  region: "eu-west-1",
  loadBalancer: "app/my-alb/50dc6c495c0c9188",
};
const layout = albLayout(place);
const folder = "AWSLogs/123456789012/elasticloadbalancing/eu-west-1/2026/10";
const name = "123456789012_elasticloadbalancing_eu-west-1_app.my-alb.50dc6c495c0c9188";
const windowOf = (from: string, to: string) => ({ startMs: Date.parse(from), endMs: Date.parse(to) });

describe("the listings of a window", () => {
  it("look into the day's folder and the next one, from the first file that can matter to the last", () => {
    expect(layout.listings(windowOf("2026-10-01T12:00:00Z", "2026-10-01T12:30:00Z"))).toEqual(
      ["01", "02"].map((day) => ({
        prefix: `${folder}/${day}/${name}_`,
        startAfter: `${folder}/${day}/${name}_20261001T1201`,
        endBefore: `${folder}/${day}/${name}_20261001T1240`,
      })),
    );
  });

  it.each([
    ["a window over midnight", "2026-10-01T23:50:00Z", "2026-10-02T00:10:00Z", ["01", "02", "03"]],
    ["a window that ends at midnight", "2026-10-01T23:00:00Z", "2026-10-02T00:00:00Z", ["01", "02", "03"]],
    ["a window whose last file ends after it", "2026-10-01T23:00:00Z", "2026-10-01T23:52:00Z", ["01", "02", "03"]],
    ["two days", "2026-10-01T01:00:00Z", "2026-10-02T02:00:00Z", ["01", "02", "03"]],
  ])("look into every folder of %s", (_, from, to, days) => {
    const folders = layout.listings(windowOf(from, to)).map(({ prefix }) => /\/10\/(\d\d)\//.exec(prefix)?.[1]);

    expect(folders).toEqual(days);
  });

  it.each([
    ["logs", "logs/AWSLogs/"],
    ["team/logs/", "team/logs/AWSLogs/"],
    ["", "AWSLogs/"],
  ])("stand below the prefix %j", (prefix, begin) => {
    const [listing] = albLayout({ ...place, prefix }).listings(
      windowOf("2026-10-01T12:00:00Z", "2026-10-01T12:30:00Z"),
    );

    expect(listing?.prefix.startsWith(begin)).toBe(true);
  });
});

describe("a file", () => {
  it.each([
    [`${name}_20261001T2340Z_10.0.0.1_1ab2c3d4.log.gz`, "10.0.0.1"],
    [`${name}_20261001T2340Z_2001:db8::1_x.log.gz`, "2001:db8::1"],
  ])("says its end and node: %s", (file, node) => {
    expect(layout.read(`${folder}/01/${file}`)).toMatchObject({
      belongs: true,
      endMs: Date.parse("2026-10-01T23:40:00Z"),
      node,
    });
  });

  it.each([
    [`${folder}/01/${name}_20261001T2340Z_10.0.0.1_1ab2c3d4.log`, true],
    [`${folder}/01/${name}_20261001T2340Z_10.0.0.1_1ab2c3d4.log.gz.bak`, true],
    [`${folder}/01/${name}_20261001_10.0.0.1_1ab2c3d4.log.gz`, true],
    [`${folder}/01/${name}_20261301T2340Z_10.0.0.1_1ab2c3d4.log.gz`, true],
    [`${folder}/01/conn_log.${name}_20261001T2340Z_10.0.0.1_1ab2c3d4.log.gz`, false],
    [`${folder}/01/conn_log_${name}_20261001T2340Z_10.0.0.1_1ab2c3d4.log.gz`, false],
    [`${folder}/01/health_check_log_${name}_20261001T2340Z_10.0.0.1_1ab2c3d4.log.gz`, false],
    ["AWSLogs/123456789012/ELBAccessLogTestFile", false],
    [`${folder}/01/`, false],
  ])("is none of this log: %s", (key, isStranger) => {
    expect(layout.read(key)).toEqual({ belongs: false, isStranger });
  });

  it.each([
    ["ends where the window begins", "12:00", false],
    ["covers its first minutes", "12:05", true],
    ["covers its last minutes", "12:30", true],
    ["holds requests that took minutes", "12:35", true],
    ["is later still", "12:40", false],
  ])("that %s: %s, %s", (_, end, expected) => {
    const window = windowOf("2026-10-01T12:00:00Z", "2026-10-01T12:30:00Z");
    const stamp = `20261001T${end.replace(":", "")}Z`;

    const reading = layout.read(`${folder}/01/${name}_${stamp}_10.0.0.1_x.log.gz`);

    expect(reading.belongs && mayHold(window, reading.span)).toBe(expected);
  });
});
