import { z } from "zod";
import { firewall } from "./firewall.ts";
import { logs } from "./logs.ts";
import { metrics } from "./metrics.ts";
import { scaling } from "./scaling.ts";
import { network } from "./values.ts";

/** In US dollars, for the cost in a verdict; what is left out is not counted. */
const prices = z.strictObject({
  instanceHourUsd: z.number().nonnegative().optional(),
  /** Where that price is from, for those who approve it: "t3.large, eu-central-1, on demand, November 2026". */
  source: z.string().min(1).optional(),
  /** For a thousand requests that the excess makes: GETs of S3, requests of CloudFront. */
  requestsPer1000Usd: z.number().nonnegative().optional(),
  /** For a gigabyte (10⁹ bytes) that leaves. */
  egressPerGbUsd: z.number().nonnegative().optional(),
});

/** Left out, nobody is told anything unasked. */
const watch = z.strictObject({
  /** Where it is told when the service's metrics do what they have not done before. */
  channel: z
    .string("a Slack channel id such as C012AB3CD")
    .regex(/^[CG][A-Z0-9]+$/, "a Slack channel id such as C012AB3CD"),
});

export const service = z
  .strictObject({
    description: z.string().default(""),
    logs: logs.optional(),
    metrics: metrics.optional(),
    firewall: firewall.optional(),
    scaling: scaling.optional(),
    watch: watch.optional(),
    /** Addresses and networks that are never blocked: the site's own, offices, monitoring. */
    neverBlock: z.array(network).default([]),
    prices: prices.optional(),
    /** Whether every change of this service only says which calls it would make. */
    dryRun: z.boolean().default(false),
  })
  .refine(({ watch, metrics }) => watch === undefined || metrics !== undefined, {
    path: ["watch"],
    message: "only where the service has `metrics`, which are what is watched",
  });
export type ServiceConfig = z.output<typeof service>;
