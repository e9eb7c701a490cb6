import { describe, expect, it } from "@jest/globals";
import { UnrecoverableError } from "bullmq";
import { UpstreamError } from "../../src/errors.ts";
import { JOBS } from "../../src/queue/jobs.ts";
import { originalError, retryDelayMs } from "../../src/queue/retry.ts";

describe("the delay before the next attempt", () => {
  it("starts at the job's own and doubles", () => {
    const delays = [1, 2, 3, 4].map((made) => retryDelayMs("apply", made, new Error("any")));

    expect(delays).toEqual([1, 2, 4, 8].map((factor) => factor * JOBS.apply.backoffMs));
  });

  it("is what the upstream asked for, at any attempt", () => {
    const busy = new UpstreamError("slack-rate-limited", "busy", { retryable: true, retryAfterSecs: 30 });

    expect([1, 5].map((made) => retryDelayMs("apply", made, busy))).toEqual([30_000, 30_000]);
  });
});

describe("what a given up job failed of", () => {
  it("is no mistake of ours where its workers died, in the words that the queue has for it", () => {
    const stalled = new UnrecoverableError("job stalled more than allowable limit");

    expect(originalError(stalled)).toMatchObject({ code: "worker-died", retryable: true });
  });
});
