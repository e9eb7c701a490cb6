import { describe, expect, it } from "@jest/globals";
import { overridesFor } from "../../src/domain/break-glass.ts";
import { type GuardRule, guardBlock } from "../../src/domain/guard.ts";

const NEVER_BLOCK = ["203.0.113.0/28"];

function overrides(...addresses: readonly string[]) {
  return overridesFor((overridden) => guardBlock({ addresses, neverBlock: NEVER_BLOCK, overridden }).refused);
}

describe("what two people may override", () => {
  it.each([
    ["nothing, where nothing refuses", ["198.51.100.7"], []],
    ["the never-block list", ["203.0.113.5"], ["never-block"]],
    ["the width", ["198.51.0.0/16"], ["too-wide"]],
    ["both, of which one hides behind the other", ["203.0.0.0/16"], ["never-block", "too-wide"]],
    ["nothing of a private network", ["10.0.0.1"], null],
    ["nothing of a network around a private one", ["192.168.0.0/15"], null],
    ["nothing of everybody", ["0.0.0.0/0"], null],
    ["nothing where one of several is absolute", ["203.0.113.5", "127.0.0.1"], null],
    ["nothing of what is no address", ["here"], null],
  ])("%s", (_what, addresses, expected) => {
    expect(overrides(...addresses)).toEqual(expected);
  });

  it.each(["own", "monitoring", "cdn", "crawler"] as const)("nothing of a range that is guarded as %s", (rule) => {
    const ranges = [{ cidr: "203.0.113.0/24", rule, whose: "somebody" }];
    const refusedWith = (overridden: readonly GuardRule[]) =>
      guardBlock({ addresses: ["203.0.113.5"], neverBlock: NEVER_BLOCK, ranges, overridden }).refused;

    expect(overridesFor(refusedWith)).toBeNull();
  });

  it("overrides what is named and nothing else", () => {
    const guard = (overridden: readonly "never-block"[]) =>
      guardBlock({ addresses: ["203.0.0.0/16"], neverBlock: NEVER_BLOCK, overridden }).refused.map(({ rule }) => rule);

    expect(guard([])).toEqual(["never-block"]);
    expect(guard(["never-block"])).toEqual(["too-wide"]);
  });
});
