/**
 * How long it takes from the click that approves a block to the firewall that holds it, and to the card that says so,
 * over the sandbox's Slack and a Postgres that writes to the disk: on the sandbox's firewall, and on moto's where
 * moto_server is there.
 *
 * BENCH_CLICKS (15) says how many of each.
 */
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { median } from "../src/domain/robust.ts";
import { createLog } from "../src/log.ts";
import { startSpillway } from "../src/main.ts";
import { startEmbeddedPostgres } from "../src/store/embedded.ts";
import { createPassingDatabase } from "../src/store/passing-database.ts";
import { openAccount } from "../test/crash/aws-account.ts";
import { findProgram } from "../test/support/find-program.ts";
import { startMoto } from "../test/support/moto-server.ts";
import { openSandbox, type Sandbox } from "../test/support/sandbox.ts";

const CLICKS = Number(process.env["BENCH_CLICKS"] ?? 15);
/** AWS takes one write a second from an account, and Slack some fifty changed messages a minute; a block has several. */
const BETWEEN_CLICKS_MS = 6_000;
const LOOK_EVERY_MS = 5;

// What the SDK says of Node's age hides the figures.
process.env["AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED"] = "true";

const home = mkdtempSync(join(tmpdir(), "spillway-clicks-"));
const postgres = await startEmbeddedPostgres({ dir: home, log: createLog("silent") });
try {
  await onSandbox((sandbox) =>
    measure("the sandbox's firewall", sandbox, { env: sandbox.env, held: sandbox.firewall.list }),
  );
  const motoPath = findProgram("moto_server");
  if (motoPath === null) say("moto_server is not installed, so it is left out");
  else await onSandbox((sandbox) => onMoto(motoPath, sandbox));
} finally {
  await postgres.stop();
  rmSync(home, { recursive: true, force: true });
}

async function onSandbox(run: (sandbox: Sandbox) => Promise<void>): Promise<void> {
  const database = await createPassingDatabase(postgres.url);
  const sandbox = await openSandbox({ databaseUrl: database.url, story: "quiet" });
  try {
    await run(sandbox);
  } finally {
    await sandbox.close();
    await database.drop();
  }
}

async function onMoto(motoPath: string, sandbox: Sandbox): Promise<void> {
  const moto = await startMoto(motoPath);
  const account = await openAccount(moto.url, "clicks", []);
  try {
    const config = join(home, "moto.yaml");
    writeFileSync(config, JSON.stringify({ services: { web: account.service } }));
    const env = { ...sandbox.env, SPILLWAY_CONFIG: config, AWS_ENDPOINT_URL: moto.url, AWS_REGION: account.region };
    await measure("moto's WAFv2", sandbox, { env, held: async () => [...(await account.entries())] });
  } finally {
    await account.close();
    await moto.stop();
  }
}

interface Measured {
  readonly env: Sandbox["env"];
  /** What the firewall holds, asked past the bot. */
  held(): Promise<readonly string[]>;
}

async function measure(name: string, sandbox: Sandbox, { env, held }: Measured): Promise<void> {
  const spillway = await startSpillway(env, { bot: true, worker: true });
  const [ana, ben] = await Promise.all([sandbox.sitDown("Ana"), sandbox.sitDown("Ben")]);
  const heldAfterMs: number[] = [];
  const toldAfterMs: number[] = [];
  try {
    for (let click = 1; click <= CLICKS; click += 1) {
      const address = `198.51.100.${100 + click}`;
      await ana.say(`/block ${address} web for 1h because it is measured`);
      const card = await ben.sees(new RegExp(`${address}\\b[\\s\\S]*Waits for approval`));
      await delay(BETWEEN_CLICKS_MS);
      const clickedMs = performance.now();
      const [heldMs, toldMs] = await Promise.all([
        untilHeld(`${address}/32`, held),
        ben.sees(new RegExp(`${address}\\b[\\s\\S]*Ends by itself at`)).then(() => performance.now()),
        ben.click(card, /^Approve/),
      ]);
      heldAfterMs.push(heldMs - clickedMs);
      toldAfterMs.push(toldMs - clickedMs);
    }
  } finally {
    ana.leave();
    ben.leave();
    await spillway.stop();
  }
  say(`${name}, ${CLICKS} clicks: held ${spread(heldAfterMs)}; the card says so ${spread(toldAfterMs)}`);
}

/** Gives when the firewall was first seen to hold an entry. */
async function untilHeld(entry: string, held: Measured["held"]): Promise<number> {
  for (;;) {
    const entries = await held();
    if (entries.includes(entry)) return performance.now();
    await delay(LOOK_EVERY_MS);
  }
}

function spread(values: readonly number[]): string {
  return `after ${ms(median(values))} (${ms(Math.min(...values))} to ${ms(Math.max(...values))})`;
}

function ms(value: number): string {
  return `${value.toFixed(0)} ms`;
}

function say(line: string): void {
  process.stdout.write(`${line}\n`);
}
