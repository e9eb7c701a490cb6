import { z } from "zod";
import { MINUTE_MS, SECOND_MS } from "../../domain/time-window.ts";
import type { Ledger } from "../site/ledger.ts";
import { AwsFault } from "./fault.ts";
import { type Datum, findMetric, METRICS } from "./metrics-catalogue.ts";
import { type Operations, operation } from "./operations.ts";

const dimensions = z
  .array(z.object({ Name: z.string(), Value: z.string() }))
  .default([])
  .transform((list) => Object.fromEntries(list.map(({ Name, Value }) => [Name, Value])));

const Query = z.object({
  Id: z.string().regex(/^[a-z][a-zA-Z0-9_]*$/, "an id that begins with a small letter"),
  Label: z.string().optional(),
  ReturnData: z.boolean().default(true),
  MetricStat: z.object(
    {
      Metric: z.object({ Namespace: z.string(), MetricName: z.string(), Dimensions: dimensions }),
      Period: z.number().int().positive().multipleOf(60, "a multiple of 60 seconds"),
      Stat: z
        .string()
        .regex(/^(Sum|Average|Minimum|Maximum|SampleCount|p\d{1,2}(\.\d+)?)$/, "a statistic such as Sum or p95"),
      Unit: z.string().optional(),
    },
    "a MetricStat; this stand-in computes no expressions",
  ),
});
type Query = z.output<typeof Query>;

const GetMetricData = z.object({
  /** Seconds since 1970. */
  StartTime: z.number(),
  EndTime: z.number(),
  ScanBy: z.enum(["TimestampDescending", "TimestampAscending"]).default("TimestampDescending"),
  /** @source https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_GetMetricData.html */
  MetricDataQueries: z.array(Query).max(500),
});

const ListMetrics = z.object({ Namespace: z.string().optional(), MetricName: z.string().optional() });

/** Makes Amazon CloudWatch with the metrics of the simulated site, as far as Spillway meets it. */
export function createCloudWatch(options: {
  readonly ledger: Ledger;
  /** Only minutes that were over by then have values. */
  readonly playedMs: () => number;
}): Operations {
  function getMetricData(input: z.output<typeof GetMetricData>): object {
    if (input.StartTime >= input.EndTime) {
      throw new AwsFault("ValidationException", "The parameter StartTime must be less than the parameter EndTime.");
    }
    const ids = input.MetricDataQueries.map((query) => query.Id);
    if (new Set(ids).size < ids.length) {
      throw new AwsFault("ValidationException", "The values for parameter Id in MetricDataQueries are not unique.");
    }
    const window = { startMs: input.StartTime * SECOND_MS, endMs: input.EndTime * SECOND_MS };
    return {
      Messages: [],
      MetricDataResults: input.MetricDataQueries.filter((query) => query.ReturnData).map((query) => {
        const points = readPoints(query, window);
        if (input.ScanBy === "TimestampDescending") points.reverse();
        return {
          Id: query.Id,
          Label: query.Label ?? query.MetricStat.Metric.MetricName,
          Timestamps: points.map((point) => point.atMs / SECOND_MS),
          Values: points.map((point) => point.value),
          StatusCode: "Complete",
        };
      }),
    };
  }

  function readPoints({ MetricStat: asked }: Query, window: { startMs: number; endMs: number }): Point[] {
    const { Namespace: namespace, MetricName: name, Dimensions } = asked.Metric;
    const metric = findMetric({ namespace, name, dimensions: Dimensions });
    // A unit that the metric is not kept in gives nothing, not an error.
    if (metric === undefined || (asked.Unit !== undefined && asked.Unit !== metric.unit)) return [];
    const periodMs = asked.Period * SECOND_MS;
    const overMs = Math.floor(options.playedMs() / MINUTE_MS) * MINUTE_MS;
    const points: Point[] = [];
    for (let atMs = Math.floor(window.startMs / periodMs) * periodMs; atMs < window.endMs; atMs += periodMs) {
      const totals = options.ledger.between(atMs, Math.min(atMs + periodMs, overMs));
      const datum = totals === null ? null : metric.read(totals);
      if (datum !== null) points.push({ atMs, value: statistic(datum, asked.Stat) });
    }
    return points;
  }

  function listMetrics(input: z.output<typeof ListMetrics>): object {
    const wanted = METRICS.filter(
      (metric) =>
        (input.Namespace ?? metric.namespace) === metric.namespace && (input.MetricName ?? metric.name) === metric.name,
    );
    return {
      Metrics: wanted.map((metric) => ({
        Namespace: metric.namespace,
        MetricName: metric.name,
        Dimensions: Object.entries(metric.dimensions).map(([Name, Value]) => ({ Name, Value })),
      })),
    };
  }

  return new Map([
    ["GetMetricData", operation("ValidationException", GetMetricData, getMetricData)],
    ["ListMetrics", operation("ValidationException", ListMetrics, listMetrics)],
  ]);
}

interface Point {
  readonly atMs: number;
  readonly value: number;
}

function statistic(datum: Datum, name: string): number {
  switch (name) {
    case "Sum":
      return datum.sum;
    case "SampleCount":
      return datum.samples;
    case "Average":
      return datum.sum / datum.samples;
    case "Minimum":
      return datum.min;
    case "Maximum":
      return datum.max;
    default:
      return datum.quantile(Number(name.slice(1)) / 100);
  }
}
