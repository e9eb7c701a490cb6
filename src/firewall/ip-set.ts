import { GetIPSetCommand, UpdateIPSetCommand, type WAFV2Client } from "@aws-sdk/client-wafv2";
import { callAws } from "../aws.ts";
import { type MilderMeasure, wordsOf } from "../domain/address-measure.ts";
import { densestNetworks } from "../domain/room.ts";
import { UpstreamError, UserError } from "../errors.ts";
import type { Log } from "../log.ts";
import { type IpSetEdit, MAX_NETWORKS_IN_SET, type MergedEdit, mergeEdit } from "./ip-set-edit.ts";
import type { WriteLane } from "./write-lane.ts";

export interface IpSetRef {
  readonly name: string;
  readonly id: string;
  readonly family: 4 | 6;
  readonly scope: "REGIONAL" | "CLOUDFRONT";
  readonly region: string;
  /** What happens to whoever is in it; left out for a block. */
  readonly measure?: MilderMeasure;
}

/** What a set held when it was read, and the token that proves that nobody wrote since. */
export interface IpSetState {
  readonly addresses: readonly string[];
  readonly lockToken: string;
  readonly description: string | undefined;
}

export interface IpSetContext {
  readonly client: WAFV2Client;
  readonly lane: WriteLane;
  /** 0 to 1. */
  readonly random: () => number;
  readonly log: Log;
  readonly signal: AbortSignal | undefined;
}

/** Writes of one change at most; somebody who writes more often than that is fighting us. */
const MAX_WRITES = 12;
const FIRST_BACKOFF_MS = 100;
const MAX_BACKOFF_MS = 3_000;
const CONTENDED_RETRY_AFTER_SECS = 30;

/** @throws {UserError} `firewall-set-family` where the set is for the other kind of addresses */
export async function readIpSet(set: IpSetRef, { client, signal }: IpSetContext): Promise<IpSetState> {
  const { IPSet, LockToken } = await callAws(
    { doing: `read IP set ${set.name} (${set.scope}, ${set.region})`, permission: "wafv2:GetIPSet" },
    () =>
      client.send(new GetIPSetCommand({ Name: set.name, Id: set.id, Scope: set.scope }), {
        ...(signal && { abortSignal: signal }),
      }),
  );
  if (IPSet?.IPAddressVersion !== `IPV${set.family}`) {
    throw new UserError(
      "firewall-set-family",
      `IP set ${set.name} holds ${IPSet?.IPAddressVersion} addresses, but spillway.yaml names it as ipv${set.family}Set.`,
    );
  }
  return { addresses: IPSet.Addresses ?? [], lockToken: LockToken ?? "", description: IPSet.Description || undefined };
}

/** As many as are read at a glance. */
const MAX_SUGGESTED = 3;

/** @throws {UserError} `firewall-full` where the set would hold more than AWS allows; says what makes most room */
export function refuseOverCapacity(set: IpSetRef, edit: IpSetEdit, { addresses, changed }: MergedEdit): void {
  if (edit.kind === "remove" || addresses.length <= MAX_NETWORKS_IN_SET) return;
  const count = (value: number) => value.toLocaleString("en-US");
  const held = addresses.length - changed.length;
  const room = Math.max(0, MAX_NETWORKS_IN_SET - held);
  const dense = densestNetworks(addresses, MAX_SUGGESTED).map(
    ({ cidr, entries }) => `${cidr} in place of ${count(entries)}`,
  );
  const { noun, verb } = wordsOf(set);
  const whole = set.measure === undefined ? "blocking whole" : "taking in whole";
  const most = dense.length === 0 ? "" : ` Most room is made by ${whole}: ${dense.join(", then ")}.`;
  throw new UserError(
    "firewall-full",
    `IP set ${set.name} holds ${count(held)} of the ${count(MAX_NETWORKS_IN_SET)} networks that AWS allows, so of ${count(changed.length)} more only ${count(room)} would fit. ${verb} the worst of them alone, or lift ${noun}s that are no longer needed.${most}`,
  );
}

/**
 * Brings an edit into a set, and reads the set again until it is there.
 *
 * The merge is made anew from every read: AWS replaces the whole set, so a list that was merged before somebody
 * else's write would undo that write, however fresh its token.
 *
 * @param first as the set was read before; it may be out of date
 * @throws {UpstreamError} `firewall-contended` when others kept writing to the set
 */
export async function applyEdit(
  set: IpSetRef,
  first: IpSetState,
  edit: IpSetEdit,
  context: IpSetContext,
): Promise<{ readonly changed: readonly string[]; readonly calls: readonly string[] }> {
  const calls: string[] = [];
  let state = first;
  let merged = mergeEdit(first.addresses, edit);
  const { changed } = merged;
  const readAgain = async () => {
    state = await readIpSet(set, context);
    merged = mergeEdit(state.addresses, edit);
  };
  for (let writes = 0; ; writes += 1) {
    if (merged.changed.length === 0) return { changed, calls };
    if (writes === MAX_WRITES) throw contended(set, writes);
    if (writes > 0) await context.lane.pause(backoffMs(writes, context.random), context.signal);
    const hasWaited = await context.lane.writeTurn(context.signal);
    // Others had their turns meanwhile, so what was read before them would only be refused.
    if (hasWaited || writes > 0) await readAgain();
    if (merged.changed.length === 0) return { changed, calls };
    refuseOverCapacity(set, edit, merged);
    const isAccepted = await update(set, state, merged.addresses, context);
    calls.push(
      describeCall(set, edit, merged) + (isAccepted ? "" : "; refused, as somebody else changed it meanwhile"),
    );
    context.log.info({ set: set.name, isAccepted, changed: merged.changed.length }, "ip set written");
    if (isAccepted) await readAgain();
  }
}

/** Writes one line for people that says exactly what is sent. */
export function describeCall(set: IpSetRef, { kind }: IpSetEdit, { addresses, changed }: MergedEdit): string {
  const after = `${addresses.length.toLocaleString("en-US")} in it then`;
  return `wafv2:UpdateIPSet ${set.name} (${set.scope}, ${set.region}): ${kind} ${changed.join(", ")}; ${after}`;
}

/** False where somebody else wrote since the state was read. */
async function update(
  set: IpSetRef,
  state: IpSetState,
  addresses: readonly string[],
  { client, signal }: IpSetContext,
): Promise<boolean> {
  const command = new UpdateIPSetCommand({
    Name: set.name,
    Id: set.id,
    Scope: set.scope,
    // Left out, it would be emptied.
    Description: state.description,
    Addresses: [...addresses],
    LockToken: state.lockToken,
  });
  return await callAws(
    { doing: `write IP set ${set.name} (${set.scope}, ${set.region})`, permission: "wafv2:UpdateIPSet" },
    async () => {
      try {
        await client.send(command, { ...(signal && { abortSignal: signal }) });
        return true;
      } catch (error) {
        if ((error as Error).name === "WAFOptimisticLockException") return false;
        throw error;
      }
    },
  );
}

/** Full jitter, so that two who collided do not collide again. */
function backoffMs(writes: number, random: () => number): number {
  return random() * Math.min(MAX_BACKOFF_MS, FIRST_BACKOFF_MS * 2 ** writes);
}

function contended(set: IpSetRef, writes: number): UpstreamError {
  return new UpstreamError(
    "firewall-contended",
    `Something else keeps writing to IP set ${set.name}: after ${writes} writes it is still not as asked. Find what else manages it (Terraform, a Lambda), and keep the set for Spillway alone.`,
    { retryable: true, retryAfterSecs: CONTENDED_RETRY_AFTER_SECS },
  );
}
