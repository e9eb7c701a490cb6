import { afterEach, beforeEach, describe, expect, it, jest } from "@jest/globals";
import { UpstreamError, UserError } from "../../src/errors.ts";
import { createLog } from "../../src/log.ts";
import { createAnswerer } from "../../src/slack/answer.ts";

const log = createLog("silent");

function newAnswerer() {
  return createAnswerer({ log, newErrorId: () => "e1f2" });
}

function delivery(key = "one") {
  const told: string[] = [];
  return { told, key, what: "/test", tell: async ({ text }: { text: string }) => void told.push(text) };
}

beforeEach(() => {
  jest.useFakeTimers();
});
afterEach(() => {
  jest.useRealTimers();
});

describe("an answer", () => {
  it.each([
    [new UserError("window-too-long", "Window 26h is over the 24h limit."), "Window 26h is over the 24h limit."],
    [
      new UpstreamError("store-down", "connect ECONNREFUSED 10.0.0.3", { retryable: true }),
      "The database did not answer; nothing was changed. Try again in a minute.",
    ],
    [
      new UpstreamError("slack-rate-limited", "429", { retryable: true, retryAfterSecs: 7 }),
      "Slack did not answer; nothing was changed. Try again in 7 s.",
    ],
    [
      new TypeError("Cannot read properties of undefined"),
      "Something went wrong in Spillway itself. The log has it as e1f2.",
    ],
    ["a thrown word", "Something went wrong in Spillway itself. The log has it as e1f2."],
  ])("tells %s as people need it", async (error, expected) => {
    const asked = delivery();

    await newAnswerer()(asked, () => Promise.reject(error));

    expect(asked.told).toEqual([expected]);
  });

  it.each([
    ["its answer was lost", Object.assign(new Error("read ECONNRESET"), { syscall: "read" }), /it is not sure whether/],
    ["it was never reached", Object.assign(new Error("no"), { syscall: "connect" }), /nothing was changed/],
    ["none of its addresses was", new AggregateError([{ syscall: "connect" }]), /nothing was changed/],
  ])("says of a database what can be known: where %s", async (_, cause, expected) => {
    const asked = delivery();
    const error = new UpstreamError("store-down", "The database does not answer", { cause, retryable: true });

    await newAnswerer()(asked, () => Promise.reject(error));

    expect(asked.told.join()).toMatch(expected);
  });

  it("is silent where the handler spoke for itself", async () => {
    const asked = delivery();

    await newAnswerer()(asked, async () => {});

    expect(asked.told).toEqual([]);
  });

  it("is given once for a delivery that came twice", async () => {
    const answer = newAnswerer();
    let runs = 0;
    const run = async () => {
      runs += 1;
    };

    await Promise.all([answer(delivery("same"), run), answer(delivery("same"), run), answer(delivery("other"), run)]);

    expect(runs).toBe(2);
  });

  it("says within 3 s that something hangs, and how it ended", async () => {
    const asked = delivery();
    const hanging = new Promise<void>((_, reject) => {
      setTimeout(reject, 4_000, new UpstreamError("queue-down", "timeout", { retryable: true }));
    });

    const answered = newAnswerer()(asked, () => hanging);
    await jest.advanceTimersByTimeAsync(2_999);
    expect(asked.told).toEqual([expect.stringContaining("slow to answer")]);
    await jest.advanceTimersByTimeAsync(2_000);
    await answered;

    expect(asked.told.at(-1)).toBe("The queue did not answer; nothing was changed. Try again in a minute.");
  });

  it("gives up on what never ends, and says so", async () => {
    const asked = delivery();

    const answered = newAnswerer()(asked, () => new Promise(() => {}));
    await jest.advanceTimersByTimeAsync(40_000);
    await answered;

    expect(asked.told).toHaveLength(2);
    expect(asked.told[1]).toContain("no answer in time");
  });

  it("survives that it cannot be delivered", async () => {
    const broken = { ...delivery(), tell: () => Promise.reject(new Error("no channel")) };

    await expect(newAnswerer()(broken, () => Promise.reject(new Error("bug")))).resolves.toBeUndefined();
  });
});
