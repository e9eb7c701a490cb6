import { describe, expect, it } from "@jest/globals";
import fc from "fast-check";
import { code, literal, plain, sentences } from "../../src/slack/escape.ts";

const ATTACKS = [
  "<!channel>",
  "<@U012AB3CD> hello",
  "<https://evil.example|your bank>",
  "https://evil.example/path",
  "a `code` b",
  "line\nbreak\ttab\r\n",
  "\u202Egnp.exe",
  "@channel @here @everyone",
  "&lt;!here&gt;",
  "a".repeat(5_000),
];

const anything = fc.oneof(
  fc.constantFrom(...ATTACKS),
  fc.string({ unit: "binary", maxLength: 600 }),
  fc.tuple(fc.constantFrom(...ATTACKS), fc.string()).map((parts) => parts.join("")),
);

/** Only entities are left of what mrkdwn treats specially. */
const UNESCAPED = /[<>]|&(?!amp;|lt;|gt;)/;
// biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
const CONTROL = /[\u0000-\u001f\u007f-\u009f\u202a-\u202e\u2066-\u2069]/;

describe("text from outside", () => {
  it("never holds a link, a mention or a control character, whatever it was", () => {
    fc.assert(
      fc.property(anything, (text) => {
        for (const shown of [plain(text), code(text), sentences(text).replaceAll("\n", " ")]) {
          expect(shown).not.toMatch(UNESCAPED);
          expect(shown).not.toMatch(CONTROL);
        }
        for (const shown of [plain(text), sentences(text)]) {
          expect(shown).not.toMatch(/(https?|ftp|slack):\/\/|@(channel|here|everyone)/i);
        }
      }),
    );
  });

  it("cannot end its own code span", () => {
    fc.assert(
      fc.property(anything, (text) => {
        const shown = code(text);

        expect(shown === "(empty)" || /^`[^`]+`$/.test(shown)).toBe(true);
      }),
    );
  });

  it("is one line and no longer than asked, counted before escaping", () => {
    fc.assert(
      fc.property(anything, fc.integer({ min: 1, max: 200 }), (text, maxChars) => {
        const shown = literal(text, maxChars);

        expect(shown).not.toMatch(/\n/);
        // A zero width space may stand after each "<".
        expect(Array.from(shown.replaceAll("\u200b", "")).length).toBeLessThanOrEqual(
          Math.max(maxChars, "(empty)".length),
        );
      }),
    );
  });

  it("never halves a character", () => {
    fc.assert(
      fc.property(fc.string({ unit: "grapheme" }), fc.integer({ min: 1, max: 20 }), (text, maxChars) => {
        expect(plain(text, maxChars)).not.toMatch(/\p{Cs}/u);
      }),
    );
  });

  it.each([
    ["<!channel> & co", "&lt;!channel&gt; &amp; co"],
    ["a `b` c", "a ’b’ c"],
    ["", ""],
    ["logs in s3://bucket/web", "logs in s3://bucket/web"],
    ["  two\n lines ", "two lines"],
  ])("reads %j as %j in a sentence", (text, expected) => {
    expect(plain(text)).toBe(expected);
  });

  it.each(["<", "&", "🔥", "x"])("cuts sentences that are long as they are sent (%s)", (each) => {
    const shown = sentences(each.repeat(5_000));

    expect(shown.length).toBeLessThanOrEqual(2_800);
    expect(shown).toMatch(/(&lt;|&amp;|🔥|x)…$/u);
  });

  it("keeps the code spans and lines of our own sentences", () => {
    expect(sentences("Try `/spike web 24h`.\nOr <b>")).toBe("Try `/spike web 24h`.\nOr &lt;b&gt;");
  });

  it("says that there is nothing, in place of an empty cell", () => {
    expect(literal(" ")).toBe("(empty)");
    expect(code("")).toBe("(empty)");
  });
});
