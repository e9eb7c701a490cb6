import { beforeEach, describe, expect, it } from "@jest/globals";
import type { Person, Proposal } from "../../src/domain/proposal.ts";
import type { Store } from "../../src/ports/store.ts";
import {
  ANNA,
  BEN,
  FINDING,
  INTAKE,
  note,
  openIncident,
  pendingBlock,
  pendingProposal,
  runningInvestigation,
} from "./examples.ts";

/** What every store must do; run against Postgres and against the fake that other tests use. */
export function describeStore(name: string, open: () => Promise<Store>): void {
  describe(name, () => {
    let store: Store;
    beforeEach(async () => {
      store = await open();
    });

    describe("investigations", () => {
      it("gives back what was put in, and null for what was not", async () => {
        await store.createInvestigation(runningInvestigation());

        expect(await store.investigation("i1")).toEqual(runningInvestigation());
        expect(await store.investigation("i2")).toBeNull();
      });

      it("finds the newest of a service that is done", async () => {
        for (const [id, createdMs] of [
          ["i1", 1_000],
          ["i2", 2_000],
          ["i3", 3_000],
        ] as const) {
          await store.createInvestigation(runningInvestigation({ id, createdMs }));
        }
        for (const id of ["i1", "i2"]) await store.finishInvestigation(id, { finding: FINDING, intake: INTAKE });

        expect((await store.latestInvestigation("web", 0))?.id).toBe("i2");
        expect(await store.latestInvestigation("web", 2_001)).toBeNull();
        expect(await store.latestInvestigation("api", 0)).toBeNull();
      });

      it("keeps the first of two with one id", async () => {
        await store.createInvestigation(runningInvestigation());
        await store.createInvestigation(runningInvestigation({ service: "api" }));

        expect((await store.investigation("i1"))?.service).toBe("web");
      });

      it("keeps a finding to the last character, whatever attackers wrote in it", async () => {
        await store.createInvestigation(runningInvestigation());

        await store.setInvestigationMessage("i1", "1.2");
        await store.finishInvestigation("i1", { finding: FINDING, intake: INTAKE });

        const done = runningInvestigation({ state: "done", messageTs: "1.2", finding: FINDING, intake: INTAKE });
        expect(await store.investigation("i1")).toEqual(done);
      });

      it("lets a retry that succeeds replace a failure, and no late failure replace a finding", async () => {
        await store.createInvestigation(runningInvestigation());

        await store.finishInvestigation("i1", "failed");
        expect((await store.investigation("i1"))?.state).toBe("failed");
        await store.finishInvestigation("i1", { finding: FINDING, intake: INTAKE });
        await store.finishInvestigation("i1", "failed");

        expect((await store.investigation("i1"))?.state).toBe("done");
      });
    });

    describe("a question that is cancelled", () => {
      it("stays so, whatever its job comes to, and by whom it was first", async () => {
        await store.createInvestigation(runningInvestigation());

        expect(await store.cancelInvestigation("i1", BEN)).toBe(true);
        expect(await store.cancelInvestigation("i1", ANNA)).toBe(false);
        expect(await store.finishInvestigation("i1", { finding: FINDING, intake: INTAKE })).toBe(false);
        expect(await store.finishInvestigation("i1", "failed")).toBe(false);

        expect(await store.investigation("i1")).toEqual(runningInvestigation({ state: "cancelled", cancelledBy: BEN }));
      });

      it("is none any more once it has its answer, or failed, or was never asked", async () => {
        await store.createInvestigation(runningInvestigation());
        await store.createInvestigation(runningInvestigation({ id: "i2" }));

        expect(await store.finishInvestigation("i1", { finding: FINDING, intake: INTAKE })).toBe(true);
        expect(await store.finishInvestigation("i2", "failed")).toBe(true);

        for (const id of ["i1", "i2", "i3"]) expect(await store.cancelInvestigation(id, BEN)).toBe(false);
        expect((await store.investigation("i1"))?.state).toBe("done");
        expect((await store.investigation("i2"))?.state).toBe("failed");
      });

      it("is cancelled by exactly one of 20 at the same instant", async () => {
        await store.createInvestigation(runningInvestigation());

        const won = await Promise.all(
          Array.from({ length: 20 }, (_, n) => store.cancelInvestigation("i1", { id: `U${n}`, name: `Person ${n}` })),
        );

        expect(won.filter(Boolean)).toHaveLength(1);
      });
    });

    describe("how a /top ended", () => {
      const at = { channelId: "C1", messageTs: "1.2" };

      it("is kept for its message alone, and not known before", async () => {
        expect(await store.breakdownEnd(at)).toBeNull();

        expect(await store.endBreakdown({ ...at, state: "cancelled", cancelledBy: BEN })).toBe(true);

        expect(await store.breakdownEnd(at)).toEqual({ ...at, state: "cancelled", cancelledBy: BEN });
        expect(await store.breakdownEnd({ ...at, messageTs: "1.3" })).toBeNull();
      });

      it.each([
        ["cancelled", "done", "cancelled"],
        ["done", "cancelled", "done"],
        ["done", "failed", "done"],
        ["failed", "cancelled", "failed"],
        ["failed", "done", "done"],
      ] as const)("%s and then %s is %s", async (first, second, stays) => {
        const end = (state: typeof first | typeof second) =>
          store.endBreakdown({ ...at, state, cancelledBy: state === "cancelled" ? ANNA : null });

        expect(await end(first)).toBe(true);
        expect(await end(second)).toBe(second === stays);

        expect((await store.breakdownEnd(at))?.state).toBe(stays);
      });
    });

    describe("proposals", () => {
      it("gives back what was put in, and does nothing for an id that exists", async () => {
        await store.createProposal(pendingProposal());
        await store.createProposal(pendingProposal({ digest: "other" }));
        await store.setProposalMessage("p1", "3.4");

        expect(await store.proposal("p1")).toEqual(pendingProposal({ messageTs: "3.4" }));
        expect(await store.proposal("p2")).toBeNull();
      });

      it("keeps one retry of what failed, of 20 at the same instant, until that is withdrawn or expires", async () => {
        await store.createProposal(pendingProposal());
        const retry = (n: number) => store.createProposal(pendingProposal({ id: `retry-${n}`, retryOf: "p1" }));

        const made = await Promise.all(Array.from({ length: 20 }, (_, n) => retry(n)));
        expect(made.filter(Boolean)).toHaveLength(1);
        const { id } = (await store.standingRetry("p1")) as Proposal;
        expect(id).toBe(`retry-${made.indexOf(true)}`);
        await store.moveProposal({ id, from: "pending", to: "withdrawn", by: BEN, atMs: 1_500 });

        expect(await store.standingRetry("p1")).toBeNull();
        expect(await retry(20)).toBe(true);
        expect(await store.standingRetry("p1")).toEqual(pendingProposal({ id: "retry-20", retryOf: "p1" }));
        await store.moveProposal({ id: "retry-20", from: "pending", to: "refused", by: BEN, atMs: 1_500 });
        expect(await retry(21)).toBe(false);
      });

      it("lets exactly one of 50 approvals at the same instant win", async () => {
        await store.createProposal(pendingProposal());

        const won = await Promise.all(
          Array.from({ length: 50 }, (_, n) =>
            store.moveProposal({
              id: "p1",
              from: "pending",
              to: "approved",
              by: { id: `U${n}`, name: `Person ${n}` },
              atMs: 1_500,
            }),
          ),
        );

        expect(won.filter(Boolean)).toHaveLength(1);
        expect((await store.proposal("p1"))?.decidedBy?.id).toBe(`U${won.indexOf(true)}`);
      });

      it("remembers who decided and when, also while it is carried out", async () => {
        await store.createProposal(pendingProposal());

        await store.moveProposal({ id: "p1", from: "pending", to: "approved", by: BEN, atMs: 1_500 });
        await store.moveProposal({ id: "p1", from: "approved", to: "executing", by: null, atMs: 1_600 });
        await store.moveProposal({ id: "p1", from: "executing", to: "done", by: null, atMs: 1_700 });

        expect(await store.proposal("p1")).toEqual(
          pendingProposal({
            state: "done",
            decidedBy: BEN,
            decidedMs: 1_500,
            approvals: [{ person: BEN, decision: "approved", reason: null, atMs: 1_500 }],
          }),
        );
      });

      it("refuses an approval that was given to another content", async () => {
        await store.createProposal(pendingProposal({ digest: "abc" }));
        const approve = { id: "p1", from: "pending", to: "approved", by: BEN, atMs: 1_500 } as const;

        expect(await store.moveProposal({ ...approve, digest: "abd" })).toBe(false);
        expect((await store.proposal("p1"))?.state).toBe("pending");
        expect(await store.moveProposal({ ...approve, digest: "abc" })).toBe(true);
      });

      it("does not move what is in another state, or is not there", async () => {
        await store.createProposal(pendingProposal());

        expect(await store.moveProposal({ id: "p1", from: "approved", to: "executing", by: null, atMs: 1 })).toBe(
          false,
        );
        expect(await store.moveProposal({ id: "p9", from: "pending", to: "expired", by: null, atMs: 1 })).toBe(false);
      });

      it("throws for a move that no proposal can make, and for a decision by nobody", async () => {
        await store.createProposal(pendingProposal());

        const skip = store.moveProposal({ id: "p1", from: "pending", to: "executing", by: BEN, atMs: 1 });
        await expect(skip).rejects.toThrow("cannot move from pending to executing");
        const byNobody = store.moveProposal({ id: "p1", from: "pending", to: "approved", by: null, atMs: 1 });
        await expect(byNobody).rejects.toThrow();
        expect(await store.proposal("p1")).toEqual(pendingProposal());
      });

      it("lists pending ones and those under way, newest first, of one channel or all", async () => {
        await store.createProposal(pendingProposal({ id: "old", createdMs: 1_000 }));
        await store.createProposal(pendingProposal({ id: "new", createdMs: 1_100 }));
        await store.createProposal(pendingProposal({ id: "elsewhere", channelId: "C2", createdMs: 1_050 }));
        await store.createProposal(pendingProposal({ id: "gone", createdMs: 1_200 }));
        await store.moveProposal({ id: "old", from: "pending", to: "approved", by: BEN, atMs: 1_500 });
        await store.moveProposal({ id: "gone", from: "pending", to: "expired", by: null, atMs: 1_500 });

        const ids = async (filter?: { channelId: string }) => (await store.openProposals(filter)).map(({ id }) => id);
        expect(await ids()).toEqual(["new", "elsewhere", "old"]);
        expect(await ids({ channelId: "C1" })).toEqual(["new", "old"]);
      });

      it("finds what a crash left: approved or executing for long, with a receipt or without", async () => {
        for (const id of ["pending", "approved", "executing", "recent", "receipted"]) {
          await store.createProposal(pendingProposal({ id }));
          if (id === "pending") continue;
          const atMs = id === "recent" ? 1_900 : 1_500;
          await store.moveProposal({ id, from: "pending", to: "approved", by: BEN, atMs });
        }
        await store.moveProposal({ id: "executing", from: "approved", to: "executing", by: null, atMs: 1_600 });
        await store.addReceipt({
          proposalId: "receipted",
          outcome: "applied",
          appliedMs: 1_700,
          calls: [],
          check: null,
        });

        const ids = async (beforeMs: number) => (await store.unfinishedProposals(beforeMs)).map(({ id }) => id);
        expect(await ids(1_550)).toEqual(["approved", "receipted"]);
        expect(await ids(1_800)).toEqual(["approved", "executing", "receipted"]);
      });
    });

    describe("approvals", () => {
      const OTHERS = Array.from({ length: 10 }, (_, index) => ({ id: `U${index}`, name: `Person ${index}` }));
      const approval = (by: Person, given: Partial<Parameters<Store["approveProposal"]>[0]> = {}) =>
        store.approveProposal({ id: "p1", digest: "5f2a", by, atMs: 1_500, needed: 1, reason: null, ...given });
      const kept = async () => (await store.proposal("p1"))?.approvals.map(({ person }) => person);

      it("are enough with the last that is needed, and name everybody who gave one", async () => {
        await store.createProposal(pendingProposal({ approversNeeded: 2 }));

        expect(await approval(BEN)).toBe("counted");
        expect(await approval(BEN)).toBe("repeated");
        expect(await store.proposal("p1")).toMatchObject({ state: "pending", decidedBy: null });
        expect(await approval(ANNA, { atMs: 1_600 })).toBe("approved");
        expect(await approval(BEN)).toBe("closed");

        expect(await store.proposal("p1")).toMatchObject({ state: "approved", decidedBy: ANNA, decidedMs: 1_600 });
        expect(await kept()).toEqual([BEN, ANNA]);
      });

      it("are more than the offer needs where the policy of now needs more, and never fewer", async () => {
        await store.createProposal(pendingProposal());
        await store.createProposal(pendingProposal({ id: "p2", approversNeeded: 2 }));

        expect(await approval(BEN, { needed: 2 })).toBe("counted");
        expect(await approval(BEN, { id: "p2", needed: 1 })).toBe("counted");
        expect(await store.moveProposal({ id: "p2", from: "pending", to: "approved", by: BEN, atMs: 1_500 })).toBe(
          false,
        );
      });

      it("are one where somebody breaks the glass, also after they approved", async () => {
        await store.createProposal(pendingProposal({ approversNeeded: 2 }));

        expect(await approval(BEN)).toBe("counted");
        expect(await approval(BEN, { reason: "nobody else answers" })).toBe("approved");

        expect((await store.proposal("p1"))?.approvals).toEqual([
          { person: BEN, decision: "approved", reason: null, atMs: 1_500 },
          { person: BEN, decision: "broke-glass", reason: "nobody else answers", atMs: 1_500 },
        ]);
      });

      it("against a guard are two that break the glass", async () => {
        const change = { ...pendingProposal().change, overrides: ["never-block"] } as const;
        await store.createProposal(pendingProposal({ change: change as Proposal["change"], approversNeeded: 2 }));

        expect(await approval(OTHERS[0] as Person)).toBe("counted");
        expect(await approval(OTHERS[1] as Person)).toBe("counted");
        expect(await approval(BEN, { reason: "it is ours, and broken" })).toBe("counted");
        expect(await approval(ANNA, { reason: "it is ours, and broken" })).toBe("approved");
      });

      it.each([
        ["after its end", { atMs: 2_001 }],
        ["of another content", { digest: "other" }],
        ["of nothing that is known", { id: "p9" }],
      ])("are none %s", async (_what, given) => {
        await store.createProposal(pendingProposal());

        expect(await approval(BEN, given)).toBe("closed");

        expect(await kept()).toEqual([]);
      });

      it("of 10 people at the same instant are exactly two, where two are needed", async () => {
        await store.createProposal(pendingProposal({ approversNeeded: 2 }));

        const clicks = Array.from({ length: 50 }, (_, index) => OTHERS[index % 10] as Person);
        const outcomes = await Promise.all(clicks.map((by) => approval(by, { needed: 2 })));

        const count = (outcome: string) => outcomes.filter((one) => one === outcome).length;
        expect([count("approved"), count("counted")]).toEqual([1, 1]);
        expect(count("repeated") + count("closed")).toBe(48);
        expect(new Set((await kept())?.map(({ id }) => id)).size).toBe(2);
      });
    });

    describe("receipts", () => {
      it("keeps the first, and what was seen when looking again", async () => {
        await store.createProposal(pendingProposal());
        const receipt = {
          proposalId: "p1",
          outcome: "applied",
          appliedMs: 5,
          calls: ["UpdateIPSet"],
          check: null,
        } as const;
        const check = {
          checkedMs: 9,
          verdict: "worked",
          statement: "It fell.",
          beforePerMin: 9.5,
          afterPerMin: null,
        } as const;

        expect(await store.addReceipt(receipt)).toBe(true);
        expect(await store.addReceipt({ ...receipt, outcome: "failed" })).toBe(false);
        await store.setCheck("p1", check);

        expect(await store.receipt("p1")).toEqual({ ...receipt, check });
        expect(await store.receipt("p2")).toBeNull();
      });
    });

    describe("blocks", () => {
      beforeEach(async () => {
        await store.createProposal(pendingProposal());
        await store.createProposal(pendingProposal({ id: "p2" }));
      });

      it("adds rows as pending, once for each address of a proposal", async () => {
        await store.addBlocks([
          pendingBlock({ state: "active" }),
          pendingBlock({ id: "b2", address: "203.0.113.0/24", isOurs: false }),
        ]);
        await store.addBlocks([pendingBlock({ id: "b3" }), pendingBlock({ id: "b4", proposalId: "p2" })]);

        const rows = await store.blocks({});
        expect(rows.map(({ id }) => id)).toEqual(["b1", "b2", "b4"]);
        expect(rows[0]).toEqual(pendingBlock());
        expect(rows[1]?.isOurs).toBe(false);
      });

      it("tells a limit and a challenge of an address from its block", async () => {
        const { change } = pendingProposal();
        for (const measure of ["rate-limit", "challenge"] as const) {
          await store.createProposal(pendingProposal({ id: measure, change: { ...change, measure } as typeof change }));
          await store.addBlocks([pendingBlock({ id: measure, proposalId: measure, measure })]);
        }
        await store.addBlocks([pendingBlock()]);

        const rows = await store.blocks({ state: ["pending"] });

        expect(rows.map(({ address }) => address)).toEqual(Array(3).fill(pendingBlock().address));
        expect(rows.map(({ id, measure }) => [id, measure])).toEqual(
          expect.arrayContaining([
            ["b1", undefined],
            ["rate-limit", "rate-limit"],
            ["challenge", "challenge"],
          ]),
        );
      });

      it("moves those that are in the state, and tells which", async () => {
        await store.addBlocks([pendingBlock(), pendingBlock({ id: "b2", address: "203.0.113.0/24" })]);

        const move = { ids: ["b2", "b1", "b9"], from: "pending", to: "active", by: BEN, atMs: 2_000 } as const;
        expect(await store.moveBlocks({ ...move, ids: ["b1"] })).toEqual(["b1"]);
        expect(await store.moveBlocks(move)).toEqual(["b2"]);
        expect(await store.moveBlocks({ ids: ["b1"], from: "active", to: "lifted", by: ANNA, atMs: 3_000 })).toEqual([
          "b1",
        ]);

        const [active] = await store.blocks({ state: ["active"] });
        expect(active).toEqual(pendingBlock({ id: "b2", address: "203.0.113.0/24", state: "active" }));
        const [lifted] = await store.blocks({ state: ["lifted", "expired"] });
        expect(lifted).toEqual(pendingBlock({ state: "lifted", endedMs: 3_000, endedBy: ANNA }));
      });

      it("ends each block once however many try", async () => {
        await store.addBlocks([pendingBlock()]);
        await store.moveBlocks({ ids: ["b1"], from: "pending", to: "active", by: BEN, atMs: 2_000 });

        const ended = await Promise.all(
          Array.from({ length: 20 }, (_, n) =>
            store.moveBlocks({ ids: ["b1"], from: "active", to: n % 2 ? "expired" : "lifted", by: null, atMs: 3_000 }),
          ),
        );

        expect(ended.flat()).toEqual(["b1"]);
      });

      it("throws when told to block again what has ended", async () => {
        await store.addBlocks([pendingBlock()]);
        await store.moveBlocks({ ids: ["b1"], from: "pending", to: "lifted", by: ANNA, atMs: 2_000 });

        const again = store.moveBlocks({ ids: ["b1"], from: "lifted", to: "active", by: ANNA, atMs: 2_500 });
        await expect(again).rejects.toThrow("a block cannot move from lifted to active");
      });

      it("lists by service, proposal and incident, newest first", async () => {
        const incident = await store.declareIncident(openIncident(), 0);
        await store.addBlocks([
          pendingBlock({ createdMs: 1_000, service: "api" }),
          pendingBlock({ id: "b2", proposalId: "p2", createdMs: 1_001, incidentId: incident.id }),
        ]);

        const ids = async (filter: Parameters<Store["blocks"]>[0]) => (await store.blocks(filter)).map(({ id }) => id);
        expect(await ids({})).toEqual(["b2", "b1"]);
        expect(await ids({ service: "api" })).toEqual(["b1"]);
        expect(await ids({ proposalId: "p2" })).toEqual(["b2"]);
        expect(await ids({ incidentId: "n1" })).toEqual(["b2"]);
        expect(await ids({ service: "api", state: ["active"] })).toEqual([]);
      });

      it("lists those that ended at an instant or after it", async () => {
        await store.addBlocks([pendingBlock(), pendingBlock({ id: "b2", address: "203.0.113.0/24" })]);
        await store.moveBlocks({ ids: ["b1"], from: "pending", to: "lifted", by: ANNA, atMs: 2_000 });
        const since = async (endedSinceMs: number) => (await store.blocks({ endedSinceMs })).map(({ id }) => id);

        expect(await since(2_000)).toEqual(["b1"]);
        expect(await since(2_001)).toEqual([]);
      });

      it("gives those whose time is up, and lets them be given longer until they have ended", async () => {
        await store.addBlocks([
          pendingBlock({ expiresMs: 9_000 }),
          pendingBlock({ id: "b2", address: "203.0.113.0/24", expiresMs: 8_000 }),
          pendingBlock({ id: "b3", address: "2001:db8::/48", expiresMs: 7_000 }),
        ]);
        await store.moveBlocks({ ids: ["b3"], from: "pending", to: "expired", by: null, atMs: 7_000 });
        await store.moveBlocks({ ids: ["b1"], from: "pending", to: "active", by: BEN, atMs: 2_000 });
        const due = async (nowMs: number) => (await store.dueBlocks(nowMs)).map(({ id }) => id);

        expect(await due(7_999)).toEqual([]);
        expect(await due(9_000)).toEqual(["b2", "b1"]);
        await store.extendBlocks(["b1", "b3"], 20_000);
        expect(await due(9_000)).toEqual(["b2"]);
        expect((await store.blocks({ state: ["expired"] }))[0]?.expiresMs).toBe(7_000);
      });
    });

    describe("moving the end of blocks", () => {
      it("is done by one of two who saw the same end", async () => {
        await store.createProposal(pendingProposal());
        await store.addBlocks([pendingBlock({ id: "b1" }), pendingBlock({ id: "b2", address: "192.0.2.9/32" })]);

        const moved = await Promise.all([
          store.extendBlocks(["b1", "b2"], 12_000, { onlyWhereEndsMs: 9_000 }),
          store.extendBlocks(["b1", "b2"], 12_000, { onlyWhereEndsMs: 9_000 }),
        ]);

        expect(moved.map((ids) => ids.length).sort()).toEqual([0, 2]);
        expect((await store.blocks({})).map(({ expiresMs }) => expiresMs)).toEqual([12_000, 12_000]);
      });
    });

    describe("marks of who is about to touch the firewall", () => {
      beforeEach(async () => {
        await store.createProposal(pendingProposal());
        await store.addBlocks([pendingBlock({ isOurs: false })]);
        await store.moveBlocks({ ids: ["b1"], from: "pending", to: "active", by: BEN, atMs: 2_000 });
      });
      const end = () => store.moveBlocks({ ids: ["b1"], from: "active", to: "lifted", by: BEN, atMs: 6_000 });
      const unsettled = async (beforeMs: number) => (await store.unsettledBlocks(beforeMs)).map(({ id }) => id);

      it("are given to one of two who would put a block back, which is ours from then on", async () => {
        const claim = { atMs: 5_000, freeBeforeMs: 3_000 };
        const claimed = await Promise.all([store.claimBlocks(["b1"], claim), store.claimBlocks(["b1"], claim)]);

        expect(claimed.flat()).toEqual(["b1"]);
        expect((await store.blocks({}))[0]?.isOurs).toBe(true);
        expect(await store.claimBlocks(["b1"], { atMs: 9_000, freeBeforeMs: 5_001 })).toEqual(["b1"]);
      });

      it("keep anybody from putting back what ends, and stay until it was looked again", async () => {
        expect(await store.unsettleBlocks(["b1"], 5_000)).toEqual(["b1"]);
        expect(await store.claimBlocks(["b1"], { atMs: 5_500, freeBeforeMs: 3_000 })).toEqual([]);
        expect(await unsettled(9_000)).toEqual([]);
        await end();
        expect([await unsettled(5_000), await unsettled(5_001)]).toEqual([[], ["b1"]]);
        await store.settleBlocks(["b1"], 5_000);

        expect(await unsettled(9_000)).toEqual([]);
        expect(await store.claimBlocks(["b1"], { atMs: 9_000, freeBeforeMs: 9_000 })).toEqual([]);
      });

      it("of two who are at it are taken away by neither alone", async () => {
        await store.claimBlocks(["b1"], { atMs: 5_000, freeBeforeMs: 3_000 });
        expect(await store.unsettleBlocks(["b1"], 5_000)).toEqual([]);
        await end();
        await store.settleBlocks(["b1"], 5_000);

        expect(await unsettled(9_000)).toEqual(["b1"]);
      });
    });

    describe("what is shared by those who write to a firewall", () => {
      it("is a turn each, one after the other, and those of another lane apart", async () => {
        const waits = await Promise.all(Array.from({ length: 20 }, () => store.reserveTurn("one", 5_000)));

        const sorted = [...waits].sort((a, b) => a - b);
        expect(sorted[0]).toBeLessThan(1_000);
        for (const [at, waitMs] of sorted.entries()) expect(Math.abs(waitMs - at * 5_000)).toBeLessThan(2_500);
        expect(await store.reserveTurn("other", 5_000)).toBeLessThan(1_000);
      });

      it("is the newest report of each", async () => {
        const report = {
          firewall: "wafv2 a",
          services: ["web"],
          checkedMs: 2_000,
          entries: 3,
          foreign: ["192.0.2.1/32"],
          returned: [],
          weaknesses: [],
          weaknessesMs: null,
        };
        await store.saveFirewallReport(report);
        await store.saveFirewallReport({ ...report, checkedMs: 1_000, entries: 9 });
        await store.saveFirewallReport({ ...report, firewall: "wafv2 b" });

        expect(await store.firewallReports()).toEqual([report, { ...report, firewall: "wafv2 b" }]);
      });
    });

    describe("capacity holds", () => {
      it("holds one a service, until it is dropped", async () => {
        await store.createProposal(pendingProposal());
        await store.createProposal(pendingProposal({ id: "p2" }));
        const before = { min: 2, max: 8, desired: 2, running: 2 };
        const hold = { proposalId: "p1", service: "web", before, channelId: "C1", untilMs: 9_000 };

        expect(await store.holdCapacity(hold)).toBe(true);
        expect(await store.holdCapacity({ ...hold, proposalId: "p2", untilMs: 1 })).toBe(false);
        expect(await store.capacityHolds()).toEqual([hold]);
        expect(await store.dropCapacityHold("p1")).toBe(true);
        expect(await store.dropCapacityHold("p1")).toBe(false);
        expect(await store.capacityHolds()).toEqual([]);
      });

      it("remembers that people were asked, and the first way in which it ended", async () => {
        await store.createProposal(pendingProposal());
        const before = { min: 2, max: 8, desired: 2, running: 2, pending: 1 };
        const hold = { proposalId: "p1", service: "web", before, channelId: "C1", untilMs: 9_000 };
        const kept = { proposalId: "p1", kind: "kept", by: BEN, atMs: 9_500 } as const;
        await store.holdCapacity(hold);

        await store.setCapacityAsked("p1", 9_100);
        await store.setCapacityAsked("elsewhere", 9_100);

        expect(await store.capacityHolds()).toEqual([{ ...hold, askedMs: 9_100 }]);
        expect(await store.capacityEnd("p1")).toBeNull();
        expect(await store.addCapacityEnd(kept)).toBe(true);
        expect(await store.addCapacityEnd({ ...kept, kind: "restored", by: null })).toBe(false);
        expect(await store.capacityEnd("p1")).toEqual(kept);
      });
    });

    describe("what the watch saw", () => {
      const HOUR_MS = 3_600_000;
      const seen = { service: "web", openedMs: 10 * HOUR_MS, seenMs: 10 * HOUR_MS };

      it("is told once an episode, by one of many that look at once", async () => {
        const claims = await Promise.all(Array.from({ length: 5 }, () => store.claimSighting(seen)));

        expect(claims.filter(Boolean)).toHaveLength(1);
        expect(await store.claimSighting({ ...seen, openedMs: 9.9 * HOUR_MS, seenMs: 11 * HOUR_MS })).toBe(false);
        expect(await store.claimSighting({ ...seen, service: "api" })).toBe(true);
      });

      it("is told again once it had been over for an hour", async () => {
        await store.claimSighting(seen);
        await store.claimSighting({ ...seen, seenMs: 12 * HOUR_MS });

        expect(await store.claimSighting({ ...seen, openedMs: 13 * HOUR_MS, seenMs: 13 * HOUR_MS })).toBe(false);
        expect(await store.claimSighting({ ...seen, openedMs: 14.1 * HOUR_MS, seenMs: 14.1 * HOUR_MS })).toBe(true);
      });

      it("may be told by the next where it could not be", async () => {
        await store.claimSighting(seen);
        await store.releaseSighting("web");

        expect(await store.claimSighting(seen)).toBe(true);
        expect(await store.claimSighting(seen)).toBe(false);
      });
    });

    describe("a lock", () => {
      it("is one's alone until it is freed", async () => {
        const [first, second] = await Promise.all([store.tryLock("web"), store.tryLock("web")]);
        expect([first, second].filter((free) => free !== null)).toHaveLength(1);

        const other = await store.tryLock("api");
        expect(other).not.toBeNull();
        await (first ?? second)?.();
        const again = await store.tryLock("web");
        expect(again).not.toBeNull();

        await again?.();
        await other?.();
      });
    });

    describe("what somebody asked to undo", () => {
      it("is kept as it was asked for first, until it is forgotten", async () => {
        await store.createProposal(pendingProposal());
        const wish = { id: "undo-p1", proposalId: "p1", userId: "U1", atMs: 1_000 };
        await store.wishUndo(wish);
        await store.wishUndo({ ...wish, atMs: 9_000, isForced: true });
        await store.wishUndo({ ...wish, id: "undo-p1-a", addresses: ["198.51.100.7/32"], isForced: true, atMs: 2_000 });

        expect(await store.undoWishes(1_000)).toEqual([]);
        expect(await store.undoWishes(2_001)).toEqual([
          wish,
          { ...wish, id: "undo-p1-a", addresses: ["198.51.100.7/32"], isForced: true, atMs: 2_000 },
        ]);
        await store.forgetUndo("undo-p1");
        expect((await store.undoWishes(2_001)).map(({ id }) => id)).toEqual(["undo-p1-a"]);
      });
    });

    describe("incidents", () => {
      it("numbers them from 1 without gaps, however many are declared at once", async () => {
        const declared = await Promise.all(
          Array.from({ length: 20 }, (_, n) => store.declareIncident(openIncident({ id: `n${n}` }), 0)),
        );

        const numbers = declared.map(({ number }) => number).sort((a, b) => a - b);
        expect(numbers).toEqual(Array.from({ length: 20 }, (_, n) => n + 1));
      });

      it("declares one id once", async () => {
        const first = await store.declareIncident(openIncident(), 0);
        const again = await store.declareIncident(openIncident({ title: "other" }), 0);

        expect(first).toEqual({ ...openIncident(), number: 1 });
        expect(again).toEqual(first);
      });

      it("adopts what happened in its channel since then, and nothing else", async () => {
        await store.appendEvent(note({ key: "early", occurredMs: 2_999 }));
        await store.appendEvent(note({ key: "ours", occurredMs: 3_000 }));
        await store.appendEvent(note({ key: "elsewhere", channelId: "C2" }));
        await store.createInvestigation(runningInvestigation({ createdMs: 3_000 }));
        await store.createInvestigation(runningInvestigation({ id: "i2", createdMs: 2_999 }));
        await store.createProposal(pendingProposal({ createdMs: 3_000, expiresMs: 4_000 }));
        await store.addBlocks([pendingBlock()]);

        await store.declareIncident(openIncident(), 3_000);

        expect((await store.events("n1")).map(({ key }) => key)).toEqual(["ours"]);
        expect((await store.investigationsOf("n1")).map(({ id }) => id)).toEqual(["i1"]);
        expect((await store.proposalsOf("n1")).map(({ id }) => id)).toEqual(["p1"]);
        expect((await store.blocks({ incidentId: "n1" })).map(({ id }) => id)).toEqual(["b1"]);
      });

      it("learns when it began and where from the first finding, before or after it was declared", async () => {
        await store.createInvestigation(runningInvestigation());
        await store.finishInvestigation("i1", { finding: FINDING, intake: INTAKE });
        const declared = await store.declareIncident(openIncident({ startedMs: null, service: null }), 0);
        await store.declareIncident(openIncident({ id: "n2", channelId: "C2", startedMs: null, service: null }), 0);
        await store.createInvestigation(runningInvestigation({ id: "i2", channelId: "C2", incidentId: "n2" }));
        await store.finishInvestigation("i2", { finding: FINDING, intake: INTAKE });

        const learnt = { startedMs: FINDING.onset?.onsetMs, service: "web" };
        expect(declared).toMatchObject(learnt);
        expect(await store.incident("n1")).toMatchObject(learnt);
        expect(await store.incident("n2")).toMatchObject(learnt);
      });

      it("may be a drill", async () => {
        const declared = await store.declareIncident(openIncident({ isDrill: true }), 0);

        expect(declared.isDrill).toBe(true);
        expect((await store.openIncident("C1"))?.isDrill).toBe(true);
      });

      it("keeps what somebody said of when it began", async () => {
        await store.createInvestigation(runningInvestigation());
        await store.finishInvestigation("i1", { finding: FINDING, intake: INTAKE });

        expect((await store.declareIncident(openIncident({ startedMs: 1_234 }), 0)).startedMs).toBe(1_234);
      });

      it("leaves with an incident what belongs to it", async () => {
        await store.appendEvent(note());
        await store.declareIncident(openIncident(), 0);
        await store.declareIncident(openIncident({ id: "n2" }), 0);

        expect(await store.events("n1")).toHaveLength(1);
        expect(await store.events("n2")).toHaveLength(0);
      });

      it("resolves once, by the first who does", async () => {
        await store.declareIncident(openIncident(), 0);

        expect(await store.resolveIncident("n1", BEN, 6_000)).toBe(true);
        expect(await store.resolveIncident("n1", ANNA, 7_000)).toBe(false);
        expect(await store.incident("n1")).toEqual({
          ...openIncident(),
          number: 1,
          state: "resolved",
          resolvedMs: 6_000,
          resolvedBy: BEN,
        });
      });

      it("finds the open one and the newest of a channel, and any by number", async () => {
        for (const id of ["n1", "n2", "n3"]) await store.declareIncident(openIncident({ id }), 0);
        await store.declareIncident(openIncident({ id: "n4", channelId: "C2" }), 0);
        await store.resolveIncident("n3", BEN, 6_000);

        expect((await store.openIncident("C1"))?.id).toBe("n2");
        expect((await store.latestIncident("C1"))?.id).toBe("n3");
        expect((await store.incidentByNumber(4))?.id).toBe("n4");
        expect(await store.openIncident("C3")).toBeNull();
        expect(await store.latestIncident("C3")).toBeNull();
        expect(await store.incidentByNumber(9)).toBeNull();
        expect(await store.incident("n9")).toBeNull();
      });

      it("lists newest first, by state, so many at most", async () => {
        for (const id of ["n1", "n2", "n3"]) await store.declareIncident(openIncident({ id }), 0);
        await store.resolveIncident("n2", BEN, 6_000);

        const ids = async (filter?: Parameters<Store["incidents"]>[0]) =>
          (await store.incidents(filter)).map(({ id }) => id);
        expect(await ids()).toEqual(["n3", "n2", "n1"]);
        expect(await ids({ state: "open" })).toEqual(["n3", "n1"]);
        expect(await ids({ state: "open", limit: 1 })).toEqual(["n3"]);
      });
    });

    describe("the timeline", () => {
      beforeEach(async () => {
        await store.declareIncident(openIncident(), 0);
      });

      it("is in order of occurrence, then of recording", async () => {
        const at = (key: string, occurredMs: number, recordedMs: number) =>
          store.appendEvent(note({ key, occurredMs, recordedMs, incidentId: "n1" }));
        await at("third", 20, 30);
        await at("first", 10, 40);
        await at("second", 20, 25);

        expect((await store.events("n1")).map(({ key }) => key)).toEqual(["first", "second", "third"]);
      });

      it("says a thing once in a channel", async () => {
        expect(await store.appendEvent(note({ incidentId: "n1" }))).toBe(true);
        expect(await store.appendEvent(note({ incidentId: "n1", id: "e2", text: "again" }))).toBe(false);
        expect(await store.appendEvent(note({ channelId: "C2" }))).toBe(true);

        expect(await store.events("n1")).toEqual([note({ incidentId: "n1" })]);
      });

      it("takes an entry written in ignorance of the open incident", async () => {
        await store.appendEvent(note({ incidentId: null }));

        expect(await store.events("n1")).toHaveLength(1);
      });

      it("hides what people remove, also from a job that writes it again", async () => {
        await store.appendEvent(note());

        expect(await store.removeEvent("C1", "k1")).toBe(true);
        expect(await store.removeEvent("C1", "k1")).toBe(false);
        expect(await store.removeEvent("C2", "k1")).toBe(false);
        expect(await store.appendEvent(note({ id: "e2" }))).toBe(false);
        expect(await store.events("n1")).toEqual([]);
      });

      it("brings back a message that somebody adds again", async () => {
        await store.appendEvent(note({ kind: "message" }));
        await store.removeEvent("C1", "k1");

        expect(await store.appendEvent(note({ kind: "message", id: "e2" }))).toBe(true);
        expect(await store.events("n1")).toHaveLength(1);
      });
    });

    describe("postmortems", () => {
      it("keeps the newest draft", async () => {
        await store.declareIncident(openIncident(), 0);

        expect(await store.postmortem("n1")).toBeNull();
        await store.savePostmortem("n1", "# first", 10);
        await store.savePostmortem("n1", "# second", 20);
        await store.savePostmortem("n1", "# late", 15);

        expect(await store.postmortem("n1")).toEqual({ markdown: "# second", savedMs: 20 });
      });
    });

    it("answers a ping", async () => {
      await expect(store.ping()).resolves.toBeUndefined();
    });
  });
}
