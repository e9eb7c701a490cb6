import { z } from "zod";
import { type ServiceConfig, service } from "./service.ts";

/** What is looked after, by its name. */
export const services = z
  .record(z.string(), service)
  .refine((all) => Object.keys(all).length > 0, { message: "at least one service" })
  // Beside the mistakes inside the services, which a wrong key of the record would hide.
  .superRefine(checkServiceNames, { when: () => true })
  .superRefine(checkSetsApart);

const SERVICE_NAME = /^[a-z][a-z0-9-]*$/;

function checkServiceNames(services: unknown, context: z.core.$RefinementCtx): void {
  if (typeof services !== "object" || services === null) return;
  for (const name of Object.keys(services).filter((each) => !SERVICE_NAME.test(each))) {
    const message = "a name of small letters, digits and hyphens that begins with a letter";
    context.addIssue({ code: "custom", path: [name], input: name, message });
  }
}

/** An address in a set that two rules refer to would be under both, whichever of them was approved. */
function checkSetsApart(services: Readonly<Record<string, ServiceConfig>>, context: z.core.$RefinementCtx): void {
  const measures = new Map<string, string>();
  for (const [name, { firewall }] of Object.entries(services)) {
    if (firewall === undefined) continue;
    for (const [measure, sets] of Object.entries({
      block: firewall,
      rateLimit: firewall.rateLimit,
      challenge: firewall.challenge,
    })) {
      for (const family of ["ipv4Set", "ipv6Set"] as const) {
        const id = sets?.[family].id;
        if (id === undefined) continue;
        const path = [name, "firewall", ...(measure === "block" ? [] : [measure]), family, "id"];
        const message = "the id of a set that is for one measure alone";
        if ((measures.get(id) ?? measure) !== measure) context.addIssue({ code: "custom", path, input: id, message });
        measures.set(id, measure);
      }
    }
  }
}
