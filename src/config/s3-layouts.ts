import { z } from "zod";
import { athena } from "./athena.ts";
import { format } from "./log-format.ts";
import { distribution, duration, positiveInteger, trustedProxies } from "./values.ts";

/** What all layouts in S3 have. */
const s3Logs = {
  kind: z.literal("s3"),
  bucket: z.string("the name of a bucket").min(3, "the name of a bucket, of 3 characters or more"),
  /** What stands before the layout's own part of a key (`AWSLogs/`, mostly), without a slash at the end. */
  prefix: z.string().default(""),
  region: z.string("an AWS region such as eu-west-1").min(1),
  /** Where the bucket is, if not in `region`. */
  bucketRegion: z.string().min(1).optional(),
  /** Refuses to fetch more than this for one question. */
  maxBytes: positiveInteger.default(20 * 1024 ** 3),
  /** Refuses to fetch more objects than this for one question. */
  maxObjects: positiveInteger.default(50_000),
  /** Asks S3 no more often than this for one question, LIST and GET together; 60,000 cost some 3 cents. */
  maxRequests: positiveInteger.default(60_000),
  /** How much is kept on this machine to be read again. Services share the cache: the least of them holds. */
  cacheMaxBytes: positiveInteger.default(20 * 1024 ** 3),
  trustedProxies,
  /** Where what is too much to be fetched is asked about. */
  athena: athena.optional(),
};
const accountId = z
  .string("an AWS account number of 12 digits, in quotes")
  .regex(/^\d{12}$/, "an AWS account number of 12 digits");
const loadBalancerOf = (example: string, pattern: RegExp) =>
  z.string(`a load balancer such as ${example}`).regex(pattern, `a load balancer such as ${example}`);
const PATH_TIMES = ["yyyy", "MM", "dd", "HH", "mm"] as const;
const pathOf = (ownVariables: readonly string[]) =>
  z.string("a path such as web/{yyyy}/{MM}/{dd}/{HH}").superRefine((path, context) => {
    const message = mistakeInPath(path, ownVariables);
    if (message !== null) context.addIssue({ code: "custom", input: path, message });
  });

/** How logs lie in a bucket, by `layout`; without one, those of an Application Load Balancer. */
export const s3Layouts = z.discriminatedUnion(
  "layout",
  [
    z.strictObject({
      ...s3Logs,
      layout: z
        .literal("alb")
        .optional()
        .transform(() => "alb" as const),
      accountId,
      /** As in the ARN: `app/my-alb/50dc6c495c0c9188`. */
      loadBalancer: loadBalancerOf("app/my-alb/50dc6c495c0c9188", /^app\/[^/]+\/[0-9a-f]+$/),
      format: format("alb"),
    }),
    z.strictObject({
      ...s3Logs,
      layout: z.literal("nlb"),
      accountId,
      /** As in the ARN: `net/my-nlb/50dc6c495c0c9188`. */
      loadBalancer: loadBalancerOf("net/my-nlb/50dc6c495c0c9188", /^net\/[^/]+\/[0-9a-f]+$/),
      format: format("nlb"),
    }),
    z.strictObject({
      ...s3Logs,
      layout: z.literal("clb"),
      accountId,
      /** Its name. */
      loadBalancer: loadBalancerOf("my-clb", /^[A-Za-z0-9-]+$/),
      /** As it is set there: how often it writes its files. */
      intervalMinutes: z.literal([5, 60]).default(60),
      format: format("clb"),
    }),
    z.strictObject({ ...s3Logs, layout: z.literal("cloudfront"), distribution, format: format("cloudfront") }),
    z.strictObject({
      ...s3Logs,
      layout: z.literal("cloudfront-v2"),
      accountId,
      distribution,
      /** Below the prefix, as the delivery is set up; `DistributionId={DistributionId}/year={yyyy}/…` for Hive. */
      path: pathOf(["accountId", "DistributionId"]).default(
        "AWSLogs/{accountId}/CloudFront/{DistributionId}/{yyyy}/{MM}/{dd}/{HH}",
      ),
      /** How far the time in a folder's name and the end of a request in it may lie apart. */
      maxDelaySecs: duration.prefault("1h"),
      format: format("auto"),
    }),
    z.strictObject({
      ...s3Logs,
      layout: z.literal("s3-access"),
      /** How long after a request a file may still bring it. */
      maxDelaySecs: duration.prefault("6h"),
      format: format("s3-access"),
    }),
    z.strictObject({
      ...s3Logs,
      layout: z.literal("s3-access-partitioned"),
      accountId,
      /** The bucket whose accesses are logged; `bucket` is where the logs are. */
      loggedBucket: z.string("the name of a bucket").min(3, "the name of a bucket, of 3 characters or more"),
      partitionedBy: z.enum(["EventTime", "DeliveryTime"]).default("EventTime"),
      /** How long after a request a file may still bring it. */
      maxDelaySecs: duration.prefault("6h"),
      format: format("s3-access"),
    }),
    z.strictObject({
      ...s3Logs,
      layout: z.literal("waf"),
      accountId,
      scope: z.enum(["REGIONAL", "CLOUDFRONT"]).default("REGIONAL"),
      /** Its name. */
      webAcl: z.string("the name of a web ACL").min(1),
      format: format("waf"),
    }),
    z.strictObject({
      ...s3Logs,
      layout: z.literal("path"),
      /** Below the prefix: `web/{yyyy}/{MM}/{dd}/{HH}`, and `{mm}` where there are folders of minutes. */
      path: pathOf([]),
      /** How far the time in a folder's name and the end of a request in it may lie apart. */
      maxDelaySecs: duration.prefault("15m"),
      format: format("auto"),
    }),
  ],
  {
    error: () =>
      "one of alb (the default), nlb, clb, cloudfront, cloudfront-v2, s3-access, s3-access-partitioned, waf, path",
  },
);

function mistakeInPath(path: string, ownVariables: readonly string[]): string | null {
  const names = [...path.matchAll(/\{([^}]*)\}/g)].map(([, name = ""]) => name);
  const known = [...PATH_TIMES, ...ownVariables];
  const unknown = names.find((name) => !known.includes(name));
  const allowed = known.map((name) => `{${name}}`).join(", ");
  if (unknown !== undefined) return `a path whose variables are among ${allowed}; {${unknown}} is none`;
  const missing = (["yyyy", "MM", "dd"] as const).find((name) => !names.includes(name));
  return missing === undefined
    ? null
    : `a path that names the day, with {yyyy}, {MM} and {dd}; {${missing}} is missing`;
}
