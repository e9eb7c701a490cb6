import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { createServer, type Server } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, afterEach, beforeAll, describe, expect, it, jest } from "@jest/globals";
import pg from "pg";
import pino from "pino";
import type { Log } from "../../src/log.ts";
import { type EmbeddedPostgres, startEmbeddedPostgres } from "../../src/store/embedded.ts";
import { killServer, reachableFolder, serverPid } from "../support/postgres.ts";

jest.setTimeout(20_000);

const log = pino({ level: "silent" });
/** One folder for all: making a database takes half a second, starting its server a tenth. */
let dir: string;
let started: EmbeddedPostgres[];
let children: ChildProcess[];

beforeAll(() => {
  dir = reachableFolder();
  started = [];
  children = [];
});
afterEach(async () => {
  for (const child of children.splice(0)) child.kill("SIGKILL");
  // Whoever is last takes over what a killed process left, and ends it.
  await (await start()).stop();
  await Promise.all(started.splice(0).map((server) => server.stop()));
});
afterAll(() => rmSync(dir, { recursive: true, force: true }));

async function start(where = dir, heard: Log = log): Promise<EmbeddedPostgres> {
  const server = await startEmbeddedPostgres({ dir: where, log: heard });
  started.push(server);
  return server;
}

/** Starts another process that uses the database, and gives the URL that it got. */
async function startElsewhere(): Promise<{ readonly child: ChildProcess; readonly url: string }> {
  const file = join(import.meta.dirname, "embedded-user.ts");
  const env = { ...process.env, NODE_OPTIONS: "" };
  const child = spawn(process.execPath, ["--import", "tsx", file, dir], { env, stdio: ["pipe", "pipe", "inherit"] });
  children.push(child);
  const [line] = await once(child.stdout, "data");
  return { child, url: String(line).trim() };
}

async function ask(url: string, sql: string): Promise<unknown[]> {
  const client = new pg.Client({ connectionString: url });
  client.on("error", () => {});
  await client.connect();
  try {
    return (await client.query({ text: sql, rowMode: "array" })).rows.flat();
  } finally {
    await client.end();
  }
}

/** A log that keeps what is written to it. */
function listening(): { readonly lines: readonly { msg: string; level: number }[]; readonly log: Log } {
  const lines: { msg: string; level: number }[] = [];
  return { lines, log: pino({ level: "warn" }, { write: (line: string) => void lines.push(JSON.parse(line)) }) };
}

/** The server that had the port may take an instant to be gone. */
async function listenOn(server: Server, port: number): Promise<void> {
  for (;;) {
    try {
      server.listen(port, "127.0.0.1");
      return void (await once(server, "listening"));
    } catch {
      await new Promise((resolve) => setImmediate(resolve));
    }
  }
}

/** Resolves when it answers; what it answers is told. */
async function untilItAnswers(url: string, sql: string): Promise<unknown[]> {
  for (;;) {
    try {
      return await ask(url, sql);
    } catch {
      await new Promise((resolve) => setImmediate(resolve));
    }
  }
}

