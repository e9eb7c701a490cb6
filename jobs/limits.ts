import { mostInstances } from "../src/domain/capacity.ts";
import { rangesFor } from "../src/guarding.ts";
import type { JobContext } from "./context.ts";

/** Gives what may be suggested for a service, as it is now. Without its capacity no scaling is. */
export async function limitsOf(name: string, context: JobContext, signal: AbortSignal) {
  const ports = context.services[name];
  const service = context.config.services[name];
  const capacity = await ports?.scaler?.read(signal).catch((error: unknown) => {
    context.log.warn({ err: error, service: name }, "capacity not read");
    return null;
  });
  return {
    neverBlock: service?.neverBlock ?? [],
    guarded: rangesFor(name, context),
    blocked: (await context.store.blocks({ service: name, state: ["active"] })).map(({ address }) => address),
    blockSecs: context.config.blocks.defaultSecs,
    maxAddresses: context.config.blocks.maxAddresses,
    capacity: capacity ? { ...capacity, max: mostInstances(capacity, service?.scaling) } : null,
    requestsAtOnce: service?.scaling?.requestsAtOnce ?? null,
    instanceHourUsd: service?.prices?.instanceHourUsd ?? null,
    prices: {
      instanceHourUsd: service?.prices?.instanceHourUsd ?? null,
      requestsPer1000Usd: service?.prices?.requestsPer1000Usd ?? null,
      egressPerGbUsd: service?.prices?.egressPerGbUsd ?? null,
    },
    mayBlock: ports?.firewall != null,
    offersForPast: false,
  };
}
