import { WAFV2Client } from "@aws-sdk/client-wafv2";
import { awsClientOptions, sayingWhatFor } from "../aws.ts";
import type { AwsSettings, ServiceConfig } from "../config.ts";
import { sortNetworks } from "../domain/address.ts";
import type { Log } from "../log.ts";
import type { Firewall, FirewallChange } from "../ports.ts";
import { applyEdit, describeCall, type IpSetContext, type IpSetRef, readIpSet, refuseOverCapacity } from "./ip-set.ts";
import { canonical, type IpSetEdit, mergeEdit, networksByFamily } from "./ip-set-edit.ts";
import { createWriteLane, type WriteLane } from "./write-lane.ts";

/**
 * @source https://docs.aws.amazon.com/waf/latest/developerguide/limits.html
 * One create, put or update a second in an account and region, by all callers together.
 */
const WRITE_EVERY_MS = 1_000;
/** AWS keeps what protects CloudFront in one place. */
const CLOUDFRONT_REGION = "us-east-1";

/**
 * Makes a firewall of two IP sets of AWS WAF, one for IPv4 and one for IPv6.
 *
 * A rule of the web ACL that blocks what is in the sets has to be there already: the web ACL itself is never touched.
 */
export function createWafFirewall(options: {
  readonly config: NonNullable<ServiceConfig["firewall"]>;
  readonly aws: AwsSettings;
  readonly log: Log;
  readonly lane?: WriteLane;
  readonly random?: () => number;
}): Firewall {
  const { config, log, random = Math.random } = options;
  const region = config.scope === "CLOUDFRONT" ? CLOUDFRONT_REGION : (config.region ?? options.aws.region);
  const aws = { ...options.aws, region };
  const client = sayingWhatFor(new WAFV2Client(awsClientOptions(aws)));
  const lane = options.lane ?? sharedLane(aws);
  const sets: readonly IpSetRef[] = [
    { ...config.ipv4Set, family: 4, scope: config.scope, region },
    { ...config.ipv6Set, family: 6, scope: config.scope, region },
  ];
  const contextOf = (signal: AbortSignal | undefined): IpSetContext => ({ client, lane, random, log, signal });

  async function change(
    kind: IpSetEdit["kind"],
    addresses: readonly string[],
    { dryRun = false, signal }: { dryRun?: boolean; signal?: AbortSignal } = {},
  ): Promise<FirewallChange> {
    const networks = networksByFamily(addresses);
    const context = contextOf(signal);
    return lane.exclusively(async () => {
      const touched = sets.filter((set) => networks[set.family].length > 0);
      const edits = await Promise.all(
        touched.map(async (set) => {
          const edit = { kind, networks: networks[set.family] };
          const state = await readIpSet(set, context);
          // Both are looked at before the first is written, so that a refusal leaves nothing half done.
          refuseOverCapacity(set, edit, mergeEdit(state.addresses, edit));
          return { set, state, edit };
        }),
      );
      const changes: FirewallChange[] = [];
      for (const { set, state, edit } of edits) {
        changes.push(dryRun ? preview(set, state.addresses, edit) : await applyEdit(set, state, edit, context));
      }
      return { changed: changes.flatMap(({ changed }) => changed), calls: changes.flatMap(({ calls }) => calls) };
    }, signal);
  }

  return {
    block: (addresses, changeOptions) => change("add", addresses, changeOptions),
    unblock: (addresses, changeOptions) => change("remove", addresses, changeOptions),
    async list(signal) {
      const states = await Promise.all(sets.map((set) => readIpSet(set, contextOf(signal))));
      return sortNetworks(states.flatMap(({ addresses }) => addresses.map(canonical)));
    },
  };
}

function preview(set: IpSetRef, held: readonly string[], edit: IpSetEdit): FirewallChange {
  const merged = mergeEdit(held, edit);
  return {
    changed: merged.changed,
    calls: merged.changed.length === 0 ? [] : [describeCall(set, edit, merged)],
  };
}

const lanes = new Map<string, WriteLane>();

/** One lane for everything in this process that writes to the same account and region. */
function sharedLane({ region, endpoint = "aws" }: AwsSettings): WriteLane {
  const key = `${endpoint} ${region}`;
  const lane = lanes.get(key) ?? createWriteLane({ writeEveryMs: WRITE_EVERY_MS });
  lanes.set(key, lane);
  return lane;
}
