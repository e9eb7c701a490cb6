/** Compiles the log kernel: node scripts/build-kernel.mjs OUTPUT. The result is kept in the repository. */
import { fileURLToPath } from "node:url";
import asc from "assemblyscript/asc";

const [output] = process.argv.slice(2);
if (output === undefined) throw new Error("name the file to write");

const { error, stderr } = await asc.main([
  fileURLToPath(new URL("../src/logs/kernel/assembly/index.ts", import.meta.url)),
  ...["--outFile", output, "--baseDir", process.cwd()],
  // It frees nothing, so that it needs no collector; and its loads are within its own memory.
  ...["--runtime", "stub", "--noAssert", "-O3", "--enable", "simd"],
]);
if (error !== null) {
  process.stderr.write(stderr.toString());
  process.exitCode = 1;
}
