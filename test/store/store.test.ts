import { afterAll, afterEach, beforeAll, describe, expect, it } from "@jest/globals";
import pino from "pino";
import { UpstreamError } from "../../src/errors.ts";
import type { Store } from "../../src/ports/store.ts";
import { readAudit, verifyAudit } from "../../src/store/audit.ts";
import { openDatabase } from "../../src/store/database.ts";
import { migrate } from "../../src/store/migrate.ts";
import { MIGRATIONS } from "../../src/store/migrations.ts";
import { openStore } from "../../src/store/store.ts";
import { startTestPostgres, type TestPostgres } from "../support/postgres.ts";
import { startTcpProxy } from "../support/tcp-proxy.ts";
import { BEN, note, openIncident, pendingBlock, pendingProposal } from "./examples.ts";
import { describeStore } from "./store-suite.ts";

const log = pino({ level: "silent" });
let postgres: TestPostgres;
const opened: { close(): Promise<void> }[] = [];

beforeAll(async () => {
  postgres = await startTestPostgres();
});
afterEach(async () => {
  await Promise.all(opened.splice(0).map((store) => store.close()));
});
afterAll(() => postgres.stop());

async function openAt(url: string): Promise<Store> {
  const store = await openStore(url, log);
  opened.push(store);
  return store;
}

describeStore("the store in Postgres", async () => openAt(await postgres.freshDatabase()));

describe("what the database itself sees to", () => {
  it("writes one approval with each decision, and none for what nobody decided", async () => {
    const url = await postgres.freshDatabase();
    const store = await openAt(url);
    for (const id of ["yes", "no", "late"]) await store.createProposal(pendingProposal({ id, digest: `of-${id}` }));

    await store.moveProposal({ id: "yes", from: "pending", to: "approved", by: BEN, atMs: 1_500 });
    await store.moveProposal({ id: "yes", from: "approved", to: "executing", by: null, atMs: 1_600 });
    await store.moveProposal({ id: "no", from: "pending", to: "refused", by: BEN, atMs: 1_500 });
    await store.moveProposal({ id: "late", from: "pending", to: "expired", by: null, atMs: 2_000 });

    const sql = "SELECT proposal_id, person_id, decision, digest, decided_ms::int FROM approvals ORDER BY proposal_id";
    expect(await postgres.query(url, sql)).toEqual([
      { proposal_id: "no", person_id: "U0BEN", decision: "refused", digest: "of-no", decided_ms: 1_500 },
      { proposal_id: "yes", person_id: "U0BEN", decision: "approved", digest: "of-yes", decided_ms: 1_500 },
    ]);
  });

  it("lets nobody alter what was proposed or what happened, even past the program", async () => {
    const url = await postgres.freshDatabase();
    const store = await openAt(url);
    await store.createProposal(pendingProposal());
    await store.declareIncident(openIncident(), 0);
    await store.appendEvent(note());

    const alterations = [
      "UPDATE proposals SET digest = 'forged'",
      `UPDATE proposals SET change = '{"kind":"scale"}'`,
      "UPDATE events SET text = 'it was fine'",
      "DELETE FROM events",
      "UPDATE proposals SET expires_ms = expires_ms + 60000",
      "UPDATE proposals SET approvers_needed = 2",
      `UPDATE proposals SET predicted = '{"baselineHarmed":0}'`,
    ];
    for (const sql of alterations) {
      await expect(postgres.query(url, sql)).rejects.toThrow(/cannot be altered|append-only/);
    }
  });

  it("takes what is blocked since before there were measures for blocks, and goes on with its audit log", async () => {
    const url = await postgres.freshDatabase();
    const before = MIGRATIONS.filter(({ version }) => version < 40);
    await migrate(url, log, before);
    await postgres.query(
      url,
      `INSERT INTO proposals (id, change, digest, requested_by_id, requested_by_name, channel_id, created_ms, expires_ms,
         state, state_since_ms) VALUES ('p1', '{"kind":"block"}', '5f2a', 'U0ANNA', 'Anna', 'C1', 1000, 2000, 'pending', 1000)`,
    );
    await postgres.query(
      url,
      `INSERT INTO blocks (id, service, address, reason, proposal_id, channel_id, blocked_by_id, blocked_by_name,
         created_ms, expires_ms, state)
       VALUES ('b1', 'web', '198.51.100.14/32', 'it floods', 'p1', 'C1', 'U0BEN', 'Ben', 1500, 9000, 'pending')`,
    );

    const store = await openAt(url);
    await store.moveBlocks({ ids: ["b1"], from: "pending", to: "active", by: BEN, atMs: 1_600 });

    expect(await store.blocks({})).toMatchObject([{ id: "b1", state: "active" }]);
    expect((await store.blocks({}))[0]).not.toHaveProperty("measure");
    const database = openDatabase(url, log);
    opened.push(database);
    expect(await verifyAudit(readAudit(database))).toMatchObject({ ok: true, entries: 3 });
  });

  it("lets no row be of another measure than its proposal, which an older program would block", async () => {
    const url = await postgres.freshDatabase();
    const store = await openAt(url);
    const { change } = pendingProposal();
    await store.createProposal(pendingProposal({ change: { ...change, measure: "challenge" } as typeof change }));

    await expect(store.addBlocks([pendingBlock()])).rejects.toThrow("the measure of a block is that of its proposal");

    await store.addBlocks([pendingBlock({ measure: "challenge" })]);
    await expect(postgres.query(url, "UPDATE blocks SET measure = 'block'")).rejects.toThrow("cannot be altered");
  });

  it("lets nothing become approved without its approvers, even past the program", async () => {
    const url = await postgres.freshDatabase();
    const store = await openAt(url);
    await store.createProposal(pendingProposal({ approversNeeded: 2 }));
    await store.approveProposal({ id: "p1", digest: "5f2a", by: BEN, atMs: 1_500, needed: 2, reason: null });

    const decided = "decided_by_id = 'U0BEN', decided_by_name = 'Ben', decided_ms = 1500";
    const forged = `UPDATE proposals SET state = 'approved', ${decided}`;
    await expect(postgres.query(url, forged)).rejects.toThrow("a proposal needs 2 approvers");
    await expect(postgres.query(url, "UPDATE approvals SET person_id = 'U0ANNA'")).rejects.toThrow("append-only");
    await expect(postgres.query(url, "DELETE FROM approvals")).rejects.toThrow("append-only");
  });

  it("refuses rows that point to nothing", async () => {
    const store = await openAt(await postgres.freshDatabase());

    const receipt = { proposalId: "p9", outcome: "applied", appliedMs: 1, calls: [], check: null } as const;
    await expect(store.addReceipt(receipt)).rejects.toThrow("foreign key");
    await expect(store.appendEvent(note({ incidentId: "n9" }))).rejects.toThrow("foreign key");
  });

  it("stores text with a NUL in it, which Postgres cannot, with a mark in its place", async () => {
    const store = await openAt(await postgres.freshDatabase());
    await store.declareIncident(openIncident(), 0);

    await store.appendEvent(note({ text: "path /\u0000/x" }));

    expect((await store.events("n1"))[0]?.text).toBe("path /\uFFFD/x");
  });
});

