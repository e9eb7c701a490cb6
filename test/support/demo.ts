import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { rmSync } from "node:fs";
import { join } from "node:path";
import pg from "pg";
import pino from "pino";
import { startEmbeddedPostgres } from "../../src/store/embedded.ts";
import { reachableFolder } from "./postgres.ts";

const ROOT = join(import.meta.dirname, "..", "..");

/** What a developer or Jest may have set, and a newcomer has not. */
const NOT_INHERITED = {
  NODE_OPTIONS: undefined,
  NODE_ENV: undefined,
  LOG_LEVEL: undefined,
  AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED: undefined,
};

/** A `spillway demo` in a process of its own, as a newcomer starts it. */
export interface Demo {
  readonly pid: number;
  /** Everything that it printed so far. */
  readonly printed: Readonly<Record<"stdout" | "stderr", string>>;
  /** Where its page is. */
  readonly url: string;
  /** Asks its database, for what no page shows. */
  query(sql: string): Promise<readonly object[]>;
  /** Its exit status; null where a signal ended it. */
  ends(signal: "SIGTERM" | "SIGKILL"): Promise<number | null>;
}

/** Where sandboxes keep their things. */
export interface DemoHome {
  readonly dir: string;
  /** Runs a demo until it says that it is ready. */
  start(...args: readonly string[]): Promise<Demo>;
  /** Runs a demo that is expected to end by itself. */
  fail(...args: readonly string[]): Promise<{ readonly status: number | null; readonly stderr: string }>;
  /** Ends whatever still runs here, its database too, and removes everything. */
  leave(): Promise<void>;
}

export function makeDemoHome(): DemoHome {
  const dir = reachableFolder();
  const log = pino({ level: "silent" });
  const children = new Set<ChildProcess>();

  function run(args: readonly string[]) {
    const child = spawn(process.execPath, ["bin/spillway.mjs", "demo", "--no-open", ...args], {
      cwd: ROOT,
      env: { ...process.env, ...NOT_INHERITED, SPILLWAY_HOME: dir },
      stdio: ["ignore", "pipe", "pipe"],
    });
    children.add(child);
    const printed = { stdout: "", stderr: "" };
    const ended = once(child, "close").then(([status]) => {
      children.delete(child);
      return status as number | null;
    });
    for (const name of ["stdout", "stderr"] as const) {
      child[name].on("data", (chunk: Buffer) => {
        printed[name] += chunk.toString();
      });
    }
    return { child, printed, ended };
  }

  async function ask(pid: number | undefined, sql: string): Promise<readonly object[]> {
    const postgres = await startEmbeddedPostgres({ dir, log });
    const url = new URL(postgres.url);
    url.pathname = `/passing_${pid}`;
    const client = new pg.Client({ connectionString: url.href, options: "-c search_path=spillway" });
    try {
      await client.connect();
      return (await client.query<object>(sql)).rows;
    } finally {
      await client.end();
      await postgres.stop();
    }
  }

  return {
    dir,
    start: async (...args) => {
      const { child, printed, ended } = run(args);
      await Promise.race([
        ended.then((status) => Promise.reject(new Error(`the demo ended with ${status}: ${printed.stderr}`))),
        until(child, () => printed.stdout.includes("Ctrl-C ends it.")),
      ]);
      const [url] = printed.stdout.match(/http:\/\/\S+/) ?? [];
      if (url === undefined || child.pid === undefined) throw new Error(`no address in: ${printed.stdout}`);
      const ends = (signal: "SIGTERM" | "SIGKILL") => {
        child.kill(signal);
        return ended;
      };
      return { pid: child.pid, printed, url, query: (sql) => ask(child.pid, sql), ends };
    },
    fail: async (...args) => {
      const { printed, ended } = run(args);
      return { status: await ended, stderr: printed.stderr };
    },
    leave: async () => {
      await Promise.all([...children].map(endNow));
      // A demo that was killed leaves its database running; its next user, who is the last, ends it.
      const postgres = await startEmbeddedPostgres({ dir, log });
      await postgres.stop();
      rmSync(dir, { recursive: true, force: true });
    },
  };
}

async function until(child: ChildProcess, isSo: () => boolean): Promise<void> {
  while (!isSo()) await once(child.stdout as NodeJS.ReadableStream, "data");
}

async function endNow(child: ChildProcess): Promise<void> {
  const closed = once(child, "close");
  child.kill("SIGKILL");
  await closed;
}
