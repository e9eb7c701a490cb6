import type { BlockChange, ScaleChange } from "../../src/domain/proposal.ts";

export const CRAWLER = "198.51.100.14/32";
export const FLOODER = "203.0.113.77/32";

/** A block on "web", for two hours unless told. */
export function blockOf(addresses: readonly string[], durationSecs = 7_200): BlockChange {
  return { kind: "block", service: "web", addresses, durationSecs, reason: "they flood the login" };
}

/** From the four instances that "web" has to six, for an hour and a half. */
export const SCALE_OUT: ScaleChange = {
  kind: "scale",
  service: "web",
  fromInstances: 4,
  toInstances: 6,
  durationSecs: 5_400,
  reason: "to serve the crowd",
};
