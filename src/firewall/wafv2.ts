import { CloudFrontClient } from "@aws-sdk/client-cloudfront";
import { WAFV2Client } from "@aws-sdk/client-wafv2";
import { awsClientOptions, sayingWhatFor } from "../aws.ts";
import type { AwsSettings } from "../config/aws-settings.ts";
import type { ServiceConfig } from "../config/service.ts";
import { sortNetworks } from "../domain/address.ts";
import type { MilderMeasure, RateLimit } from "../domain/address-measure.ts";
import type { Log } from "../log.ts";
import type { Firewall, FirewallChange } from "../ports/firewall.ts";
import { findUnattached } from "./attachments.ts";
import { joinEdits, type Wish } from "./edit-batch.ts";
import { applyEdit, describeCall, type IpSetContext, type IpSetRef, readIpSet, refuseOverCapacity } from "./ip-set.ts";
import { canonical, type IpSetEdit, mergeEdit, networksByFamily } from "./ip-set-edit.ts";
import { findWeaknesses } from "./rule-reach.ts";
import { readSamples } from "./sampled-requests.ts";
import { stopStatuses } from "./stop-statuses.ts";
import { readWebAcls } from "./web-acls.ts";
import { createWriteLane, type WriteLane } from "./write-lane.ts";

/**
 * One create, put or update a second in an account and region, by all callers together. A tenth more, since calls do
 * not all take equally long.
 *
 * @source https://docs.aws.amazon.com/waf/latest/developerguide/limits.html
 */
const WRITE_EVERY_MS = 1_100;
/** AWS keeps what protects CloudFront in one place. */
const CLOUDFRONT_REGION = "us-east-1";

/**
 * Makes a firewall of two IP sets of AWS WAF, one for IPv4 and one for IPv6.
 *
 * A rule of the web ACL that blocks what is in the sets, or limits or challenges it, has to be there already: the web ACL
 * itself is never touched.
 */
