import { describe, expect, it } from "@jest/globals";
import { decompose } from "../../src/domain/decomposition.ts";
import { detailLines } from "../../src/domain/details-text.ts";
import { compareExperience } from "../../src/domain/experience.ts";
import type { FindingDetails } from "../../src/domain/finding-details.ts";

function factors(clients: number, each: number, bytes: number) {
  return [
    { name: "clients", value: clients },
    { name: "requests-per-client", value: each },
    { name: "bytes-per-request", value: bytes },
  ];
}

const DOUBLED: FindingDetails = {
  bytes: decompose({ before: factors(100, 5, 10_000), after: factors(100, 10, 8_000) }),
};

const CALM = { satisfied: 990, tolerating: 10, frustrated: 0, failed: 0, abandoned: 0 };

describe("detailLines", () => {
  it("says nothing of nothing", () => {
    expect(detailLines({})).toEqual([]);
  });

  it("tells bytes by their factors", () => {
    expect(detailLines(DOUBLED)).toEqual([
      "Bytes 1.6 × = clients 1.00 ×, requests per client 2.0 ×, bytes per request 0.8 ×.",
    ]);
  });

  it("tells what an extra request weighs beside a usual one", () => {
    const extraRequests = {
      requests: 500,
      usualBytes: 10_000,
      extraBytes: 6_000,
      usualBackendSecs: null,
      extraBackendSecs: null,
    };

    expect(detailLines({ ...DOUBLED, extraRequests })[0]).toContain(
      "; an extra request carries 6 kB, a usual one 10 kB.",
    );
  });

  it("tells what people felt where they felt anything", () => {
    const worse = { satisfied: 500, tolerating: 200, frustrated: 300, failed: 100, abandoned: 20 };

    expect(detailLines({ experience: compareExperience(CALM, worse) })).toEqual([
      "Apdex 0.99 before, 0.60 now; 12 % of requests lost (errors, or the client left), against 0 % before.",
    ]);
    expect(detailLines({ experience: compareExperience(CALM, CALM) })).toEqual([]);
  });

  it("tells what it costs if it goes on, where that is known and is more", () => {
    const cost = { requestsUsd: null, egressUsd: 64.2, instancesUsd: null, totalUsd: 64.2 };

    expect(detailLines({ costPerMonth: cost })).toEqual(["If it goes on, it costs $64.20 a month."]);
    expect(detailLines({ costPerMonth: { ...cost, totalUsd: -3 } })).toEqual([]);
    expect(detailLines({ costPerMonth: { ...cost, totalUsd: null } })).toEqual([]);
  });
});
