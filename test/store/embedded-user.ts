/** A process that uses the embedded database: prints its URL, and leaves when its input ends. */
import pino from "pino";
import { startEmbeddedPostgres } from "../../src/store/embedded.ts";

const [dir = ""] = process.argv.slice(2);
const server = await startEmbeddedPostgres({ dir, log: pino({ level: "silent" }) });
process.stdout.write(`${server.url}\n`);
process.stdin.resume();
process.stdin.once("end", () => void server.stop());
