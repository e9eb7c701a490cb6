import { addressCommand } from "./block.ts";

export const limit = addressCommand({
  measure: "rate-limit",
  summary: "proposes to rate-limit addresses for a time, by the rule that is prepared for it",
  examples: [
    "/limit 198.51.100.7 because it reads faster than anybody",
    "/limit 198.51.100.7 web for 2h because it is a partner, who must not be cut off",
    "/limit 198.51.100.7 preview because it reads faster than anybody",
  ],
});
