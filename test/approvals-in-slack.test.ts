/** Who may do what, over Slack's own protocol: a user group, two approvers, a withdrawal, a broken glass. */
import { appendFileSync } from "node:fs";
import { afterAll, beforeAll, describe, expect, it } from "@jest/globals";
import { createLog } from "../src/log.ts";
import { type Running, startSpillway } from "../src/main.ts";
import { readAudit, verifyAudit } from "../src/store/audit.ts";
import { openDatabase } from "../src/store/database.ts";
import { wordsOf } from "./support/at-the-page.ts";
import { startTestPostgres, type TestPostgres } from "./support/postgres.ts";
import { openSandbox, type Sandbox } from "./support/sandbox.ts";

/** Ana and Ben are on call; Chloe is not. */
const APPROVALS = "\napprovals: { approvers: [S0ONCALL01], breakGlass: [S0ONCALL01] }\n";

let postgres: TestPostgres;
let databaseUrl: string;
let sandbox: Sandbox;
let spillway: Running;

beforeAll(async () => {
  postgres = await startTestPostgres();
  databaseUrl = await postgres.freshDatabase();
  sandbox = await openSandbox({ databaseUrl, story: "quiet" });
  appendFileSync(sandbox.env["SPILLWAY_CONFIG"] ?? "", APPROVALS);
  spillway = await startSpillway(sandbox.env, { bot: true, worker: true });
}, 60_000);

afterAll(async () => {
  await spillway?.stop();
  await sandbox?.close();
  await postgres?.stop();
}, 30_000);

describe("a change that two people of a user group have to approve", () => {
  it("is done by the second of them, after everybody else was told why not", async () => {
    const [ana, ben, chloe] = await Promise.all([
      sandbox.sitDown("Ana"),
      sandbox.sitDown("Ben"),
      sandbox.sitDown("Chloe"),
    ]);
    try {
      await chloe.say("/block 198.51.100.77 for 2d because it scans for passwords");
      const card = await ana.sees(/Waits for two people to approve/);
      expect(wordsOf(card)).toContain("It takes two because it lasts 2 d, over 1 d.");
      await chloe.click(card, /^Approve/);
      await chloe.sees(/not on the list of approvers/);
      await ana.click(card, /^Approve/);
      await ana.sees(/one more person has to approve it before anything is done/);
      await ana.click(card, /^Approve/);
      await ana.sees(/You have approved this already/);
      expect(await sandbox.firewall.list()).toEqual([]);

      await ben.click(await ben.sees(/waits for one more person/), /^Approve/);
      await ben.sees(/Approved by \*Ana and Ben\* at .*, applied at/);
      expect(await sandbox.firewall.list()).toEqual(["198.51.100.77/32"]);

      await chloe.say("/block 198.51.100.78 because it scans too");
      const second = await chloe.sees(/Block 198\.51\.100\.78[\s\S]*Waits for approval/);
      await ben.click(second, /^Withdraw/);
      await ben.sees(/Only Chloe, who asked for it, can withdraw it/);
      await chloe.click(second, /^Withdraw/);
      expect((await chloe.sees(/Withdrawn by \*Chloe\*/)).blocks.map(({ type }) => type)).not.toContain("actions");

      await ana.say("/block 198.51.100.79 for 2d because it scans as well");
      const third = await ana.sees(/Block 198\.51\.100\.79[\s\S]*Waits for two people/);
      await ana.click(third, /^Break the glass/);
      await ana.submit({ "Why it cannot wait": "nobody else is awake" });
      const done = await ana.sees(/Block 198\.51\.100\.79[\s\S]*applied at/);
      expect(wordsOf(done)).toContain("*Ana* broke the glass: nobody else is awake");
      expect(await sandbox.firewall.list()).toEqual(["198.51.100.77/32", "198.51.100.79/32"]);
    } finally {
      for (const person of [ana, ben, chloe]) person.leave();
    }
  }, 60_000);

  it("and all of it is in the audit log", async () => {
    const database = openDatabase(databaseUrl, createLog("silent"));
    const written: string[] = [];
    for await (const { content } of readAudit(database)) {
      const { kind, actorName } = JSON.parse(content);
      if (!["state", "receipt", "check"].includes(kind)) written.push(`${kind}: ${actorName}`);
    }

    expect(written).toEqual([
      "configuration: Spillway",
      "proposal: Chloe",
      "policy-refusal: Chloe",
      "approval: Ana",
      "policy-refusal: Ana",
      "approval: Ben",
      "block: Ben",
      "block-active: Spillway",
      "proposal: Chloe",
      "withdrawal: Chloe",
      "proposal: Ana",
      "break-glass: Ana",
      "block: Ana",
      "block-active: Spillway",
    ]);
    expect(await verifyAudit(readAudit(database))).toMatchObject({ ok: true });
    await database.close();
  });
});
