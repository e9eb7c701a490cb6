import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "@jest/globals";
import { parseConfig } from "../../../src/config.ts";
import { createLog } from "../../../src/log.ts";
import { createLogReader } from "../../../src/logs/reader.ts";
import { createFileSource } from "../../../src/logs/sources/files.ts";
import { type Site, startSite } from "../../../src/sandbox/site/site.ts";
import { STORIES } from "../../../src/sandbox/stories/registry.ts";
import { fixedClock } from "../../support/fixed-clock.ts";

const OPEN_MS = Date.UTC(2026, 10, 21, 13, 7, 3);

let parent: string;
beforeEach(() => {
  parent = mkdtempSync(join(tmpdir(), "spillway-site-"));
});
afterEach(() => {
  rmSync(parent, { recursive: true, force: true });
});

function start(options: { dir?: string; story?: string; clock?: ReturnType<typeof fixedClock> } = {}): Promise<Site> {
  return startSite({
    dir: options.dir ?? join(parent, "site"),
    story: options.story ?? "quiet",
    seed: 7,
    clock: options.clock ?? fixedClock(OPEN_MS),
    log: createLog("silent"),
    historyMinutes: 12,
  });
}

function logFiles(dir: string): string[] {
  return readdirSync(dir, { recursive: true, encoding: "utf8" })
    .filter((name) => name.endsWith(".log"))
    .sort();
}

describe("startSite", () => {
  it("writes its history as a load balancer's objects and a web server's access log", async () => {
    const site = await start();

    const web = logFiles(join(parent, "site/logs/web"));
    const forum = readFileSync(join(parent, "site/logs/forum/access.log"), "utf8");
    await site.close();

    const key =
      /^AWSLogs\/111122223333\/elasticloadbalancing\/eu-west-1\/2026\/11\/21\/111122223333_elasticloadbalancing_eu-west-1_app\.web\.50dc6c495c0c9188_20261121T1[23][0-5][05]Z_203\.0\.113\.2[12]_[0-9a-f]{8}\.log$/;
    expect(web.filter((name) => !key.test(name))).toEqual([]);
    // 12:55 to 13:07 touches three periods, on two machines each.
    expect(web).toHaveLength(6);
    expect(forum.endsWith("\n")).toBe(true);
    expect(forum.split("\n").length).toBeGreaterThan(1_000);
  });

  it("appends whole lines as the clock goes on", async () => {
    const clock = fixedClock(OPEN_MS);
    const site = await start({ clock });
    const path = join(parent, "site/logs/forum/access.log");
    const before = readFileSync(path, "utf8");

    clock.advance(20_000);
    await site.tick();
    const after = readFileSync(path, "utf8");
    await site.close();

    expect(after.startsWith(before)).toBe(true);
    expect(after.length).toBeGreaterThan(before.length);
    expect(after.endsWith("\n")).toBe(true);
  });

  it.each(STORIES.map(({ name }) => name))(
    "gives a configuration that the bot accepts (%s)",
    async (story) => {
      const site = await start({ story });
      await site.close();

      const config = parseConfig(site.configYaml, "spillway.yaml");

      expect(Object.keys(config.services)).toEqual(["web", "forum"]);
      expect(config.services["web"]).toMatchObject({
        logs: { kind: "files", format: "alb", paths: [join(parent, "site/logs/web")] },
        scaling: { name: "web", maxInstances: 8 },
        neverBlock: ["203.0.113.0/24"],
      });
      expect(config.check.everySecs).toBe(10);
      expect(config.spike.defaultWindowSecs + config.spike.baselineSecs).toBeLessThan(3 * 3_600);
      // A crowd takes a busy machine seconds to play.
    },
    30_000,
  );

  it("lets the bot read a proxy's times by the format that it configures", async () => {
    const site = await start({ story: "slow-proxy" });
    const logs = parseConfig(site.configYaml, "spillway.yaml").services["forum"]?.logs;
    if (logs?.kind !== "files") throw new Error("the forum has no log files");

    const reader = createLogReader({
      source: createFileSource(logs.paths),
      format: logs.format,
      spillDir: parent,
      localBytes: Number.MAX_SAFE_INTEGER,
    });
    const slice = await reader.read({ window: null, latencies: ["connect"] });
    const whole = { startMs: 0, endMs: OPEN_MS };
    const { by } = await slice.percentiles({
      baseline: { startMs: 0, endMs: 0 },
      spike: whole,
      latencies: ["connect"],
      percentiles: [1],
    });
    await Promise.all([slice.close(), site.close()]);

    expect(slice.intake).toMatchObject({ recovered: 0, unparsed: 0 });
    expect(slice.intake.parsed).toBeGreaterThan(8_000);
    expect(by.connect?.spike.secs[0]).toBeGreaterThan(0.99);
  });

  it("tells how the site is", async () => {
    const site = await start({ story: "crawler" });

    const { inService, services } = site.status();
    await site.close();

    expect(inService).toBe(2);
    expect(services.web.requestsPerMin).toBeGreaterThan(1_500);
    expect(services.forum.requestsPerMin).toBeLessThan(300);
  });

  it("takes away the folder that it made, and nothing of a folder that was there", async () => {
    const own = await start();
    await own.close();
    const there = join(parent, "there");
    mkdirSync(there);
    const guest = await start({ dir: there });
    await guest.close();

    expect(existsSync(join(parent, "site"))).toBe(false);
    expect(existsSync(join(there, "logs"))).toBe(true);
  });

  it("begins anew where a sandbox was before", async () => {
    const dir = join(parent, "there");
    mkdirSync(dir);
    const first = await start({ dir });
    await first.close();
    const before = logFiles(join(dir, "logs"));

    const second = await start({ dir });
    await second.close();

    expect(logFiles(join(dir, "logs"))).toEqual(before);
  });

  it("refuses a folder with logs that are not a sandbox's", async () => {
    mkdirSync(join(parent, "site/logs"), { recursive: true });

    await expect(start()).rejects.toMatchObject({ name: "UserError", code: "sandbox-folder-taken" });
  });

  it("names the stories that there are when it is asked for another", async () => {
    await expect(start({ story: "flood" })).rejects.toMatchObject({
      code: "story-unknown",
      message:
        'There is no story "flood"; the sandbox plays crawler, preview-links, tv-show, doubling, slow-proxy, quiet.',
    });
  });
});
