import { GetIPSetCommand, WAFOptimisticLockException } from "@aws-sdk/client-wafv2";
import { describe, expect, it } from "@jest/globals";
import { tellFailure } from "../../jobs/failed.ts";
import { sweep } from "../../jobs/sweep.ts";
import { UpstreamError } from "../../src/errors.ts";
import { createWafFirewall } from "../../src/firewall/wafv2.ts";
import { createWriteLane } from "../../src/firewall/write-lane.ts";
import { createLog } from "../../src/log.ts";
import { JOBS } from "../../src/queue/jobs.ts";
import { createFakeWaf, type FakeWaf } from "../firewall/fake-waf.ts";
import { CRAWLER } from "../support/changes.ts";
import {
  applied,
  applyOnce,
  approved,
  attempt,
  cardOf,
  jobContext,
  type TestJobContext,
  timelineOf,
  withWeb,
} from "../support/job-context.ts";

const MINUTE_MS = 60_000;

interface Fault {
  readonly name: string;
  readonly error: () => Error;
  /** Whether the queue tries again. */
  readonly isRetryable: boolean;
  readonly says: string;
}

const FAULTS: readonly Fault[] = [
  {
    name: "throttling",
    error: () => answered("ThrottlingException", 400),
    isRetryable: true,
    says: "AWS limits how often it is called, by everybody in the account together",
  },
  {
    name: "a timeout",
    error: () => Object.assign(new Error("Connection timed out"), { name: "TimeoutError" }),
    isRetryable: true,
    says: "AWS did not answer",
  },
  {
    name: "a connection that is half open",
    error: () => Object.assign(new Error("read ECONNRESET"), { code: "ECONNRESET" }),
    isRetryable: true,
    says: "AWS did not answer",
  },
  {
    name: "an outage",
    error: () => answered("WAFInternalErrorException", 500),
    isRetryable: true,
    says: "AWS answered 500",
  },
  {
    name: "a denial",
    error: () => answered("AccessDeniedException", 400),
    isRetryable: false,
    says: "Allow wafv2:UpdateIPSet in the policy of Spillway's role",
  },
  {
    name: "a lock conflict without end",
    error: () => new WAFOptimisticLockException({ message: "token is old", $metadata: { httpStatusCode: 400 } }),
    isRetryable: true,
    says: "Something else keeps writing to IP set a",
  },
];

describe.each(FAULTS)("$name of the firewall", ({ error, isRetryable, says }) => {
  it("that does not pass ends in a failed action, which card, timeline and channel tell", async () => {
    const { world, waf } = worldOf();
    const proposal = await approved(world);
    failWrites(waf, error);

    const tries = await asTheQueueWould(proposal, world);

    expect(tries).toBe(isRetryable ? JOBS.apply.attempts : 1);
    expect((await world.store.proposal(proposal.id))?.state).toBe("failed");
    expect(cardOf(proposal, world)).toContain("but not carried out");
    expect(timelineOf(world).at(-1)).toContain(says);
    expect(world.messenger.said().at(-1)?.message.text).toContain(says);
    expect(waf.held("v4")).toEqual([]);
  });

  it("that does not pass at the end of a block is told once, and the block ends when it does", async () => {
    const { world, waf } = worldOf();
    const proposal = await applied(world);
    const restore = failWrites(waf, error);
    world.clock.advance(126 * MINUTE_MS);

    for (let round = 0; round < 3; round += 1) {
      await expect(sweep(attempt<"sweep">({}), world)).rejects.toThrow("steps of the sweep failed");
    }
    const told = world.messenger.said().filter(({ message }) => message.text.includes("should have ended"));
    expect(told).toHaveLength(1);
    expect(told[0]?.message.text).toContain(says);
    expect(waf.held("v4")).toEqual([CRAWLER]);
    restore();
    await sweep(attempt<"sweep">({}), world);

    expect(waf.held("v4")).toEqual([]);
    expect(cardOf(proposal, world)).toContain("Over since");
  });
});

it("ten lock conflicts in a row are nobody's business", async () => {
  const { world, waf } = worldOf();
  waf.beforeUpdate = ({ id, count }) => {
    if (count <= 10) waf.write(id, [...waf.held(id), `192.0.2.${count}/32`]);
  };

  const proposal = await applied(world);

  expect(proposal.state).toBe("done");
  expect(waf.held("v4")).toHaveLength(11);
});

it.each(FAULTS.filter(({ isRetryable }) => isRetryable))("$name that passes ends in a block", async ({ error }) => {
  const { world, waf } = worldOf();
  const proposal = await approved(world);
  const restore = failWrites(waf, error);

  await expect(applyOnce(proposal, world)).rejects.toBeInstanceOf(UpstreamError);
  restore();
  await applyOnce(proposal, world);

  expect((await world.store.proposal(proposal.id))?.state).toBe("done");
  expect(waf.held("v4")).toEqual([CRAWLER]);
});

it("a firewall that cannot be read ends in a failed action, too", async () => {
  const { world, waf } = worldOf();
  const proposal = await approved(world);
  waf.mock.on(GetIPSetCommand).rejects(answered("AccessDeniedException", 400));

  await asTheQueueWould(proposal, world);

  expect((await world.store.proposal(proposal.id))?.state).toBe("failed");
  expect(world.messenger.said().at(-1)?.message.text).toContain("Allow wafv2:GetIPSet");
});

function worldOf(): { readonly world: TestJobContext; readonly waf: FakeWaf } {
  const waf = createFakeWaf({ v4: [], v6: [] });
  const firewall = createWafFirewall({
    config: { kind: "wafv2", scope: "REGIONAL", ipv4Set: { name: "a", id: "v4" }, ipv6Set: { name: "b", id: "v6" } },
    aws: { region: "eu-west-1" },
    log: createLog("silent"),
    lane: createWriteLane({ writeEveryMs: 0, sleep: async () => undefined }),
  });
  return { world: withWeb(jobContext(), { firewall }), waf };
}

/** Makes every write fail; gives what ends that. */
function failWrites(waf: FakeWaf, error: () => Error): () => void {
  const before = waf.beforeUpdate;
  waf.beforeUpdate = () => {
    throw error();
  };
  return () => {
    waf.beforeUpdate = before;
  };
}

/** Tries as often as the queue would, and then gives the job up; says how often. */
async function asTheQueueWould(proposal: { readonly id: string }, world: TestJobContext): Promise<number> {
  for (let tries = 1; ; tries += 1) {
    try {
      await applyOnce(proposal, world);
      return tries;
    } catch (error) {
      const isLast = tries === JOBS.apply.attempts || !(error instanceof UpstreamError && error.retryable);
      if (!isLast) continue;
      await tellFailure({ name: "apply", payload: { proposalId: proposal.id }, error }, world);
      return tries;
    }
  }
}

function answered(name: string, status: number): Error {
  return Object.assign(new Error(name), { name, $metadata: { httpStatusCode: status } });
}
