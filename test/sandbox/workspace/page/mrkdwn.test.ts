import { describe, expect, it } from "@jest/globals";
import { type Inline, type Passage, parseMrkdwn } from "../../../../src/sandbox/workspace/page/mrkdwn/parse.ts";

describe("parseMrkdwn", () => {
  it.each([
    ["*bold* _it_ ~gone~ `code`", "[bold bold] [italic it] [strike gone] [code code]"],
    ["*_both_*", "[bold [italic both]]"],
    ["first seen 14:02:07, 12:30:45", "first seen 14:02:07, 12:30:45"],
    ["5*3*2 and snake_case_word", "5*3*2 and snake_case_word"],
    ["* not bold * and *not\nbold*", "* not bold * and *not\nbold*"],
    ["*198.51.100.0/24*: 85 %", "[bold 198.51.100.0/24]: 85 %"],
    ["*`a*b`* ends", "[bold [code a*b]] ends"],
    ["# no heading, [x](http://y) no link", "# no heading, [x](http://y) no link"],
    ["| a | b |\n|---|---|", "| a | b |\n|---|---|"],
    ["&lt;script&gt; &amp;amp;", "<script> &amp;"],
    ["`&lt;b&gt;`", "[code <b>]"],
    ["<@U0ANA00001> in <#C0OPS00001|ops> <!here>", "[person U0ANA00001] in [channel C0OPS00001] [everybody here]"],
    ["<https://x.com/a?b=1&amp;c=2|a link>", "[link https://x.com/a?b=1&c=2 a link]"],
    ["<javascript:alert(1)|click> <b>", "<javascript:alert(1)|click> <b>"],
    ["<!date^1700000000^{date} {time}|x>", "[date 1700000000 {date} {time}]"],
    [":pushpin: a:b:c :nonesuch:", "[emoji pushpin] a:b:c :nonesuch:"],
    ["> a\n&gt; b\nc", "{quote a\nb}c"],
    ["a\n```\n*x* &lt;\n```\nb", "a\n{preformatted *x* <}b"],
  ])("reads %j", (text, expected) => {
    expect(parseMrkdwn(text).map(passage).join("")).toBe(expected);
  });
});

function passage(part: Passage): string {
  if (part.kind === "preformatted") return `{preformatted ${part.text}}`;
  const inside = part.children.map(inline).join("");
  return part.kind === "quote" ? `{quote ${inside}}` : inside;
}

function inline(part: Inline): string {
  switch (part.kind) {
    case "text":
      return part.text;
    case "code":
      return `[code ${part.text}]`;
    case "bold":
    case "italic":
    case "strike":
      return `[${part.kind} ${part.children.map(inline).join("")}]`;
    case "emoji":
    case "everybody":
      return `[${part.kind} ${part.name}]`;
    case "person":
    case "channel":
      return `[${part.kind} ${part.id}]`;
    case "link":
      return `[link ${part.url} ${part.label}]`;
    case "date":
      return `[date ${part.atSecs} ${part.format}]`;
  }
}
