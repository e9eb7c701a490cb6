import type { RuleAction } from "@aws-sdk/client-wafv2";
import { STOP_STATUS } from "../domain/stop-status.ts";
import type { IpSetRef } from "./ip-set.ts";
import { actionTaken, usesOf } from "./rule-reach.ts";
import type { KnownRules } from "./web-acls.ts";

/**
 * Gives the HTTP statuses with which the rules that ask for the sets answer whom they stop, ascending, each once; empty
 * where no rule asks for them, or none stops anybody.
 */
export function stopStatuses(sets: readonly IpSetRef[], known: KnownRules): readonly number[] {
  const uses = sets.flatMap((set) => usesOf(set, known));
  const statuses = uses.flatMap(({ top, rule }) => statusOf(actionTaken(top, rule)) ?? []);
  return [...new Set(statuses)].sort((a, b) => a - b);
}

/**
 * What a load balancer or CloudFront sends, and logs, in place of the origin's answer; null where the origin answers.
 *
 * @source https://docs.aws.amazon.com/waf/latest/developerguide/customizing-the-response-for-blocked-requests.html
 */
function statusOf({ Block, Challenge, Captcha }: RuleAction): number | null {
  if (Block !== undefined) return Block.CustomResponse?.ResponseCode ?? STOP_STATUS.BLOCK;
  if (Challenge !== undefined) return STOP_STATUS.CHALLENGE;
  return Captcha === undefined ? null : STOP_STATUS.CAPTCHA;
}
