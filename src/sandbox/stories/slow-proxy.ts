import type { Effect } from "../site/effect.ts";
import { createLostSyns, createStalls } from "../site/proxy-faults.ts";
import type { Scene, Story } from "./story.ts";

/**
 * The proxy of whom this is told served 500 requests a second and lost 0.3 % of its packets. Here are 15 a second, so
 * that a laptop plays it; shares are as they were.
 */
const REQUESTS_PER_MIN = 900;
const LOST_PACKETS_SHARE = 0.003;
/** To open a connection, one packet each way must arrive. */
const LOST_OPENING_SHARE = 1 - (1 - LOST_PACKETS_SHARE) ** 2;
const STALL_EVERY_MS = 80_000;

/** A proxy on a bad link: some connections stand only after 1, 3 or 7 s, and now and then nothing moves at all. */
export const slowProxy: Story = {
  name: "slow-proxy",
  title: "A proxy that is slow now and then",
  opening:
    "Pages of forum.courier.example take more than a second now and then, since the network of its proxy was changed. There is no more traffic than ever.",
  tryThis: "/spike forum 2h",
  thenTry: ["/top status forum 2h", "/incident declare Slow pages", "/postmortem"],
  beganMinutesAgo: 50,
  truth: { service: "forum", causes: [{ kind: "slow-backend", slice: {}, shareOfRequests: 0 }] },
  site: { forumFormat: "nginx-timing", forumRequestsPerMin: REQUESTS_PER_MIN },
  enact: (scene) => ({ forum: [createBadLink(scene)] }),
};

function createBadLink({ startMs, random }: Scene): Effect {
  const lostSyn = createLostSyns(random.fork("lost"), LOST_OPENING_SHARE);
  const stall = createStalls(random.fork("stalls"), STALL_EVERY_MS);
  return {
    shape: (_secondMs, arrivals) => arrivals,
    ailment(arrival) {
      if (arrival.atMs < startMs) return null;
      return stall(arrival) ?? lostSyn();
    },
  };
}
