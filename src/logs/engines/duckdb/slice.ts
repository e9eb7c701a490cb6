import type { Dimension, Intake } from "../../../domain/traffic.ts";
import type { LogSlice } from "../../../ports/log-slice.ts";
import { DUCKDB } from "../../questions/dialect.ts";
import type { Dictionaries, TextDimension } from "../../questions/dictionaries.ts";
import type { Engine } from "../../questions/engine.ts";
import { createQuestions } from "../../questions/questions.ts";
import { breakdownIn } from "./breakdown.ts";
import type { LogDatabase } from "./database.ts";

/** Answers questions about the table `requests` of a database, which closes with the slice. */
export function createSlice(options: {
  readonly database: LogDatabase;
  readonly intake: Intake;
  readonly dictionaries: Dictionaries;
  /** The table's columns. */
  readonly columns: Iterable<string>;
}): LogSlice {
  const { database, intake, dictionaries, columns } = options;
  const engine: Engine = {
    dialect: DUCKDB,
    relation: { name: "requests", columns: new Set(columns) },
    query: (sql) => database.columns(sql),
    keysOf: async (dimension, text) => (await dictionaries.idsOf(numbered(dimension), text)).map(String),
    textsOf: (dimension, keys) => dictionaries.valuesOf(numbered(dimension), keys as readonly number[]),
  };
  return { intake, ...createQuestions(engine, breakdownIn(database, dictionaries)), close: () => database.close() };
}

/** A status has no dictionary and is never looked up; questions see to that. */
function numbered(dimension: Dimension): TextDimension {
  if (dimension === "status") throw new Error("a status is its own number");
  return dimension;
}
