import { z } from "zod";

const ipSet = z.strictObject({
  name: z.string("the name of an IP set").min(1),
  id: z.string("the id of that IP set").min(1),
});

/**
 * @source https://docs.aws.amazon.com/waf/latest/developerguide/waf-rule-statement-type-rate-based-high-level-settings.html
 */
const RATE_WINDOWS_SECS = [60, 120, 300, 600];
const RATE_WINDOW = "the evaluation window of the rule: 60, 120, 300 or 600";
const RATE_LIMIT = "the limit of the rule: requests of one address in the window, 10 to 2,000,000,000";

export const firewall = z.strictObject({
  kind: z.literal("wafv2"),
  scope: z.enum(["REGIONAL", "CLOUDFRONT"]).default("REGIONAL"),
  region: z.string().min(1).optional(),
  /** Dedicated sets that a blocking rule of the web ACL refers to; made and owned by nobody else. */
  ipv4Set: ipSet,
  ipv6Set: ipSet,
  /** Sets by which a rate-based rule is scoped down, and what that rule is set to. Left out, nothing is rate-limited. */
  rateLimit: z
    .strictObject({
      ipv4Set: ipSet,
      ipv6Set: ipSet,
      limit: z.number(RATE_LIMIT).int(RATE_LIMIT).min(10, RATE_LIMIT).max(2_000_000_000, RATE_LIMIT),
      windowSecs: z.number(RATE_WINDOW).refine((secs) => RATE_WINDOWS_SECS.includes(secs), RATE_WINDOW),
    })
    .optional(),
  /** Sets that a rule with the action Challenge refers to. Left out, nobody is challenged. */
  challenge: z.strictObject({ ipv4Set: ipSet, ipv6Set: ipSet }).optional(),
});
