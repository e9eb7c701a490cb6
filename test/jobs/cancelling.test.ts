import { afterEach, beforeEach, describe, expect, it, jest } from "@jest/globals";
import { breakdown } from "../../jobs/breakdown.ts";
import { tellFailure } from "../../jobs/failed.ts";
import { investigate } from "../../jobs/investigate.ts";
import { UpstreamError } from "../../src/errors.ts";
import type { LogReader, LogReadRequest } from "../../src/ports/log-reader.ts";
import { buildInvestigation } from "../support/build-finding.ts";
import { ASKING, BUILT_AT_MS, SECOND } from "../support/build-proposal.ts";
import { fakeLogReader } from "../support/fake-log-reader.ts";
import { attempt, jobContext, type TestJobContext, timelineOf, withWeb } from "../support/job-context.ts";

const SECOND_MS = 1_000;
const WINDOW = { startMs: BUILT_AT_MS - 1_800_000, endMs: BUILT_AT_MS };
const REQUESTS = Array.from({ length: 90 }, (_, minute) => ({
  atMs: BUILT_AT_MS - (90 - minute) * 60_000,
  ip: "192.0.2.1",
}));

beforeEach(() => {
  jest.useFakeTimers();
});
afterEach(() => {
  jest.useRealTimers();
});

/** A log that is read until somebody stops it, and says how far it is all the while. */
function endlessLog(
  onRead: (request: LogReadRequest) => void = () => {},
): LogReader & { stoppedAtMs(): number | null } {
  let stoppedAtMs: number | null = null;
  return {
    description: "a log without an end",
    stoppedAtMs: () => stoppedAtMs,
    read: (request) =>
      new Promise((_resolve, reject) => {
        onRead(request);
        const told = setInterval(() => {
          request.onProgress?.({ filesDone: 1, filesTotal: 2, linesRead: 9, bytesRead: 9, bytesTotal: 18 });
        }, 100);
        request.signal?.addEventListener("abort", () => {
          stoppedAtMs = Date.now();
          clearInterval(told);
          reject(request.signal?.reason);
        });
      }),
  };
}

/** A question of either sort, as it waits. */
async function question(how: "spike" | "top", context: TestJobContext) {
  const { ts } = await context.messenger.post({ channelId: "C0WEB" }, { text: "Looking…", blocks: [] });
  const investigation = buildInvestigation({
    window: WINDOW,
    messageTs: ts,
    state: "running",
    finding: null,
    intake: null,
  });
  if (how === "spike") await context.store.createInvestigation(investigation);
  const at = { channelId: "C0WEB", messageTs: ts };
  const payload = { ...at, service: "web", dimension: "ip", window: WINDOW, filter: {}, userId: ASKING.id } as const;
  return {
    run: (given: TestJobContext = context, signal?: AbortSignal) =>
      how === "spike"
        ? investigate(attempt<"investigate">({ investigationId: investigation.id }, signal), given)
        : breakdown(attempt<"breakdown">(payload, signal), given),
    cancel: () =>
      how === "spike"
        ? context.store.cancelInvestigation(investigation.id, SECOND)
        : context.store.endBreakdown({ ...at, state: "cancelled", cancelledBy: SECOND }),
    giveUp: (error: unknown) =>
      tellFailure(
        how === "spike"
          ? { name: "investigate", payload: { investigationId: investigation.id }, error }
          : { name: "breakdown", payload, error },
        context,
      ),
  };
}

function shown(context: TestJobContext): string {
  return context.messenger.said()[0]?.message.text ?? "";
}

const CANCELLED = `Looking at web: cancelled by ${SECOND.name}; nothing was changed.`;

