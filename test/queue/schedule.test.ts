import { expect, it, jest } from "@jest/globals";
import { createLog } from "../../src/log.ts";
import { keepScheduled } from "../../src/queue/schedule.ts";
import { createFakeQueue } from "../support/fake-queue.ts";

it("tells a queue that was emptied again what runs again and again", async () => {
  jest.useFakeTimers();
  const first = createFakeQueue();
  let queue = first;
  const schedule = await keepScheduled({ every: (...asked) => queue.every(...asked) }, createLog("silent"), {
    isWatched: true,
  });

  queue = createFakeQueue();
  queue.failWith(new Error("not back yet"));
  await jest.advanceTimersByTimeAsync(30_000);
  queue.failWith(null);
  await jest.advanceTimersByTimeAsync(30_000);
  schedule.stop();
  jest.useRealTimers();

  expect(queue.schedules()).toEqual(first.schedules());
  expect(Object.keys(first.schedules())).toEqual(["sweep", "reconcile", "watch"]);
});

it("fails at the beginning where the queue is down", async () => {
  const queue = createFakeQueue();
  queue.failWith(new Error("down"));

  await expect(keepScheduled(queue, createLog("silent"), { isWatched: false })).rejects.toThrow("down");
});

it("looks at metrics only where a service is watched", async () => {
  const queue = createFakeQueue();

  const schedule = await keepScheduled(queue, createLog("silent"), { isWatched: false });
  schedule.stop();

  expect(Object.keys(queue.schedules())).toEqual(["sweep", "reconcile"]);
});
