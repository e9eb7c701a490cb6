/** Runs programs as whole processes, and says how long they took and what they used. */
import { spawn } from "node:child_process";
import { closeSync, openSync, readFileSync } from "node:fs";

export interface Run {
  readonly tookMs: number;
  /** Of all threads of all processes; null where the system does not tell. */
  readonly cpuMs: number | null;
  /** Of the largest process; null where the system does not tell. */
  readonly peakBytes: number | null;
}

/** Runs commands at the same time, until the last has ended. */
export async function together(commands: readonly (readonly string[])[], output: string): Promise<Run> {
  const startMs = performance.now();
  const used = await Promise.all(commands.map((command) => runOne(command, output)));
  return {
    tookMs: performance.now() - startMs,
    cpuMs: total(used.map(({ cpuMs }) => cpuMs)),
    peakBytes: used.reduce<number | null>(
      (most, { peakBytes }) => (peakBytes === null ? most : Math.max(most ?? 0, peakBytes)),
      null,
    ),
  };
}

/** How often a living process is looked at; the kernel keeps the peak, so only the last moments can be missed. */
const WATCH_EVERY_MS = 20;

type Used = Omit<Run, "tookMs">;

function runOne([program = "", ...args]: readonly string[], output: string): Promise<Used> {
  const stdout = openSync(output, "w");
  return new Promise((resolve, reject) => {
    const child = spawn(program, args, { stdio: ["ignore", stdout, "inherit"] });
    let used: Used = { cpuMs: null, peakBytes: null };
    const watch = setInterval(() => {
      used = usedBy(child.pid) ?? used;
    }, WATCH_EVERY_MS);
    child.once("error", reject);
    child.once("exit", (status) => {
      clearInterval(watch);
      closeSync(stdout);
      if (status === 0) resolve(used);
      else reject(new Error(`${program} ended with ${status}`));
    });
  });
}

/** As Linux tells it of a process that lives: its highest resident size, and the time that it has had, in ticks of 10 ms. */
function usedBy(pid: number | undefined): Used | null {
  try {
    const kilobytes = /^VmHWM:\s+(\d+) kB/m.exec(readFileSync(`/proc/${pid}/status`, "utf8"))?.[1];
    const fields = readFileSync(`/proc/${pid}/stat`, "utf8")
      .replace(/^.*\) /s, "")
      .split(" ");
    if (kilobytes === undefined) return null;
    return { peakBytes: Number(kilobytes) * 1_024, cpuMs: (Number(fields[11]) + Number(fields[12])) * 10 };
  } catch {
    return null;
  }
}

function total(values: readonly (number | null)[]): number | null {
  return values.reduce<number | null>((sum, value) => (sum === null || value === null ? null : sum + value), 0);
}
