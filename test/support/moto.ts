/** A real moto server for one test file: AWS's protocols without AWS. */
import { type ChildProcess, spawn } from "node:child_process";
import { createServer } from "node:net";
import { setTimeout as delay } from "node:timers/promises";
import { afterAll, beforeAll, beforeEach } from "@jest/globals";
import type { AwsSettings } from "../../src/config.ts";
import { describeWith } from "./describe-with.ts";

const REGION = "eu-west-1";
const START_TIMEOUT_MS = 60_000;
const POLL_EVERY_MS = 50;

export interface Moto {
  /** Filled when the tests run. */
  readonly aws: AwsSettings;
}

/** A `describe` whose tests have an empty moto server each; where moto is not installed, they are skipped and say so. */
export function describeWithMoto(name: string, tests: (moto: Moto) => void): void {
  describeWith({ name: "moto_server", install: "pip install 'moto[server]'" }, name, (path) => {
    const moto: { aws: AwsSettings } = { aws: { region: REGION } };
    let server: ChildProcess | null = null;

    beforeAll(async () => {
      // moto takes any key; the SDK calls nothing without one.
      process.env["AWS_ACCESS_KEY_ID"] = "test";
      process.env["AWS_SECRET_ACCESS_KEY"] = "test";
      const port = await freePort();
      server = spawn(path, ["-H", "127.0.0.1", "-p", String(port)], { stdio: "ignore" });
      moto.aws = { region: REGION, endpoint: `http://127.0.0.1:${port}` };
      await answers(`${moto.aws.endpoint}/moto-api/`, server);
    }, START_TIMEOUT_MS + 5_000);

    beforeEach(async () => {
      await fetch(`${moto.aws.endpoint}/moto-api/reset`, { method: "POST" });
    });

    afterAll(async () => {
      if (server !== null) await stop(server);
    });

    tests(moto);
  });
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
  const giveUpMs = Date.now() + START_TIMEOUT_MS;
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
