import { z } from "zod";
import { distribution } from "./values.ts";

export const metrics = z.strictObject({
  kind: z.literal("cloudwatch"),
  region: z.string().min(1).optional(),
  /** As in the ARN: `app/my-alb/50dc6c495c0c9188`. */
  loadBalancer: z.string().optional(),
  /** As in the ARN: `targetgroup/my-targets/73e2d6bc24d8a067`; needed for the count of healthy hosts. */
  targetGroup: z.string().optional(),
  autoScalingGroup: z.string().optional(),
  /** The web ACL whose BlockedRequests are read. */
  webAcl: z.string().optional(),
  /** A bucket that the service takes its files from. Its request metrics have to be on, under this id of a filter. */
  s3: z
    .strictObject({
      bucket: z.string("the name of a bucket").min(3, "the name of a bucket, of 3 characters or more"),
      filterId: z.string("the id of a metrics configuration such as EntireBucket").min(1),
    })
    .optional(),
  /** The CloudFront distribution in front; its cache hit ratio needs "additional metrics" to be on. */
  distribution: distribution.optional(),
});