export function createWafFirewall(options: {
  readonly config: Omit<NonNullable<ServiceConfig["firewall"]>, "rateLimit" | "challenge">;
  /** What the rule does to whoever is in the sets; a block where it is left out. */
  readonly measure?: MilderMeasure;
  /** What the rule of a rate limit should be set to. */
  readonly rateLimit?: RateLimit;
  readonly aws: AwsSettings;
  readonly log: Log;
  /** Where other processes write to the same account; without it turns are kept in this one. */
  readonly reserveTurn?: (lane: string, everyMs: number) => Promise<number>;
  /** Whether the log's clients are read from X-Forwarded-For, so that rules have to look there too. */
  readonly areClientsForwarded?: boolean;
  /** The service's, "app/web/50dc6c495c0c9188"; where it is given, a web ACL has to be attached to it. */
  readonly loadBalancer?: string;
  /** The service's, "E2EXAMPLE1ABCD"; as the load balancer, for what protects CloudFront. */
  readonly distribution?: string;
  readonly lane?: WriteLane;
  readonly random?: () => number;
}): Firewall {
  const { config, log, random = Math.random } = options;
  const region = config.scope === "CLOUDFRONT" ? CLOUDFRONT_REGION : (config.region ?? options.aws.region);
  const aws = { ...options.aws, region };
  const client = sayingWhatFor(new WAFV2Client(awsClientOptions(aws)));
  const cloudFront = new CloudFrontClient(awsClientOptions(aws));
  const lane = options.lane ?? sharedLane(aws, options.reserveTurn);
  const { scope } = config;
  const measured = options.measure === undefined ? {} : { measure: options.measure };
  const sets: readonly IpSetRef[] = [
    { ...config.ipv4Set, family: 4, scope, region, ...measured },
    { ...config.ipv6Set, family: 6, scope, region, ...measured },
  ];
  const contextOf = (signal: AbortSignal | undefined): IpSetContext => ({ client, lane, random, log, signal });

  async function readSets(kind: IpSetEdit["kind"], addresses: readonly string[], context: IpSetContext) {
    const networks = networksByFamily(addresses);
    return Promise.all(
      sets
        .filter(({ family }) => networks[family].length > 0)
        .map(async (set) => ({
          set,
          state: await readIpSet(set, context),
          edit: { kind, networks: networks[set.family] },
        })),
    );
  }

  async function carryOut({ kind, networks, signal }: Wish): Promise<FirewallChange> {
    const context = contextOf(signal);
    const edits = await readSets(kind, networks, context);
    // All are looked at before the first is written, so that a refusal leaves nothing half done.
    for (const { set, state, edit } of edits) refuseOverCapacity(set, edit, mergeEdit(state.addresses, edit));
    const changes: FirewallChange[] = [];
    for (const { set, state, edit } of edits) changes.push(await applyEdit(set, state, edit, context));
    return joined(changes);
  }

  const edit = joinEdits(lane, carryOut);

  async function change(
    kind: IpSetEdit["kind"],
    addresses: readonly string[],
    { dryRun = false, signal }: { dryRun?: boolean; signal?: AbortSignal } = {},
  ): Promise<FirewallChange> {
    const { 4: v4, 6: v6 } = networksByFamily(addresses);
    if (!dryRun) return edit({ kind, networks: [...v4, ...v6], signal });
    const edits = await readSets(kind, addresses, contextOf(signal));
    for (const { set, state, edit } of edits) refuseOverCapacity(set, edit, mergeEdit(state.addresses, edit));
    return joined(edits.map(({ set, state, edit }) => preview(set, state.addresses, edit)));
  }

  return {
    block: (addresses, changeOptions) => change("add", addresses, changeOptions),
    unblock: (addresses, changeOptions) => change("remove", addresses, changeOptions),
    async list(signal) {
      const states = await Promise.all(sets.map((set) => readIpSet(set, contextOf(signal))));
      return sortNetworks(states.flatMap(({ addresses }) => addresses.map(canonical)));
    },
    async weaknesses(signal) {
      const known = await readWebAcls(sets, { client, signal });
      const { areClientsForwarded = false, rateLimit, loadBalancer, distribution } = options;
      return [
        ...findWeaknesses({ sets, ...known, areClientsForwarded, ...(rateLimit && { rateLimit }) }),
        ...(await findUnattached(sets, known, { client, cloudFront, loadBalancer, distribution, signal })),
      ];
    },
    async stopStatuses(signal) {
      return stopStatuses(sets, await readWebAcls(sets, { client, signal }));
    },
    async samples(window, signal) {
      return readSamples(sets, await readWebAcls(sets, { client, signal }), window, { client, signal });
    },
  };
}

function joined(changes: readonly FirewallChange[]): FirewallChange {
  return { changed: changes.flatMap(({ changed }) => changed), calls: changes.flatMap(({ calls }) => calls) };
}

function preview(set: IpSetRef, held: readonly string[], edit: IpSetEdit): FirewallChange {
  const merged = mergeEdit(held, edit);
  return {
    changed: merged.changed,
    calls: merged.changed.length === 0 ? [] : [describeCall(set, edit, merged)],
  };
}

const lanes = new Map<string, WriteLane>();

/** One lane for everything in this process that writes to the same account and region; processes share its turns. */
function sharedLane(
  { region, endpoint = "aws" }: AwsSettings,
  reserveTurn: ((lane: string, everyMs: number) => Promise<number>) | undefined,
): WriteLane {
  const key = `wafv2 ${endpoint} ${region}`;
  const lane =
    lanes.get(key) ??
    createWriteLane({
      writeEveryMs: WRITE_EVERY_MS,
      ...(reserveTurn && { reserve: (everyMs) => reserveTurn(key, everyMs) }),
    });
  lanes.set(key, lane);
  return lane;
}
