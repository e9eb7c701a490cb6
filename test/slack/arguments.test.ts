import { describe, expect, it } from "@jest/globals";
import { block } from "../../commands/block.ts";
import { incident } from "../../commands/incident.ts";
import { addressWord, dimensionWord, durationWord, filterWord, serviceWord, windowWord } from "../../commands/words.ts";
import { many, oneOrMore, optional, required, rest } from "../../src/slack/argument-slots.ts";
import { grammar } from "../../src/slack/arguments.ts";
import { tokenise } from "../../src/slack/tokens.ts";
import { testContext } from "../support/command-context.ts";

const context = testContext({ services: "web and api" });

const top = grammar("top", {
  dimension: required(dimensionWord),
  service: optional(serviceWord),
  window: optional(windowWord),
  only: many(filterWord, "only"),
  not: many(filterWord, "not"),
});
const ban = grammar("ban", {
  addresses: oneOrMore(addressWord),
  service: optional(serviceWord),
  durationSecs: optional(durationWord, "for"),
  reason: rest("…", { keyword: "because", isRequired: true }),
});

describe("the words after a command", () => {
  it.each([
    ["ip", { dimension: "ip", service: null }],
    ["web ip", { dimension: "ip", service: "web" }],
    ["UA API 30m", { dimension: "userAgent", service: "api", window: { kind: "last", secs: 1_800, typed: "30m" } }],
    [
      "path 2 hours web",
      { dimension: "path", service: "web", window: { kind: "last", secs: 7_200, typed: "2 hours" } },
    ],
    ["path 14:00-15:30", { window: { kind: "between", startMin: 840, endMin: 930, typed: "14:00-15:30" } }],
    [
      'ip only ua="curl 8" path=/a not status=404',
      {
        only: [
          { dimension: "userAgent", value: "curl 8" },
          { dimension: "path", value: "/a" },
        ],
        not: [{ dimension: "status", value: "404" }],
      },
    ],
    ["ip only path=/search?q=a=b", { only: [{ dimension: "path", value: "/search?q=a=b" }] }],
  ])("/top %s", (text, expected) => {
    expect(top.parse(text, context)).toMatchObject(expected);
  });

  it.each([
    ["198.51.100.7 because it floods", ["198.51.100.7/32"], null, "it floods"],
    ["198.51.100.7, 203.0.113.0/24 for 2h because of bots", ["198.51.100.7/32", "203.0.113.0/24"], 7_200, "of bots"],
    ["2001:DB8::1 for 90 minutes because for good reason", ["2001:db8::1/128"], 5_400, "for good reason"],
  ])("/ban %s", (text, addresses, durationSecs, reason) => {
    expect(ban.parse(text, context)).toMatchObject({ addresses, durationSecs, reason });
  });

  it.each([
    ["ip wbe", '"wbe" is not understood: expected one of ip, net, subnet, widenet, owner, ua'],
    ["ip wbe", "Did you mean `web`?"],
    ["ipp", "Did you mean `ip`?"],
    [
      "",
      "One of ip, net, subnet, widenet, owner, ua, path, route, resource, host, referer, refererhost, status, method, query, querykeys, queryshape, scheme, cache, tls, node, target is missing.",
    ],
    ["ip web api", "Only one service is allowed."],
    ["ip path", "Only one ip|net|subnet|widenet|owner|ua|path"],
    ["ip only", "After `only` comes a dimension and its value"],
    ["ip only pth=/a", '"pth" is no dimension'],
    ["ip only pth=/a", "Did you mean `path=/a`?"],
    ["ip 25:00-26:00", '"25:00-26:00" is no time of day'],
    ["ip onyl path=/a", "Did you mean `only`?"],
  ])("/top %s is answered with what is allowed", (text, message) => {
    expect(() => top.parse(text, context)).toThrow(message);
  });

  it.each([
    ["300.1.2.3 because x", '"300.1.2.3" is not an address or network'],
    ["198.51.100.7/40 because x", "IPv4 allows /0 to /32"],
    ["198.51.100.7", "`because …` is missing. Usage: `/ban ADDRESS… [service] [for 2h] because …`"],
    ["198.51.100.7 for because x", "After `for` comes a duration such as 30m or 2h"],
    ["198.51.100.7 for 1h for 2h because x", "Only one for is allowed."],
    ["because x", "An address or network such as 198.51.100.7 or 203.0.113.0/24 is missing."],
  ])("/ban %s is answered with what is allowed", (text, message) => {
    expect(() => ban.parse(text, context)).toThrow(message);
  });

  it("make the usage that help shows", () => {
    expect(block.usage).toEqual(["block ADDRESS… [service] [for 2h] [preview] [break-glass] because …"]);
    expect(incident.usage).toEqual([
      "incident declare TITLE",
      "incident drill TITLE",
      "incident note TEXT",
      "incident timeline [incident]",
      "incident resolve [incident] [TEXT]",
      "incident list",
    ]);
  });
});

describe("typed text", () => {
  it.each([
    ["a  b\tc", ["a", "b", "c"]],
    ['ua="Mozilla 5.0" x', ["ua=Mozilla 5.0", "x"]],
    ["“two words” one", ["two words", "one"]],
    ['open "quote', ["open", "quote"]],
    ["", []],
  ])("%j is %j", (text, words) => {
    expect(tokenise(text).map((token) => token.text)).toEqual(words);
  });

  it("takes a quoted keyword for a word", () => {
    expect(tokenise('"because"')).toEqual([{ text: "because", isQuoted: true }]);
  });
});
