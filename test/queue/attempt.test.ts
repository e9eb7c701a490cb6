import { describe, expect, it } from "@jest/globals";
import { runAttempt } from "../../src/queue/attempt.ts";

const never = () => new Promise<void>(() => {});
const untilAborted = (signal: AbortSignal) =>
  new Promise<void>((_resolve, reject) => signal.addEventListener("abort", () => reject(signal.reason)));

describe("one attempt at a job", () => {
  it("gives what the handler gives, and throws what it throws", async () => {
    const limits = { timeoutMs: 1_000, stopSignals: [] };

    await expect(runAttempt(async () => {}, limits)).resolves.toBeUndefined();
    await expect(runAttempt(() => Promise.reject(new Error("a bug")), limits)).rejects.toThrow("a bug");
  });

  it("is aborted at its timeout, to be tried again", async () => {
    const timedOut = runAttempt(untilAborted, { timeoutMs: 10, stopSignals: [] });

    await expect(timedOut).rejects.toMatchObject({
      name: "UpstreamError",
      code: "job-timeout",
      retryable: true,
      message: "The job was stopped: it took longer than 0.01 s",
    });
  });

  it("is given up when its handler does not notice", async () => {
    const deaf = runAttempt(never, { timeoutMs: 10, stopSignals: [], noticeWithinMs: 10 });

    await expect(deaf).rejects.toMatchObject({ code: "job-timeout" });
  });

  it("succeeds when the handler finishes in spite of the abort", async () => {
    const late = (signal: AbortSignal) => untilAborted(signal).catch(() => {});

    await expect(runAttempt(late, { timeoutMs: 10, stopSignals: [] })).resolves.toBeUndefined();
  });

  it("stops for its worker, and says the worker's reason", async () => {
    const worker = new AbortController();
    const stopped = runAttempt(untilAborted, { timeoutMs: 10_000, stopSignals: [worker.signal] });
    worker.abort(new Error("The worker is stopping"));

    await expect(stopped).rejects.toThrow("The worker is stopping");
  });

  it("stops at once for a worker that is stopping already", async () => {
    const stopSignals = [AbortSignal.abort(new Error("The worker is stopping"))];

    const stopped = runAttempt(never, { timeoutMs: 10_000, stopSignals, noticeWithinMs: 10 });

    await expect(stopped).rejects.toThrow("The worker is stopping");
  });
});
