import { describe, expect, it } from "@jest/globals";
import { hostOfReferer, networkOfClient } from "../../src/logs/derived-values.ts";

describe("values derived from logged ones", () => {
  it.each([
    ["198.51.100.77", "198.51.100.0/24"],
    ["2001:db8:1:2:3:4:5:6", "2001:db8:1::/48"],
    ["2001:DB8::1", "2001:db8::/48"],
    ["::ffff:198.51.100.77", "198.51.100.0/24"],
    ["999.1.1.1", null],
    ["host.example", null],
    ["x.0.0.0", null],
    ["", null],
  ])("gives the network of %s", (client, network) => {
    expect(networkOfClient(client)).toBe(network);
  });

  it.each([
    ["https://News.example:8443/a?b", "news.example"],
    ["http://user@news.example/", "news.example"],
    ["//cdn.example/x", "cdn.example"],
    ["android-app://com.example.app", "com.example.app"],
    ["news.example/a", null],
    ["https:///path", null],
    ["javascript:alert(1)", null],
    ["", null],
  ])("gives the host of the referer %s", (referer, host) => {
    expect(hostOfReferer(referer)).toBe(host);
  });
});
