/** The tour: one incident from the first command to the postmortem, through the real bot and real parts. */
import { afterAll, beforeAll, describe, expect, it } from "@jest/globals";
import { type Running, startSpillway } from "../src/main.ts";
import { type PersonAtPage, wordsOf } from "./support/at-the-page.ts";
import { startTestPostgres, type TestPostgres } from "./support/postgres.ts";
import { openSandbox, type Sandbox } from "./support/sandbox.ts";

const ATTACKER = "198.51.100.14";

let postgres: TestPostgres;
let sandbox: Sandbox;
let spillway: Running;
let ana: PersonAtPage;
let ben: PersonAtPage;

beforeAll(async () => {
  postgres = await startTestPostgres();
  sandbox = await openSandbox({ databaseUrl: await postgres.freshDatabase(), story: "crawler" });
  spillway = await startSpillway(sandbox.env, { bot: true, worker: true });
  [ana, ben] = await Promise.all([sandbox.sitDown("Ana"), sandbox.sitDown("Ben")]);
}, 60_000);

afterAll(async () => {
  ana?.leave();
  ben?.leave();
  await spillway?.stop();
  await sandbox?.close();
  await postgres?.stop();
}, 30_000);

describe("an incident, from the first command to the postmortem", () => {
  it("goes the whole way", async () => {
    await ana.say("/spike web 30m");
    const verdict = await ana.sees(/One client explains/);
    expect(wordsOf(verdict)).toContain(ATTACKER);
    expect(wordsOf(verdict)).toMatch(/[\d,]+ lines = [\d,]+ parsed \+ \d+ recovered \+ 0 unparsed/);
    expect(verdict.blocks.map((block) => block["type"])).toEqual(expect.arrayContaining(["image", "table", "actions"]));

    await ana.click(verdict, /^Declare incident/);
    await ana.submit({ Title: "A crawler takes the site down" });
    expect(wordsOf(await ana.sees(/INC-1/))).toContain("A crawler takes the site down");

    await ana.click(verdict, /^Block for/);
    await ana.submit();
    const card = await ben.sees(/Approve/);
    expect(await sandbox.firewall.list()).toEqual([]);

    await ana.click(card, /^Approve/);
    await ana.sees(/somebody else|another person|own request/i);
    expect(await sandbox.firewall.list()).toEqual([]);

    await Promise.all([ben.click(card, /^Approve/), ben.click(card, /^Approve/)]);
    const worked = await ben.sees(/Worked\./);
    expect(wordsOf(worked)).toContain("Ben");
    expect(await sandbox.firewall.list()).toEqual([`${ATTACKER}/32`]);

    await ana.say("/blocks");
    expect(wordsOf(await ana.sees(/1 address is blocked now/))).toContain(ATTACKER);

    await ben.click(worked, /^Undo/);
    await ben.sees(/lifted|undone/i);

    await ana.say("/incident resolve The crawler was told to slow down");
    await ana.sees(/resolved/i);
    await ana.say("/postmortem");
    const shared = await ana.sees(/Draft postmortem of INC-1/);
    const paper = await ana.reads(shared);
    expect(paper).toContain("## Summary");
    expect(paper).toContain("## Timeline (UTC)");
    expect(paper).toContain(ATTACKER);
    expect(paper).toContain("Ben");
  }, 120_000);
});
