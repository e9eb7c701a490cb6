import { describe, expect, it } from "@jest/globals";
import type { KnownBlock } from "@slack/types";
import { actions, button, context, section, table } from "../../src/slack/block-kit.ts";
import { fitMessage } from "../../src/slack/budget.ts";

describe("a message that is too long", () => {
  it("is left as it is where it fits", () => {
    const message = { text: "hello", blocks: [section("one"), context("two")] };

    expect(fitMessage(message)).toEqual(message);
  });

  it("keeps its first block and every button, and says how many parts were left out", () => {
    const blocks: KnownBlock[] = [
      ...Array.from({ length: 60 }, (_, index) => section(`part ${index}`)),
      actions("decide", button("approve", "Approve", "id")),
    ];

    const fitted = fitMessage({ text: "long", blocks }).blocks as readonly KnownBlock[];

    expect(fitted).toHaveLength(50);
    expect(fitted[0]).toEqual(section("part 0"));
    expect(fitted.some((block) => block.type === "actions")).toBe(true);
    expect(fitted.at(-1)).toEqual(context(":scissors: 12 parts were left out: Slack takes no longer message."));
  });

  it("stays under the total that Slack takes", () => {
    const blocks = Array.from({ length: 20 }, () => section("x".repeat(2_900)));

    const fitted = fitMessage({ text: "long", blocks }).blocks;

    expect(JSON.stringify(fitted).length).toBeLessThan(13_200);
  });

  it("cuts a long section, closes its code span and says how much is missing", () => {
    const { blocks } = fitMessage({ text: "", blocks: [section(`\`${"a".repeat(5_000)}\``)] });
    const [first] = blocks as readonly [{ text: { text: string } }];

    expect(first.text.text.length).toBeLessThanOrEqual(3_000);
    expect(first.text.text).toMatch(/…` _\(2\d{3} characters left out\)_$/);
  });

  it("cuts a table at 10,000 characters and says how many rows are missing", () => {
    const rows = Array.from({ length: 100 }, () => ["x".repeat(150), "y"]);

    const { blocks } = fitMessage({ text: "", blocks: [table(rows, ["left", "left"])] });

    expect(blocks).toHaveLength(2);
    expect(JSON.stringify(blocks[1])).toContain("rows were left out");
  });
});