describe("an outage", () => {
  const isDown = { name: "UpstreamError", code: "store-down", retryable: true };

  it.each(["freeze", "cut"] as const)("is told within 2 s and outlived: %s", async (outage) => {
    const proxy = await startTcpProxy(await postgres.freshDatabase());
    const store = await openAt(proxy.url);
    await store.ping();
    await proxy[outage]();

    const begunMs = performance.now();
    await expect(store.ping()).rejects.toMatchObject(isDown);
    await expect(openStore(proxy.url, log)).rejects.toMatchObject(isDown);
    expect(performance.now() - begunMs).toBeLessThan(2 * 2_200);

    await proxy.restore();
    await untilUp(store);
    await store.createProposal(pendingProposal());
    await opened.pop()?.close();
    await proxy.close();
  });

  it("that ends every connection at once, as a restart does, costs at most the calls under way", async () => {
    const url = await postgres.freshDatabase();
    const store = await openAt(url);
    await Promise.all([store.ping(), store.ping(), store.ping()]);

    const others = "datname = current_database() AND pid <> pg_backend_pid()";
    await postgres.query(url, `SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE ${others}`);
    await untilUp(store);

    await expect(store.createProposal(pendingProposal())).resolves.toBe(true);
  });

  it("in which the embedded server is killed passes by itself, and costs at most the calls under way", async () => {
    const url = await postgres.freshDatabase();
    const store = await openAt(url);
    const database = openDatabase(url, log);
    await store.createProposal(pendingProposal());
    const underWay = database.transaction(async (query) => {
      await query("SELECT 1");
      postgres.kill();
      await untilDown(store);
      await query("SELECT 1");
    });

    await expect(underWay).rejects.toMatchObject(isDown);
    await untilUp(store);

    expect(await store.proposal("p1")).toMatchObject({ id: "p1" });
    await database.close();
  });

  it("refuses a database that does not exist as a mistake in the configuration", async () => {
    const url = (await postgres.freshDatabase()).replace(/test_\d+$/, "nowhere");

    await expect(openStore(url, log)).rejects.toMatchObject({ name: "UserError", code: "store-refused" });
  });
});

