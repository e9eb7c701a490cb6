/** The embedded database dies by SIGKILL under a bot and a worker that go on running; both go on working. */
import { rmSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "@jest/globals";
import { createLog } from "../src/log.ts";
import { startEmbeddedPostgres } from "../src/store/embedded.ts";
import { closingAfterEach } from "./support/closing.ts";
import { killServer, reachableFolder, serverPid } from "./support/postgres.ts";
import { openSandbox, spawnSpillway } from "./support/sandbox.ts";

const opened = closingAfterEach();

describe("the embedded database killed under a bot and a worker", () => {
  it("comes back, and what is asked then is answered and carried out by those who ran all along", async () => {
    const home = opened(reachableFolder(), async (it) => rmSync(it, { recursive: true, force: true }));
    const sandbox = opened(await openSandbox({ databaseUrl: "", story: "quiet" }), (it) => it.close());
    const env = { ...sandbox.env, SPILLWAY_HOME: home };
    for (const args of [["worker"], ["start", "--no-worker"]]) {
      opened(await spawnSpillway(args, env), (it) => it.stop());
    }
    const ana = opened(await sandbox.sitDown("Ana"), async (it) => it.leave());
    const ben = opened(await sandbox.sitDown("Ben"), async (it) => it.leave());
    const folder = join(home, "postgres");
    const pid = serverPid(folder);

    killServer(folder);
    await untilAnother(pid, folder);
    // Whoever joins waits until it answers.
    opened(await startEmbeddedPostgres({ dir: home, log: createLog("silent") }), (it) => it.stop());
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
