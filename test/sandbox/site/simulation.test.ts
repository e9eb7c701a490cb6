import { describe, expect, it } from "@jest/globals";
import type { TimeWindow } from "../../../src/domain/time-window.ts";
import { MINUTE_MS, SECOND_MS } from "../../../src/domain/time-window.ts";
import { createSimulation, type LoggedLine, type Simulation } from "../../../src/sandbox/site/simulation.ts";
import { findStory } from "../../../src/sandbox/stories/registry.ts";

const OPEN_MS = Date.UTC(2026, 10, 21, 13, 7, 3);
const ATTACKER = "198.51.100.14";

function open(story: string, options: { historyMinutes?: number; seed?: number } = {}): Simulation {
  return createSimulation({
    story: findStory(story),
    seed: options.seed ?? 7,
    startMs: OPEN_MS - (options.historyMinutes ?? 20) * MINUTE_MS,
    openMs: OPEN_MS,
  });
}

/** The fields of a load balancer's line that these tests look at. */
function fields({ text }: LoggedLine): { arrivedMs: number; client: string; status: string; target: string } {
  const parts = text.match(/"(?:[^"\\]|\\.)*"|\S+/g) ?? [];
  return {
    arrivedMs: Date.parse(parts[21] ?? ""),
    client: (parts[3] ?? "").replace(/:\d+$/, ""),
    status: parts[8] ?? "",
    target: parts[4] ?? "",
  };
}

function between(lines: readonly LoggedLine[], window: TimeWindow): ReturnType<typeof fields>[] {
  return lines.map(fields).filter((line) => line.arrivedMs >= window.startMs && line.arrivedMs < window.endMs);
}

