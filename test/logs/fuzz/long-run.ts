/** Reads what is made up, until the time is over or a promise broken: npm run fuzz:logs -- --minutes 5 --seed 1 */
import { mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import fc from "fast-check";
import { FORMAT_SAMPLES, openSample } from "../../support/format-samples.ts";
import { createBothWays } from "../../support/kernel-rows.ts";
import { mutatedLines } from "../../support/mutated-lines.ts";
import { checkFolder } from "./check-folder.ts";
import { type RandomFile, randomFolder } from "./random-folder.ts";

const LINES_A_ROUND = 500;

const { values } = parseArgs({ options: { minutes: { type: "string", default: "5" }, seed: { type: "string" } } });
const firstSeed = Number(values.seed ?? Date.now() % 1e9);
const endMs = Date.now() + Number(values.minutes) * 60_000;
const ways = FORMAT_SAMPLES.map((sample) => ({
  sample,
  lines: sample.lines.map((line) => Buffer.from(line)),
  read: createBothWays(openSample(sample), firstSeed % 2 === 0 ? ["198.51.100.0/24", "10.0.0.0/8"] : []),
}));

console.log(`from seed ${firstSeed} on, for ${values.minutes} minutes`);
let seed = firstSeed;
let failures = 0;
for (; Date.now() < endMs; seed += 1) {
  compareWays(seed);
  const files = randomFolder(seed);
  const mistake = await checkFolder(files);
  if (mistake !== null) await report(mistake, files);
}
console.log(`${seed - firstSeed} folders and ${(seed - firstSeed) * LINES_A_ROUND} lines, ${failures} failures`);
process.exitCode = failures > 0 ? 1 : 0;

function compareWays(seed: number): void {
  const { sample, lines, read } = ways[seed % ways.length] as (typeof ways)[number];
  for (const { line, fast, patient } of read(fc.sample(mutatedLines(lines), { seed, numRuns: LINES_A_ROUND }))) {
    if (fast === null || JSON.stringify(fast, ordered(fast)) === JSON.stringify(patient, ordered(fast))) continue;
    failures += 1;
    console.log(`seed ${seed}, ${sample.name}: the two ways differ`, { line: line.toString("latin1"), fast, patient });
  }
}

function ordered(row: object): string[] {
  return Object.keys(row).sort();
}

async function report(mistake: string, files: readonly RandomFile[]): Promise<void> {
  failures += 1;
  const least = await smallest(files);
  const folder = mkdtempSync(join(tmpdir(), "spillway-fuzz-found-"));
  for (const { name, content } of least) writeFileSync(join(folder, name), content);
  console.log(`seed ${seed}: ${mistake}\nthe least that fails is in ${folder}`);
}

/** Takes away whole files, and then lines of plain ones, as long as a promise is broken. */
async function smallest(files: readonly RandomFile[]): Promise<readonly RandomFile[]> {
  let least = files;
  for (const file of files) {
    const without = least.filter((other) => other !== file);
    if (without.length > 0 && (await checkFolder(without)) !== null) least = without;
  }
  for (const file of least.filter(({ lines }) => lines !== null)) {
    for (let size = Math.ceil((file.lines ?? 0) / 2); size >= 1; size = size === 1 ? 0 : Math.ceil(size / 2)) {
      for (let at = 0; ; ) {
        const present = least.find(({ name }) => name === file.name) as RandomFile;
        const lines = present.content.toString("latin1").split("\n");
        if (present.content[0] === 0x1f || at >= lines.length) break;
        const content = Buffer.from(lines.toSpliced(at, size).join("\n"), "latin1");
        const rest = content.toString("latin1").split("\n");
        const smaller = { ...present, content, lines: rest.length - (rest.at(-1) === "" ? 1 : 0) };
        const tried = least.map((other) => (other === present ? smaller : other));
        if ((await checkFolder(tried)) !== null) least = tried;
        else at += size;
      }
    }
  }
  return least;
}
