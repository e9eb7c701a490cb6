import type { TimeWindow } from "../../../domain/time-window.ts";
import { UserError } from "../../../errors.ts";
import type { Log } from "../../../log.ts";
import type { LogSlice, PriceEstimate } from "../../../ports.ts";
import { sqlText, TRINO } from "../../questions/dialect.ts";
import type { Engine } from "../../questions/engine.ts";
import { createQuestions } from "../../questions/questions.ts";
import { intakeSql, readIntake } from "./intake.ts";
import type { AthenaPlace } from "./place.ts";
import { estimatePrice, formatUsd, queryUsd } from "./price.ts";
import { athenaRelation } from "./relation.ts";
import { type QueryPlace, runQuery, runStatement } from "./run-query.ts";
import { lineTable } from "./table.ts";

/** What a verdict takes: the intake, the series, the breakdown and the guilty slice's series. */
const QUERIES_OF_VERDICT = 4;

export interface AthenaSliceOptions {
  /** The service's name in `spillway.yaml`. */
  readonly service: string;
  readonly place: AthenaPlace;
  readonly window: TimeWindow;
  /** Of all objects in the folders of the window's days, since that is what each query reads. */
  readonly bytes: number;
  readonly athena: QueryPlace;
  readonly pricePerTb: number;
  /** What a slice may cost altogether. */
  readonly maxUsd: number;
  /** Is told the price before anything runs; false stops it. */
  readonly onEstimate?: (estimate: PriceEstimate) => boolean | Promise<boolean>;
  readonly signal?: AbortSignal;
  readonly log: Log;
}

/**
 * Answers questions by Athena, over objects that are too many to be fetched.
 *
 * @throws {UserError} `athena-too-dear` where the estimate, or with one more query the cost, is beyond `maxUsd`;
 *   `athena-declined` where `onEstimate` says no; `logs-none-readable` where no line could be read
 * @throws {UpstreamError} where a query failed
 */
export async function createAthenaSlice(options: AthenaSliceOptions): Promise<LogSlice> {
  const { service, place, window, log } = options;
  await agreeOnPrice(options);
  const table = lineTable({ service, ...place });
  const closed = new AbortController();
  const signal = AbortSignal.any([closed.signal, ...(options.signal ? [options.signal] : [])]);
  const run = meteredQueries(options, signal);
  await runStatement(table.ddl, options.athena, signal);

  const relation = athenaRelation(table.name, place);
  const intake = readIntake(await run(intakeSql(relation, window)), place.format);
  log.info({ service, table: table.name, lines: intake.lines, unparsed: intake.unparsed }, "log read by athena");
  if (intake.parsed === 0) {
    throw new UserError("logs-none-readable", `No log could be read by Athena in ${place.location}.`);
  }
  const engine: Engine = {
    dialect: TRINO,
    relation,
    query: run,
    keysOf: async (_dimension, text) => [sqlText(text)],
    textsOf: async (_dimension, keys) => keys.map(String),
  };
  return {
    intake,
    ...createQuestions(engine),
    async close() {
      closed.abort(new Error("the slice was closed"));
    },
  };
}

async function agreeOnPrice({ bytes, pricePerTb, maxUsd, onEstimate }: AthenaSliceOptions): Promise<void> {
  const estimate = estimatePrice({ bytes, queries: QUERIES_OF_VERDICT, pricePerTb });
  if (estimate.usd > maxUsd) throw tooDear(estimate.usd, maxUsd);
  if (onEstimate !== undefined && !(await onEstimate(estimate))) {
    throw new UserError("athena-declined", `Nothing was read: about ${formatUsd(estimate.usd)} was not agreed to.`);
  }
}

/** Runs queries as long as the next one is within what the slice may cost. */
function meteredQueries({ athena, bytes, pricePerTb, maxUsd, log }: AthenaSliceOptions, signal: AbortSignal) {
  let spentUsd = 0;
  let underWayUsd = 0;
  return async (sql: string) => {
    const expectedUsd = queryUsd(bytes, pricePerTb);
    if (spentUsd + underWayUsd + expectedUsd > maxUsd) throw tooDear(spentUsd + underWayUsd + expectedUsd, maxUsd);
    underWayUsd += expectedUsd;
    try {
      const { columns, scannedBytes } = await runQuery(sql, athena, signal);
      const usd = queryUsd(scannedBytes, pricePerTb);
      spentUsd += usd;
      log.info({ scannedBytes, usd, spentUsd }, "athena query done");
      return columns;
    } finally {
      underWayUsd -= expectedUsd;
    }
  };
}

function tooDear(usd: number, maxUsd: number): UserError {
  return new UserError(
    "athena-too-dear",
    `To read this with Athena costs about ${formatUsd(usd)}, over the limit of ${formatUsd(maxUsd)}. Ask for a shorter window, or raise \`logs.athena.maxUsd\` in spillway.yaml.`,
  );
}
