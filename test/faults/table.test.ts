import { readFileSync } from "node:fs";
import { expect, it } from "@jest/globals";
import { faultTable } from "../support/fault-table.ts";

it("the README's table of faults is the one that is played", () => {
  const readme = readFileSync(new URL("../../README.md", import.meta.url), "utf8");

  expect(readme).toContain(`<!-- faults -->\n${faultTable()}\n<!-- /faults -->`);
});
