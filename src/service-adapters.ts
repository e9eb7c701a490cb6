/** From the services in `spillway.yaml` to the adapters that reach them. */
import { join } from "node:path";
import { type AwsSettings, awsSettings } from "./config/aws-settings.ts";
import type { Environment } from "./config/environment.ts";
import type { ServiceConfig } from "./config/service.ts";
import type { Config } from "./config.ts";
import { createWafFirewall } from "./firewall/wafv2.ts";
import { milderMeasuresOf, setsOf } from "./firewall-sets.ts";
import type { Log } from "./log.ts";
import { athenaPlace } from "./logs/engines/athena/place.ts";
import { createReaderBySize } from "./logs/engines/athena/reader.ts";
import { checkNetworkOwners } from "./logs/network-owners.ts";
import { createLogReader } from "./logs/reader.ts";
import { createFileSource } from "./logs/sources/files.ts";
import { createS3Source } from "./logs/sources/s3.ts";
import type { LogSource } from "./logs/sources/source.ts";
import { createCloudWatchMetrics } from "./metrics/cloudwatch.ts";
import type { LogReader } from "./ports/log-reader.ts";
import type { Scaler } from "./ports/scaler.ts";
import type { Store } from "./ports/store.ts";
import type { ServicePorts } from "./ports.ts";
import { createAutoScalingGroup } from "./scaling/auto-scaling-group.ts";
import { createEcsService } from "./scaling/ecs-service.ts";

/** @throws {UserError} where a service needs AWS and no region is set, or where `networkOwners` is no file */
export function createServices(
  config: Config,
  env: Environment,
  log: Log,
  /** Where several processes write to the same firewalls. */
  shared?: Pick<Store, "reserveTurn">,
): Readonly<Record<string, ServicePorts>> {
  const { networkOwners } = config;
  if (networkOwners !== undefined) checkNetworkOwners(networkOwners);
  return Object.fromEntries(
    Object.entries(config.services).map(([name, service]) => [
      name,
      createService({ name, service, env, log, networkOwners, shared }),
    ]),
  );
}

interface ServiceSetting {
  readonly name: string;
  readonly service: ServiceConfig;
  readonly env: Environment;
  readonly log: Log;
  readonly networkOwners: string | undefined;
  readonly shared: Pick<Store, "reserveTurn"> | undefined;
}

function createService({ name, service, env, log, networkOwners, shared }: ServiceSetting): ServicePorts {
  const { logs, metrics, firewall, scaling } = service;
  const aws = (region: string | undefined) => awsSettings(env, region);
  const hasChallenge = firewall?.challenge !== undefined;
  const areClientsForwarded = (logs?.trustedProxies.length ?? 0) > 0;
  const guard = firewall && {
    aws: aws(firewall.region),
    log,
    areClientsForwarded,
    ...(metrics?.loadBalancer !== undefined && { loadBalancer: metrics.loadBalancer }),
    ...(metrics?.distribution !== undefined && { distribution: metrics.distribution }),
    ...(shared && { reserveTurn: shared.reserveTurn }),
  };
  return {
    logs: logs ? createReader(logs, { name, env, log, networkOwners }) : null,
    metrics: metrics ? createCloudWatchMetrics({ config: metrics, hasChallenge, aws: aws(metrics.region), log }) : null,
    firewall: firewall && guard ? createWafFirewall({ config: firewall, ...guard }) : null,
    ...(firewall && guard && { measures: createMeasures(firewall, guard) }),
    scaler: scaling ? createScaler(scaling, aws(scaling.region), log) : null,
  };
}

/** The same firewall with other sets: of one account, so that all of them keep the same turns. */
function createMeasures(
  firewall: NonNullable<ServiceConfig["firewall"]>,
  guard: Omit<Parameters<typeof createWafFirewall>[0], "config">,
): NonNullable<ServicePorts["measures"]> {
  const { rateLimit } = firewall;
  return Object.fromEntries(
    milderMeasuresOf(firewall).map((measure) => [
      measure,
      createWafFirewall({
        ...guard,
        config: { ...firewall, ...setsOf(firewall, measure) },
        measure,
        ...(measure === "rate-limit" && rateLimit && { rateLimit }),
      }),
    ]),
  );
}

function createScaler(config: NonNullable<ServiceConfig["scaling"]>, aws: AwsSettings, log: Log): Scaler {
  switch (config.kind) {
    case "auto-scaling-group":
      return createAutoScalingGroup({ config, aws, log });
    case "ecs-service":
      return createEcsService({ config, aws, log });
  }
}

function createReader(
  logs: NonNullable<ServiceConfig["logs"]>,
  { name: service, env, log, networkOwners }: Omit<ServiceSetting, "service" | "shared">,
): LogReader {
  const spillDir = join(env.SPILLWAY_HOME, "spill");
  const fetching = createLogReader({
    source: createSource(logs, env, log),
    format: logs.format,
    trustedProxies: logs.trustedProxies,
    spillDir,
    ...(networkOwners !== undefined && { networkOwners }),
  });
  if (logs.kind !== "s3" || logs.athena === undefined) return fetching;
  const aws = awsSettings(env, logs.region);
  return createReaderBySize({ service, fetching, place: athenaPlace(service, logs), config: logs.athena, aws, log });
}

function createSource(logs: NonNullable<ServiceConfig["logs"]>, env: Environment, log: Log): LogSource {
  switch (logs.kind) {
    case "files":
      return createFileSource(logs.paths);
    case "s3":
      return createS3Source({
        config: logs,
        aws: awsSettings(env, logs.region),
        cacheDir: join(env.SPILLWAY_HOME, "s3-cache"),
        log,
      });
  }
}
