import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "@jest/globals";
import pino from "pino";
import { UpstreamError, UserError } from "../../src/errors.ts";
import type { QueueAddress } from "../../src/queue/backend.ts";
import type { JobHandlers, JobQueue, JobRun } from "../../src/queue/jobs.ts";
import { createQueue } from "../../src/queue/producer.ts";
import { type FailedJob, type RunningWorker, startWorker } from "../../src/queue/runner.ts";
import { startTcpProxy } from "../support/tcp-proxy.ts";
import { collect } from "./collect.ts";

const log = pino({ level: "silent" });
const APPLY = { proposalId: "p1" };
/** For what happens when it runs out; elsewhere a busy machine must not make it. */
const SHORT_LOCK = { lockMs: 1_000 };

/** What the queue must do, run on each of its backends. */
export function describeQueue(
  name: string,
  backend: { readonly kind: "redis" | "postgres"; freshAddress(): Promise<QueueAddress> },
): void {
  describe(name, () => {
    let address: QueueAddress;
    let queue: JobQueue & { close(): Promise<void> };
    let workers: RunningWorker[];
    let children: ChildProcess[];

    beforeEach(async () => {
      address = await backend.freshAddress();
      queue = createQueue({ ...address, log });
      workers = [];
      children = [];
    });
    afterEach(async () => {
      for (const child of children) child.kill("SIGKILL");
      await Promise.all(workers.map((worker) => worker.close({ graceMs: 0 })));
      await queue.close();
    });

    /** Starts a worker; jobs that it has no handler for fail. */
    async function work(
      handlers: Partial<JobHandlers>,
      options: { onFailed?: (failed: FailedJob) => Promise<void>; lockMs?: number } = {},
    ): Promise<RunningWorker> {
      const settings = { ...address, handlers: handlers as JobHandlers, onFailed: async () => {}, log, ...options };
      const worker = startWorker(settings);
      workers.push(worker);
      await worker.ready();
      return worker;
    }

    it("delivers each job once, with its payload, to one of the workers", async () => {
      const seen = collect<string>();
      const apply = async ({ payload }: JobRun<"apply">) => seen.add(payload.proposalId);
      await work({ apply });
      await work({ apply });

      for (let n = 0; n < 20; n += 1) await queue.enqueue("apply", { proposalId: `p${n}` });
      await seen.atLeast(20);
      await queue.enqueue("apply", { proposalId: "last" });
      await seen.find((id) => id === "last");

      expect(new Set(seen.all).size).toBe(21);
      expect(seen.all).toHaveLength(21);
    });

    it("starts a job within a tenth of a second when a worker is idle", async () => {
      const started = collect<number>();
      await work({ apply: async () => started.add(performance.now()) });
      await queue.enqueue("apply", APPLY);
      await started.atLeast(1);

      const waitsMs: number[] = [];
      for (let n = 2; n <= 6; n += 1) {
        const addedAt = performance.now();
        await queue.enqueue("apply", APPLY);
        await started.atLeast(n);
        waitsMs.push((started.all[n - 1] as number) - addedAt);
      }

      // The median, as tests beside this one may hold the processor for a moment.
      expect(waitsMs.sort((a, b) => a - b)[2]).toBeLessThan(100);
    });

    it("keeps jobs until there is a worker", async () => {
      await queue.enqueue("apply", APPLY);

      const seen = collect<string>();
      await work({ apply: async ({ payload }) => seen.add(payload.proposalId) });

      await seen.atLeast(1);
    });

    it("refuses a payload that is not the job's", async () => {
      const wrong = { proposal: "p1" } as unknown as { proposalId: string };

      await expect(queue.enqueue("apply", wrong)).rejects.toThrow("proposalId");
    });

    it("tries a failed job again, later, and tells which attempt it is", async () => {
      const attempts = collect<{ attempt: number; isLast: boolean; atMs: number }>();
      await work({
        async apply({ attempt, isLastAttempt }) {
          attempts.add({ attempt, isLast: isLastAttempt, atMs: performance.now() });
          if (attempt === 1) throw new Error("not yet");
        },
      });

      await queue.enqueue("apply", APPLY);
      const [first, second] = await attempts.atLeast(2);

      expect([first?.attempt, second?.attempt, first?.isLast]).toEqual([1, 2, false]);
      expect((second?.atMs ?? 0) - (first?.atMs ?? 0)).toBeGreaterThan(950);
    });

    it("waits as long as an upstream asks before it tries again", async () => {
      const atMs = collect<number>();
      await work({
        async apply({ attempt }) {
          atMs.add(performance.now());
          if (attempt === 1) throw new UpstreamError("waf-busy", "busy", { retryable: true, retryAfterSecs: 0.2 });
        },
      });

      await queue.enqueue("apply", APPLY);
      const [first = 0, second = 0] = await atMs.atLeast(2);

      expect(second - first).toBeGreaterThan(190);
      expect(second - first).toBeLessThan(900);
    });

    it.each([
      ["a mistake of the user", new UserError("bad", "put it right")],
      ["a failure that does not pass", new UpstreamError("denied", "no access", { retryable: false })],
    ])("does not try again after %s, and tells once", async (_what, error) => {
      const runs = collect<number>();
      const failed = collect<FailedJob>();
      await work(
        {
          async apply({ attempt }) {
            runs.add(attempt);
            throw error;
          },
        },
        { onFailed: async (job) => failed.add(job) },
      );

      await queue.enqueue("apply", APPLY);
      await failed.atLeast(1);

      expect(failed.all).toEqual([{ name: "apply", payload: APPLY, error }]);
      expect(runs.all).toEqual([1]);
    });

    it("tells of a job that fails at its last attempt, and of no other", async () => {
      const failed = collect<FailedJob>();
      const error = new Error("a bug");
      await work(
        {
          async sweep() {
            throw error;
          },
          async apply({ attempt }) {
            if (attempt === 1) throw new UpstreamError("waf-busy", "busy", { retryable: true, retryAfterSecs: 0 });
            await queue.enqueue("sweep", {});
          },
        },
        { onFailed: async (job) => failed.add(job) },
      );

      await queue.enqueue("apply", APPLY);
      await failed.atLeast(1);

      expect(failed.all).toEqual([{ name: "sweep", payload: {}, error }]);
    });

    it("drops a second job of the same id while the first waits or runs, not after", async () => {
      const runs = collect<string>();
      const finish = collect<string>();
      const add = (proposalId: string) => queue.enqueue("apply", { proposalId }, { id: "same" });
      await add("first");
      await add("dropped while waiting");
      await work({
        async apply({ payload }) {
          runs.add(payload.proposalId);
          await finish.find((id) => id === payload.proposalId);
        },
        check: async () => runs.add("check"),
      });
      await runs.atLeast(1);
      await add("dropped while running");
      await queue.enqueue("check", { proposalId: "p1", round: 1 }, { id: "same" });
      await runs.atLeast(2);

      finish.add("first");
      finish.add("again");
      // The id is free an instant after the handler returns, when the queue has heard of it.
      while (!runs.all.includes("again")) await add("again");

      expect(runs.all).toEqual(["first", "check", "again"]);
    });

    it("frees the id of a job that failed for good", async () => {
      const failed = collect<FailedJob>();
      await work(
        {
          async sweep() {
            throw new Error("always");
          },
        },
        { onFailed: async (job) => failed.add(job) },
      );

      await queue.enqueue("sweep", {}, { id: "one" });
      await failed.atLeast(1);
      await queue.enqueue("sweep", {}, { id: "one" });

      await failed.atLeast(2);
    });

    it("holds a delayed job until it is due, and no longer", async () => {
      const order = collect<string>();
      const ranAt = collect<number>();
      await work({
        async apply({ payload }) {
          order.add(payload.proposalId);
          ranAt.add(performance.now());
        },
      });
      const addedAt = performance.now();

      await queue.enqueue("apply", { proposalId: "later" }, { delayMs: 400 });
      await queue.enqueue("apply", { proposalId: "now" });
      await order.atLeast(2);

      expect(order.all).toEqual(["now", "later"]);
      const waitedMs = (ranAt.all[1] as number) - addedAt;
      expect(waitedMs).toBeGreaterThan(395);
      expect(waitedMs).toBeLessThan(1_400);
    });

    it("runs a scheduled job again and again, by the latest schedule only", async () => {
      const runs = collect<number>();
      await queue.every("sweep", {}, 3_600_000);
      await queue.every("sweep", {}, 150);
      await queue.every("sweep", {}, 150);
      await work({ sweep: async () => runs.add(performance.now()) });

      const [first = 0, , , , fifth = 0] = await runs.atLeast(5);

      expect(fifth - first).toBeGreaterThan(400);
    });

    it("gives a dead worker's job to another", async () => {
      const runs = collect<number>();
      const child = spawnStuckWorker(backend.kind, address);
      children.push(child);
      await queue.enqueue("apply", APPLY, { id: "apply-p1" });
      await once(child.stdout as NodeJS.ReadableStream, "data");

      child.kill("SIGKILL");
      await work({ apply: async ({ attempt }) => runs.add(attempt) }, SHORT_LOCK);

      // It never came to an end, so it does not count as an attempt.
      expect(await runs.atLeast(1)).toEqual([1]);
    });

    it("keeps the job of a worker that is slow but alive", async () => {
      const runs = collect<number>();
      const done = collect<string>();
      const apply = async () => {
        runs.add(1);
        await new Promise((resolve) => setTimeout(resolve, 2_500));
        done.add("done");
      };
      await work({ apply }, SHORT_LOCK);
      await work({ apply }, SHORT_LOCK);

      await queue.enqueue("apply", APPLY);
      await done.atLeast(1);

      expect(runs.all).toHaveLength(1);
    });

    it("says within 2 s that it is down in an outage, and goes on after it", async () => {
      const proxy = await startTcpProxy(address.redisUrl ?? address.databaseUrl ?? "");
      address = backend.kind === "redis" ? { redisUrl: proxy.url } : { databaseUrl: proxy.url };
      await queue.close();
      queue = createQueue({ ...address, log });
      const seen = collect<string>();
      await work({ apply: async ({ payload }) => seen.add(payload.proposalId) });
      await queue.enqueue("apply", { proposalId: "before" });
      await seen.atLeast(1);

      for (const outage of ["freeze", "cut"] as const) {
        await proxy[outage]();
        const begunMs = performance.now();
        await expect(queue.enqueue("apply", APPLY)).rejects.toMatchObject({ code: "queue-down" });
        expect(performance.now() - begunMs).toBeLessThan(2_300);
        await proxy.restore();
        await untilAccepted(() => queue.enqueue("apply", { proposalId: `after ${outage}` }));
        await seen.find((id) => id === `after ${outage}`);
      }
      await Promise.all(workers.splice(0).map((worker) => worker.close({ graceMs: 0 })));
      await queue.close();
      await proxy.close();
    });

    it("waits for a server that is not there yet when a worker starts", async () => {
      const proxy = await startTcpProxy(address.redisUrl ?? address.databaseUrl ?? "");
      await proxy.cut();
      await queue.enqueue("apply", APPLY);
      address = backend.kind === "redis" ? { redisUrl: proxy.url } : { databaseUrl: proxy.url };
      const seen = collect<string>();
      const working = work({ apply: async ({ payload }) => seen.add(payload.proposalId) });

      await proxy.restore();
      await working;
      await seen.atLeast(1);

      await Promise.all(workers.splice(0).map((worker) => worker.close({ graceMs: 0 })));
      await proxy.close();
    });

    it("can be closed while its server is away", async () => {
      const proxy = await startTcpProxy(address.redisUrl ?? address.databaseUrl ?? "");
      await proxy.cut();
      const away = backend.kind === "redis" ? { redisUrl: proxy.url } : { databaseUrl: proxy.url };
      const handlers = {} as JobHandlers;
      const worker = startWorker({ ...away, handlers, onFailed: async () => {}, log });

      await worker.close();
    });

    it("lets jobs under way finish when it is closed", async () => {
      const events = collect<string>();
      const worker = await work({
        async apply({ signal }) {
          events.add("begun");
          await new Promise((resolve) => setTimeout(resolve, 200));
          events.add(signal.aborted ? "aborted" : "finished");
        },
      });
      await queue.enqueue("apply", APPLY);
      await events.atLeast(1);

      await worker.close({ graceMs: 5_000 });

      expect(events.all).toEqual(["begun", "finished"]);
    });

    it("aborts a job that outlasts the grace, and another worker runs it as if it were new", async () => {
      const attempts = collect<number>();
      const failed = collect<FailedJob>();
      const untilAborted = (signal: AbortSignal) =>
        new Promise<never>((_resolve, reject) => signal.addEventListener("abort", () => reject(signal.reason)));
      const worker = await work(
        {
          // Its only attempt: were it counted, the job would be given up.
          sweep: async ({ signal, attempt }) => {
            attempts.add(attempt);
            await untilAborted(signal);
          },
        },
        { onFailed: async (job) => failed.add(job) },
      );
      await queue.enqueue("sweep", {});
      await attempts.atLeast(1);

      await worker.close({ graceMs: 50 });
      await work({ sweep: async ({ attempt }) => attempts.add(attempt) });
      await attempts.atLeast(2);

      expect(attempts.all).toEqual([1, 1]);
      expect(failed.all).toEqual([]);
    });
  });
}

