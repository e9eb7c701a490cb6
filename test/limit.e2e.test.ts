import { afterAll, beforeAll, describe, expect, it } from "@jest/globals";
import { parseConfig } from "../src/config.ts";
import { createWafFirewall } from "../src/firewall/wafv2.ts";
import { setsOf } from "../src/firewall-sets.ts";
import { createLog } from "../src/log.ts";
import { type Running, startSpillway } from "../src/main.ts";
import type { Firewall } from "../src/ports/firewall.ts";
import { wordsOf } from "./support/at-the-page.ts";
import { startTestPostgres, type TestPostgres } from "./support/postgres.ts";
import { openSandbox, type Sandbox } from "./support/sandbox.ts";

const CRAWLER = "198.51.100.14";

let postgres: TestPostgres;
let sandbox: Sandbox;
let spillway: Running;
let limited: Firewall;

beforeAll(async () => {
  postgres = await startTestPostgres();
  sandbox = await openSandbox({ databaseUrl: await postgres.freshDatabase() });
  spillway = await startSpillway(sandbox.env, { bot: true, worker: true });
  limited = limitedIn(sandbox);
}, 60_000);

afterAll(async () => {
  await spillway?.stop();
  await sandbox?.close();
  await postgres?.stop();
}, 30_000);

/** What the sets of the rate limit hold, asked past the bot. */
function limitedIn({ site, env }: Sandbox): Firewall {
  const config = parseConfig(site.configYaml, "the sandbox's configuration").services["web"]?.firewall;
  const sets = config && setsOf(config, "rate-limit");
  if (config === undefined || sets == null) throw new Error("the sandbox has no rate limit");
  return createWafFirewall({
    config: { ...config, ...sets },
    measure: "rate-limit",
    rateLimit: config.rateLimit ?? { limit: 0, windowSecs: 0 },
    aws: { region: "us-east-1", endpoint: env["AWS_ENDPOINT_URL"] ?? "" },
    log: createLog("silent"),
  });
}

describe("a rate limit", () => {
  it("is offered beside the block, approved, carried out, seen to work and undone", async () => {
    const [ana, ben] = await Promise.all([sandbox.sitDown("Ana"), sandbox.sitDown("Ben")]);
    try {
      await ana.say("/spike web 30m");
      const verdict = await ana.sees(/Rate-limit/);
      expect(wordsOf(verdict)).toMatch(/Rate-limit .*198\.51\.100\.14.* to 400 requests in 1 min for 1 h/);
      await ana.click(verdict, /^Rate-limit for/);
      await ana.submit();

      const card = await ben.sees(/Limits each address/);
      await ben.click(card, /^Preview/);
      expect(wordsOf(await ben.sees(/Preview: Approve would make 1 call/))).toContain("spillway-limited-v4");
      await ben.click(card, /^Approve/);
      const worked = await ben.sees(/Approved by [\s\S]*Worked: excess down/);
      expect(wordsOf(worked)).toContain("is rate-limited went from");
      expect(wordsOf(worked)).not.toMatch(/\bblocked\b/i);
      expect(await limited.list()).toEqual([`${CRAWLER}/32`]);
      expect(await sandbox.firewall.list()).toEqual([]);
      expect(await limited.weaknesses()).toEqual([]);
      await ana.say("/blocks");
      await ana.sees(/1 address is rate-limited now/);

      await ben.click(worked, /^Undo/);
      await ben.sees(/lifted|undone/i);
      expect(await limited.list()).toEqual([]);
    } finally {
      ana.leave();
      ben.leave();
    }
  }, 120_000);

  it("is told apart from a challenge, whose preview says whom it fails", async () => {
    const ana = await sandbox.sitDown("Ana");
    try {
      await ana.say(`/challenge ${CRAWLER} preview because it is no browser`);
      const words = wordsOf(await ana.sees(/Only a browser passes/));

      expect(words).toContain("spillway-challenged-v4");
      expect(words).toContain("apps without JavaScript fail");
    } finally {
      ana.leave();
    }
  }, 60_000);
});
