import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";

export interface TestRedis {
  /** Gives the URL of an empty database of its own; there are 64. */
  freshDatabase(): string;
  /** Kills it at once, as a machine that loses its power does. */
  kill(): Promise<void>;
  /** Starts it again at the same place, in the same folder. */
  start(): Promise<void>;
  stop(): Promise<void>;
}

/**
 * Starts the `redis-server` that is on the PATH, on a free loopback port.
 *
 * @param options.isKept whether it writes everything to disk; nothing, unless told
 */
export async function startTestRedis(options: { readonly isKept?: boolean } = {}): Promise<TestRedis> {
  const dir = mkdtempSync(join(tmpdir(), "spillway-redis-"));
  const port = await freePort();
  const args = ["--port", String(port), "--bind", "127.0.0.1", "--dir", dir, "--save", "", "--databases", "64"];
  const kept = options.isKept ? ["--appendonly", "yes", "--appendfsync", "always"] : [];
  let server: ChildProcess;
  let made = 0;

  async function start(): Promise<void> {
    const started = spawn("redis-server", [...args, ...kept, "--maxmemory-policy", "noeviction"], {
      stdio: ["ignore", "pipe", "inherit"],
    });
    server = started;
    for await (const chunk of started.stdout) {
      if (String(chunk).includes("Ready to accept connections")) break;
    }
  }

  async function kill(): Promise<void> {
    const ended = once(server, "exit");
    server.kill("SIGKILL");
    await ended;
  }

  await start();
  return {
    freshDatabase() {
      made += 1;
      return `redis://127.0.0.1:${port}/${made}`;
    },
    kill,
    start,
    async stop() {
      await kill();
      rmSync(dir, { recursive: true, force: true });
    },
  };
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  server.close();
  await once(server, "close");
  if (address === null || typeof address === "string") throw new Error("A TCP server has a port");
  return address.port;
}
