/** A process that reads logs and prints what became of them, as JSON: to be measured, or to be somebody else. */
import { createLogReader } from "../../src/logs/reader.ts";
import { createFileSource } from "../../src/logs/sources/files.ts";

const [spillDir = "", user, ...paths] = process.argv.slice(2);
if (user !== "-") process.setuid?.(Number(user));
const reader = createLogReader({ source: createFileSource(paths), format: "auto", spillDir });
const startMs = Date.now();
const slice = await reader.read({ window: null });
const result = {
  intake: slice.intake,
  tookMs: Date.now() - startMs,
  maxRssBytes: process.resourceUsage().maxRSS * 1024,
};
await slice.close();
process.stdout.write(JSON.stringify(result));
