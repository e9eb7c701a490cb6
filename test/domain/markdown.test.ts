import { describe, expect, it } from "@jest/globals";
import fc from "fast-check";
import { codeSpan, escapeMarkdown } from "../../src/domain/markdown.ts";

describe("codeSpan", () => {
  it.each([
    ["Mozilla/5.0 *x*", "`Mozilla/5.0 *x*`"],
    ["a`b", "`` a`b ``"],
    ["``", "``` `` ```"],
    ["a\nb", "`a b`"],
    ["", "(empty)"],
  ])("shows %j as it is", (text, shown) => {
    expect(codeSpan(text)).toBe(shown);
  });

  it("is never ended by what it holds", () => {
    fc.assert(
      fc.property(
        fc.array(fc.constantFrom("`", "``", "a", " ", "\n")).map((parts) => parts.join("")),
        (text) => {
          const shown = codeSpan(text);
          const fence = /^`+/.exec(shown)?.[0] ?? "";
          const inner = shown.slice(fence.length, shown.length - fence.length);
          expect([...inner.matchAll(/`+/g)].some(([run]) => run === fence && fence !== "")).toBe(false);
        },
      ),
    );
  });
});

describe("escapeMarkdown", () => {
  it("gives one line without a live bar, tag, bracket or backtick, whatever it is given", () => {
    fc.assert(
      fc.property(fc.string({ unit: "binary" }), (text) => {
        const shown = escapeMarkdown(text);
        expect(shown).not.toMatch(/[\n\r<>]/);
        expect(shown.replace(/\\[\\`*_[\]#|~!$/.)=+-]/g, "")).not.toMatch(/[`*_[\]#|~]/);
      }),
    );
  });

  it("cuts by whole characters and says so", () => {
    expect(escapeMarkdown("🙂🙂🙂", 2)).toBe("🙂…");
  });
});
