import { type ChildProcess, spawn } from "node:child_process";
import { createServer } from "node:net";
import { setTimeout as delay } from "node:timers/promises";

/** How long it may take to answer for the first time. */
export const MOTO_START_TIMEOUT_MS = 60_000;
const POLL_EVERY_MS = 50;

export interface MotoServer {
  readonly url: string;
  stop(): Promise<void>;
}

/** Starts the `moto_server` at a path on a free loopback port, and waits until it answers. */
export async function startMoto(path: string): Promise<MotoServer> {
  // moto takes any key; the SDK calls nothing without one.
  process.env["AWS_ACCESS_KEY_ID"] = "test";
  process.env["AWS_SECRET_ACCESS_KEY"] = "test";
  const port = await freePort();
  const server = spawn(path, ["-H", "127.0.0.1", "-p", String(port)], { stdio: "ignore" });
  const url = `http://127.0.0.1:${port}`;
  await answers(`${url}/moto-api/`, server);
  return { url, stop: () => stop(server) };
}

function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer().once("error", reject);
    server.listen(0, "127.0.0.1", () => {
      const address = server.address();
      server.close(() => resolve(typeof address === "object" && address !== null ? address.port : 0));
    });
  });
}

async function answers(url: string, server: ChildProcess): Promise<void> {
  const giveUpMs = Date.now() + MOTO_START_TIMEOUT_MS;
  while (server.exitCode === null && Date.now() < giveUpMs) {
    const isUp = await fetch(url).then(
      (response) => response.ok,
      () => false,
    );
    if (isUp) return;
    await delay(POLL_EVERY_MS);
  }
  throw new Error(`moto_server did not answer at ${url} (exit code ${server.exitCode})`);
}

function stop(server: ChildProcess): Promise<void> {
  if (server.exitCode !== null) return Promise.resolve();
  return new Promise((resolve) => {
    server.once("exit", () => resolve());
    server.kill();
  });
}
