import { expect, it } from "@jest/globals";
import { type BlockChange, digestInput } from "../../src/domain/proposal.ts";

const CHANGE: BlockChange = {
  kind: "block",
  service: "web",
  addresses: ["198.51.100.14/32", "203.0.113.9/32"],
  durationSecs: 7_200,
  reason: "a crawler",
};

it("gives one text for a change, in whatever order its keys were set", () => {
  const reversed = Object.fromEntries(Object.entries(CHANGE).reverse()) as unknown as BlockChange;

  expect(digestInput(reversed)).toBe(digestInput(CHANGE));
  expect(digestInput(CHANGE)).toBe(
    '{"addresses":["198.51.100.14/32","203.0.113.9/32"],"durationSecs":7200,"kind":"block","reason":"a crawler","service":"web"}',
  );
});

it("gives another text for any other change", () => {
  const others: BlockChange[] = [
    { ...CHANGE, service: "api" },
    { ...CHANGE, durationSecs: 7_201 },
    { ...CHANGE, reason: "" },
    { ...CHANGE, addresses: ["198.51.100.14/32"] },
  ];

  expect(new Set([CHANGE, ...others].map(digestInput)).size).toBe(5);
});