async function untilDown(store: Store): Promise<void> {
  try {
    for (;;) await store.ping();
  } catch {
    // It is.
  }
}

async function untilUp(store: Store): Promise<void> {
  for (;;) {
    try {
      return await store.ping();
    } catch (error) {
      if (!(error instanceof UpstreamError)) throw error;
      await new Promise((resolve) => setImmediate(resolve));
    }
  }
}

describe("migrations", () => {
  const next = { version: 1_000, name: "next", sql: "CREATE TABLE next_thing (id text)" };

  it("run once each when many processes start together", async () => {
    const url = await postgres.freshDatabase();

    await Promise.all(Array.from({ length: 5 }, () => migrate(url, log)));

    const applied = await postgres.query<{ version: number }>(url, "SELECT version FROM migrations");
    expect(applied).toHaveLength(MIGRATIONS.length);
  });

  it("add what is new to a database that is in use", async () => {
    const url = await postgres.freshDatabase();
    await (await openAt(url)).createProposal(pendingProposal());

    await migrate(url, log, [...MIGRATIONS, next]);

    expect(await postgres.query(url, "SELECT * FROM next_thing")).toEqual([]);
    expect(await postgres.query(url, "SELECT id FROM proposals")).toEqual([{ id: "p1" }]);
  });

  it("take up a step whose number lies between those that were applied", async () => {
    const url = await postgres.freshDatabase();
    const [first, third] = [1, 30].map((version) => ({
      ...next,
      version,
      sql: `CREATE TABLE step_${version} (id text)`,
    }));
    const between = { ...next, version: 20, sql: "CREATE TABLE step_20 (id text)" };
    if (first === undefined || third === undefined) throw new Error("two steps");
    await migrate(url, log, [first, third]);

    await migrate(url, log, [first, between, third]);
    await migrate(url, log, [first, between, third]);

    expect(await postgres.query(url, "SELECT * FROM step_20")).toEqual([]);
    expect(await postgres.query(url, "SELECT version FROM migrations ORDER BY version")).toHaveLength(3);
  });

  it("add what was made beside the newest, whichever of the two came first", async () => {
    const url = await postgres.freshDatabase();
    const later = { ...next, version: next.version + 1, name: "later", sql: "SELECT 1" };
    await migrate(url, log, [...MIGRATIONS, later]);

    await migrate(url, log, [...MIGRATIONS, next, later]);

    expect(await postgres.query(url, "SELECT * FROM next_thing")).toEqual([]);
  });

  it("refuse a database that a newer program was at", async () => {
    const url = await postgres.freshDatabase();
    await migrate(url, log, [...MIGRATIONS, next]);

    await expect(openStore(url, log)).rejects.toMatchObject({ name: "UserError", code: "store-newer" });
  });

  it("refuse to go on when a step that was applied has been edited", async () => {
    const url = await postgres.freshDatabase();
    await migrate(url, log, [next]);

    const edited = migrate(url, log, [{ ...next, sql: `${next.sql} ` }]);
    await expect(edited).rejects.toMatchObject({ name: "UserError", code: "store-altered" });
  });

  it("leave nothing of a step that fails midway", async () => {
    const url = await postgres.freshDatabase();
    const broken = { version: 1, name: "broken", sql: "CREATE TABLE half (id text); SELECT 1 / 0" };

    await expect(migrate(url, log, [broken])).rejects.toThrow("division by zero");
    await migrate(url, log, [{ ...broken, sql: "CREATE TABLE half (id text)" }]);

    expect(await postgres.query(url, "SELECT * FROM half")).toEqual([]);
  });
});
