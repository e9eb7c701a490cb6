import { spawnSync } from "node:child_process";
import { cpSync, mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join, relative } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, describe, expect, it } from "@jest/globals";

const ROOT = fileURLToPath(new URL("..", import.meta.url));

const ILLEGAL: readonly (readonly [why: string, file: string, imported: string])[] = [
  ["the domain reads files", "src/domain/planted-1.ts", "node:fs"],
  ["the domain uses a package that is not on its list", "src/domain/planted-2.ts", "zod"],
  ["the domain imports upward", "src/domain/planted-3.ts", "../ports.ts"],
  ["a folder of the domain imports upward", "src/domain/causes/planted-4.ts", "../../config.ts"],
  ["a folder of the domain reads the clock of the machine", "src/domain/causes/planted-5.ts", "node:os"],
  ["the ports know an adapter", "src/planted-6.ts", "./store/store.ts"],
  ["the ports know a command", "src/planted-7.ts", "../commands/index.ts"],
  ["a port knows its adapter", "src/ports/planted-28.ts", "../store/store.ts"],
  ["a port knows the configuration", "src/ports/planted-29.ts", "../config.ts"],
  ["a part of the configuration knows an adapter", "src/config/planted-26.ts", "../firewall/wafv2.ts"],
  ["a part of the configuration knows the ports", "src/config/planted-27.ts", "../ports.ts"],
  ["Slack knows the store", "src/slack/planted-8.ts", "../store/store.ts"],
  ["a view knows the queue", "src/slack/views/planted-9.ts", "../../queue/producer.ts"],
  ["the queue knows Slack", "src/queue/planted-10.ts", "../slack/app.ts"],
  ["the store knows the firewall", "src/store/planted-11.ts", "../firewall/wafv2.ts"],
  ["the logs know the metrics", "src/logs/formats/planted-12.ts", "../../metrics/cloudwatch.ts"],
  ["the metrics know the logs", "src/metrics/planted-13.ts", "../logs/reader.ts"],
  ["the firewall knows scaling", "src/firewall/planted-14.ts", "../scaling/auto-scaling-group.ts"],
  ["scaling knows the firewall", "src/scaling/planted-15.ts", "../firewall/wafv2.ts"],
  ["name lookups know the metrics", "src/dns/planted-24.ts", "../metrics/cloudwatch.ts"],
  ["the metrics know name lookups", "src/metrics/planted-25.ts", "../dns/resolver.ts"],
  ["the chart knows the sandbox", "src/chart/planted-16.ts", "../sandbox/site/site.ts"],
  ["the sandbox knows the bot's Slack side", "src/sandbox/workspace/planted-17.ts", "../../slack/app.ts"],
  ["an adapter knows a command", "src/slack/planted-18.ts", "../../commands/index.ts"],
  ["an adapter knows a job", "src/queue/planted-19.ts", "../../jobs/index.ts"],
  ["an adapter knows main", "src/store/planted-20.ts", "../main.ts"],
  ["a command knows a job", "commands/planted-21.ts", "../jobs/apply.ts"],
  ["a job knows a command", "jobs/planted-22.ts", "../commands/index.ts"],
  ["a job knows the command line", "jobs/planted-23.ts", "../src/cli/start.ts"],
];

const LEGAL: readonly (readonly [file: string, imported: string])[] = [
  ["src/domain/planted-a.ts", "./address.ts"],
  ["src/domain/planted-b.ts", "date-fns"],
  ["src/domain/planted-c.ts", "ipaddr.js"],
  ["src/domain/causes/planted-d.ts", "../finding.ts"],
  ["src/planted-e.ts", "./domain/finding.ts"],
  ["src/ports/planted-n.ts", "../domain/finding.ts"],
  ["src/config/planted-m.ts", "../domain/address.ts"],
  ["src/slack/views/planted-f.ts", "../../domain/finding.ts"],
  ["src/slack/views/planted-g.ts", "../block-kit.ts"],
  ["src/slack/planted-h.ts", "../ports.ts"],
  ["src/store/planted-i.ts", "pg"],
  ["commands/planted-j.ts", "../src/queue/jobs.ts"],
  ["jobs/planted-k.ts", "../src/slack/views/verdict.ts"],
  ["src/main.ts", "./store/store.ts"],
  ["src/cli/planted-l.ts", "../../commands/index.ts"],
];

describe("the import law", () => {
  let folder: string;
  let refused: ReadonlySet<string>;

  beforeAll(() => {
    folder = realpathSync(mkdtempSync(join(tmpdir(), "import-law-")));
    for (const name of ["biome.json", ".gitignore"]) cpSync(join(ROOT, name), join(folder, name));
    for (const [file, imported] of [...ILLEGAL.map(([, ...rest]) => rest), ...LEGAL]) plant(folder, file, imported);
    refused = lint(folder);
  });

  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  it.each(ILLEGAL)("is broken where %s (%s imports %s)", (_why, file) => {
    expect(refused).toContain(file);
  });

  it.each(LEGAL)("lets %s import %s", (file) => {
    expect(refused).not.toContain(file);
  });
});

function plant(folder: string, file: string, imported: string): void {
  mkdirSync(dirname(join(folder, file)), { recursive: true });
  writeFileSync(join(folder, file), `import * as planted from "${imported}";\n\nexport { planted };\n`);
}

/** Gives the files in which the linter finds a forbidden import. */
function lint(folder: string): ReadonlySet<string> {
  const biome = join(ROOT, "node_modules/.bin/biome");
  const args = ["lint", "--only=style/noRestrictedImports", "--reporter=github", "--max-diagnostics=none", "."];
  const { stdout } = spawnSync(biome, args, { cwd: folder, encoding: "utf8" });
  const found = [...stdout.matchAll(/noRestrictedImports,file=([^,]+),/g)].map(([, path = ""]) => path);
  return new Set(found.map((path) => relative(folder, path)));
}
