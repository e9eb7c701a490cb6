import { existsSync, readFileSync } from "node:fs";
import { describe, expect, it } from "@jest/globals";
import { registry } from "../../commands/index.ts";
import { formatTable, withFormatTable } from "../../src/cli/format-table.ts";
import { commandTable, withCommandTable } from "../../src/slack/command-table.ts";
import { manifestOf } from "../../src/slack/manifest.ts";

function read(path: string): string {
  const url = new URL(`../../${path}`, import.meta.url);
  return existsSync(url) ? readFileSync(url, "utf8") : "";
}

describe("what is made from the registries", () => {
  it("slack-manifest.json is up to date", () => {
    expect(JSON.parse(read("slack-manifest.json"))).toEqual(JSON.parse(JSON.stringify(manifestOf(registry))));
  });

  it("the README's table is up to date, where there is one", () => {
    const readme = read("README.md");

    expect(withCommandTable(readme, commandTable(registry)) ?? readme).toBe(readme);
  });

  it("the README's table of formats is up to date", () => {
    const readme = read("README.md");

    expect(withFormatTable(readme, formatTable())).toBe(readme);
  });

  it("names every command and action once", () => {
    const names = registry.commands.map(({ name }) => name);
    const actionIds = registry.buttons.map(({ actionId }) => actionId);

    expect(new Set(names).size).toBe(names.length);
    expect(new Set(actionIds).size).toBe(actionIds.length);
  });

  it("keeps within what Slack takes for names and descriptions", () => {
    const { features, display_information: display } = manifestOf(registry);

    expect(display.description.length).toBeLessThanOrEqual(140);
    expect(display.long_description.length).toBeGreaterThanOrEqual(174);
    for (const shortcut of features.shortcuts) expect(shortcut.name.length).toBeLessThanOrEqual(24);
    for (const { command } of features.slash_commands) expect(command).toMatch(/^\/[a-z-]{1,31}$/);
  });
});
