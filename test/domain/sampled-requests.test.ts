import { describe, expect, it } from "@jest/globals";
import { type SampledRequest, type SampledRule, tellSamples } from "../../src/domain/sampled-requests.ts";

const AT_MS = Date.UTC(2026, 10, 21, 20, 14, 0);

function sampled(count: number, given: Partial<SampledRequest> = {}): readonly SampledRequest[] {
  const connectedFrom = given.connectedFrom ?? "203.0.113.7";
  return Array.from({ length: count }, (_, index) => ({
    atMs: AT_MS + index * 1_000,
    weight: 1,
    clients: [connectedFrom],
    connectedFrom,
    forwardedFor: [],
    country: null,
    method: "GET",
    uri: "/login",
    action: "BLOCK",
    ...given,
  }));
}

function rule(samples: readonly SampledRequest[], given: Partial<SampledRule> = {}): SampledRule {
  const population = samples.length;
  return { webAcl: "edge", rule: "block-v4", isOurs: true, keepsSamples: true, population, samples, ...given };
}

const byDefault = (samples: readonly SampledRequest[]) => rule(samples, { rule: null, isOurs: false });

function tell(rules: readonly SampledRule[], verdict: "worked" | "no-effect" | "cannot-tell" = "no-effect") {
  return tellSamples({ service: "web", addresses: ["203.0.113.7/32"], verdict, rules });
}

describe("what a firewall's samples tell of a block", () => {
  it("is how many requests of the blocked were stopped, and the last of them", () => {
    expect(tell([rule(sampled(32)), byDefault(sampled(9, { connectedFrom: "192.0.2.1", action: "ALLOW" }))])).toBe(
      "WAF samples: 32 of 32 sampled requests of 203.0.113.7 were blocked, the last at 20:14:31 UTC.",
    );
    expect(tell([rule(sampled(1))], "worked")).toBe(
      "WAF samples: 1 of 1 sampled request of 203.0.113.7 was blocked, the last at 20:14:00 UTC.",
    );
  });

  it("is how many there were in all, by the weights and what was sampled from", () => {
    const others = sampled(10, { connectedFrom: "198.51.100.9", weight: 1 });
    const ours = sampled(10, { weight: 3 });

    expect(tell([rule([...ours, ...others], { population: 4_000 })])).toBe(
      "WAF samples: 10 of 10 sampled requests of 203.0.113.7 were blocked, which stand for about 3,000 in all, the last at 20:14:09 UTC.",
    );
  });

  it("counts every address within a network, in either notation", () => {
    const addresses = ["203.0.113.0/24", "2001:db8::/64"];
    const rules = [
      rule([...sampled(2, { connectedFrom: "203.0.113.200" }), ...sampled(1, { connectedFrom: "2001:0db8:0:0::9" })]),
    ];

    expect(tellSamples({ service: "web", addresses, verdict: "worked", rules })).toContain(
      "3 of 3 sampled requests of the 2 addresses were blocked",
    );
  });

  it.each<[string, readonly SampledRule[], string]>([
    [
      "another rule lets them pass before",
      [rule([]), rule(sampled(14, { action: "ALLOW" }), { rule: "office", isOurs: false })],
      "WAF samples: none of 14 sampled requests of 203.0.113.7 was blocked. Rule office of web ACL edge let 14 pass before ours came to it, the last GET /login at 20:14:13 UTC.",
    ],
    [
      "the rule only counts",
      [rule(sampled(14, { action: "COUNT" })), byDefault([])],
      "WAF samples: Rule block-v4 of web ACL edge only counted 14, the last GET /login at 20:14:13 UTC: its action is Count.",
    ],
    [
      "the rule asks them a riddle",
      [rule(sampled(2, { action: "CHALLENGE" }))],
      "WAF samples: none of 2 sampled requests of 203.0.113.7 was blocked. Rule block-v4 of web ACL edge answered 2 with CHALLENGE, the last GET /login at 20:14:01 UTC.",
    ],
    [
      "no rule matches them",
      [rule([]), byDefault(sampled(3, { action: "ALLOW" }))],
      "WAF samples: none of 3 sampled requests of 203.0.113.7 was blocked. No rule of web ACL edge decided 3, the last GET /login at 20:14:02 UTC: its rule for the set does not match them.",
    ],
    [
      "the firewall sees a proxy",
      [
        rule([]),
        byDefault(
          sampled(5, { connectedFrom: "10.0.0.8", forwardedFor: ["203.0.113.7", "10.0.0.7"], action: "ALLOW" }),
        ),
      ],
      "WAF samples: 5 name 203.0.113.7 in X-Forwarded-For, but came from a proxy such as 10.0.0.8: the rule looks at who connects, the log does not.",
    ],
    [
      "it saw others only",
      [rule([]), byDefault(sampled(5, { connectedFrom: "192.0.2.1", action: "ALLOW" }))],
      "WAF samples: none of 5 is of 203.0.113.7: the log's address may be that of a proxy, which the firewall does not see, or web ACL edge does not stand in front of web.",
    ],
    [
      "it saw nobody",
      [rule([]), byDefault([])],
      "WAF samples: web ACL edge saw no request at all since: it may not stand in front of web.",
    ],
    [
      "it keeps none",
      [rule([], { keepsSamples: false })],
      "WAF samples: web ACL edge keeps none (SampledRequestsEnabled is off).",
    ],
    [
      "no rule asks for a set",
      [],
      "No web ACL has a rule for the sets that Spillway fills: nobody in them is blocked.",
    ],
  ])("is why a block has no effect where %s", (_, rules, told) => {
    expect(tell(rules)).toBe(told);
    expect(tell(rules, "worked") ?? "").not.toMatch(/before ours|only counted|may|keeps none|No web ACL/);
  });

  it("keeps what outsiders wrote short and in one line", () => {
    const uri = `/\n\u202e${"x".repeat(5_000)}`;

    const told = tell([rule([]), byDefault(sampled(1, { uri, action: "ALLOW" }))]) ?? "";

    expect(told).not.toContain("\n");
    expect(told.length).toBeLessThan(600);
  });

  it("takes a moment for as many addresses as a set holds", () => {
    const addresses = Array.from({ length: 10_000 }, (_, index) => `198.18.${index >> 8}.${index & 255}/32`);

    const told = tellSamples({ service: "web", addresses, verdict: "worked", rules: [rule(sampled(500))] });

    expect(told).toBeNull();
  });
});

