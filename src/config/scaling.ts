import { z } from "zod";
import { duration } from "./values.ts";

/** What all that can be scaled has. */
const scaled = {
  region: z.string().min(1).optional(),
  name: z.string().min(1),
  /** Never beyond this, whatever the own maximum of what is scaled says. Tasks count as instances. */
  maxInstances: z.number().int().positive(),
  /** Whether a scale-out may raise that own maximum up to `maxInstances`, and put it back; not where it is left out. */
  mayRaiseMax: z.boolean().optional(),
  /** How many requests an instance works on at once, its workers; for how many instances a crowd needs. */
  requestsAtOnce: z.number().int().positive().optional(),
  /** From the call until a new one answers requests. */
  bootSecs: duration.optional(),
  /** From then until it carries its whole share: caches, compilers, pools. */
  warmupSecs: duration.optional(),
};
export const scaling = z.discriminatedUnion("kind", [
  z.strictObject({ kind: z.literal("auto-scaling-group"), ...scaled }),
  z.strictObject({
    kind: z.literal("ecs-service"),
    ...scaled,
    /** The cluster's name; `name` is the service's. */
    cluster: z.string("the name of an ECS cluster").min(1),
  }),
]);
