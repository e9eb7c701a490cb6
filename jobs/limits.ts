import type { ServiceConfig } from "../src/config/service.ts";
import { type AddressMeasure, measureOf } from "../src/domain/address-measure.ts";
import { mostInstances } from "../src/domain/capacity.ts";
import { rangesFor } from "../src/guarding.ts";
import type { ServicePorts } from "../src/ports.ts";
import type { JobContext } from "./context.ts";

/** Gives what may be suggested for a service, as it is now. Without its capacity no scaling is. */
export async function limitsOf(name: string, context: JobContext, signal: AbortSignal) {
  const ports = context.services[name];
  const service = context.config.services[name];
  const capacity = await ports?.scaler?.read(signal).catch((error: unknown) => {
    context.log.warn({ err: error, service: name }, "capacity not read");
    return null;
  });
  const standing = await context.store.blocks({ service: name, state: ["active"] });
  const under = (measure: AddressMeasure) =>
    standing.filter((row) => measureOf(row) === measure).map(({ address }) => address);
  return {
    neverBlock: service?.neverBlock ?? [],
    guarded: rangesFor(name, context),
    blocked: under("block"),
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
    ...(ports?.firewall != null && { prepared: preparedFor(ports, service?.firewall, under) }),
    offersForPast: false,
  };
}

/** What of the milder measures can be carried out, and to whom each applies already. */
function preparedFor(
  { measures = {} }: ServicePorts,
  firewall: ServiceConfig["firewall"],
  under: (measure: AddressMeasure) => readonly string[],
) {
  const rule = measures["rate-limit"] === undefined ? undefined : firewall?.rateLimit;
  return {
    rateLimit: rule ? { limit: rule.limit, windowSecs: rule.windowSecs, standing: under("rate-limit") } : null,
    challenge: measures.challenge === undefined ? null : { standing: under("challenge") },
  };
}
