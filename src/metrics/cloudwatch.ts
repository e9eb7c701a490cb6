import {
  CloudWatchClient,
  GetMetricDataCommand,
  type MetricDataQuery,
  type MetricDataResult,
} from "@aws-sdk/client-cloudwatch";
import { awsClientOptions, callAws } from "../aws.ts";
import type { AwsSettings } from "../config/aws-settings.ts";
import type { ServiceConfig } from "../config/service.ts";
import { SECOND_MS } from "../domain/time-window.ts";
import { UpstreamError } from "../errors.ts";
import type { Log } from "../log.ts";
import type { MetricsSource } from "../ports/metrics-source.ts";
import type { Clock } from "../ports.ts";
import { assembleSeries, type Point } from "./assemble.ts";
import { type AwsMetric, type CatalogueEntry, metricCatalogue } from "./catalogue.ts";
import { chooseSteps, type Steps } from "./steps.ts";

/**
 * Makes a source of a service's metrics in CloudWatch: load balancer, hosts, firewall and bucket in one question, and a
 * second where there is CloudFront.
 *
 * What is not over for a minute is left out; steps are as fine as CloudWatch still keeps them.
 */
export function createCloudWatchMetrics(options: {
  readonly config: NonNullable<ServiceConfig["metrics"]>;
  /** Whether a rule of the firewall challenges, so that it counts whom. */
  readonly hasChallenge?: boolean;
  readonly aws: AwsSettings;
  readonly log: Log;
  readonly clock?: Clock;
}): MetricsSource {
  const { config, log, clock = { now: Date.now } } = options;
  const region = config.region ?? options.aws.region;
  const catalogue = metricCatalogue(config, region, options);
  const regions = new Set(catalogue.flatMap(({ parts }) => parts.map((part) => part.region ?? region)));
  const clients = new Map(
    [...regions].map((each) => [each, new CloudWatchClient(awsClientOptions({ ...options.aws, region: each }))]),
  );

  return {
    async read(window, signal, only) {
      const steps = chooseSteps(window, clock.now());
      const wanted = catalogue.filter(({ metric }) => only === undefined || only.includes(metric));
      if (steps.count === 0) return [];
      const asked = toQueries(wanted, steps);
      const answers = await Promise.all(
        [...clients].map(([place, client]) => {
          const queries = asked.filter((query) => (query.region ?? region) === place).map(({ query }) => query);
          if (queries.length === 0) return [];
          return readPoints(client, queries, steps, signal);
        }),
      );
      const points = new Map(answers.flatMap((answer) => [...answer]));
      const found = wanted.map((entry, entryIndex) => ({
        entry,
        parts: entry.parts.map((_, partIndex) => points.get(queryId(entryIndex, partIndex)) ?? []),
      }));
      const series = assembleSeries(found, steps);
      log.debug({ steps, asked: wanted.length, found: series.length }, "metrics read");
      return series;
    },
  };
}

function toQueries(
  catalogue: readonly CatalogueEntry[],
  { stepMs }: Steps,
): { readonly region: string | undefined; readonly query: MetricDataQuery }[] {
  return catalogue.flatMap((entry, entryIndex) =>
    entry.parts.map((part, partIndex) => ({
      region: part.region,
      query: {
        Id: queryId(entryIndex, partIndex),
        // No unit: with a wrong one CloudWatch answers with nothing, and no error.
        MetricStat: { Metric: toMetric(part), Period: stepMs / SECOND_MS, Stat: entry.stat },
      },
    })),
  );
}

function toMetric({ namespace, name, dimensions }: AwsMetric) {
  return {
    Namespace: namespace,
    MetricName: name,
    Dimensions: Object.entries(dimensions).map(([Name, Value]) => ({ Name, Value })),
  };
}

/** CloudWatch wants ids that begin with a small letter. */
function queryId(entryIndex: number, partIndex: number): string {
  return `m${entryIndex}p${partIndex}`;
}

async function readPoints(
  client: CloudWatchClient,
  queries: MetricDataQuery[],
  { startMs, stepMs, count }: Steps,
  signal: AbortSignal | undefined,
): Promise<Map<string, Point[]>> {
  const points = new Map<string, Point[]>();
  let nextToken: string | undefined;
  do {
    const command = new GetMetricDataCommand({
      StartTime: new Date(startMs),
      EndTime: new Date(startMs + count * stepMs),
      // By default the newest come first, and paging would cut off the oldest.
      ScanBy: "TimestampAscending",
      MetricDataQueries: queries,
      ...(nextToken !== undefined && { NextToken: nextToken }),
    });
    const page = await callAws({ doing: "read metrics from CloudWatch", permission: "cloudwatch:GetMetricData" }, () =>
      client.send(command, { ...(signal && { abortSignal: signal }) }),
    );
    for (const result of page.MetricDataResults ?? []) {
      const id = result.Id ?? "";
      points.set(id, [...(points.get(id) ?? []), ...toPoints(result)]);
    }
    nextToken = page.NextToken;
  } while (nextToken !== undefined);
  return points;
}

function toPoints({ StatusCode, Label, Timestamps = [], Values = [] }: MetricDataResult): Point[] {
  // Half an answer would be read as a drop in traffic.
  if (StatusCode === "InternalError") {
    throw new UpstreamError("metrics-incomplete", `CloudWatch could not give all of ${Label}.`, { retryable: true });
  }
  return Timestamps.map((timestamp, index) => ({ atMs: timestamp.getTime(), value: Values[index] ?? 0 }));
}