describe("what a firewall's samples tell of a milder measure", () => {
  const tellOf = (measure: "rate-limit" | "challenge", rules: readonly SampledRule[]) =>
    tellSamples({ service: "web", addresses: ["203.0.113.7/32"], measure, verdict: "no-effect", rules });
  const passed = byDefault(sampled(8, { action: "ALLOW" }));

  it("is what was stopped above the limit, of all that was sent; what passes below it is as it should be", () => {
    expect(tellOf("rate-limit", [rule(sampled(32)), passed])).toBe(
      "WAF samples: 32 of 40 sampled requests of 203.0.113.7 were stopped above the limit, the last at 20:14:31 UTC.",
    );
  });

  it("is what was challenged, which is no other answer than the wanted one", () => {
    expect(tellOf("challenge", [rule(sampled(2, { action: "CHALLENGE" })), passed])).toBe(
      "WAF samples: 2 of 10 sampled requests of 203.0.113.7 were challenged, the last at 20:14:01 UTC.",
    );
  });

  it("is why it has no effect, where a rule is in the way", () => {
    const allowed = rule(sampled(3, { action: "ALLOW" }), { rule: "partners", isOurs: false });

    expect(tellOf("rate-limit", [allowed, rule([])])).toContain("Rule partners of web ACL edge let 3 pass before ours");
    expect(tellOf("challenge", [])).toContain("nobody in them is challenged.");
  });
});
