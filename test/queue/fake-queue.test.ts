import { describe, expect, it } from "@jest/globals";
import { createFakeQueue } from "../support/fake-queue.ts";

describe("the fake queue", () => {
  it("runs what is waiting and what that adds, in order, with delayed jobs left out", async () => {
    const queue = createFakeQueue();
    const ran: string[] = [];
    await queue.enqueue("check", { proposalId: "p1", round: 1 }, { delayMs: 60_000 });
    await queue.enqueue("apply", { proposalId: "p1" });

    await queue.drain({
      apply: async ({ payload }) => {
        ran.push(payload.proposalId);
        if (payload.proposalId === "p1") await queue.enqueue("apply", { proposalId: "p2" });
      },
    });

    expect(ran).toEqual(["p1", "p2"]);
    expect(queue.waiting()).toEqual([
      { name: "check", payload: { proposalId: "p1", round: 1 }, id: null, delayMs: 60_000 },
    ]);
  });

  it("drops a second job of one id while the first waits or runs, not after", async () => {
    const queue = createFakeQueue();
    let runs = 0;
    const add = () => queue.enqueue("apply", { proposalId: "p1" }, { id: "one" });
    const apply = async () => {
      runs += 1;
      await add();
    };

    await add();
    await add();
    await queue.drain({ apply });
    expect(runs).toBe(1);
    await add();
    expect(queue.waiting()).toHaveLength(1);
  });

  it("refuses a payload that is not the job's, and fails as if it were away when told", async () => {
    const queue = createFakeQueue();

    await expect(queue.enqueue("apply", {} as { proposalId: string })).rejects.toThrow("proposalId");
    queue.failWith(new Error("away"));
    await expect(queue.enqueue("apply", { proposalId: "p1" })).rejects.toThrow("away");
  });
});
