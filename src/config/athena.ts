import { z } from "zod";

/** For what is too big to fetch; the tables that Spillway makes there are its own, and it drops none. */
export const athena = z.strictObject({
  /** A database of Glue's catalogue that Spillway may make tables in. */
  database: z
    .string("a database of small letters, digits and underscores")
    .regex(/^[a-z0-9_]+$/, "a database of small letters, digits and underscores"),
  workgroup: z.string().min(1).default("primary"),
  /** Needed where the workgroup does not say where results are put. */
  outputLocation: z
    .string()
    .regex(/^s3:\/\/[^/]+\/(.+\/)?$/, "a place such as s3://bucket/results/, with a slash at the end")
    .optional(),
  /** Objects of more than this together are not fetched, but asked about there. */
  overBytes: z
    .number()
    .int()
    .nonnegative()
    .default(5 * 1024 ** 3),
  /** What the answers to one question may cost together, in US dollars. */
  maxUsd: z.number().positive().default(5),
  /** For each terabyte that a query reads, in US dollars; it differs by region. */
  pricePerTb: z.number().nonnegative().default(5),
});
