import { describe, expect, it } from "@jest/globals";
import fc from "fast-check";
import {
  checkCrawler,
  isBelowDomain,
  isForwardConfirmed,
  isInRanges,
  KNOWN_CRAWLERS,
} from "../../src/domain/crawlers.ts";
import { claimedCrawler } from "../../src/domain/traits.ts";

const GOOGLE = "crawl-66-249-66-1.googlebot.com";
const REAL = { address: "66.249.66.1", names: [GOOGLE], addressesOfNames: { [GOOGLE]: ["66.249.66.1"] } };
/** Seen in the wild: the name is Google's, but it leads nowhere. */
const FORGED_NAME = "crawl-95-216-227-158.googlebot.com";
const FORGED = { address: "95.216.227.158", names: [FORGED_NAME], addressesOfNames: { [FORGED_NAME]: [] } };

describe("a name below a domain", () => {
  it.each([
    ["crawl-1.googlebot.com", "googlebot.com", true],
    ["googlebot.com", "googlebot.com", true],
    ["Crawl-1.GoogleBot.com.", "googlebot.com", true],
    ["evilgooglebot.com", "googlebot.com", false],
    ["googlebot.com.evil.example", "googlebot.com", false],
    ["com", "googlebot.com", false],
    ["", "googlebot.com", false],
    ["anything.example", "", false],
  ])("is told label by label: %s below %s is %s", (name, domain, is) => {
    expect(isBelowDomain(name, domain)).toBe(is);
  });

  it("stays below it with any label in front, and is not with any letter", () => {
    const label = fc.stringMatching(/^[a-z0-9-]{1,20}$/);
    fc.assert(
      fc.property(label, (front) => {
        expect(isBelowDomain(`${front}.googlebot.com`, "googlebot.com")).toBe(true);
        expect(isBelowDomain(`${front}googlebot.com`, "googlebot.com")).toBe(false);
      }),
    );
  });
});

describe("forward-confirmed reverse DNS", () => {
  it.each([
    { name: "a name that leads back", dns: REAL, is: true },
    { name: "a name that leads nowhere", dns: FORGED, is: false },
    {
      name: "a name that leads to somebody else",
      dns: { ...FORGED, addressesOfNames: { [FORGED_NAME]: ["66.249.66.1"] } },
      is: false,
    },
    { name: "a name that was not looked up", dns: { ...REAL, addressesOfNames: {} }, is: false },
    { name: "no name", dns: { ...REAL, names: [] }, is: false },
    {
      name: "a name of one's own that leads back",
      dns: { address: "192.0.2.1", names: ["a.example"], addressesOfNames: { "a.example": ["192.0.2.1"] } },
      is: false,
    },
    { name: "a name that every object has", dns: { ...REAL, names: ["constructor"], addressesOfNames: {} }, is: false },
    {
      name: "another spelling of the address",
      dns: {
        address: "2001:db8::1",
        names: ["x.googlebot.com"],
        addressesOfNames: { "x.googlebot.com": ["2001:0DB8:0::0001"] },
      },
      is: true,
    },
  ])("with $name is $is", ({ dns, is }) => {
    expect(isForwardConfirmed({ ...dns, domains: ["googlebot.com", "google.com"] })).toBe(is);
  });
});

describe("a client that says it is a crawler", () => {
  const ask = (claim: Partial<Parameters<typeof checkCrawler>[0]>) =>
    checkCrawler({ name: "Googlebot", address: "66.249.66.1", ranges: [], dns: null, ...claim });

  it("is verified by its owner's ranges or names, and forged where the names say otherwise", () => {
    expect(ask({ ranges: ["66.249.64.0/19"] })).toBe("verified");
    expect(ask({ dns: REAL })).toBe("verified");
    expect(ask({ address: FORGED.address, dns: FORGED })).toBe("forged");
    expect(ask({ name: "bingbot", dns: REAL })).toBe("forged");
  });

  it("is not called forged where nothing can be known", () => {
    expect(ask({ dns: null })).toBe("cannot-tell");
    expect(ask({ ranges: ["192.0.2.0/24"] })).toBe("cannot-tell");
    expect(ask({ name: "DuckDuckBot", dns: REAL })).toBe("cannot-tell");
    expect(ask({ name: "Unheardbot", dns: REAL })).toBe("cannot-tell");
  });

  it("is not called forged where its owner's own names lead nowhere, as Baidu's do", () => {
    const name = "baiduspider-180-76-15-15.crawl.baidu.com";
    const dns = { names: [name], addressesOfNames: { [name]: [] } };

    expect(ask({ name: "Baiduspider", address: "180.76.15.15", dns })).toBe("cannot-tell");
    expect(ask({ name: "Baiduspider", address: "180.76.15.15", dns: { ...dns, names: ["a.example"] } })).toBe("forged");
  });

  it("is one that user agents are asked for", () => {
    for (const { name } of KNOWN_CRAWLERS) expect(claimedCrawler(`Mozilla/5.0 (compatible; ${name}/1.0)`)).toBe(name);
  });

  it("is in no range that cannot be read", () => {
    expect(isInRanges("66.249.66.1", ["nonsense"])).toBe(false);
    expect(isInRanges("nonsense", ["66.249.64.0/19"])).toBe(false);
    expect(isInRanges("2001:4860:4801::1", ["66.249.64.0/19", "2001:4860:4801::/48"])).toBe(true);
  });
});
