/** The fast way of reading lines against the patient one: it may leave lines to it, and never gives another record. */
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "@jest/globals";
import fc from "fast-check";
import { emptyRecord } from "../../../src/logs/record.ts";
import { FORMAT_SAMPLES, type FormatSample, openSample } from "../../support/format-samples.ts";
import { createBothWays, type KernelRow, type TwoReadings } from "../../support/kernel-rows.ts";
import { mutatedLines } from "../../support/mutated-lines.ts";
import { REAL_LOGS } from "../../support/real-traffic.ts";

const FIELDS = Object.keys(emptyRecord(0)).filter((field) => field !== "forwardedFor") as (keyof KernelRow)[];
const TRUSTED = ["198.51.100.0/24", "10.0.0.0/8"];

describe.each(FORMAT_SAMPLES.map((sample) => [sample.name, sample] as const))("%s", (_, sample) => {
  const others = sample.conformance === undefined ? [] : conformanceLines(sample.conformance);

  it("is read the fast way where lines are as servers write them", () => {
    const lines = sample.lines.map((line) => Buffer.from(line));

    expect(createBothWays(openSample(sample))(lines).map(({ fast }) => fast !== null)).toEqual(lines.map(() => true));
  });

  it("is read alike in both ways, whatever is wrong with a line", () => {
    const lines = [...sample.lines, ...others].map((line) => Buffer.from(line));
    const read = createBothWays(openSample(sample));
    const readBehindProxy = createBothWays(openSample(sample), TRUSTED);

    expectAgreement(read(lines));
    expectAgreement(read(lines.flatMap(cutsOf)));
    expectAgreement(readBehindProxy(lines.flatMap(cutsOf)));
    fc.assert(
      fc.property(
        fc.array(mutatedLines(lines), { minLength: 1, maxLength: 80, size: "max" }),
        fc.boolean(),
        (mutated, isBehindProxy) => {
          expectAgreement((isBehindProxy ? readBehindProxy : read)(mutated));
        },
      ),
      { numRuns: 25 },
    );
  });
});

/** A line cut at each of its bytes. */
function cutsOf(line: Buffer): readonly Buffer[] {
  return Array.from({ length: line.length }, (_, end) => line.subarray(0, end));
}

function expectAgreement(readings: readonly TwoReadings[]): void {
  for (const { line: bytes, fast, patient, isCountedDamaged, isDamaged } of readings) {
    // Comparing is what takes longest; most are equal.
    if (fast === null || (isSame(fast, patient) && isCountedDamaged === isDamaged)) continue;
    const line = bytes.toString("latin1");
    expect({ line, row: fast, isDamaged: isCountedDamaged }).toEqual({ line, row: patient, isDamaged });
  }
}

function isSame(fast: KernelRow, patient: KernelRow | null): boolean {
  return patient !== null && FIELDS.every((field) => Object.is(fast[field], patient[field]));
}

/** Lines that other projects test their parsers with, where they are at hand. */
function conformanceLines(name: string): readonly string[] {
  const path = join(REAL_LOGS, "conformance", `${name}.jsonl`);
  if (!existsSync(path)) return [];
  const cases = readFileSync(path, "utf8")
    .split("\n")
    .filter((line) => line !== "");
  return cases
    .flatMap((line) => (JSON.parse(line) as { input: string }).input.split("\n"))
    .filter((line) => line !== "");
}

it.each(["alb", "clb", "s3-access", "nginx-timing", "apache-combined", "envoy", "cloudfront with a header"])(
  "takes a line of %s the fast way, too, in nearly all places where it can be cut",
  (name) => {
    const sample = FORMAT_SAMPLES.find((each) => each.name === name) as FormatSample;
    const readings = createBothWays(openSample(sample))(cutsOf(Buffer.from(sample.lines[0] as string)));
    const requests = readings.filter(({ patient }) => patient !== null);

    expect(requests.filter(({ fast }) => fast !== null).length / requests.length).toBeGreaterThan(0.95);
  },
);

it("leaves a line to the patient reader in which quotes of the client's own have moved the fields", () => {
  const sample = FORMAT_SAMPLES.find(({ name }) => name === "envoy");
  if (sample === undefined) throw new Error("there is no sample of Envoy");
  const [line = ""] = sample.lines;
  const moved = line.replace('"nsq2http"', '"a" "b"');

  const [reading] = createBothWays(openSample(sample))([Buffer.from(moved)]);

  expect(reading?.fast).toBeNull();
  expect(reading?.patient).toMatchObject({ userAgent: 'a" "b', host: "shop", target: "tcp://10.0.2.1:80" });
});
