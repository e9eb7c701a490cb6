import type { Story } from "./story.ts";

/** Nothing happens; a verdict must say so. */
export const quiet: Story = {
  name: "quiet",
  title: "An ordinary day",
  opening: "Nothing is wrong with www.courier.example. A good bot says so and leaves it at that.",
  tryThis: "/spike web",
  thenTry: ["/top path web", "/scale web +1 for 30m"],
  beganMinutesAgo: 0,
  truth: { service: "web", causes: [{ kind: "no-anomaly", slice: {}, shareOfRequests: 0 }] },
  enact: () => ({}),
};