describe("the simulated site", () => {
  it("writes the same lines for the same seed, in however many steps it is played", () => {
    const atOnce = open("crawler").advanceTo(OPEN_MS);
    const bySteps = open("crawler");

    const parts = Array.from({ length: 40 }, (_, index) =>
      bySteps.advanceTo(OPEN_MS - (39 - index) * 30 * SECOND_MS - (index < 39 ? 321 : 0)),
    );

    expect(parts.flatMap((part) => part.web)).toEqual(atOnce.web);
    expect(parts.flatMap((part) => part.forum)).toEqual(atOnce.forum);
  });

  it("writes other lines for another seed", () => {
    const lines = open("quiet").advanceTo(OPEN_MS).web.slice(0, 20);
    const others = open("quiet", { seed: 8 }).advanceTo(OPEN_MS).web.slice(0, 20);

    expect(lines).not.toEqual(others);
  });

  it("writes lines in the order in which answers were complete, and none from the future", () => {
    const { web } = open("tv-show").advanceTo(OPEN_MS);

    const times = web.map((line) => line.atMs);
    expect(times).toEqual([...times].sort((left, right) => left - right));
    expect(Math.max(...times)).toBeLessThan(OPEN_MS);
  });

  it("serves about as many requests as an ordinary day brings", () => {
    const { web, forum } = open("quiet", { historyMinutes: 120 }).advanceTo(OPEN_MS);

    expect(web.length / 120).toBeGreaterThan(380);
    expect(web.length / 120).toBeLessThan(500);
    expect(forum.length / 120).toBeGreaterThan(110);
    expect(forum.length / 120).toBeLessThan(170);
  });

  it("lets the crawler take the share of requests that its truth tells", () => {
    const [truth] = findStory("crawler").truth.causes;
    const { web } = open("crawler").advanceTo(OPEN_MS);

    const during = between(web, { startMs: OPEN_MS - 11 * MINUTE_MS, endMs: OPEN_MS - MINUTE_MS });
    const share = during.filter((line) => line.client === truth.slice.ip).length / during.length;
    expect(Math.abs(share - truth.shareOfRequests)).toBeLessThan(0.02);
    const before = between(web, { startMs: 0, endMs: OPEN_MS - 13 * MINUTE_MS });
    expect(before.filter((line) => line.client === truth.slice.ip)).toEqual([]);
  });

  it("raises processor use and latency while the crawler is there", () => {
    const simulation = open("crawler");
    simulation.advanceTo(OPEN_MS);
    const minute = (minutesAgo: number) => {
      const startMs = Math.floor(OPEN_MS / MINUTE_MS) * MINUTE_MS - minutesAgo * MINUTE_MS;
      const totals = simulation.ledgers.web.between(startMs, startMs + MINUTE_MS);
      if (totals === null) throw new Error("minute not played");
      return totals;
    };

    const [before, during] = [minute(15), minute(2)];

    expect(during.cpuPercent.sum / during.cpuPercent.samples).toBeGreaterThan(
      (2.5 * before.cpuPercent.sum) / before.cpuPercent.samples,
    );
    expect(during.latencies.quantileSecs(0.95)).toBeGreaterThan(4 * (before.latencies.quantileSecs(0.95) ?? 0));
  });

  it("answers a blocked address with 403 and no machine, within three seconds", () => {
    const simulation = open("crawler");
    simulation.advanceTo(OPEN_MS);
    simulation.shield.put("set", [`${ATTACKER}/32`], OPEN_MS);

    const { web } = simulation.advanceTo(OPEN_MS + MINUTE_MS);

    const after = between(web, { startMs: OPEN_MS + 3 * SECOND_MS, endMs: OPEN_MS + MINUTE_MS });
    const attacks = after.filter((line) => line.client === ATTACKER);
    expect(attacks.length).toBeGreaterThan(0);
    expect(new Set(attacks.map((line) => `${line.status} ${line.target}`))).toEqual(new Set(["403 -"]));
    const others = after.filter((line) => line.client !== ATTACKER);
    expect(others.filter((line) => line.status === "403")).toEqual([]);
  });

  it("lets a limited address send as much as its limit in any window, and nobody else less", () => {
    const simulation = open("crawler");
    simulation.advanceTo(OPEN_MS);
    const limit = { kind: "rate-limit", limit: 400, windowSecs: 60 } as const;
    simulation.shield.put("limited", [`${ATTACKER}/32`], OPEN_MS, limit);

    const { web } = simulation.advanceTo(OPEN_MS + 5 * MINUTE_MS);

    for (let minute = 1; minute < 5; minute += 1) {
      const startMs = OPEN_MS + minute * MINUTE_MS;
      const during = between(web, { startMs, endMs: startMs + MINUTE_MS });
      const through = during.filter((line) => line.client === ATTACKER && line.status !== "403");
      expect(through.length).toBeLessThanOrEqual(limit.limit);
      expect(during.some((line) => line.client !== ATTACKER && line.status === "403")).toBe(false);
    }
    const all = between(web, { startMs: OPEN_MS + MINUTE_MS, endMs: OPEN_MS + 5 * MINUTE_MS });
    expect(all.some((line) => line.client === ATTACKER && line.status === "200")).toBe(true);
  });

  it("answers a challenged program with 202 and no machine, and lets a browser in that opens a page", () => {
    const simulation = open("crawler");
    simulation.advanceTo(OPEN_MS);
    simulation.shield.put("challenged", ["0.0.0.0/0"], OPEN_MS, { kind: "challenge" });

    const { web } = simulation.advanceTo(OPEN_MS + 2 * MINUTE_MS);

    const after = between(web, { startMs: OPEN_MS + 3 * SECOND_MS, endMs: OPEN_MS + 2 * MINUTE_MS });
    const attacks = after.filter((line) => line.client === ATTACKER);
    expect(new Set(attacks.map((line) => `${line.status} ${line.target}`))).toEqual(new Set(["202 -"]));
    const others = after.filter((line) => line.client !== ATTACKER);
    expect(others.filter((line) => line.status === "200").length).toBeGreaterThan(others.length / 2);
    expect(simulation.ledgers.web.between(OPEN_MS, OPEN_MS + 2 * MINUTE_MS)?.challenged).toBeGreaterThan(0);
  });

  it("lets the crawler lose its patience while it is blocked, and come back when it is not", () => {
    const simulation = open("crawler");
    simulation.advanceTo(OPEN_MS);
    const perMin = (lines: readonly LoggedLine[]) => lines.map(fields).filter((l) => l.client === ATTACKER).length;
    const free = perMin(simulation.advanceTo(OPEN_MS + MINUTE_MS).web);

    simulation.shield.put("set", [`${ATTACKER}/32`], OPEN_MS + MINUTE_MS);
    simulation.advanceTo(OPEN_MS + 3 * MINUTE_MS);
    const blocked = perMin(simulation.advanceTo(OPEN_MS + 4 * MINUTE_MS).web);
    simulation.shield.put("set", [], OPEN_MS + 4 * MINUTE_MS);
    simulation.advanceTo(OPEN_MS + 6 * MINUTE_MS);
    const freeAgain = perMin(simulation.advanceTo(OPEN_MS + 7 * MINUTE_MS).web);

    expect(blocked).toBeLessThan(free / 4);
    expect(freeAgain).toBeGreaterThan(free / 2);
  });

  it("answers faster with more machines, once they have booted", () => {
    const p95 = (instances: number): number => {
      const simulation = open("tv-show");
      simulation.advanceTo(OPEN_MS);
      simulation.fleet.resize(instances, OPEN_MS);
      simulation.advanceTo(OPEN_MS + 3 * MINUTE_MS);
      const totals = simulation.ledgers.web.between(OPEN_MS + MINUTE_MS, OPEN_MS + 3 * MINUTE_MS);
      return totals?.latencies.quantileSecs(0.95) ?? Number.NaN;
    };

    expect(p95(5)).toBeLessThan(p95(2) / 2);
  });

  it("brings the crowd of the television show by new people through one link", () => {
    const { forum, web } = open("tv-show").advanceTo(OPEN_MS);

    const during = forum.filter((line) => line.atMs > OPEN_MS - 5 * MINUTE_MS);
    const linked = during.filter((line) => line.text.includes('"https://www.channel-nine.example/tonight"'));
    expect(linked.length / during.length).toBeGreaterThan(0.05);
    const perMin = (startMs: number) => between(web, { startMs, endMs: startMs + 3 * MINUTE_MS }).length / 3;
    expect(perMin(OPEN_MS - 6 * MINUTE_MS)).toBeGreaterThan(6 * perMin(OPEN_MS - 16 * MINUTE_MS));
  });
});
