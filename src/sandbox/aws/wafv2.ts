import { SECOND_MS } from "../../domain/time-window.ts";
import type { Clock } from "../../ports.ts";
import { WEB_ACL } from "../site/estate.ts";
import type { Random } from "../site/random.ts";
import type { RequestSamples } from "../site/request-samples.ts";
import type { Shield } from "../site/shield.ts";
import { AwsFault } from "./fault.ts";
import { wafNotation } from "./network-notation.ts";
import { type Operations, operation } from "./operations.ts";
import {
  arn,
  describeSet,
  type Family,
  type IpSet,
  LOAD_BALANCER_ARN,
  PREPARED_SETS,
  ruleOf,
  summary,
  webAcl,
} from "./waf-resources.ts";
import { createWafSamples } from "./waf-samples.ts";
import {
  CreateIpSet,
  GetIpSet,
  GetSampledRequests,
  GetWebAcl,
  List,
  ListResources,
  UpdateIpSet,
} from "./wafv2-inputs.ts";

/** @source https://docs.aws.amazon.com/waf/latest/developerguide/limits.html */
const MAX_ADDRESSES = 10_000;
const MAX_IP_SETS = 100;
const SHORTEST_GAP_BETWEEN_CHANGES_MS = SECOND_MS;

/**
 * Makes AWS WAF with one web ACL whose rules block, rate-limit or challenge what is in two IP sets each, as far as
 * Spillway meets it.
 */
export function createWafv2(options: {
  readonly shield: Shield;
  readonly samples: RequestSamples;
  readonly clock: Clock;
  readonly random: Random;
}): Operations {
  const { shield, samples, clock, random } = options;
  const sets: IpSet[] = PREPARED_SETS.map((set) => emptySet(set, set.family));
  let lastChangeMs = Number.NEGATIVE_INFINITY;

  function emptySet({ name, id }: { name: string; id: string }, family: Family): IpSet {
    return { name, id, family, description: "Filled by Spillway", addresses: [], lockToken: random.uuid() };
  }

  function findSet(wanted: { Name: string; Id: string; Scope: string }): IpSet {
    const found = sets.find((set) => set.id === wanted.Id && set.name === wanted.Name);
    if (found === undefined || wanted.Scope !== "REGIONAL") throw nonexistent();
    return found;
  }

  // All callers share one change a second; the limit cannot be raised.
  function takeTurn(): void {
    const nowMs = clock.now();
    if (nowMs - lastChangeMs < SHORTEST_GAP_BETWEEN_CHANGES_MS) {
      throw new AwsFault("ThrottlingException", "Rate exceeded");
    }
    lastChangeMs = nowMs;
  }

  function updateSet(input: typeof UpdateIpSet._output): object {
    takeTurn();
    const set = findSet(input);
    const addresses = checkAddresses(input.Addresses, set.family);
    if (input.LockToken !== set.lockToken) {
      throw new AwsFault(
        "WAFOptimisticLockException",
        "AWS WAF couldn't save your changes because someone changed the resource after you started to edit it.",
      );
    }
    set.addresses = addresses;
    // Like the addresses it is replaced, also by nothing.
    set.description = input.Description;
    set.lockToken = random.uuid();
    // Only the sets that a rule refers to do anything to anybody.
    const rule = ruleOf(set);
    if (rule !== null) shield.put(set.id, addresses, clock.now(), rule);
    return { NextLockToken: set.lockToken };
  }

  function createSet(input: typeof CreateIpSet._output): object {
    takeTurn();
    if (sets.some((set) => set.name === input.Name)) {
      throw new AwsFault("WAFDuplicateItemException", `There is already an IP set named ${input.Name}.`);
    }
    if (sets.length >= MAX_IP_SETS) throw limitExceeded(`An account has at most ${MAX_IP_SETS} IP sets.`);
    const set: IpSet = {
      name: input.Name,
      id: random.uuid(),
      family: input.IPAddressVersion,
      description: input.Description,
      addresses: checkAddresses(input.Addresses, input.IPAddressVersion),
      lockToken: random.uuid(),
    };
    sets.push(set);
    return { Summary: summary(set) };
  }

  const aclLockToken = random.uuid();
  const aclSummary = { Name: WEB_ACL.name, Id: WEB_ACL.id, ARN: arn("webacl", WEB_ACL), LockToken: aclLockToken };

  function getSet(input: typeof GetIpSet._output): object {
    const set = findSet(input);
    return { IPSet: describeSet(set), LockToken: set.lockToken };
  }

  function getAcl(input: typeof GetWebAcl._output): object {
    const isOurs = input.ARN === aclSummary.ARN || (input.Name === WEB_ACL.name && input.Id === WEB_ACL.id);
    if (!isOurs) throw nonexistent();
    return { WebACL: webAcl(), LockToken: aclLockToken };
  }

  function listResources({ WebACLArn, ResourceType }: typeof ListResources._output): object {
    if (WebACLArn !== aclSummary.ARN) throw nonexistent();
    return { ResourceArns: ResourceType === "APPLICATION_LOAD_BALANCER" ? [LOAD_BALANCER_ARN] : [] };
  }

  const sampledRequests = createWafSamples({ samples, webAclArn: aclSummary.ARN, nonexistent });

  const isRegional = (input: typeof List._output): boolean => input.Scope === "REGIONAL";
  const invalid = "WAFInvalidParameterException";
  return new Map([
    ["GetIPSet", operation(invalid, GetIpSet, getSet)],
    ["UpdateIPSet", operation(invalid, UpdateIpSet, updateSet)],
    ["CreateIPSet", operation(invalid, CreateIpSet, createSet)],
    ["ListIPSets", operation(invalid, List, (input) => ({ IPSets: isRegional(input) ? sets.map(summary) : [] }))],
    ["GetWebACL", operation(invalid, GetWebAcl, getAcl)],
    ["ListResourcesForWebACL", operation(invalid, ListResources, listResources)],
    ["GetSampledRequests", operation(invalid, GetSampledRequests, sampledRequests)],
    ["ListWebACLs", operation(invalid, List, (input) => ({ WebACLs: isRegional(input) ? [aclSummary] : [] }))],
  ]);
}

function checkAddresses(addresses: readonly string[], family: Family): readonly string[] {
  if (addresses.length > MAX_ADDRESSES) throw limitExceeded(`An IP set holds at most ${MAX_ADDRESSES} addresses.`);
  const written = addresses.map((address) => {
    const notation = wafNotation(address, family);
    if (notation !== null) return notation;
    const reason = "The parameter contains formatting that is not valid.";
    throw new AwsFault(
      "WAFInvalidParameterException",
      `Error reason: ${reason}, field: IP_ADDRESS, parameter: ${address}`,
      { details: { Field: "IP_ADDRESS", Parameter: address, Reason: reason } },
    );
  });
  return [...new Set(written)];
}

function nonexistent(): AwsFault {
  return new AwsFault(
    "WAFNonexistentItemException",
    "AWS WAF couldn't perform the operation because your resource doesn't exist.",
  );
}

function limitExceeded(message: string): AwsFault {
  return new AwsFault("WAFLimitsExceededException", message);
}
