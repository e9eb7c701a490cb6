/**
 * Kills processes at random steps between click and receipt, expiry and undo, and prints what was broken:
 * npm run bench:kills -- --kills 200 --seed 1 --queue both --minutes 60
 */
import { parseArgs } from "node:util";
import { MINUTE_MS } from "../../src/domain/time-window.ts";
import { findProgram } from "../support/find-program.ts";
import { startMoto } from "../support/moto-server.ts";
import { startTestPostgres } from "../support/postgres.ts";
import { startTestRedis } from "../support/redis.ts";
import { killSummary, killTable } from "./kill-table.ts";
import { killAtRandom, type Outcome } from "./random-kills.ts";

const { values } = parseArgs({
  options: {
    kills: { type: "string", default: "200" },
    seed: { type: "string", default: "1" },
    queue: { type: "string", default: "both" },
    minutes: { type: "string", default: "60" },
    /** Or `source`, to try a change without building it. */
    program: { type: "string", default: "build" },
  },
});
const kills = Number(values.kills);
const seed = Number(values.seed);
const QUEUES = ["postgres", "redis"] as const;
const queues = QUEUES.filter((queue) => values.queue === "both" || values.queue === queue);

const motoPath = findProgram("moto_server");
if (motoPath === null) throw new Error("there is no moto_server on the PATH; pip install 'moto[server]'");
const [moto, postgres, redis] = await Promise.all([
  startMoto(motoPath),
  startTestPostgres(),
  queues.includes("redis") ? startTestRedis() : null,
]);
try {
  const outcomes = await Promise.all(
    queues.map((queue, index) =>
      killAtRandom({
        name: queue,
        motoUrl: moto.url,
        postgres,
        redisUrl: queue === "redis" ? redis?.freshDatabase() : undefined,
        program: values.program === "source" ? "source" : "build",
        begins: "apart",
        seed: seed + index,
        kills: Math.ceil(kills / queues.length),
        withinMs: Number(values.minutes) * MINUTE_MS,
      }),
    ),
  );
  console.log(killTable(outcomes));
  for (const [index, outcome] of outcomes.entries()) print(`queue on ${queues[index]}, seed ${seed + index}`, outcome);
  process.exitCode = outcomes.some(({ violations }) => violations.length > 0) ? 1 : 0;
} finally {
  await Promise.all([moto.stop(), postgres.stop(), redis?.stop()]);
}

function print(name: string, outcome: Outcome): void {
  console.log(`\n${name}: ${killSummary(outcome)}`);
  for (const { kind, atMs, what } of outcome.violations) {
    console.log(`${new Date(atMs).toISOString()} ${kind}: ${what}`);
  }
}
