/** Many people click on one proposal at the same instant, on bots on three machines that share one real Postgres. */
import { afterAll, afterEach, beforeAll, describe, expect, it } from "@jest/globals";
import { approve } from "../commands/approve.ts";
import type { CommandContext } from "../commands/context.ts";
import { digestOf } from "../commands/propose.ts";
import { refuse } from "../commands/refuse.ts";
import { withdraw } from "../commands/withdraw.ts";
import { apply } from "../jobs/apply.ts";
import type { Person, Proposal } from "../src/domain/proposal.ts";
import { createLog } from "../src/log.ts";
import { createAnswerer } from "../src/slack/answer.ts";
import type { ButtonHandler } from "../src/slack/command.ts";
import { readAudit, verifyAudit } from "../src/store/audit.ts";
import { type Database, openDatabase } from "../src/store/database.ts";
import { openStore } from "../src/store/store.ts";
import { ASKING, buildProposal } from "./support/build-proposal.ts";
import { click } from "./support/command-context.ts";
import { createFakeQueue } from "./support/fake-queue.ts";
import { attempt, jobContext, type TestJobContext } from "./support/job-context.ts";
import { startTestPostgres, type TestPostgres } from "./support/postgres.ts";

const MACHINES = 3;
const CLICKS = 50;
const PEOPLE: readonly Person[] = Array.from({ length: 10 }, (_, index) => ({
  id: `U0P${index}`,
  name: `Person ${index}`,
}));

let postgres: TestPostgres;
const opened: { close(): Promise<void> }[] = [];

beforeAll(async () => {
  postgres = await startTestPostgres();
}, 60_000);
afterEach(async () => {
  await Promise.all(opened.splice(0).map((one) => one.close()));
});
afterAll(() => postgres?.stop());

interface Scene {
  readonly machines: readonly TestJobContext[];
  readonly database: Database;
  readonly proposal: Proposal;
  /** What each person was told, by their id. */
  told(personId: string): number;
  press(button: ButtonHandler<CommandContext>, by: Person, machine: number): Promise<void>;
  decided(): Promise<Proposal>;
}

async function setScene(given: Partial<Proposal> = {}): Promise<Scene> {
  const url = await postgres.freshDatabase();
  const shared = jobContext();
  const database = openDatabase(url, shared.log);
  opened.push(database);
  const machines: TestJobContext[] = [];
  for (let index = 0; index < MACHINES; index += 1) {
    const store = await openStore(url, createLog("silent"));
    opened.push(store);
    machines.push({ ...shared, store: store as unknown as TestJobContext["store"], queue: createFakeQueue() });
  }
  const [first] = machines as [TestJobContext];
  const { ts } = await first.messenger.post({ channelId: "C0WEB" }, { text: "the card", blocks: [] });
  const proposal = buildProposal({ incidentId: null, messageTs: ts, ...given });
  const offered = { ...proposal, digest: digestOf(proposal.change) };
  await first.store.createProposal(offered);

  const refusals = new Map<string, number>();
  let delivered = 0;
  return {
    machines,
    database,
    proposal: offered,
    told: (personId) => (refusals.get(personId) ?? 0) + first.messenger.whispers(personId).length,
    press: (button, by, machine) => {
      const context = machines[machine % MACHINES] as TestJobContext;
      // Slack answers for itself; each machine remembers on its own what was delivered.
      const answer = createAnswerer({ log: context.log, newErrorId: () => "bug", patienceMs: 60_000 });
      delivered += 1;
      const tell = async (message: { readonly text: string }) => {
        expect(message.text).not.toContain("Something went wrong");
        refusals.set(by.id, (refusals.get(by.id) ?? 0) + 1);
      };
      const delivery = { key: String(delivered), what: button.actionId, tell };
      return answer(delivery, () => button.run(click(button.actionId, offered.id, by), context));
    },
    decided: async () => (await first.store.proposal(offered.id)) as Proposal,
  };
}

/** Whatever each machine has in its queue, all at once, and once more, as queues do. */
async function workOff({ machines, proposal }: Scene): Promise<number> {
  const jobs = machines.flatMap(({ queue }) => queue.waiting()).filter(({ name }) => name === "apply").length;
  if (jobs > 0) {
    await Promise.all(machines.map((context) => apply(attempt<"apply">({ proposalId: proposal.id }), context)));
  }
  return jobs;
}

describe("50 clicks of 10 people at the same instant", () => {
  it.each([1, 2] as const)("on a proposal that needs %i carry it out once, and each is answered", async (needed) => {
    const scene = await setScene({ approversNeeded: needed });

    await Promise.all(
      Array.from({ length: CLICKS }, (_, index) => scene.press(approve, PEOPLE[index % 10] as Person, index)),
    );

    const decided = await scene.decided();
    expect(decided.state).toBe("approved");
    expect(new Set(decided.approvals.map(({ person }) => person.id)).size).toBe(needed);
    expect(decided.approvals).toHaveLength(needed);
    for (const { id } of PEOPLE) expect([id, scene.told(id)]).toEqual([id, CLICKS / PEOPLE.length]);

    expect(await workOff(scene)).toBe(1);
    expect((await scene.decided()).state).toBe("done");
    expect(scene.machines[0]?.firewall.effective).toEqual(["block 198.51.100.14/32"]);
    const kinds = await auditKinds(scene);
    expect(kinds.filter((kind) => kind === "approval")).toHaveLength(needed);
    expect(kinds.filter((kind) => kind === "receipt")).toHaveLength(1);
    expect(await verifyAudit(readAudit(scene.database))).toMatchObject({ ok: true });
  });

  it.each([0, 1, 2, 3, 4, 5])(
    "of which some refuse and whoever asked withdraws, end in one way, and each is answered (deal %i)",
    async (deal) => {
      const buttons = [approve, refuse, approve, withdraw, approve];
      const people = [...PEOPLE.slice(1), ASKING];
      const scene = await setScene({ approversNeeded: 2 });

      await Promise.all(
        Array.from({ length: CLICKS }, (_, index) => {
          const turn = (index * 7 + deal * 11) % CLICKS;
          return scene.press(buttons[turn % 5] as typeof approve, people[Math.floor(turn / 5)] as Person, index);
        }),
      );

      const { state, approvals } = await scene.decided();
      const isApproved = state === "approved";
      expect(["approved", "refused", "withdrawn"]).toContain(state);
      for (const { id } of people) expect([id, scene.told(id)]).toEqual([id, buttons.length]);
      expect(await workOff(scene)).toBe(isApproved ? 1 : 0);
      expect([...(scene.machines[0]?.firewall.blocked ?? [])]).toEqual(isApproved ? ["198.51.100.14/32"] : []);
      if (isApproved) expect(new Set(approvals.map(({ person }) => person.id)).size).toBe(2);
      const turnedDown = (await auditKinds(scene)).filter((kind) => kind === "refusal" || kind === "withdrawal");
      expect(turnedDown).toHaveLength(isApproved ? 0 : 1);
    },
  );
});

async function auditKinds({ database }: Scene): Promise<readonly string[]> {
  const kinds: string[] = [];
  for await (const { kind } of readAudit(database)) kinds.push(kind);
  return kinds;
}
