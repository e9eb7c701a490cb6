/** Clicks of several people on proposals of every risk, in any order and interleaved at every step, with workers. */
import { describe, expect, it } from "@jest/globals";
import fc from "fast-check";
import { giveApproval } from "../../commands/approve.ts";
import { digestOf } from "../../commands/propose.ts";
import { refuse } from "../../commands/refuse.ts";
import { withdraw } from "../../commands/withdraw.ts";
import { apply } from "../../jobs/apply.ts";
import { sweep } from "../../jobs/sweep.ts";
import { parseConfig } from "../../src/config.ts";
import { approversOf, isAgainstGuards } from "../../src/domain/approval-policy.ts";
import type { Change, Proposal } from "../../src/domain/proposal.ts";
import { UserError } from "../../src/errors.ts";
import { ASKING, SECOND, THIRD } from "../support/build-proposal.ts";
import { blockOf, CRAWLER } from "../support/changes.ts";
import { click } from "../support/command-context.ts";
import { attempt, jobContext, offered, type TestJobContext, withWeb } from "../support/job-context.ts";
import { throughEachPort } from "../support/mortal.ts";

const ID = "prop-0000000001";
const PEOPLE = [ASKING, SECOND, THIRD, { id: "U0LAST", name: "Lou" }];
const OWN = "203.0.113.5/32";
const CHANGES: readonly (readonly [Change, 1 | 2])[] = [
  [blockOf([CRAWLER]), 1],
  [blockOf([CRAWLER], 2 * 86_400), 2],
  [{ ...blockOf([OWN]), overrides: ["never-block"] }, 2],
];

const deed = fc.oneof(
  {
    weight: 8,
    arbitrary: fc.record({ kind: fc.constantFrom("approve", "break-glass"), by: fc.constantFrom(...PEOPLE) }),
  },
  { weight: 1, arbitrary: fc.record({ kind: fc.constantFrom("refuse", "withdraw"), by: fc.constantFrom(...PEOPLE) }) },
  { weight: 3, arbitrary: fc.record({ kind: fc.constantFrom("apply", "sweep"), by: fc.constant(ASKING) }) },
);
type Deed = { readonly kind: string; readonly by: (typeof PEOPLE)[number] };

const yaml = (breakers: readonly string[], allowSelfApproval: boolean) => `
services:
  web:
    logs: { kind: files, paths: [logs] }
    firewall: { kind: wafv2, ipv4Set: { name: a, id: a }, ipv6Set: { name: b, id: b } }
    neverBlock: [203.0.113.0/28]
approvals: { breakGlass: ${JSON.stringify(breakers)}, allowSelfApproval: ${allowSelfApproval} }`;

describe("approvals, whatever the interleaving", () => {
  it("never let anything be done without the different people whom it takes, nor twice", async () => {
    const lives = fc.record({
      change: fc.constantFrom(...CHANGES),
      rounds: fc.array(fc.array(deed, { minLength: 1, maxLength: 6 }), { minLength: 1, maxLength: 4 }),
      breakers: fc.subarray(PEOPLE.map(({ id }) => id)),
      allowSelfApproval: fc.boolean(),
      late: fc.boolean(),
    });
    let [executed, unanswered] = [0, 0];
    const property = fc.asyncProperty(lives, fc.scheduler(), async (life, scheduler) => {
      const [change, approversNeeded] = life.change;
      const config = parseConfig(yaml(life.breakers, life.allowSelfApproval), "test.yaml");
      const plain = { ...jobContext(), config };
      const world = withWeb(plain, { firewall: watched(plain, (proposal) => expectApproved(proposal, life)) });
      await offered(world, { change, digest: digestOf(change), predicted: null, approversNeeded });

      for (const [index, deeds] of life.rounds.entries()) {
        if (life.late && index === 1) world.clock.advance(31 * 60_000);
        const interleaved = throughEachPort(world, async (act) => {
          await scheduler.schedule(Promise.resolve());
          return act();
        });
        await scheduler.waitFor(Promise.all(deeds.map((one) => carryOut(one, interleaved))));
      }

      const { state, approvals } = (await world.store.proposal(ID)) as Proposal;
      if (["approved", "executing", "done", "failed"].includes(state))
        await expectApproved({ change, approvals, approversNeeded }, life);
      executed += plain.firewall.effective.length;
      expect(plain.firewall.effective.length).toBeLessThanOrEqual(1);
      expect(world.queue.waiting().filter(({ name }) => name === "apply").length).toBeLessThanOrEqual(1);
    });

    await fc.assert(property, { numRuns: 300 });

    // A property that never sees anything carried out would hold of nothing.
    expect(executed).toBeGreaterThan(30);
    expect(unanswered).toBe(0);

    async function carryOut({ kind, by }: Deed, context: TestJobContext): Promise<void> {
      const before = context.messenger.whispers(by.id).length;
      try {
        await act({ kind, by }, context);
      } catch (error) {
        if (!(error instanceof UserError)) throw error;
        return;
      }
      const isClick = kind !== "apply" && kind !== "sweep";
      if (isClick && (await context.messenger.whispers(by.id)).length <= before) unanswered += 1;
    }
  }, 60_000);
});

async function act({ kind, by }: Deed, context: TestJobContext): Promise<void> {
  const from = click(kind, ID, by);
  switch (kind) {
    case "approve":
      return giveApproval({ proposalId: ID, from, act: { kind } }, context);
    case "break-glass":
      return giveApproval({ proposalId: ID, from, act: { kind, reason: "it burns" } }, context);
    case "refuse":
      return refuse.run(from, context);
    case "withdraw":
      return withdraw.run(from, context);
    case "apply":
      return apply(attempt<"apply">({ proposalId: ID }), context);
    default:
      return sweep(attempt<"sweep">({}), context);
  }
}

/** The same firewall, but before anything is blocked in it, somebody looks whether it may be. */
function watched(world: TestJobContext, look: (proposal: Proposal) => Promise<void>): TestJobContext["firewall"] {
  const { firewall, store } = world;
  const block: typeof firewall.block = async (addresses, options) => {
    await look((await store.proposal(ID)) as Proposal);
    return firewall.block(addresses, options);
  };
  return { ...firewall, block };
}

async function expectApproved(
  { change, approvals, approversNeeded }: Pick<Proposal, "change" | "approvals" | "approversNeeded">,
  { breakers, allowSelfApproval }: { readonly breakers: readonly string[]; readonly allowSelfApproval: boolean },
): Promise<void> {
  const broke = approvals.filter(({ decision }) => decision === "broke-glass");
  expect(broke.every(({ person, reason }) => breakers.includes(person.id) && reason !== null)).toBe(true);
  const people = approversOf(change, approvals).length;
  const isBroken = broke.length > 0 && !isAgainstGuards(change);
  expect(people).toBeGreaterThanOrEqual(isBroken ? 1 : approversNeeded);
  const own = approvals.filter(({ person, decision }) => person.id === ASKING.id && decision === "approved");
  if (!allowSelfApproval) expect(own).toEqual([]);
}
