import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "@jest/globals";
import { answer, SETTINGS } from "../../bench/attribution/answer.ts";
import { listCases, readCase } from "../../bench/attribution/cases.ts";
import { readLabels } from "../../bench/attribution/labels.ts";
import { score } from "../../bench/attribution/score.ts";
import { REAL_LOGS, realTraffic } from "../support/real-traffic.ts";

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "attribution-"));
});
afterEach(() => rmSync(folder, { recursive: true }));

function write(name: string, ...lines: readonly string[]): void {
  writeFileSync(join(folder, name), `${lines.join("\n")}\n`);
}

describe("score", () => {
  const ranked = ["a=1", "b=1", "a=2", "a=3", "a=4", "a=5"].map((slice) => ({ slice }));

  it("counts names over all cases together, and only those that are right in full", () => {
    const judged = [
      { named: ["a=1"], ranked, causes: ["a=1"] },
      { named: ["a=1"], ranked, causes: ["a=1&b=1", "a=4"] },
    ];

    expect(score(judged)).toEqual({ f1: 2 / 5, top1: 1 / 2, top5: 1 });
  });

  it("takes five names for the top five", () => {
    expect(score([{ named: [], ranked, causes: ["a=5"] }])).toEqual({ f1: 0, top1: 0, top5: 0 });
  });

  it("gives zeros for no cases", () => {
    expect(score([])).toEqual({ f1: 0, top1: 0, top5: 0 });
  });
});

describe("readCase", () => {
  it("adds up rows of one leaf and minute, and takes every other column for a dimension", () => {
    write("one.csv", "cdn,min,value,cnt,isp", "5,120,1,10,a", "5,60,2,20,a", "5,120,3,30,a");

    expect(readCase(folder, "one.csv")).toEqual({
      name: "one",
      dimensions: ["cdn", "isp"],
      minutes: [60, 120],
      leaves: [{ values: ["5", "a"], bad: Float64Array.of(2, 4), all: Float64Array.of(20, 40) }],
    });
  });

  it.each([
    { lines: ["min,value,a"], says: 'one.csv has no column "cnt", which every case has' },
    { lines: ["min,value,cnt"], says: "one.csv has no dimensions beside its min, value and cnt" },
    { lines: ["min,value,cnt,a", "1,2,3"], says: "one.csv, line 2 is not 4 fields with counts of 0 or more" },
    { lines: ["min,value,cnt,a", "1,,3,x"], says: "one.csv, line 2 is not 4 fields with counts of 0 or more" },
  ])("says what is wrong: $says", ({ lines, says }) => {
    write("one.csv", ...lines);

    expect(() => readCase(folder, "one.csv")).toThrow(says);
  });

  it("says where there are no cases", () => {
    expect(() => listCases(folder)).toThrow(`"${folder}" has no .csv files`);
    expect(() => listCases(join(folder, "none"))).toThrow("is not a folder");
  });
});

describe("readLabels", () => {
  it("takes one cause or several", () => {
    write(
      "anomaly.yaml",
      "- {data: one, timestamp: 60, cause: {'p2p':1, 'bitrate':2000}}",
      "- {data: two, timestamp: 120, cause: [{'isp':'a'}, {'isp':'b'}]}",
    );

    expect(readLabels(folder)?.get("one")).toEqual({ causes: ["bitrate=2000&p2p=1"], alarm: 60 });
    expect(readLabels(folder)?.get("two")).toEqual({ causes: ["isp=a", "isp=b"], alarm: 120 });
  });

  it("knows none where there is no file, and says what is wrong with another", () => {
    expect(readLabels(folder)).toBeNull();

    write("anomaly.yaml", "cause: [");

    expect(() => readLabels(folder)).toThrow("anomaly.yaml is not a list of data, timestamp and cause");
  });
});

describe("answer", () => {
  it("finds the minute and the slice in which more went wrong", () => {
    const rows = [1, 2, 3, 4, 5, 6, 7].flatMap((minute) =>
      ["a", "b"].flatMap((isp) =>
        ["x", "y"].map((cdn) => `${minute},${minute === 6 && isp === "b" ? 90 : 10},1000,${isp},${cdn}`),
      ),
    );
    write("one.csv", "min,value,cnt,isp,cdn", ...rows);

    const { minute, named, ranked } = answer(readCase(folder, "one.csv"), SETTINGS);

    expect({ minute, named, first: ranked[0]?.slice }).toEqual({ minute: 6, named: ["isp=b"], first: "isp=b" });
  });
});

const describeReal = realTraffic.isThere ? describe : describe.skip;

describeReal(`public cases of a video service${realTraffic.note}`, () => {
  it("are attributed better than published methods do", () => {
    const cases = join(REAL_LOGS, "attribution");
    const answers = listCases(cases).map((file) => {
      const incident = readCase(cases, file);
      return { name: incident.name, ...answer(incident, SETTINGS) };
    });

    const labels = readLabels(cases);
    const { f1, top5 } = score(answers.map((one) => ({ ...one, causes: labels?.get(one.name)?.causes ?? [] })));

    expect(f1).toBeGreaterThan(0.55);
    expect(top5).toBeGreaterThan(0.9);
  });
});