describe.each(["spike", "top"] as const)("a /%s that is cancelled", (how) => {
  it("before it was begun, reads nothing, and says so however often it runs", async () => {
    const context = withWeb(jobContext(), {
      logs: { ...fakeLogReader([]), read: () => Promise.reject(new Error("read")) },
    });
    const asked = await question(how, context);
    await asked.cancel();

    await asked.run();
    await asked.run();

    expect(shown(context)).toBe(CANCELLED);
    expect(timelineOf(context)).toEqual([]);
  });

  it("while it is read, stops within a second, and no late progress takes its message's place", async () => {
    const logs = endlessLog();
    const context = withWeb(jobContext(), { logs });
    const asked = await question(how, context);
    const running = asked.run();
    await jest.advanceTimersByTimeAsync(10_300);
    expect(shown(context)).toContain("Reading logs");

    const cancelledAtMs = Date.now();
    await asked.cancel();
    await jest.advanceTimersByTimeAsync(SECOND_MS);
    await running;
    await jest.advanceTimersByTimeAsync(10 * SECOND_MS);

    expect((logs.stoppedAtMs() ?? Number.POSITIVE_INFINITY) - cancelledAtMs).toBeLessThan(SECOND_MS);
    expect(shown(context)).toBe(CANCELLED);
    expect(timelineOf(context)).toEqual([]);
    expect(jest.getTimerCount()).toBe(0);
  });

  it("just before its answer is there, does not show that", async () => {
    const context = jobContext({ requests: REQUESTS });
    const asked = await question(how, context);
    const cancelling: LogReader = {
      ...context.logs,
      read: async (request) => {
        const slice = await context.logs.read(request);
        await asked.cancel();
        return slice;
      },
    };

    await asked.run(withWeb(context, { logs: cancelling }));

    expect(shown(context)).toBe(CANCELLED);
    expect(timelineOf(context)).toEqual([]);
    expect(context.logs.closedSlices()).toBe(1);
  });

  it("after its answer was there, is not", async () => {
    const context = jobContext({ requests: REQUESTS });
    const asked = await question(how, context);
    await asked.run();
    const answer = shown(context);

    expect(await asked.cancel()).toBe(false);
    await asked.run();

    expect(shown(context)).toBe(answer);
  });

  it("when its last attempt failed, is not told of that", async () => {
    const context = jobContext();
    const asked = await question(how, context);
    await asked.cancel();
    await asked.run();

    await asked.giveUp(new UpstreamError("aws-down", "S3 does not answer", { retryable: true }));

    expect(shown(context)).toBe(CANCELLED);
  });

  it("is looked for as long as it is read, whether or not the store is away for a while", async () => {
    const logs = endlessLog();
    const context = withWeb(jobContext(), { logs });
    const asked = await question(how, context);
    const running = asked.run();
    await jest.advanceTimersByTimeAsync(1_000);

    context.store.failWith(new UpstreamError("store-down", "away", { retryable: true }));
    await jest.advanceTimersByTimeAsync(5_000);
    expect(logs.stoppedAtMs()).toBeNull();
    context.store.failWith(null);
    await asked.cancel();
    await jest.advanceTimersByTimeAsync(SECOND_MS);
    await running;

    expect(shown(context)).toBe(CANCELLED);
  });
});

describe.each(["spike", "top"] as const)("a /%s that nobody cancelled", (how) => {
  it("fails as ever where its worker stops, and looks no more", async () => {
    const context = withWeb(jobContext(), { logs: endlessLog() });
    const asked = await question(how, context);
    const worker = new AbortController();
    const running = asked.run(context, worker.signal).catch((error: unknown) => error);
    await jest.advanceTimersByTimeAsync(500);

    worker.abort(new Error("the worker stops"));

    expect(await running).toMatchObject({ message: "the worker stops" });
    expect(jest.getTimerCount()).toBe(0);
  });

  it("shows what Athena will cost before anything is run there", async () => {
    const estimate = { logBytes: 203e9, bytes: 203e9, queries: 4, usd: 4.06, limitUsd: 5 };
    const seen: string[] = [];
    const context = jobContext({ requests: REQUESTS });
    const logs: LogReader = {
      ...context.logs,
      read: async ({ onEstimate, ...request }) => {
        expect(await onEstimate?.(estimate)).toBe(true);
        seen.push(shown(context));
        return context.logs.read(request);
      },
    };
    const asked = await question(how, context);

    const running = asked.run(withWeb(context, { logs }));
    await jest.advanceTimersByTimeAsync(2 * SECOND_MS);
    await running;

    expect(seen).toEqual([
      "Looking at web: Asking Athena… These logs are 203 GB, too much to fetch, so Athena is asked where they lie: about 4 queries, up to $4.06 (limit $5.00).",
    ]);
  });
});
