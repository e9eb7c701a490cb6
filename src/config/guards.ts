import { z } from "zod";
import { network } from "./values.ts";

/** Whom no block may hit, whichever service it is for; `neverBlock` of a service is for that one. */
export const guards = z
  .strictObject({
    /** Networks of the VPCs and the addresses that they go out by: subnets, NAT gateways, Elastic IPs. */
    own: z.array(network).default([]),
    /** Those who watch the site from outside. */
    monitoring: z.array(network).default([]),
    /** Those who check its health, beside Route 53. */
    healthCheckers: z.array(network).default([]),
    /** From where Slack calls, where that is known: it changes. */
    slack: z.array(network).default([]),
    /** Over which Spillway itself is reached. */
    ingress: z.array(network).default([]),
    /** From where those who approve work, by Slack user id. */
    approvers: z
      .record(z.string().regex(/^[UW][A-Z0-9]+$/, "a Slack user id such as U012AB3CD"), z.array(network))
      .default({}),
  })
  .prefault({});
