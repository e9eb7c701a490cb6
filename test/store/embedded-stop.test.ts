import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "@jest/globals";
import type { Cluster } from "../../src/store/embedded/cluster.ts";
import { stop } from "../../src/store/embedded/server.ts";

let folder: string;
let cluster: Cluster;
let server: ChildProcess;

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), "spillway-test-"));
  const data = join(folder, "data");
  mkdirSync(data);
  cluster = { folder, data, logFile: join(folder, "server.log"), password: "secret" };
  // By its command line it is a server of this cluster.
  const program = 'console.log("up"); setInterval(() => {}, 60_000)';
  server = spawn(process.execPath, ["-e", program, "postgres", data], { stdio: ["ignore", "pipe", "inherit"] });
  await once(server.stdout as NodeJS.ReadableStream, "data");
  writeFileSync(join(data, "postmaster.pid"), `${server.pid}\n${data}\n1\n5432\n`);
});
afterEach(() => {
  server.kill("SIGKILL");
  rmSync(folder, { recursive: true, force: true });
});

async function end(): Promise<void> {
  server.kill("SIGKILL");
  await once(server, "exit");
}

const refused = new Error("pg_ctl: could not send stop signal");

describe("stopping the embedded Postgres", () => {
  it("is done when the server ended by itself just before", async () => {
    const run = async () => {
      await end();
      throw refused;
    };

    await expect(stop(cluster, { run })).resolves.toBeUndefined();
  });

  it("is done when the server ended by itself just before it was to end at once", async () => {
    const modes: string[] = [];
    const run = async (_name: string, args: readonly string[]) => {
      modes.push(args.at(-1) ?? "");
      if (modes.length === 2) await end();
      throw refused;
    };

    await expect(stop(cluster, { run })).resolves.toBeUndefined();
    expect(modes).toEqual(["--mode=fast", "--mode=immediate"]);
  });

  it("fails when the server is there after all was tried", async () => {
    const run = async () => {
      throw refused;
    };

    await expect(stop(cluster, { run })).rejects.toBe(refused);
  });
});
