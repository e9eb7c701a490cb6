/** The kernel, and the memory through which it is talked to. */
import { randomBytes } from "node:crypto";
import { readFileSync } from "node:fs";

export interface KernelExports {
  readonly memory: WebAssembly.Memory;
  readonly program: WebAssembly.Global;
  readonly input: WebAssembly.Global;
  readonly rejects: WebAssembly.Global;
  readonly rejectCount: WebAssembly.Global;
  readonly linesTaken: WebAssembly.Global;
  readonly linesDamaged: WebAssembly.Global;
  readonly rows: WebAssembly.Global;
  readonly rowsOutside: WebAssembly.Global;
  setUp(seedLow: number, seedHigh: number): void;
  setFormat(
    wanted: number,
    joinsForwardedFor: boolean,
    leavesDamaged: boolean,
    legs: number,
    cutRule: number,
    queries: number,
    hashLow: number,
    hashHigh: number,
    startMs: number,
    endMs: number,
  ): void;
  beginBatch(): void;
  readLines(from: number, to: number): number;
  columnOf(column: number): number;
  knownOf(column: number): number;
  countOf(column: number): number;
  textsOf(column: number): number;
  endsOf(column: number): number;
}

/** What the kernel offers: addresses and counts in its memory, and what can be done with them. */
let compiled: WebAssembly.Module | undefined;

/** Gives the kernel's code; compiled once, it may be sent to other threads. */
export function kernelCode(): WebAssembly.Module {
  compiled ??= new WebAssembly.Module(readFileSync(new URL("./kernel.wasm", import.meta.url)));
  return compiled;
}

/** Takes the code from another thread, so that it need not be compiled again. */
export function takeKernelCode(code: WebAssembly.Module): void {
  compiled ??= code;
}

/** Starts a kernel of its own, with empty dictionaries. */
export function startKernel(): KernelExports {
  const instance = new WebAssembly.Instance(kernelCode(), {
    env: {
      abort() {
        throw new Error("the log kernel gave up");
      },
    },
  });
  const kernel = instance.exports as unknown as KernelExports;
  const seed = randomBytes(8);
  kernel.setUp(seed.readInt32LE(0), seed.readInt32LE(4));
  kernel.beginBatch();
  return kernel;
}
