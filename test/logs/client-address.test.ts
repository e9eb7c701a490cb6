import { describe, expect, it } from "@jest/globals";
import { createClientResolver } from "../../src/logs/client-address.ts";

const resolve = createClientResolver(["10.0.0.0/8", "2001:db8:1::/48"]);
const believeNobody = createClientResolver([]);

describe("the client behind proxies", () => {
  it.each([
    ["who connected, where that is no proxy of ours", "198.51.100.7", "203.0.113.9", "198.51.100.7"],
    ["who connected, where there is no header", "10.0.0.1", null, "10.0.0.1"],
    ["the right end of the header", "10.0.0.1", "203.0.113.9, 198.51.100.7", "198.51.100.7"],
    [
      "the one before our own proxies",
      "10.0.0.1",
      "203.0.113.9, 198.51.100.7,10.0.0.2 , 2001:db8:1::5",
      "198.51.100.7",
    ],
    ["the last one known, before what is no address", "10.0.0.1", "203.0.113.9, unknown, 10.0.0.2", "10.0.0.2"],
    ["the farthest of our own proxies, where there are no others", "10.0.0.1", "10.0.0.3, 10.0.0.2", "10.0.0.3"],
    ["an address without its port and brackets", "10.0.0.1", "[2001:db8::7]:443", "2001:db8::7"],
    ["the right end, where the line does not say who connected", null, "203.0.113.9, 198.51.100.7", "198.51.100.7"],
    ["the one before our own proxies there, too", null, "203.0.113.9, 198.51.100.7, 10.0.0.2", "198.51.100.7"],
    ["nobody, where neither is known", null, null, null],
    ["nobody, where the header holds no address", null, "unknown", null],
  ])("is %s", (_, peer, forwardedFor, client) => {
    expect(resolve(peer, forwardedFor)).toBe(client);
  });

  it.each([
    ["198.51.100.7", "203.0.113.9", "198.51.100.7"],
    [null, "203.0.113.9, 10.0.0.2", "10.0.0.2"],
  ])(
    "without trusted proxies is who connected, or whom the server itself names: %s, %s",
    (peer, forwardedFor, client) => {
      expect(believeNobody(peer, forwardedFor)).toBe(client);
    },
  );
});
