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

const PLAIN: Partial<Record<Dimension, DimensionSource>> = {
  ip: { column: "client", dictionary: "clients", link: null },
  userAgent: { column: "agent", dictionary: "agents", link: null },
  path: { column: "path", dictionary: "paths", link: null },
  host: { column: "host", dictionary: "hosts", link: null },
  referer: { column: "referer", dictionary: "referers", link: null },
  method: { column: "method", dictionary: "methods", link: null },
  status: { column: "status", dictionary: null, link: null },
};

interface Derivation {
  readonly column: DimensionSource["column"];
  readonly from: string;
  derive(value: string): string | null;
}

const DERIVED: Partial<Record<Dimension, Derivation>> = {
  net: { column: "client", from: "clients", derive: networkOfClient },
  pathTemplate: { column: "path", from: "paths", derive: pathTemplate },
  refererHost: { column: "referer", from: "referers", derive: hostOfReferer },
};

/** Finds the source of each dimension; derives values when they are first asked for. */
export function createDimensions(database: LogDatabase): (dimension: Dimension) => Promise<DimensionSource> {
  const derived = new Map<Dimension, Promise<DimensionSource>>();
  return async (dimension) => {
    const plain = PLAIN[dimension];
    if (plain) return plain;
    const known = derived.get(dimension);
    if (known !== undefined) return known;
    const derivation = DERIVED[dimension];
    if (!derivation) throw new Error(`no source for the dimension ${dimension}`);
    const source = derive(database, dimension, derivation);
    derived.set(dimension, source);
    return source;
  };
}

async function derive(database: LogDatabase, dimension: Dimension, derivation: Derivation): Promise<DimensionSource> {
  const dictionary = `derived_${dimension}`;
  const link = `link_${dimension}`;
  const [ids = [], values = []] = await database.columns(`SELECT id, value FROM ${derivation.from}`);
  const numbers = new Map<string, number>();
  const links: SqlValue[][] = [];
  values.forEach((value, index) => {
    const derivedValue = derivation.derive(String(value));
    if (derivedValue === null) return;
    const number = numbers.get(derivedValue) ?? numbers.size + 1;
    numbers.set(derivedValue, number);
    links.push([ids[index] ?? null, number]);
  });
  await database.run(`CREATE TABLE ${dictionary} (value VARCHAR, id INTEGER)`);
  await database.run(`CREATE TABLE ${link} (id INTEGER, derived INTEGER)`);
  await database.append(dictionary, numbers);
  await database.append(link, links);
  return { column: derivation.column, dictionary, link };
}
