import type { IPSetForwardedIPConfig, RateBasedStatement, Rule, RuleAction, Statement } from "@aws-sdk/client-wafv2";
import { measureOf, type RateLimit, wordsOf } from "../domain/address-measure.ts";
import type { IpSetRef } from "./ip-set.ts";
import { rateWeaknesses } from "./rule-rate.ts";
import type { KnownRules, WebAcl } from "./web-acls.ts";

/**
 * Says why somebody who is in a set may get through all the same, a sentence each; empty where a rule does to whoever is
 * in it what the set is for, and nothing before that rule lets them in.
 *
 * Whether the web ACL stands in front of the service is for `findUnattached`.
 *
 * @param asked.rateLimit what the rule of a rate limit should be set to
 */
export function findWeaknesses(
  asked: KnownRules & {
    readonly sets: readonly IpSetRef[];
    readonly areClientsForwarded: boolean;
    readonly rateLimit?: RateLimit;
  },
): readonly string[] {
  return asked.sets.flatMap((set) => {
    const arn = asked.arnOfSet.get(set.id);
    if (arn === undefined) {
      return [`There is no IP set with the id ${set.id} (${set.name}) in ${set.scope}, ${set.region}.`];
    }
    const uses = usesOf(set, asked);
    if (uses.length === 0) {
      return [`No web ACL has a rule for IP set ${set.name}: nobody in it is ${wordsOf(set).past}.`];
    }
    return uses.flatMap((use) => weaknessesOf(use, set, asked));
  });
}

/** A rule that asks whether an address is in a set. */
export interface Use {
  readonly acl: WebAcl;
  /** Of the web ACL; it may be a reference to the group that `rule` is in. */
  readonly top: Rule;
  readonly rule: Rule;
  readonly reference: Reference;
}

interface Reference {
  readonly isNegated: boolean;
  readonly isNarrowed: boolean;
  /** Null where it looks at who connects. */
  readonly forwarded: IPSetForwardedIPConfig | null;
  /** What counts those who are in the set; null where nothing does. */
  readonly rate: RateBasedStatement | null;
}

/** Finds every rule that asks for a set; none where there is no such set. */
export function usesOf({ id }: IpSetRef, { arnOfSet, webAcls, groups }: KnownRules): readonly Use[] {
  const arn = arnOfSet.get(id);
  return arn === undefined ? [] : webAcls.flatMap((acl) => usesIn(acl, arn, groups));
}

/** The rules that let somebody in before the web ACL comes to a rule of it. */
export function allowedBefore({ acl, top }: Pick<Use, "acl" | "top">): readonly Rule[] {
  return acl.rules.filter((other) => (other.Priority ?? 0) < (top.Priority ?? 0) && other.Action?.Allow);
}

function usesIn(acl: WebAcl, arn: string, groups: KnownRules["groups"]): readonly Use[] {
  return acl.rules.flatMap((top) => {
    const group = groups.get(top.Statement?.RuleGroupReferenceStatement?.ARN ?? "");
    const rules = group === undefined ? [top] : group.rules;
    return rules.flatMap((rule) => {
      const reference = referenceIn(rule.Statement, arn);
      return reference === null ? [] : [{ acl, top, rule, reference }];
    });
  });
}

function referenceIn(statement: Statement | undefined, arn: string): Reference | null {
  if (statement === undefined) return null;
  const own = statement.IPSetReferenceStatement;
  if (own?.ARN === arn) {
    return { isNegated: false, isNarrowed: false, forwarded: own.IPSetForwardedIPConfig ?? null, rate: null };
  }
  const negated = referenceIn(statement.NotStatement?.Statement, arn);
  if (negated !== null) return { ...negated, isNegated: !negated.isNegated };
  for (const part of statement.OrStatement?.Statements ?? []) {
    const found = referenceIn(part, arn);
    if (found !== null) return found;
  }
  for (const part of statement.AndStatement?.Statements ?? []) {
    const found = referenceIn(part, arn);
    if (found !== null) return { ...found, isNarrowed: true };
  }
  const rate = statement.RateBasedStatement;
  const limited = referenceIn(rate?.ScopeDownStatement, arn);
  return limited === null || rate === undefined ? null : { ...limited, rate };
}

/** What a rule with this set should do, as a clause that "does not" goes before. */
const DOES = { block: "block", "rate-limit": "limit", challenge: "challenge" } as const;

function weaknessesOf(
  { acl, top, rule, reference }: Use,
  set: IpSetRef,
  { areClientsForwarded, rateLimit }: Pick<Parameters<typeof findWeaknesses>[0], "areClientsForwarded" | "rateLimit">,
): string[] {
  const measure = measureOf(set);
  const name = `rule ${rule.Name} of web ACL ${acl.name}`;
  const found: string[] = [];
  if (reference.isNegated) found.push(`${capital(name)} acts on whoever is not in IP set ${set.name}.`);
  // Whoever has to send much first, before a block or a challenge, is asked for more than to be in the set.
  if (reference.isNarrowed || (measure !== "rate-limit" && reference.rate !== null))
    found.push(`${capital(name)} asks for more than to be in IP set ${set.name}.`);
  const action = nameOf(actionTaken(top, rule));
  if (action !== (measure === "challenge" ? "Challenge" : "Block"))
    found.push(`${capital(name)} does not ${DOES[measure]} who is in IP set ${set.name}: its action is ${action}.`);
  if (measure === "rate-limit") {
    const rate = { statement: reference.rate, rateLimit, areClientsForwarded: areClientsForwarded && isRegional(set) };
    found.push(...rateWeaknesses(capital(name), set.name, rate));
  }
  for (const allow of allowedBefore({ acl, top })) {
    found.push(
      `Rule ${allow.Name} of web ACL ${acl.name} comes before ${rule.Name}: whom it allows is not ${wordsOf(set).past} by IP set ${set.name}.`,
    );
  }
  if (areClientsForwarded && isRegional(set) && reference.forwarded === null) {
    found.push(
      `The log's clients are read from X-Forwarded-For, but ${name} looks at who connects: give it a forwarded IP configuration.`,
    );
  }
  return found;
}

function isRegional({ scope }: IpSetRef): boolean {
  return scope === "REGIONAL";
}

/** What a rule does in the end: a group that is overridden to count blocks nobody, and so does a rule of it that is. */
export function actionTaken(top: Rule, rule: Rule): RuleAction {
  if (top === rule) return rule.Action ?? {};
  if (top.OverrideAction?.Count !== undefined) return { Count: {} };
  const overrides = top.Statement?.RuleGroupReferenceStatement;
  const override = overrides?.RuleActionOverrides?.find(({ Name }) => Name === rule.Name)?.ActionToUse;
  if (overrides?.ExcludedRules?.some(({ Name }) => Name === rule.Name)) return { Count: {} };
  return override ?? rule.Action ?? {};
}

function nameOf(action: RuleAction): string {
  return Object.entries(action).find(([, value]) => value !== undefined)?.[0] ?? "none";
}

function capital(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}
