/** From the services in `spillway.yaml` to the adapters that reach them. */
import { join } from "node:path";
import { awsSettings, type Config, type Environment, type ServiceConfig } from "./config.ts";
import { createWafFirewall } from "./firewall/wafv2.ts";
import type { Log } from "./log.ts";
import { athenaPlace } from "./logs/engines/athena/place.ts";
import { createReaderBySize } from "./logs/engines/athena/reader.ts";
import { createLogReader } from "./logs/reader.ts";
import { createFileSource } from "./logs/sources/files.ts";
import { createS3Source } from "./logs/sources/s3.ts";
import type { LogSource } from "./logs/sources/source.ts";
import { createCloudWatchMetrics } from "./metrics/cloudwatch.ts";
import type { LogReader, ServicePorts } from "./ports.ts";
import { createAutoScalingGroup } from "./scaling/auto-scaling-group.ts";

/** @throws {UserError} where a service needs AWS and no region is set */
export function createServices(config: Config, env: Environment, log: Log): Readonly<Record<string, ServicePorts>> {
  return Object.fromEntries(
    Object.entries(config.services).map(([name, service]) => [name, createService(name, service, env, log)]),
  );
}

function createService(name: string, service: ServiceConfig, env: Environment, log: Log): ServicePorts {
  const { logs, metrics, firewall, scaling } = service;
  const aws = (region: string | undefined) => awsSettings(env, region);
  return {
    logs: logs ? createReader(name, logs, env, log) : null,
    metrics: metrics ? createCloudWatchMetrics({ config: metrics, aws: aws(metrics.region), log }) : null,
    firewall: firewall ? createWafFirewall({ config: firewall, aws: aws(firewall.region), log }) : null,
    scaler: scaling ? createAutoScalingGroup({ config: scaling, aws: aws(scaling.region), log }) : null,
  };
}

function createReader(
  service: string,
  logs: NonNullable<ServiceConfig["logs"]>,
  env: Environment,
  log: Log,
): LogReader {
  const spillDir = join(env.SPILLWAY_HOME, "spill");
  const fetching = createLogReader({
    source: createSource(logs, env, log),
    format: logs.format,
    trustedProxies: logs.trustedProxies,
    spillDir,
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
