import { type Capacity, mostInstances } from "../src/domain/capacity.ts";
import type { ScaleChange } from "../src/domain/proposal.ts";
import { scaleNotes } from "../src/domain/scale-notes.ts";
import { HOUR_MS } from "../src/domain/time-window.ts";
import { formatUtc } from "../src/domain/utc.ts";
import { UserError } from "../src/errors.ts";
import type { CommandContext } from "./context.ts";
import { durationProblem } from "./duration-limits.ts";
import type { InstancesRequest } from "./words.ts";

/** Long enough for most spikes, short enough to be paid for by mistake. */
export const DEFAULT_SCALE_SECS = 90 * 60;
/** What was found earlier says nothing about now. */
const FINDING_AGE_MS = HOUR_MS;

/**
 * Makes the exact change of what somebody wants, from what the group is now.
 *
 * @throws {UserError} `scale-over-max`, `scale-not-out` or `scale-duration`
 */
export function scaleChange(
  request: {
    readonly service: string;
    readonly wanted: InstancesRequest;
    readonly capacity: Capacity;
    readonly durationSecs: number;
    readonly reason: string;
    /** Left out for at once. */
    readonly startMs?: number;
  },
  context: CommandContext,
): ScaleChange {
  const { service, wanted, capacity, durationSecs, reason, startMs } = request;
  const toInstances = wanted.kind === "to" ? wanted.instances : capacity.desired + wanted.instances;
  const allowed = context.config.services[service]?.scaling;
  const max = mostInstances(capacity, allowed);
  if (toInstances > max) {
    throw new UserError(
      "scale-over-max",
      `${toInstances} instances are over the maximum of ${max} for ${service}, which has ${capacity.desired} now; ${waysOut(service, capacity, max, allowed)}.`,
    );
  }
  if (toInstances <= capacity.desired) {
    throw new UserError(
      "scale-not-out",
      `${service} has ${capacity.desired} instances already; Spillway only scales out, and back again. Try \`/scale ${service} +1\`.`,
    );
  }
  const length = durationProblem(durationSecs, "a scale-out", context);
  if (length !== null) throw new UserError("scale-duration", length);
  const change = {
    kind: "scale",
    service,
    toInstances,
    fromInstances: capacity.desired,
    durationSecs,
    reason,
    ...(toInstances > capacity.max && { raisesMaxFrom: capacity.max }),
  } as const;
  return startMs === undefined ? change : { ...change, startMs };
}

/** What to do where more are wanted than may be had: those that there are, or a higher limit. */
function waysOut(
  service: string,
  { desired }: Capacity,
  max: number,
  allowed: Parameters<typeof mostInstances>[1],
): string {
  const fewer = max > desired ? [`try \`/scale ${service} to ${max}\``] : [];
  const ofItself = [
    "raise the group's maximum in AWS",
    "let Spillway do so with `scaling.mayRaiseMax: true` in spillway.yaml",
  ];
  const isItsOwn = max < (allowed?.maxInstances ?? max);
  if (isItsOwn) return [...fewer, ...ofItself].join(", or ");
  return fewer[0] ?? "raise `scaling.maxInstances` in spillway.yaml first";
}

/** Says what whoever approves it should know, from the configuration and the last finding. */
export async function notesOn(
  change: ScaleChange,
  capacity: Capacity,
  { config, store, clock }: CommandContext,
): Promise<readonly string[]> {
  const { scaling, prices } = config.services[change.service] ?? {};
  const hold = (await store.capacityHolds()).find(({ service }) => service === change.service);
  const investigation = await store.latestInvestigation(change.service, clock.now() - FINDING_AGE_MS);
  const standing = await store.blocks({ service: change.service, state: ["active"] });
  const notes = scaleNotes(change, {
    capacity,
    instanceHourUsd: prices?.instanceHourUsd ?? null,
    priceSource: prices?.source ?? null,
    bootSecs: scaling?.bootSecs ?? null,
    warmupSecs: scaling?.warmupSecs ?? null,
    finding: investigation?.finding ?? null,
    standing,
  });
  if (hold === undefined || hold.untilMs <= (change.startMs ?? clock.now())) return notes;
  // At its time it would be refused: two that put back what they found would put back each other.
  const until = formatUtc(hold.untilMs);
  return [
    ...notes,
    `An earlier scale-out holds ${change.service} until ${until}; undo that one first, or this one fails.`,
  ];
}
