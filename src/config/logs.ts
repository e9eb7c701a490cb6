import { z } from "zod";
import { format } from "./log-format.ts";
import { s3Layouts } from "./s3-layouts.ts";
import { trustedProxies } from "./values.ts";

export const logs = z.discriminatedUnion("kind", [
  z.strictObject({
    kind: z.literal("files"),
    /** Files, folders (read recursively) or patterns with `*`. */
    paths: z.array(z.string().min(1)).min(1),
    format: format("auto"),
    trustedProxies,
  }),
  s3Layouts,
]);
