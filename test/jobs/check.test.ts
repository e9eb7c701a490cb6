import { describe, expect, it } from "@jest/globals";
import { check } from "../../jobs/check.ts";
import { tellFailure } from "../../jobs/failed.ts";
import { undo } from "../../jobs/undo.ts";
import type { Proposal } from "../../src/domain/proposal.ts";
import { UpstreamError } from "../../src/errors.ts";
import type { Firewall } from "../../src/ports/firewall.ts";
import { BUILT_AT_MS, SECOND } from "../support/build-proposal.ts";
import { blockOf, CRAWLER, FLOODER, SCALE_OUT } from "../support/changes.ts";
import { fakeLogReader } from "../support/fake-log-reader.ts";
import type { FakeRequest } from "../support/fake-request.ts";
import {
  applied,
  attempt,
  cardOf,
  jobContext,
  type TestJobContext,
  timelineOf,
  withWeb,
} from "../support/job-context.ts";
import { measuredContext, measuredYaml, measureOf } from "../support/measured-context.ts";

const SECOND_MS = 1_000;
const MINUTE_MS = 60_000;

/** One request a second from one address, between two moments after the action. */
function visits(ip: string, fromMs: number, toMs: number, status = 200): FakeRequest[] {
  const count = Math.floor((toMs - fromMs) / SECOND_MS);
  return Array.from({ length: count }, (_, index) => ({ atMs: BUILT_AT_MS + fromMs + index * SECOND_MS, ip, status }));
}

/** A visitor who stays, and a crawler who gets through until so long after the action. */
function traffic(crawlerUntilMs: number, untilMs: number): readonly FakeRequest[] {
  return [
    ...visits("192.0.2.1", -5 * MINUTE_MS, untilMs),
    ...visits("198.51.100.14", -5 * MINUTE_MS, crawlerUntilMs),
    ...visits("198.51.100.14", crawlerUntilMs, untilMs, 403),
  ];
}

function look(proposal: Proposal, context: TestJobContext, round = 1): Promise<void> {
  context.clock.set(BUILT_AT_MS + round * 2 * MINUTE_MS);
  return check(attempt<"check">({ proposalId: proposal.id, round }), context);
}

function checkOf(proposal: Proposal, context: TestJobContext) {
  return context.store.receipt(proposal.id).then((receipt) => receipt?.check);
}

