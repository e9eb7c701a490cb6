import { z } from "zod";
import { duration, share } from "./values.ts";

const slackId = "a Slack user id such as U012AB3CD, or a user group's such as S012AB3CD";
const people = z.array(z.string(slackId).regex(/^[UWS][A-Z0-9]+$/, slackId)).default([]);

/** Two different people approve what goes beyond any of these. */
const twoApprovers = z.strictObject({
  /** Networks of a shorter prefix are wide. */
  ipv4Prefix: z.number().int().min(1).max(32).default(24),
  ipv6Prefix: z.number().int().min(1).max(128).default(48),
  /** Addresses and networks in one proposal. */
  addresses: z.number().int().nonnegative().default(20),
  durationSecs: duration.prefault("1d"),
  /** Of the usual requests, or clients, that it would hit too. */
  baselineShare: share.default(0.01),
  /** Instances more than now. */
  addedInstances: z.number().int().nonnegative().default(10),
  /** Whether a network takes two where nobody has counted who else is in it. */
  unmeasuredNetworks: z.boolean().default(true),
});

export const approvals = z
  .strictObject({
    /** Who may ask for a change, as Slack ids of users and user groups; empty for everybody in the channel. */
    requesters: people,
    /** Who may approve one; empty for everybody in the channel. */
    approvers: people,
    /** Who may do alone, with a reason, what takes another person; empty for nobody. */
    breakGlass: people,
    /** Whether somebody may approve their own request. */
    allowSelfApproval: z.boolean().default(false),
    /** How long an offer can be approved. */
    offerSecs: duration.prefault("30m"),
    twoApprovers: twoApprovers.prefault({}),
  })
  .prefault({});
