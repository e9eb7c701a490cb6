import { pathTemplate } from "../../../domain/path-template.ts";
import type { Dimension } from "../../../domain/traffic.ts";
import { hostOfReferer, networkOfClient } from "../../derived-values.ts";
import type { LogDatabase, SqlValue } from "./database.ts";

/** Where a dimension's values are: a column of `requests`, and what its numbers stand for. */
export interface DimensionSource {
  readonly column: "client" | "agent" | "path" | "host" | "referer" | "method" | "status";
  /** The dictionary of the column, or of the derived values; null where the number is the value. */
  readonly dictionary: string | null;
  /** For derived dimensions: the table `(id, derived)` from the column's numbers to the dictionary's. */
  readonly link: string | null;
}

export const DIMENSION_SOURCES: Readonly<Record<Dimension, DimensionSource>> = {
  ip: { column: "client", dictionary: "clients", link: null },
  net: { column: "client", dictionary: "nets", link: "client_nets" },
  userAgent: { column: "agent", dictionary: "agents", link: null },
  path: { column: "path", dictionary: "paths", link: null },
  pathTemplate: { column: "path", dictionary: "path_templates", link: "path_path_templates" },
  host: { column: "host", dictionary: "hosts", link: null },
  referer: { column: "referer", dictionary: "referers", link: null },
  refererHost: { column: "referer", dictionary: "referer_hosts", link: "referer_referer_hosts" },
  method: { column: "method", dictionary: "methods", link: null },
  status: { column: "status", dictionary: null, link: null },
};

interface Derivation {
  readonly dimension: Dimension;
  readonly from: string;
  derive(value: string): string | null;
}

const DERIVATIONS: readonly Derivation[] = [
  { dimension: "net", from: "clients", derive: networkOfClient },
  { dimension: "pathTemplate", from: "paths", derive: pathTemplate },
  { dimension: "refererHost", from: "referers", derive: hostOfReferer },
];

/** Makes the dictionaries and links of the derived dimensions from the dictionaries that they are derived from. */
export async function deriveDimensions(database: LogDatabase): Promise<void> {
  await Promise.all(DERIVATIONS.map((derivation) => derive(database, derivation)));
}

async function derive(database: LogDatabase, { dimension, from, derive }: Derivation): Promise<void> {
  const { dictionary, link } = DIMENSION_SOURCES[dimension];
  const [ids = [], values = []] = await database.columns(`SELECT id, value FROM ${from}`);
  const numbers = new Map<string, number>();
  const links: SqlValue[][] = [];
  values.forEach((value, index) => {
    const derivedValue = derive(String(value));
    if (derivedValue === null) return;
    const number = numbers.get(derivedValue) ?? numbers.size + 1;
    numbers.set(derivedValue, number);
    links.push([ids[index] ?? null, number]);
  });
  await Promise.all([
    createTable(database, `${dictionary} (value VARCHAR, id INTEGER)`, numbers),
    createTable(database, `${link} (id INTEGER, derived INTEGER)`, links),
  ]);
}

async function createTable(database: LogDatabase, table: string, rows: Iterable<readonly SqlValue[]>): Promise<void> {
  await database.run(`CREATE TABLE ${table}`);
  await database.append(table.slice(0, table.indexOf(" ")), rows);
}
