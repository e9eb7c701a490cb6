import { afterAll, afterEach, beforeAll, describe, expect, it } from "@jest/globals";
import { createLog } from "../../src/log.ts";
import type { Store } from "../../src/ports/store.ts";
import { type AuditRow, readAudit, verifyAudit } from "../../src/store/audit.ts";
import { type Database, openDatabase } from "../../src/store/database.ts";
import { openStore } from "../../src/store/store.ts";
import { startTestPostgres, type TestPostgres } from "../support/postgres.ts";
import { ANNA, BEN, openIncident, pendingBlock, pendingProposal } from "./examples.ts";

const log = createLog("silent");
let postgres: TestPostgres;
const opened: { close(): Promise<void> }[] = [];

beforeAll(async () => {
  postgres = await startTestPostgres();
}, 60_000);
afterEach(async () => {
  await Promise.all(opened.splice(0).map((one) => one.close()));
});
afterAll(() => postgres?.stop());

async function open(): Promise<{ url: string; store: Store; database: Database }> {
  const url = await postgres.freshDatabase();
  const store = await openStore(url, log);
  const database = openDatabase(url, log);
  opened.push(store, database);
  return { url, store, database };
}

async function entries(database: Database, span = {}): Promise<readonly AuditRow[]> {
  const rows: AuditRow[] = [];
  for await (const row of readAudit(database, span)) rows.push(row);
  return rows;
}

/** One block from the question to its end, by two people, one of whom broke the glass. */
async function liveThrough(store: Store): Promise<void> {
  await store.declareIncident(openIncident(), 0);
  await store.createProposal(pendingProposal({ incidentId: "n1" }));
  const refusal = { kind: "policy-refusal", atMs: 1_100, actor: ANNA, proposalId: "p1", incidentId: "n1" } as const;
  await store.recordAudit({ ...refusal, details: { code: "own-request" } });
  await store.approveProposal({ id: "p1", digest: "5f2a", by: BEN, atMs: 1_200, needed: 1, reason: "it burns" });
  await store.moveProposal({ id: "p1", from: "approved", to: "executing", by: null, atMs: 1_300 });
  const blocks = ["198.51.100.14/32", "198.51.100.15/32"].map((address, index) =>
    pendingBlock({ id: `b${index}`, address, incidentId: "n1" }),
  );
  await store.addBlocks(blocks);
  const ids = blocks.map(({ id }) => id);
  await store.moveBlocks({ ids, from: "pending", to: "active", by: BEN, atMs: 1_600 });
  await store.addReceipt({
    proposalId: "p1",
    outcome: "applied",
    appliedMs: 1_700,
    calls: ["UpdateIPSet"],
    check: null,
  });
  await store.moveProposal({ id: "p1", from: "executing", to: "done", by: null, atMs: 1_800 });
  await store.extendBlocks(ids, 12_000, { by: ANNA });
  const check = {
    checkedMs: 1_900,
    verdict: "worked",
    statement: "It fell.",
    beforePerMin: 9,
    afterPerMin: 1,
  } as const;
  await store.setCheck("p1", check);
  await store.moveBlocks({ ids, from: "active", to: "lifted", by: ANNA, atMs: 2_000 });
}

