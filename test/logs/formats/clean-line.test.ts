import { describe, expect, it } from "@jest/globals";
import fc from "fast-check";
import { readCleanLine } from "../../../src/logs/formats/clean-line.ts";
import { apacheCombined } from "../../../src/logs/formats/servers/apache.ts";
import { nginxCombined } from "../../../src/logs/formats/servers/nginx.ts";
import { lineParts, MAY_END, REST } from "../../../src/logs/formats/text/line-parts.ts";
import { combinedLine } from "../../support/log-lines.ts";
import { readLine } from "../../support/read-line.ts";

const PARTS = lineParts`${"client"} "${"user-agent"}" ${"status"}${MAY_END} [${"path"}]${MAY_END} ${REST}`;

function textsOf(line: string): readonly string[] | null {
  return readCleanLine(PARTS, line)?.fields.map(({ text }) => text) ?? null;
}

describe("a clean line", () => {
  it.each([
    ['a "b c" 200 [/d e] rest', ["a", "b c", "200", "/d e"]],
    ['a "b c" 200 [/d]', ["a", "b c", "200", "/d"]],
    ['a "b c" 200', ["a", "b c", "200"]],
    ['a "" - [] "x" y', ["a", "", "-", ""]],
  ])("%s has fields that run to the next literal", (line, texts) => {
    expect(textsOf(line)).toEqual(texts);
  });

  it.each([
    ["a quote in a field", 'a "b" c" 200'],
    ["a quote that may be escaped", 'a "b\\" 200'],
    ["a quote too many behind", 'a "b" 200 [/d] x"'],
    ["a field that fits not what it stands for", 'a "b" OK [/d]'],
    ["a list that goes on", 'a, "b" 200 [/d]'],
    ["a literal that is not there", 'a "b" 200 /d'],
    ["an end where it may not end", 'a "b"'],
  ])("is none with %s", (_what, line) => {
    expect(textsOf(line)).toBeNull();
  });
});

describe("what was sent", () => {
  const sent = fc.string({ unit: "grapheme", maxLength: 40 }).filter((text) => text !== "" && text !== "-");

  it("is what is read where nginx escaped it", () => {
    fc.assert(
      fc.property(sent, (userAgent) => {
        const bytes = [...Buffer.from(userAgent)].map((byte) =>
          byte < 32 || byte > 126 || byte === 34 || byte === 92
            ? `\\x${byte.toString(16).toUpperCase().padStart(2, "0")}`
            : String.fromCharCode(byte),
        );

        expect(readLine(nginxCombined, combinedLine({ userAgent: bytes.join("") }))?.userAgent).toBe(userAgent);
      }),
    );
  });

  it("is what is read where Apache escaped it", () => {
    const escapes: Readonly<Record<string, string>> = {
      '"': '\\"',
      "\\": "\\\\",
      "\n": "\\n",
      "\t": "\\t",
      "\r": "\\r",
    };

    fc.assert(
      fc.property(sent, (referer) => {
        const escaped = referer.replace(/["\\\n\t\r]/g, (character) => escapes[character] ?? "");

        expect(readLine(apacheCombined, combinedLine({ referer: escaped }))?.referer).toBe(referer);
      }),
    );
  });

  it("is what is read of an odd URL, but for what no line can tell", () => {
    const path = fc.string({ unit: fc.constantFrom("a", "/", " ", "%", ":", "'", "(", "=", "&", "#"), maxLength: 20 });

    fc.assert(
      fc.property(path, path, (behind, query) => {
        const request = `GET /${behind}x?q${query}x HTTP/1.1`;

        expect(readLine(nginxCombined, combinedLine({ request }))).toMatchObject({
          method: "GET",
          path: `/${behind}x`,
          query: `q${query}x`,
        });
      }),
    );
  });
});