describe("the embedded Postgres", () => {
  it("keeps its data when it is stopped and started", async () => {
    const first = await start();
    await ask(first.url, "CREATE TABLE kept AS SELECT 42 AS answer");
    await first.stop();
    await first.stop();
    await expect(ask(first.url, "SELECT 1")).rejects.toThrow("ECONNREFUSED");

    const second = await start();

    expect(await ask(second.url, "SELECT answer FROM kept")).toEqual([42]);
  });

  it("listens on loopback alone, and asks for a password that only its owner can read", async () => {
    const { url, folder } = await start();

    expect(await ask(url, "SHOW listen_addresses")).toEqual(["127.0.0.1"]);
    expect(await ask(url, "SHOW unix_socket_directories")).toEqual([""]);
    expect(statSync(join(folder, "password")).mode & 0o777).toBe(0o600);
    await expect(ask(url.replace(/:[^:@]+@/, ":guess@"), "SELECT 1")).rejects.toThrow("password authentication failed");
  });

  it("is one server for two processes that start at the same time", async () => {
    const [one, two] = await Promise.all([startElsewhere(), startElsewhere()]);

    expect(one.url).toBe(two.url);
    expect(await ask(one.url, "SELECT 1")).toEqual([1]);
  });

  it("stays for those who still use it, and ends with the last", async () => {
    const elsewhere = await startElsewhere();
    const here = await start();
    expect(here.url).toBe(elsewhere.url);

    elsewhere.child.stdin?.end();
    await once(elsewhere.child, "exit");
    expect(await ask(here.url, "SELECT 1")).toEqual([1]);
    await here.stop();

    await expect(ask(here.url, "SELECT 1")).rejects.toThrow("ECONNREFUSED");
  });

  it("outlives a starter that is killed, and is taken over with its data by the next", async () => {
    const elsewhere = await startElsewhere();
    const pid = serverPid(join(dir, "postgres"));
    elsewhere.child.kill("SIGKILL");
    await once(elsewhere.child, "exit");

    const here = await start();

    expect(here.url).toBe(elsewhere.url);
    expect(serverPid(join(dir, "postgres"))).toBe(pid);
    await here.stop();
    await expect(ask(here.url, "SELECT 1")).rejects.toThrow("ECONNREFUSED");
  });

  it("starts again after it was killed itself, with all that was committed", async () => {
    const first = await start();
    await ask(first.url, "CREATE TABLE IF NOT EXISTS survivors AS SELECT 7 AS n");
    killServer(first.folder);

    const second = await start();

    expect(await ask(second.url, "SELECT n FROM survivors")).toEqual([7]);
  });

  it("comes back by itself, at the same address and started by one alone, when it is killed in use", async () => {
    const { lines, log: heard } = listening();
    const elsewhere = await startElsewhere();
    const users = await Promise.all([1, 2, 3].map(() => start(dir, heard)));
    const { url, folder } = await start();
    await ask(url, "CREATE TABLE IF NOT EXISTS committed AS SELECT 5 AS n");

    killServer(folder);

    expect(await untilItAnswers(elsewhere.url, "SELECT n FROM committed")).toEqual([5]);
    expect((await start()).url).toBe(url);
    await Promise.all(users.map((user) => user.stop()));
    expect(lines.filter(({ msg }) => msg.startsWith("started")).length).toBeLessThanOrEqual(1);
    expect(lines.filter(({ level }) => level > 40)).toEqual([]);
  });

  it("says so when another program took its port meanwhile, and comes back once that is gone", async () => {
    const { lines, log: heard } = listening();
    const { url, folder } = await start(dir, heard);
    const squatter = createServer();

    killServer(folder);
    await listenOn(squatter, Number(new URL(url).port));
    while (lines.length === 0) await new Promise((resolve) => setImmediate(resolve));
    squatter.close();

    expect(lines).toMatchObject([{ level: 50, err: { code: "postgres-port-taken" } }]);
    expect(await untilItAnswers(url, "SELECT 1")).toEqual([1]);
  });

  it("does not come back for those who left", async () => {
    const server = await start();

    killServer(server.folder);
    await server.stop();

    await expect(ask(server.url, "SELECT 1")).rejects.toThrow(/ECONN(REFUSED|RESET)/);
  });

  it("is not misled by files of a crash whose process numbers others have now", async () => {
    await (await start()).stop();
    const folder = join(dir, "postgres");
    writeFileSync(join(folder, "data", "postmaster.pid"), `${process.pid}\n${folder}/data\n1\n5432\n\n127.0.0.1\n`);
    writeFileSync(join(folder, "lock"), "4194304999");
    writeFileSync(join(folder, "users", "4194304999-1"), "");

    const server = await start();
    expect(await ask(server.url, "SELECT 1")).toEqual([1]);
    await server.stop();

    await expect(ask(server.url, "SELECT 1")).rejects.toThrow("ECONNREFUSED");
  });

  it("says what to do when its password is gone", async () => {
    const server = await start();
    await server.stop();
    const file = join(server.folder, "password");
    const password = readFileSync(file);
    rmSync(file);

    await expect(start()).rejects.toMatchObject({ name: "UserError", code: "postgres-password" });

    writeFileSync(file, password, { mode: 0o600 });
  });

  const isRoot = process.getuid?.() === 0;
  (isRoot ? it : it.skip)(
    "is kept elsewhere, always in one place, where its account cannot enter (as root only)",
    async () => {
      const closed = mkdtempSync(join(tmpdir(), "spillway-closed-"));
      const home = join(closed, ".spillway");
      mkdirSync(home);

      const first = await start(home);
      await first.stop();
      const second = await start(home);
      await second.stop();

      expect(first.folder).not.toContain(closed);
      expect(second.folder).toBe(first.folder);
      rmSync(first.folder, { recursive: true });
      rmSync(closed, { recursive: true });
    },
  );
});