describe("the look after a block", () => {
  it("says on card, thread and timeline that it worked, with numbers, and looks on", async () => {
    const context = jobContext({ requests: traffic(2 * SECOND_MS, 2 * MINUTE_MS) });
    const proposal = await applied(context);

    await look(proposal, context);

    expect(await checkOf(proposal, context)).toMatchObject({
      verdict: "worked",
      checkedMs: BUILT_AT_MS + 2 * MINUTE_MS,
    });
    expect(timelineOf(context).at(-1)).toBe(
      "Worked. What was blocked went from 60 to 0 requests a minute that get through; " +
        "web went from 120 to 60 requests a minute that get through.",
    );
    expect(JSON.stringify(context.messenger.said())).toContain("Worked. What was blocked");
    const [told] = context.messenger.said().filter(({ threadTs }) => threadTs === proposal.messageTs);
    expect(told?.message.text).toContain("Worked. What was blocked");
    expect(JSON.stringify(told?.message.blocks)).toContain("slack_file");
    expect(context.messenger.files()).toMatchObject([{ name: `web-${proposal.id}-check.png` }]);
    expect(context.queue.waiting().map(({ id }) => id)).toContain(`check-${proposal.id}-2`);
    expect(context.logs.closedSlices()).toBe(1);
  });

  it("comes back where the addresses still get through, and calls it worked when they no longer do", async () => {
    const context = jobContext({ requests: traffic(110 * SECOND_MS, 4 * MINUTE_MS) });
    const proposal = await applied(context);

    await look(proposal, context);
    expect((await checkOf(proposal, context))?.verdict).toBe("no-effect");
    expect(timelineOf(context)).toHaveLength(1);
    expect(context.queue.waiting()).toContainEqual(
      expect.objectContaining({ id: `check-${proposal.id}-2`, payload: { proposalId: proposal.id, round: 2 } }),
    );
    await look(proposal, context, 2);

    expect((await checkOf(proposal, context))?.verdict).toBe("worked");
    expect(timelineOf(context)).toHaveLength(2);
  });

  it("says that it had no effect when they get through to the last look", async () => {
    const context = jobContext({ requests: traffic(10 * MINUTE_MS, 10 * MINUTE_MS) });
    const proposal = await applied(context);

    await look(proposal, context, 5);

    expect(timelineOf(context).at(-1)).toMatch(/^Not effective\. What was blocked went from 60 to 60 /);
    expect(context.queue.waiting().map(({ id }) => id)).toEqual([`check-${proposal.id}-1`]);
  });

  it("comes back where the log does not reach past the action, and says in the end that it cannot tell", async () => {
    const context = jobContext({ requests: traffic(0, 0) });
    const proposal = await applied(context);

    await look(proposal, context);
    expect(timelineOf(context)).toHaveLength(1);
    expect(context.queue.waiting().at(-1)).toMatchObject({ payload: { round: 2 }, delayMs: 2 * MINUTE_MS });
    await look(proposal, context, 5);

    expect(timelineOf(context).at(-1)).toContain("Cannot tell yet: the log does not reach past the action");
    expect(context.queue.waiting()).toHaveLength(2);
  });

  describe("by a limit whose window is not over when the watch is", () => {
    const rateLimit = { limit: 10, windowSecs: 600 };
    const change = { ...measureOf("rate-limit", [CRAWLER]), rateLimit };
    const seenUntil = (ms: number) => measuredContext({ requests: traffic(ms, ms) }, measuredYaml(rateLimit));

    it("goes on until it is, and says then what it lacked", async () => {
      const context = seenUntil(16 * MINUTE_MS);
      const proposal = await applied(context, { change });

      await look(proposal, withWeb(context, { logs: fakeLogReader(traffic(9 * MINUTE_MS, 9 * MINUTE_MS)) }), 5);
      expect(timelineOf(context)).toHaveLength(1);
      expect(context.queue.waiting().at(-1)).toMatchObject({ payload: { round: 6 }, delayMs: 2 * MINUTE_MS });
      await look(proposal, context, 6);

      expect(timelineOf(context).at(-1)).toMatch(/^Not effective\. What is rate-limited went from 60 to 60 /);
      expect(context.queue.waiting().map(({ id }) => id)).not.toContain(`check-${proposal.id}-7`);
    });

    it("waits for a log no longer than one is late", async () => {
      const context = seenUntil(MINUTE_MS);
      const proposal = await applied(context, { change });

      await look(proposal, context, 7);
      expect(timelineOf(context)).toHaveLength(1);
      await look(proposal, context, 8);

      expect(timelineOf(context).at(-1)).toMatch(/^Cannot tell yet: the limit counts over a window that is not over/);
    });
  });

  it("comes back where not one file of the log is there yet", async () => {
    const context = jobContext();
    const proposal = await applied(context);

    await look(proposal, withWeb(context, { logs: fakeLogReader([], { files: 0 }) }));

    expect(await checkOf(proposal, context)).toMatchObject({
      verdict: "cannot-tell",
      statement: "Cannot tell yet: No log could be read: fake.log is empty.",
    });
    expect(context.queue.waiting()).toHaveLength(2);
  });

  describe("and the status that the prepared rule gives", () => {
    const answered = (status: number) => [
      ...visits("192.0.2.1", -5 * MINUTE_MS, 2 * MINUTE_MS),
      ...visits("198.51.100.14", -5 * MINUTE_MS, 0),
      ...visits("198.51.100.14", 0, 2 * MINUTE_MS, status),
    ];

    it.each(["block", "rate-limit", "challenge"] as const)("is no request that got through: %s", async (measure) => {
      const context = measuredContext({ requests: [...answered(429), ...answered(405)] });
      context.of[measure].statuses = [405, 429];
      const change = measure === "block" ? blockOf([CRAWLER]) : measureOf(measure, [CRAWLER]);
      const proposal = await applied(context, { change });

      await look(proposal, context);

      expect(await checkOf(proposal, context)).toMatchObject({ verdict: "worked", afterPerMin: 120 });
    });

    it.each([
      [false, "worked"],
      [true, undefined],
    ])(
      "is the usual one where the rules may not be read, and waited for where they may be later (%s)",
      async (retryable, verdict) => {
        const context = jobContext({ requests: answered(403) });
        const proposal = await applied(context);
        const error = new UpstreamError("aws-denied", "Allow wafv2:GetWebACL.", { retryable });
        const firewall = { ...context.firewall, stopStatuses: () => Promise.reject(error) };

        const looked = look(proposal, withWeb(context, { firewall }));

        await (retryable ? expect(looked).rejects.toBe(error) : looked);
        expect((await checkOf(proposal, context))?.verdict).toBe(verdict);
      },
    );
  });

  describe("and what the firewall says of single requests", () => {
    const sampledRule = {
      webAcl: "edge",
      rule: "block",
      isOurs: true,
      keepsSamples: true,
      population: 1,
      samples: [
        {
          atMs: BUILT_AT_MS + MINUTE_MS,
          weight: 1,
          clients: ["198.51.100.14"],
          connectedFrom: "198.51.100.14",
          forwardedFor: [],
          method: "GET",
          uri: "/",
          action: "BLOCK",
        },
      ],
    };

    async function told(samples: Firewall["samples"], crawlerUntilMs: number): Promise<string | undefined> {
      const context = jobContext({ requests: traffic(crawlerUntilMs, 10 * MINUTE_MS) });
      const proposal = await applied(context);
      const report = { firewall: "f", services: ["web"], checkedMs: 0, entries: 1, foreign: [], returned: [] };
      await context.store.saveFirewallReport({ ...report, weaknesses: ["Its rule only counts."], weaknessesMs: 0 });
      const before = { ...report, firewall: "sets of before", checkedMs: -1 };
      await context.store.saveFirewallReport({ ...before, weaknesses: ["Its sets are gone."], weaknessesMs: -1 });
      await look(proposal, withWeb(context, { firewall: { ...context.firewall, samples } as Firewall }), 5);
      return timelineOf(context).at(-1);
    }

    it("is told beside the verdict, of the newest minutes since the action", async () => {
      const windows: unknown[] = [];

      const text = await told(async (window) => {
        windows.push(window);
        return [sampledRule];
      }, 2 * SECOND_MS);

      expect(windows).toEqual([{ startMs: BUILT_AT_MS + 6 * MINUTE_MS, endMs: BUILT_AT_MS + 10 * MINUTE_MS }]);
      expect(text).toMatch(
        /^Worked\. .* WAF samples: 1 of 1 sampled request of 198\.51\.100\.14 was blocked, the last at /,
      );
      expect(text).not.toContain("only counts");
    });

    it("is told with what is wrong with the rules of now where the block has no effect", async () => {
      expect(await told(async () => [{ ...sampledRule, samples: [] }], 10 * MINUTE_MS)).toMatch(
        /^Not effective\. .* WAF samples: web ACL edge saw no request at all since: .* Its rule only counts\.$/,
      );
    });

    it("is told to be missing where it may not be read, and not waited for where the firewall is busy", async () => {
      const failing = (retryable: boolean) => async () => {
        throw new UpstreamError("aws-down", "AWS denied it.", { retryable });
      };

      expect(await told(failing(false), 2 * SECOND_MS)).toMatch(
        /^Worked.* WAF samples are not available: AWS denied it\.$/,
      );
      expect(await told(failing(true), 2 * SECOND_MS)).toMatch(/^Worked.* a minute that get through\.$/);
    });
  });

  it("says at once that there is no log to look at", async () => {
    const context = jobContext();
    const proposal = await applied(context);

    await look(proposal, withWeb(context, { logs: null }));

    expect(timelineOf(context).at(-1)).toBe("web has no log to look at; not checked.");
    expect(context.queue.waiting()).toHaveLength(1);
  });

  it("says nothing of a block that was undone: what gets through then is meant to", async () => {
    const context = jobContext({ requests: traffic(2 * MINUTE_MS, 2 * MINUTE_MS) });
    const proposal = await applied(context);
    await undo(attempt<"undo">({ proposalId: proposal.id, userId: SECOND.id }), context);

    await look(proposal, context);

    expect(await checkOf(proposal, context)).toBeNull();
  });

  it("judges what is left of a block of which a part was undone", async () => {
    const requests = [...traffic(0, 2 * MINUTE_MS), ...visits("203.0.113.77", -5 * MINUTE_MS, 2 * MINUTE_MS)];
    const context = jobContext({ requests });
    const proposal = await applied(context, { change: blockOf([CRAWLER, FLOODER]) });
    const addresses = [FLOODER];
    await undo(attempt<"undo">({ proposalId: proposal.id, userId: SECOND.id, addresses }), context);

    await look(proposal, context);

    expect((await checkOf(proposal, context))?.verdict).toBe("worked");
  });

  it("cannot tell, and says nothing else, where the clock was set back to before the action", async () => {
    const context = jobContext({ requests: traffic(0, 2 * MINUTE_MS) });
    const proposal = await applied(context);
    context.clock.set(BUILT_AT_MS - 120 * MINUTE_MS);

    await check(attempt<"check">({ proposalId: proposal.id, round: 5 }), context);

    expect((await context.store.receipt(proposal.id))?.check).toMatchObject({ verdict: "cannot-tell" });
    expect(timelineOf(context).at(-1)).toMatch(/^Cannot tell/);
  });

  it("leaves one entry, however often it runs", async () => {
    const context = jobContext({ requests: traffic(0, 2 * MINUTE_MS) });
    const proposal = await applied(context);

    await look(proposal, context);
    await look(proposal, context);

    expect(timelineOf(context)).toHaveLength(2);
  });

  it("is kept while Slack is away", async () => {
    const context = jobContext({ requests: traffic(0, 2 * MINUTE_MS) });
    const proposal = await applied(context);
    context.messenger.failWith(new UpstreamError("slack-down", "Slack does not answer", { retryable: true }));

    await look(proposal, context);

    expect(timelineOf(context)).toHaveLength(2);
    expect(context.queue.waiting().at(-1)?.name).toBe("card");
  });

  it("closes what it read when it is stopped", async () => {
    const context = jobContext({ requests: traffic(0, 2 * MINUTE_MS) });
    const proposal = await applied(context);
    const logs = {
      ...context.logs,
      read: async (request: Parameters<typeof context.logs.read>[0]) => ({
        ...(await context.logs.read(request)),
        breakdown: () => Promise.reject(new Error("stopped")),
      }),
    };

    await expect(look(proposal, withWeb(context, { logs }))).rejects.toThrow("stopped");

    expect(context.logs.closedSlices()).toBe(1);
  });

  it("that is given up says so, instead of being promised for ever", async () => {
    const context = jobContext();
    const proposal = await applied(context);
    const error = new UpstreamError("aws-down", "AWS does not answer", { retryable: true });

    await tellFailure({ name: "check", payload: { proposalId: proposal.id, round: 5 }, error }, context);

    const said = "Cannot tell whether it worked. AWS does not answer.";
    expect(timelineOf(context).at(-1)).toContain(said);
    expect(JSON.stringify(context.messenger.said())).toContain(said);
    expect(cardOf(proposal, context)).toContain("Ends by itself");
  });
});

describe("the look after a scale-out", () => {
  it("says that it worked when the instances are in service", async () => {
    const context = jobContext();
    const proposal = await applied(context, { change: SCALE_OUT });

    await look(proposal, context);

    expect(timelineOf(context).at(-1)).toBe("Worked. web has 6 of 6 instances in service.");
  });

  it("comes back while they boot", async () => {
    const context = jobContext();
    const proposal = await applied(context, { change: SCALE_OUT });
    context.scaler.capacity = { ...context.scaler.capacity, running: 4 };

    await look(proposal, context);

    expect(await checkOf(proposal, context)).toMatchObject({
      verdict: "cannot-tell",
      statement: "Cannot tell yet: web has 4 of 6 instances in service; new ones take minutes to boot.",
    });
    expect(context.queue.waiting()).toHaveLength(2);
  });

  it("does nothing once it was undone, or for what was never applied", async () => {
    const context = jobContext();
    const proposal = await applied(context, { change: SCALE_OUT });
    await undo(attempt<"undo">({ proposalId: proposal.id, userId: SECOND.id }), context);

    await look(proposal, context);
    await check(attempt<"check">({ proposalId: "nowhere", round: 1 }), context);

    expect(await checkOf(proposal, context)).toBeNull();
  });
});
