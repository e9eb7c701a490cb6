/** Environment and `spillway.yaml`, checked at start: every mistake at once, with key, value and what is allowed. */
import { readFileSync } from "node:fs";
import { parse as parseYaml, YAMLParseError } from "yaml";
import { z } from "zod";
import { parseNetwork } from "./domain/address.ts";
import { NAMED_FORMATS } from "./domain/log-formats.ts";
import { UserError } from "./errors.ts";

const duration = z
  .string()
  .regex(/^\d+(s|m|h|d)$/, "a duration such as 90s, 30m, 2h or 1d")
  .transform(
    (text) => Number.parseInt(text, 10) * { s: 1, m: 60, h: 3_600, d: 86_400 }[text.at(-1) as "s" | "m" | "h" | "d"],
  );

const positiveInteger = z.number().int().positive();

const network = z.string().refine((text) => parseNetwork(text).ok, {
  message: "an address or network such as 198.51.100.7, 10.0.0.0/8 or 2001:db8::/48",
});

const logFormat = z.union([
  z.enum(["auto", ...NAMED_FORMATS]),
  /** A `log_format` of nginx, as its configuration has it. */
  z.strictObject({ nginx: z.string().min(1) }),
  /** A `LogFormat` of Apache. */
  z.strictObject({ apache: z.string().min(1) }),
]);
/** How the lines of a log are laid out; `auto` tells it by each file's content. */
export type LogFormatSetting = z.output<typeof logFormat>;

/** Proxies whose X-Forwarded-For is believed: their addresses and networks. Without any, who connected is the client. */
const trustedProxies = z.array(network).default([]);