/** What the queue says when its server is not there; needs none. */
export function describeQueueDown(name: string, address: QueueAddress): void {
  it(`says within 2 s that the queue is down: ${name}`, async () => {
    const queue = createQueue({ ...address, log });
    const begunMs = performance.now();

    const adding = queue.enqueue("apply", APPLY);

    await expect(adding).rejects.toMatchObject({ name: "UpstreamError", code: "queue-down", retryable: true });
    expect(performance.now() - begunMs).toBeLessThan(2_300);
    await queue.close();
  });
}

/** Connections that were lost are found out one by one. */
export async function untilAccepted(add: () => Promise<void>): Promise<void> {
  for (;;) {
    try {
      return await add();
    } catch (error) {
      if (!(error instanceof UpstreamError)) throw error;
      await new Promise((resolve) => setImmediate(resolve));
    }
  }
}

function spawnStuckWorker(kind: string, { redisUrl, databaseUrl }: QueueAddress): ChildProcess {
  const file = join(import.meta.dirname, "stuck-worker.ts");
  const url = redisUrl ?? databaseUrl ?? "";
  const env = { ...process.env, NODE_OPTIONS: "" };
  return spawn(process.execPath, ["--import", "tsx", file, kind, url], { env, stdio: ["ignore", "pipe", "inherit"] });
}
