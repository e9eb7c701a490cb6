/** The embedded database dies by SIGKILL under a bot and a worker that go on running; both go on working. */
import { rmSync } from "node:fs";
import { join } from "node:path";
import { afterEach, describe, expect, it } from "@jest/globals";
import { createLog } from "../src/log.ts";
import { startEmbeddedPostgres } from "../src/store/embedded.ts";
import { killServer, reachableFolder, serverPid } from "./support/postgres.ts";
import { openSandbox, spawnSpillway } from "./support/sandbox.ts";

const closers: (() => Promise<void> | void)[] = [];

afterEach(async () => {
  for (let close = closers.pop(); close !== undefined; close = closers.pop()) await close();
}, 30_000);

describe("the embedded database killed under a bot and a worker", () => {
  it("comes back, and what is asked then is answered and carried out by those who ran all along", async () => {
    const home = reachableFolder();
    closers.push(() => rmSync(home, { recursive: true, force: true }));
    const sandbox = await openSandbox({ databaseUrl: "", story: "quiet" });
    closers.push(() => sandbox.close());
    const env = { ...sandbox.env, SPILLWAY_HOME: home };
    for (const args of [["worker"], ["start", "--no-worker"]]) {
      const running = await spawnSpillway(args, env);
      closers.push(() => running.stop());
    }
    const ana = await sandbox.sitDown("Ana");
    closers.push(() => ana.leave());
    const ben = await sandbox.sitDown("Ben");
    closers.push(() => ben.leave());
    const folder = join(home, "postgres");
    const pid = serverPid(folder);

    killServer(folder);
    await untilAnother(pid, folder);
    // Whoever joins waits until it answers.
    const joined = await startEmbeddedPostgres({ dir: home, log: createLog("silent") });
    closers.push(() => joined.stop());
    await ana.say("/block 198.51.100.77 for 1h because it scans for passwords");
    const card = await ben.sees(/Approve/);
    await ben.click(card, /^Approve/);

    expect(await ben.sees(/applied at/)).toBeDefined();
  }, 120_000);
});

/** The file that tells the server's process is away for an instant when the server starts. */
async function untilAnother(pid: number, folder: string): Promise<void> {
  for (;;) {
    await new Promise((resolve) => setImmediate(resolve));
    try {
      if (serverPid(folder) !== pid) return;
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== "ENOENT") throw error;
    }
  }
}
