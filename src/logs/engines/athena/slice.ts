import { formatUsd } from "../../../domain/quantity.ts";
import type { TimeWindow } from "../../../domain/time-window.ts";
import { UserError } from "../../../errors.ts";
import type { Log } from "../../../log.ts";
import type { PriceEstimate } from "../../../ports/log-reader.ts";
import type { LogSlice } from "../../../ports/log-slice.ts";
import { sqlText, TRINO } from "../../questions/dialect.ts";
import type { Engine } from "../../questions/engine.ts";
import { createQuestions } from "../../questions/questions.ts";
import { intakeSql, readIntake } from "./intake.ts";
import type { AthenaPlace } from "./place.ts";
import { bytesFor, estimatePrice, queryUsd } from "./price.ts";
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
  /** Of the objects that can hold the window's requests. */
  readonly logBytes: number;
  /** What each query reads, at most. */
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
  const { run, spent } = meteredQueries(options, signal);
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
    // What it cost goes on while questions are asked.
    get intake() {
      return { ...intake, athena: spent() };
    },
    ...createQuestions(engine),
    async close() {
      closed.abort(new Error("the slice was closed"));
    },
  };
}

async function agreeOnPrice(options: AthenaSliceOptions): Promise<void> {
  const { logBytes, bytes, pricePerTb, maxUsd, onEstimate } = options;
  const estimate = estimatePrice({ logBytes, bytes, queries: QUERIES_OF_VERDICT, limitUsd: maxUsd, pricePerTb });
  if (estimate.usd > maxUsd) throw tooDear(estimate.usd, maxUsd);
  if (onEstimate !== undefined && !(await onEstimate(estimate))) {
    throw new UserError("athena-declined", `Nothing was read: about ${formatUsd(estimate.usd)} was not agreed to.`);
  }
}

/**
 * Runs queries as long as the next one is within what the slice may cost. One that reads more than was expected is
 * stopped where it is: what it costs is what it read.
 */
function meteredQueries({ athena, bytes, pricePerTb, maxUsd, log }: AthenaSliceOptions, signal: AbortSignal) {
  let queries = 0;
  let readBytes = 0;
  let spentUsd = 0;
  let underWayUsd = 0;
  const run = async (sql: string) => {
    const expectedUsd = queryUsd(bytes, pricePerTb);
    const leftUsd = maxUsd - spentUsd - underWayUsd;
    if (expectedUsd > leftUsd) throw tooDear(maxUsd - leftUsd + expectedUsd, maxUsd);
    underWayUsd += expectedUsd;
    const mostBytes = bytesFor(leftUsd, pricePerTb);
    const check = (soFar: number) => {
      if (soFar > mostBytes) throw tooDear(maxUsd - leftUsd + queryUsd(soFar, pricePerTb), maxUsd);
    };
    try {
      const { columns, scannedBytes } = await runQuery(sql, athena, { signal, check });
      const usd = queryUsd(scannedBytes, pricePerTb);
      queries += 1;
      readBytes += scannedBytes;
      spentUsd += usd;
      log.info({ scannedBytes, usd, spentUsd }, "athena query done");
      return columns;
    } finally {
      underWayUsd -= expectedUsd;
    }
  };
  return { run, spent: () => ({ queries, scannedBytes: readBytes, usd: spentUsd }) };
}

function tooDear(usd: number, maxUsd: number): UserError {
  return new UserError(
    "athena-too-dear",
    `To read this with Athena costs about ${formatUsd(usd)}, over the limit of ${formatUsd(maxUsd)}. Ask for a shorter window, or raise \`logs.athena.maxUsd\` in spillway.yaml.`,
  );
}
