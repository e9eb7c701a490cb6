/** The sandbox as a newcomer starts and ends it, as a process of its own. */
import { once } from "node:events";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { type AddressInfo, createServer } from "node:net";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "@jest/globals";
import { type Demo, type DemoHome, makeDemoHome } from "./support/demo.ts";

let home: DemoHome;

beforeAll(() => {
  home = makeDemoHome();
});

afterAll(() => home?.leave(), 30_000);

describe("spillway demo", () => {
  it("ends with 2 and one line that says what is wrong, and leaves nothing", async () => {
    const ends = await Promise.all([
      home.fail("--story", "flood"),
      home.fail("--port", "99999"),
      home.fail("--prot", "8080"),
    ]);

    expect(ends.map(({ status }) => status)).toEqual([2, 2, 2]);
    expect(ends.map(({ stderr }) => stderr)).toEqual([
      'spillway: There is no story "flood"; the sandbox plays crawler, preview-links, tv-show, doubling, slow-proxy, quiet.\n',
      "spillway: --port 99999 is no port; it takes a number from 0 (any free one) to 65535.\n",
      expect.stringMatching(/^spillway: Unknown option '--prot'.*\n$/),
    ]);
    expect(readdirSync(home.dir)).toEqual([]);
  }, 30_000);

  it("ends when its port is taken, and leaves nothing running", async () => {
    const other = createServer().listen(0, "127.0.0.1");
    await once(other, "listening");
    const { port } = other.address() as AddressInfo;

    const { status, stderr } = await home.fail("--port", String(port));

    other.close();
    expect(stderr).toBe(`spillway: --port ${port} is taken by another program; without --port a free one is found.\n`);
    expect(status).toBe(2);
    expect(readdirSync(join(home.dir, "sandbox"))).toEqual([]);
    expect(readPostgresPid()).toBe(null);
  }, 30_000);

  let killed: Demo;

  it("says where its page is and what to type there", async () => {
    killed = await home.start("--port", "0");
    const page = await fetch(killed.url);

    expect(killed.printed.stdout).toMatch(/^The sandbox is ready: http:\/\/127\.0\.0\.1:\d+\/$/m);
    expect(killed.printed.stdout).toContain("/spike web");
    expect(killed.printed.stdout).toMatch(/^Then:\n {2}Block for 1 h… .*\n {2}\/blocks\n/m);
    expect(killed.printed.stderr).toBe("");
    expect(page.status).toBe(200);
    expect(await page.text()).toContain("<title>Spillway");
  }, 30_000);

  it("starts again after it was killed, clears what was left, and leaves nothing when it is told to end", async () => {
    await killed.ends("SIGKILL");
    const databasePid = readPostgresPid();
    expect(readdirSync(join(home.dir, "sandbox"))).toEqual([String(killed.pid)]);

    const second = await home.start();

    expect(readdirSync(join(home.dir, "sandbox"))).toEqual([String(second.pid)]);
    expect(readPostgresPid()).toBe(databasePid);
    expect((await fetch(second.url)).status).toBe(200);

    expect(await second.ends("SIGTERM")).toBe(0);

    expect(readdirSync(join(home.dir, "sandbox"))).toEqual([]);
    expect(readPostgresPid()).toBe(null);
    await expect(fetch(second.url)).rejects.toThrow("fetch failed");
  }, 30_000);
});

/** Postgres removes the file as the last thing that it does. */
function readPostgresPid(): number | null {
  const file = join(home.dir, "postgres", "data", "postmaster.pid");
  return existsSync(file) ? Number.parseInt(readFileSync(file, "utf8"), 10) : null;
}
