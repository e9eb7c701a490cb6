/** The command line: `spillway analyze | formats | ranges | start | worker | demo | audit | help`. */
import { UserError } from "./errors.ts";

const HELP = `Spillway: from "something is hammering us" to "handled, and written down".

  spillway analyze PATH...   reads access logs on disk and prints the verdict
                             (spillway analyze --help lists its options)
      --explain              shows instead how each file is told and read, line by line
  spillway formats [NAME]    lists the log formats that are read, or shows one of them
  spillway demo              opens the sandbox: a Slack-like page, the real bot, a simulated site
      --story NAME           what happens to the site: crawler (default), preview-links, tv-show, doubling,
                             slow-proxy, quiet
      --port N               the page's port; a free one where it is left out
      --no-open              does not open a browser
  spillway start             runs the bot and its workers; settings in .env.example and spillway.example.yaml
      --no-worker            runs the bot alone
  spillway worker            runs workers alone
  spillway audit verify      walks the audit log, and names the first entry that was altered
      --head HASH            fails too where the entry with this hash, printed before, is gone
  spillway audit export      prints the audit log, one JSON object a line
      --from T, --to T       of this time alone: 2026-11-20T14:00Z
  spillway ranges            lists the networks of CDNs, health checkers and crawlers that no block may hit
  spillway ranges refresh    fetches them anew from those who publish them
  spillway help              shows this
`;

/** Each loads only what it needs: the whole program takes a second, in which `analyze` has read half a million lines. */
const COMMANDS: Readonly<Record<string, (argv: readonly string[]) => Promise<number>>> = {
  analyze: async (argv) => (await import("./cli/analyze.ts")).runAnalyze(argv, process),
  formats: async (argv) => (await import("./cli/formats.ts")).runFormats(argv, process),
  demo: async (argv) => (await import("./cli/demo.ts")).runDemo(argv),
  start: async (argv) => (await import("./cli/start.ts")).runStart(argv, { bot: true, worker: true }),
  worker: async (argv) => (await import("./cli/start.ts")).runStart(argv, { bot: false, worker: true }),
  audit: async (argv) => (await import("./cli/audit.ts")).runAudit(argv, process),
  ranges: async (argv) => {
    const { runRanges } = await import("./cli/ranges.ts");
    const home = process.env["SPILLWAY_HOME"] || ".spillway";
    return runRanges(argv, process, { home, nowMs: Date.now() });
  },
  help: async () => {
    process.stdout.write(HELP);
    return 0;
  },
};

/** Those whose options are too many for the list of all, and who explain them themselves. */
const HAVE_HELP: ReadonlySet<string> = new Set(["analyze", "formats", "ranges"]);

function isHelp(word: string): boolean {
  return word === "--help" || word === "-h";
}

/** Runs one command line; resolves to the exit status: 0, 1 for a failure of ours, 2 for bad input. */
export async function runCli(argv: readonly string[]): Promise<number> {
  const [name = "help", ...rest] = argv;
  const isHelpWanted = isHelp(name) || (!HAVE_HELP.has(name) && Object.hasOwn(COMMANDS, name) && rest.some(isHelp));
  const command = COMMANDS[isHelpWanted ? "help" : name];
  if (command === undefined) {
    process.stderr.write(`spillway: "${name}" is no command; there are ${Object.keys(COMMANDS).join(", ")}.\n`);
    return 2;
  }
  try {
    return await command(rest);
  } catch (error) {
    if (error instanceof UserError) {
      process.stderr.write(`spillway: ${error.message}\n`);
      return 2;
    }
    process.stderr.write(`spillway: ${error instanceof Error ? error.message : String(error)}\n`);
    if (process.env["LOG_LEVEL"] === "debug" && error instanceof Error) process.stderr.write(`${error.stack}\n`);
    return 1;
  }
}

/** Who reads may stop early, as `head` does: then there is nobody left to tell. */
function onOutputLost(error: NodeJS.ErrnoException): void {
  if (error.code === "EPIPE") return;
  process.stderr.write(`spillway: the output cannot be written: ${error.message}\n`);
  process.exit(1);
}

process.stdout.on("error", onOutputLost);
process.exitCode = await runCli(process.argv.slice(2));