describe("the audit log", () => {
  it("writes down by itself what happens to a change, by whom, and for which incident", async () => {
    const { store, database } = await open();

    await liveThrough(store);

    const written = (await entries(database)).map(({ content }) => JSON.parse(content));
    expect(written.map(({ kind, actorName }) => `${kind}: ${actorName}`)).toEqual([
      "proposal: Anna",
      "policy-refusal: Anna",
      "break-glass: Ben",
      "state: Ben",
      "state: Spillway",
      "block: Ben",
      "block-active: Spillway",
      "receipt: Spillway",
      "state: Spillway",
      "extension: Anna",
      "check: Spillway",
      "block-end: Anna",
    ]);
    expect(written.every(({ proposalId, incidentId }) => proposalId === "p1" && incidentId === "n1")).toBe(true);
    expect(written[0].details).toMatchObject({ change: pendingProposal().change, digest: "5f2a", approversNeeded: 1 });
    expect(written[2].details).toEqual({ digest: "5f2a", reason: "it burns" });
    expect(written[9].details).toEqual({
      service: "web",
      addresses: ["198.51.100.14/32", "198.51.100.15/32"],
      fromMs: 9_000,
      toMs: 12_000,
    });
  });

  it("names the measure of what is no block, from its beginning to its end, and verifies all the same", async () => {
    const { store, database } = await open();
    const { change } = pendingProposal();
    await store.createProposal(pendingProposal());
    await store.createProposal(
      pendingProposal({ id: "p2", change: { ...change, measure: "challenge" } as typeof change }),
    );
    await store.addBlocks([pendingBlock(), pendingBlock({ id: "b2", proposalId: "p2", measure: "challenge" })]);
    await store.extendBlocks(["b2"], 12_000, { by: ANNA });
    await store.moveBlocks({ ids: ["b1", "b2"], from: "pending", to: "expired", by: null, atMs: 2_000 });

    const written = (await entries(database)).map(({ content }) => JSON.parse(content));
    const measures = written
      .filter(({ kind }) => ["block", "extension", "block-end"].includes(kind))
      .map(({ kind, proposalId, details }) => [kind, proposalId, details.measure]);
    expect(measures).toEqual([
      ["block", "p1", undefined],
      ["block", "p2", "challenge"],
      ["extension", "p2", "challenge"],
      ["block-end", "p1", undefined],
      ["block-end", "p2", "challenge"],
    ]);
    expect(await verifyAudit(readAudit(database))).toMatchObject({ ok: true, entries: written.length });
  });

  it("holds refusals, withdrawals, offers that expired, and capacity", async () => {
    const { store, database } = await open();
    for (const id of ["no", "back", "late", "scale"]) await store.createProposal(pendingProposal({ id }));

    await store.moveProposal({ id: "no", from: "pending", to: "refused", by: BEN, atMs: 1_500 });
    await store.moveProposal({ id: "back", from: "pending", to: "withdrawn", by: ANNA, atMs: 1_500 });
    await store.moveProposal({ id: "late", from: "pending", to: "expired", by: null, atMs: 2_000 });
    const before = { min: 2, max: 8, desired: 2, running: 2 };
    await store.holdCapacity({ proposalId: "scale", service: "web", before, channelId: "C1", untilMs: 9_000 });
    await store.addCapacityEnd({ proposalId: "scale", kind: "kept", by: BEN, atMs: 2_500 });
    await store.dropCapacityHold("scale");

    const kinds = (await entries(database)).slice(4).map(({ kind }) => kind);
    expect(kinds.toSorted()).toEqual(
      ["state", "refusal", "state", "withdrawal", "state", "capacity-hold", "capacity-kept", "capacity-end"].toSorted(),
    );
  });

  it("holds the rules that are in force, each time that they change", async () => {
    const { store, database } = await open();
    const configured = (allowSelfApproval: boolean) =>
      store.recordAudit({
        kind: "configuration",
        atMs: 1_000,
        actor: { id: "spillway", name: "Spillway" },
        proposalId: null,
        incidentId: null,
        details: { approvals: { allowSelfApproval } },
      });

    for (const allowed of [false, false, true, true, false]) await configured(allowed);

    const written = (await entries(database)).map(
      ({ content }) => JSON.parse(content).details.approvals.allowSelfApproval,
    );
    expect(written).toEqual([false, true, false]);
  });

  it("says nothing of what was rolled back, and has no gap there", async () => {
    const { store, database } = await open();
    await store.createProposal(pendingProposal());

    const undone = database.transaction(async (query) => {
      await query("UPDATE proposals SET state = 'expired', state_since_ms = 1, decided_ms = 1 WHERE id = 'p1'");
      throw new Error("changed my mind");
    });
    await expect(undone).rejects.toThrow("changed my mind");
    await store.moveProposal({ id: "p1", from: "pending", to: "withdrawn", by: ANNA, atMs: 1_500 });

    expect((await entries(database)).map(({ seq }) => seq)).toEqual([1, 2, 3]);
  });

  it("is one chain, however many write at once", async () => {
    const { store, database } = await open();

    await Promise.all(
      Array.from({ length: 40 }, async (_, index) => {
        const id = `p${index}`;
        await store.createProposal(pendingProposal({ id }));
        await store.approveProposal({ id, digest: "5f2a", by: BEN, atMs: 1_500, needed: 1, reason: null });
      }),
    );

    expect(await verifyAudit(readAudit(database))).toMatchObject({ ok: true, entries: 120 });
  });

  it("is held up by a process that hangs for less than anybody waits", async () => {
    const { store, database } = await open();
    let written: Promise<boolean> | undefined;

    const hung = database.transaction(async (query) => {
      await query("SELECT append_audit('policy-refusal', 1, 'U0ANNA', 'Anna', NULL, NULL, '{}')");
      written = store.createProposal(pendingProposal());
      await written;
      await query("SELECT 1");
    });

    await expect(hung).rejects.toMatchObject({ code: "store-down", retryable: true });
    await expect(written).resolves.toBe(true);
    expect((await entries(database)).map(({ seq, kind }) => [seq, kind])).toEqual([[1, "proposal"]]);
  });

  it("is the same for thousands of blocks as for one", async () => {
    const { store, database } = await open();
    await store.createProposal(pendingProposal());
    const address = (index: number) => `10.${index >> 8}.${index & 255}.0/32`;
    const blocks = Array.from({ length: 5_000 }, (_, index) =>
      pendingBlock({ id: `b${index}`, address: address(index) }),
    );

    await store.addBlocks(blocks);

    expect((await entries(database)).map(({ kind }) => kind)).toEqual(["proposal", "block"]);
  });

  it("gives a span of time", async () => {
    const { store, database } = await open();
    await liveThrough(store);

    const kinds = (await entries(database, { fromMs: 1_200, toMs: 1_500 })).map(({ kind }) => kind);

    expect(kinds).toEqual(["break-glass", "state", "state"]);
  });
});