/** For what is too big to fetch; the tables that Spillway makes there are its own, and it drops none. */
const athena = z.strictObject({
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
const DISTRIBUTION = "the id of a distribution such as E2EXAMPLE1ABCD";
const distribution = z.string(DISTRIBUTION).regex(/^[A-Z0-9]+$/, DISTRIBUTION);
const PATH_TIMES = ["yyyy", "MM", "dd", "HH", "mm"] as const;
const pathOf = (ownVariables: readonly string[]) =>
  z.string("a path such as web/{yyyy}/{MM}/{dd}/{HH}").superRefine((path, context) => {
    const message = mistakeInPath(path, ownVariables);
    if (message !== null) context.addIssue({ code: "custom", input: path, message });
  });
const format = (usual: LogFormatSetting) => logFormat.default(usual);

/** How logs lie in a bucket, by `layout`; without one, those of an Application Load Balancer. */
const s3Layouts = z.discriminatedUnion(
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

const logs = z.discriminatedUnion("kind", [
  z.strictObject({
    kind: z.literal("files"),
    /** Files, folders (read recursively) or patterns with `*`. */
    paths: z.array(z.string().min(1)).min(1),
    format: format("auto"),
    trustedProxies,
  }),
  s3Layouts,
]);

const metrics = z.strictObject({
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

const ipSet = z.strictObject({
  name: z.string("the name of an IP set").min(1),
  id: z.string("the id of that IP set").min(1),
});

/**
 * @source https://docs.aws.amazon.com/waf/latest/developerguide/waf-rule-statement-type-rate-based-high-level-settings.html
 */
const RATE_WINDOWS_SECS = [60, 120, 300, 600];
const RATE_WINDOW = "the evaluation window of the rule: 60, 120, 300 or 600";
const RATE_LIMIT = "the limit of the rule: requests of one address in the window, 10 to 2,000,000,000";

const firewall = z.strictObject({
  kind: z.literal("wafv2"),
  scope: z.enum(["REGIONAL", "CLOUDFRONT"]).default("REGIONAL"),
  region: z.string().min(1).optional(),
  /** Dedicated sets that a blocking rule of the web ACL refers to; made and owned by nobody else. */
  ipv4Set: ipSet,
  ipv6Set: ipSet,
  /** Sets by which a rate-based rule is scoped down, and what that rule is set to. Left out, nothing is rate-limited. */
  rateLimit: z
    .strictObject({
      ipv4Set: ipSet,
      ipv6Set: ipSet,
      limit: z.number(RATE_LIMIT).int(RATE_LIMIT).min(10, RATE_LIMIT).max(2_000_000_000, RATE_LIMIT),
      windowSecs: z.number(RATE_WINDOW).refine((secs) => RATE_WINDOWS_SECS.includes(secs), RATE_WINDOW),
    })
    .optional(),
  /** Sets that a rule with the action Challenge refers to. Left out, nobody is challenged. */
  challenge: z.strictObject({ ipv4Set: ipSet, ipv6Set: ipSet }).optional(),
});

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
const scaling = z.discriminatedUnion("kind", [
  z.strictObject({ kind: z.literal("auto-scaling-group"), ...scaled }),
  z.strictObject({
    kind: z.literal("ecs-service"),
    ...scaled,
    /** The cluster's name; `name` is the service's. */
    cluster: z.string("the name of an ECS cluster").min(1),
  }),
]);

/** In US dollars, for the cost in a verdict; what is left out is not counted. */
const prices = z.strictObject({
  instanceHourUsd: z.number().nonnegative().optional(),
  /** Where that price is from, for those who approve it: "t3.large, eu-central-1, on demand, November 2026". */
  source: z.string().min(1).optional(),
  /** For a thousand requests that the excess makes: GETs of S3, requests of CloudFront. */
  requestsPer1000Usd: z.number().nonnegative().optional(),
  /** For a gigabyte (10⁹ bytes) that leaves. */
  egressPerGbUsd: z.number().nonnegative().optional(),
});

/** Left out, nobody is told anything unasked. */
const watch = z.strictObject({
  /** Where it is told when the service's metrics do what they have not done before. */
  channel: z
    .string("a Slack channel id such as C012AB3CD")
    .regex(/^[CG][A-Z0-9]+$/, "a Slack channel id such as C012AB3CD"),
});

const service = z
  .strictObject({
    description: z.string().default(""),
    logs: logs.optional(),
    metrics: metrics.optional(),
    firewall: firewall.optional(),
    scaling: scaling.optional(),
    watch: watch.optional(),
    /** Addresses and networks that are never blocked: the site's own, offices, monitoring. */
    neverBlock: z.array(network).default([]),
    prices: prices.optional(),
    /** Whether every change of this service only says which calls it would make. */
    dryRun: z.boolean().default(false),
  })
  .refine(({ watch, metrics }) => watch === undefined || metrics !== undefined, {
    path: ["watch"],
    message: "only where the service has `metrics`, which are what is watched",
  });

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

const slackId = "a Slack user id such as U012AB3CD, or a user group's such as S012AB3CD";
const people = z.array(z.string(slackId).regex(/^[UWS][A-Z0-9]+$/, slackId)).default([]);
const share = z.number("a share from 0 to 1").min(0, "a share from 0 to 1").max(1, "a share from 0 to 1");

/** Two different people approve what goes beyond any of these. */
const twoApprovers = z.strictObject({
  /** Networks of a shorter prefix are wide. */
  ipv4Prefix: z.number().int().min(1).max(32).default(24),
  ipv6Prefix: z.number().int().min(1).max(128).default(48),
  /** Addresses and networks in one proposal. */
  addresses: z.number().int().nonnegative().default(20),
  durationSecs: duration.prefault("1d"),
  /** Of the usual requests, or clients, that it would hit too. */
  baselineShare: share.default(0.01),
  /** Instances more than now. */
  addedInstances: z.number().int().nonnegative().default(10),
  /** Whether a network takes two where nobody has counted who else is in it. */
  unmeasuredNetworks: z.boolean().default(true),
});

const approvals = z
  .strictObject({
    /** Who may ask for a change, as Slack ids of users and user groups; empty for everybody in the channel. */
    requesters: people,
    /** Who may approve one; empty for everybody in the channel. */
    approvers: people,
    /** Who may do alone, with a reason, what takes another person; empty for nobody. */
    breakGlass: people,
    /** Whether somebody may approve their own request. */
    allowSelfApproval: z.boolean().default(false),
    /** How long an offer can be approved. */
    offerSecs: duration.prefault("30m"),
    twoApprovers: twoApprovers.prefault({}),
  })
  .prefault({});

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

/** What `spillway.yaml` holds. */
export const Config = z.strictObject({
  services: z
    .record(z.string(), service)
    .refine((services) => Object.keys(services).length > 0, { message: "at least one service" })
    // Beside the mistakes inside the services, which a wrong key of the record would hide.
    .superRefine(checkServiceNames, { when: () => true })
    .superRefine(checkSetsApart),
  /** A database of autonomous systems on this machine (`GeoLite2-ASN.mmdb`), by which networks have owners. */
  networkOwners: z.string().min(1).optional(),
  /** Whether every change only says which calls it would make, whatever a service says. What holds already still ends. */
  dryRun: z.boolean().default(false),
  approvals,
  blocks: z
    .strictObject({
      defaultSecs: duration.prefault("1h"),
      maxSecs: duration.prefault("7d"),
      maxAddresses: z.number().int().positive().default(100),
      /** How long before its end people are asked whether a block shall go on; not for one that is hardly longer. */
      warnSecs: duration.prefault("10m"),
    })
    .prefault({}),
  /** Whom no block may hit, whichever service it is for; `neverBlock` of a service is for that one. */
  guards: z
    .strictObject({
      /** Networks of the VPCs and the addresses that they go out by: subnets, NAT gateways, Elastic IPs. */
      own: z.array(network).default([]),
      /** Those who watch the site from outside. */
      monitoring: z.array(network).default([]),
      /** Those who check its health, beside Route 53. */
      healthCheckers: z.array(network).default([]),
      /** From where Slack calls, where that is known: it changes. */
      slack: z.array(network).default([]),
      /** Over which Spillway itself is reached. */
      ingress: z.array(network).default([]),
      /** From where those who approve work, by Slack user id. */
      approvers: z
        .record(z.string().regex(/^[UW][A-Z0-9]+$/, "a Slack user id such as U012AB3CD"), z.array(network))
        .default({}),
    })
    .prefault({}),
  spike: z
    .strictObject({
      defaultWindowSecs: duration.prefault("1h"),
      maxWindowSecs: duration.prefault("24h"),
      /** How much before the window is read to know the usual level. */
      baselineSecs: duration.prefault("1h"),
    })
    .prefault({}),
  check: z
    .strictObject({
      /** How long after an action the first look is taken, and how often after that. */
      everySecs: duration.prefault("2m"),
      /** Looks at most so often before it says that it cannot tell. */
      rounds: z.number().int().min(1).max(20).default(5),
    })
    .prefault({}),
});
export type Config = z.output<typeof Config>;
export type ServiceConfig = z.output<typeof service>;

const optionalUrl = z.url().optional();
const BOT_TOKEN = "a bot token that begins with xoxb-";

const variables = z.object({
  SLACK_BOT_TOKEN: z.string(BOT_TOKEN).regex(/^xoxb-/, BOT_TOKEN),
  SLACK_APP_TOKEN: z
    .string()
    .regex(/^xapp-/, "an app-level token that begins with xapp-")
    .optional(),
  SLACK_SIGNING_SECRET: z.string().min(1).optional(),
  SLACK_API_URL: z.url().default("https://slack.com/api/"),
  /** Where Slack's requests are listened for, with SLACK_SIGNING_SECRET. */
  PORT: z
    .string()
    .refine((text) => /^\d{1,5}$/.test(text) && Number(text) <= 65_535, "a port from 0 (any free one) to 65535")
    .transform(Number)
    .prefault("3000"),
  /** On which of this machine's addresses. */
  HOST: z.string().min(1).default("0.0.0.0"),
  AWS_REGION: z.string().min(1).optional(),
  AWS_ENDPOINT_URL: optionalUrl,
  REDIS_URL: optionalUrl,
  DATABASE_URL: optionalUrl,
  /** Where the embedded database and caches live. */
  SPILLWAY_HOME: z.string().min(1).default(".spillway"),
  SPILLWAY_CONFIG: z.string().min(1).default("spillway.yaml"),
  LOG_LEVEL: z.enum(["trace", "debug", "info", "warn", "error", "fatal", "silent"]).default("info"),
});

/** The environment, in the usual names. */
export const Environment = variables.refine(
  (env) => env.SLACK_APP_TOKEN !== undefined || env.SLACK_SIGNING_SECRET !== undefined,
  {
    path: ["SLACK_APP_TOKEN"],
    message: "SLACK_APP_TOKEN (Socket Mode) or SLACK_SIGNING_SECRET (HTTP), one of them",
    when: () => true,
  },
);
export type Environment = z.output<typeof Environment>;

/** What of the environment says where the memory is; all that a command without Slack needs. */
const StoreEnvironment = variables.pick({ DATABASE_URL: true, SPILLWAY_HOME: true, LOG_LEVEL: true });
export type StoreEnvironment = z.output<typeof StoreEnvironment>;

/** Where AWS is called. Keys come from the SDK's usual places, never from here. */
export interface AwsSettings {
  readonly region: string;
  /** Stands in for AWS where set: moto, LocalStack, the sandbox. */
  readonly endpoint?: string;
  /** In place of the usual; given by tests. */
  readonly patience?: AwsPatience;
}

/** How long AWS is waited for, and how often it is asked the same. */
export interface AwsPatience {
  /** The SDK's own tries at one call, with its own backoff; what fails then is for the queue. */
  readonly attempts: number;
  readonly connectMs: number;
  /** Until the answer begins. */
  readonly answerMs: number;
  /** Of silence within an answer. */
  readonly silenceMs: number;
}

/**
 * Gives what an adapter needs to call AWS.
 *
 * @param region of the one service, where `spillway.yaml` names it
 * @throws {UserError} `aws-region-missing` where neither that nor AWS_REGION is set
 */
export function awsSettings(env: Environment, region?: string): AwsSettings {
  const chosen = region ?? env.AWS_REGION;
  if (chosen === undefined) {
    throw new UserError(
      "aws-region-missing",
      "A service in spillway.yaml uses AWS, but no region is set: set AWS_REGION (eu-west-1, say), or `region` beside the service's `kind`.",
    );
  }
  return { region: chosen, ...(env.AWS_ENDPOINT_URL !== undefined && { endpoint: env.AWS_ENDPOINT_URL }) };
}

/** @throws {UserError} `env-invalid`, naming every variable that is wrong */
export function readEnvironment(env: Readonly<Record<string, string | undefined>>): Environment {
  return check(Environment, present(env), "env-invalid", "The environment");
}

/** @throws {UserError} `env-invalid` */
export function readStoreEnvironment(env: Readonly<Record<string, string | undefined>>): StoreEnvironment {
  return check(StoreEnvironment, present(env), "env-invalid", "The environment");
}

/** A variable that is set to nothing counts as not set. */
function present(env: Readonly<Record<string, string | undefined>>): Readonly<Record<string, string>> {
  return Object.fromEntries(
    Object.entries(env).filter((entry): entry is [string, string] => entry[1] !== undefined && entry[1] !== ""),
  );
}

/** @throws {UserError} `config-missing`, `config-syntax` or `config-invalid`, naming every key that is wrong */
export function readConfig(path: string): Config {
  let text: string;
  try {
    text = readFileSync(path, "utf8");
  } catch (cause) {
    throw new UserError(
      "config-missing",
      `No configuration at ${path}: copy spillway.example.yaml to it, or name another file in SPILLWAY_CONFIG.`,
      { cause },
    );
  }
  return parseConfig(text, path);
}

/** @throws {UserError} `config-syntax` or `config-invalid` */
export function parseConfig(text: string, name: string): Config {
  let raw: unknown;
  try {
    raw = parseYaml(text);
  } catch (cause) {
    const where = cause instanceof YAMLParseError ? cause.message : String(cause);
    throw new UserError("config-syntax", `${name} is not valid YAML: ${where}`, { cause });
  }
  return check(Config, raw, "config-invalid", name);
}

const SECRET_KEYS = /TOKEN|SECRET|URL$/;

function check<Schema extends z.ZodType>(schema: Schema, value: unknown, code: string, name: string): z.output<Schema> {
  const result = schema.safeParse(value, { reportInput: true });
  if (result.success) return result.data;
  const lines = result.error.issues.map((issue) => {
    const key = issue.path.join(".") || "(the whole)";
    const given =
      valueAt(issue.path, value) === undefined
        ? "not set"
        : SECRET_KEYS.test(key)
          ? "(hidden)"
          : // Of a choice by a key, the input is the whole in which that key stands.
            JSON.stringify(issue.code === "invalid_union" ? valueAt(issue.path, value) : issue.input);
    return `  ${key}: ${given} – ${issue.message}`;
  });
  throw new UserError(
    code,
    `${name} has ${lines.length} ${lines.length === 1 ? "mistake" : "mistakes"}:\n${lines.join("\n")}`,
  );
}

function valueAt(path: readonly PropertyKey[], value: unknown): unknown {
  return path.reduce<unknown>(
    (at, key) => (typeof at === "object" && at !== null ? (at as Record<PropertyKey, unknown>)[key] : undefined),
    value,
  );
}
