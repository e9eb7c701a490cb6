import { addressCommand } from "./block.ts";

export const challenge = addressCommand({
  measure: "challenge",
  summary: "proposes to let only browsers of these addresses in for a time, by the rule that is prepared for it",
  examples: [
    "/challenge 198.51.100.0/24 because bots flood the search",
    "/challenge 198.51.100.0/24 web for 30m because people are among them",
    "/challenge 198.51.100.0/24 preview because bots flood the search",
  ],
});