describe("whoever alters the audit log", () => {
  it.each(["UPDATE audit SET content = '{}'", "DELETE FROM audit", "TRUNCATE audit"])("is refused: %s", async (sql) => {
    const { url, store } = await open();
    await liveThrough(store);

    await expect(postgres.query(url, sql)).rejects.toThrow("the audit log is append-only");
  });

  /** As somebody with the database's own password could. */
  const unguarded = (sql: string) => `SET session_replication_role = replica; ${sql}`;
  const rehash = "encode(sha256(convert_to(previous_hash || E'\\n' || content, 'UTF8')), 'hex')";

  it.each([
    [
      "changes an entry",
      "UPDATE audit SET content = replace(content, 'Ben', 'Eve') WHERE seq = 3",
      3,
      "does not match its hash",
    ],
    [
      "changes an entry and its hash",
      `UPDATE audit SET content = replace(content, 'Ben', 'Eve') WHERE seq = 3; UPDATE audit SET hash = ${rehash} WHERE seq = 3`,
      4,
      "the hash of the entry before it does not match",
    ],
    ["takes one out", "DELETE FROM audit WHERE seq = 5", 5, "it is missing; the next one there is 6"],
    ["takes out the first", "DELETE FROM audit WHERE seq = 1", 1, "it is missing"],
    [
      "takes one out and closes the gap",
      "DELETE FROM audit WHERE seq = 5; UPDATE audit SET seq = seq - 1 WHERE seq > 5",
      5,
      "the hash of the entry before it does not match",
    ],
    [
      "puts one in",
      "INSERT INTO audit SELECT 13, at_ms, kind, content, previous_hash, hash FROM audit WHERE seq = 12",
      13,
      "the hash of the entry before it does not match",
    ],
    ["changes when it was", "UPDATE audit SET at_ms = 0 WHERE seq = 2", 2, "columns do not say what its content says"],
  ])("is found out who %s", async (_what, sql, seq, why) => {
    const { url, store, database } = await open();
    await liveThrough(store);
    expect(await verifyAudit(readAudit(database))).toMatchObject({ ok: true, entries: 12 });

    await postgres.query(url, unguarded(sql));

    expect(await verifyAudit(readAudit(database))).toEqual({ ok: false, seq, why: expect.stringContaining(why) });
  });

  it("cuts off the end unseen, but for those who kept the last hash", async () => {
    const { url, store, database } = await open();
    await liveThrough(store);
    const whole = await verifyAudit(readAudit(database));
    const head = whole.ok ? whole.head : "";
    await store.createProposal(pendingProposal({ id: "p2" }));
    expect(await verifyAudit(readAudit(database), head)).toMatchObject({ ok: true, entries: 13 });

    await postgres.query(url, unguarded("DELETE FROM audit WHERE seq > 10"));

    expect(await verifyAudit(readAudit(database))).toMatchObject({ ok: true, entries: 10 });
    expect(await verifyAudit(readAudit(database), head)).toEqual({
      ok: false,
      seq: 11,
      why: `no entry has the hash ${head}: what followed up to it is gone`,
    });
  });
});
