import { beforeAll, describe, expect, it } from "@jest/globals";
import { pathTemplate } from "../../../src/domain/path-template.ts";
import type { Cube, CubeCell } from "../../../src/domain/scan/cube.ts";
import { networksOf } from "../../../src/domain/scan/networks.ts";
import { scanCube } from "../../../src/domain/scan/scan.ts";
import { MINUTE_MS } from "../../../src/domain/time-window.ts";
import type { Hit } from "../../support/build-traffic.ts";
import { readHits, realTraffic } from "../../support/real-traffic.ts";

const DIMENSIONS = ["net16", "net24", "ip", "userAgent", "path", "refererHost", "status"];
const BASELINE_MINS = 15;
const SPIKE_MINS = 5;

const known = new Map<Hit, (string | null)[]>();

/** Once for each request, since tests count the same ones over and over. */
function valuesOf(hit: Hit): (string | null)[] {
  const values = known.get(hit) ?? readValues(hit);
  known.set(hit, values);
  return values;
}

function readValues(hit: Hit): (string | null)[] {
  const [own, narrow, wide] = networksOf(hit.ip).map(({ network }) => network);
  const client = [wide ?? null, narrow ?? null, own ?? null];
  return [...client, hit.userAgent, pathTemplate(hit.path), hit.refererHost, String(hit.status)];
}

function cubeOf(baseline: readonly Hit[], spike: readonly Hit[]): Cube {
  const cells = new Map<string, { values: CubeCell["values"]; baseline: number; spike: number }>();
  for (const [window, hits] of [["baseline", baseline] as const, ["spike", spike] as const]) {
    for (const hit of hits) {
      const values = valuesOf(hit);
      const key = values.join("\t");
      const cell = cells.get(key) ?? { values, baseline: 0, spike: 0 };
      cells.set(key, cell);
      cell[window] += 1;
    }
  }
  return { dimensions: DIMENSIONS, cells: [...cells.values()] };
}

const describeReal = realTraffic.isThere ? describe : describe.skip;

describeReal(`the scan over slices of a shop's log${realTraffic.note}`, () => {
  let before: readonly Hit[];
  let during: readonly Hit[];
  beforeAll(() => {
    const hits = readHits("zanbil-100k.log.gz");
    const startMs = hits[0]?.atMs ?? 0;
    const within = (from: number, to: number) =>
      hits.filter(({ atMs }) => atMs >= startMs + from * MINUTE_MS && atMs < startMs + to * MINUTE_MS);
    before = within(0, BASELINE_MINS);
    during = within(BASELINE_MINS, BASELINE_MINS + SPIKE_MINS);
  });

  function named(spike: readonly Hit[]) {
    return scanCube(cubeOf(before, spike), {
      timeFactor: SPIKE_MINS / BASELINE_MINS,
      dispersion: 10,
      minGain: 5,
      minRatio: 2,
      minShare: 0.1,
      maxDimensions: 2,
      trees: [["net16", "net24", "ip"]],
      preference: (dimension) =>
        ["ip", "net24", "net16", "userAgent", "path", "refererHost", "status"].indexOf(dimension),
    }).slices.map(({ values }) => values);
  }

  /** Requests like those that come anyway, but for what is given. */
  function more(share: number, like: (index: number) => Partial<Hit>): readonly Hit[] {
    const count = Math.round(share * during.length);
    return Array.from({ length: count }, (_, index) => ({ ...(during[index % during.length] as Hit), ...like(index) }));
  }

  it("names nobody where everybody sends two or five times as much", () => {
    for (const factor of [2, 5]) expect(named(Array.from({ length: factor }, () => during).flat())).toEqual([]);
  });

  it.each([0.25, 0.5, 1])("names a crawler that adds %d of all", (share) => {
    const bot = more(share, () => ({ ip: "203.0.113.9", userAgent: "TestBot/1.0", refererHost: null }));

    expect(named([...during, ...bot])).toEqual([{ ip: "203.0.113.9/32" }]);
  });

  it("names the crawler alone where everybody else sends twice as much", () => {
    const bot = more(1, () => ({ ip: "203.0.113.9", userAgent: "TestBot/1.0", refererHost: null }));

    expect(named([...during, ...during, ...bot])).toEqual([{ ip: "203.0.113.9/32" }]);
  });

  it("names the network of a flood from many of its addresses", () => {
    const flood = more(1, (index) => ({ ip: `203.0.113.${index % 200}`, path: "/login" }));

    expect(named([...during, ...flood])).toEqual([{ net24: "203.0.113.0/24" }]);
  });

  it("names the user agent of a flood from everywhere", () => {
    const ip = (index: number) => `${20 + (index % 97)}.${index % 61}.${index % 17}.${index % 200}`;
    const flood = more(1, (index) => ({ ip: ip(index), userAgent: "flooder/1.0", path: "/wp-login.php", status: 404 }));

    expect(named([...during, ...flood])).toEqual([{ userAgent: "flooder/1.0" }]);
  });

  it("names the page that everybody came for", () => {
    const ip = (index: number) => `${20 + (index % 97)}.${index % 61}.${index % 17}.${index % 200}`;
    const crowd = more(2, (index) => ({ ip: ip(index), path: "/sale", refererHost: "tv.example" }));

    expect(named([...during, ...crowd])).toEqual([{ path: "/sale" }]);
  });
});
