import type { LogFormatSetting } from "../../../config/log-format.ts";
import type { ObjectFormat } from "../../formats/format.ts";
import type { Meaning } from "../../formats/line-template.ts";
import { OBJECT_FORMATS } from "../../formats/object-formats.ts";
import * as code from "../../kernel/codes.ts";
import type { ReadSettings } from "../../reading/reading-context.ts";
import type { LogDatabase } from "./database.ts";
import { sqlText } from "./database.ts";

/** A column of a Parquet file that its format uses. */
export interface ParquetColumn {
  readonly name: string;
  /** As the engine calls it: `VARCHAR`, `TIMESTAMP WITH TIME ZONE`, `STRUCT(…)`. */
  readonly type: string;
  /** What it tells, itself or by what is nested in it. */
  readonly meanings: readonly Meaning[];
}

/** What a file is, told by the names of its columns. */
export interface KnownLayout {
  readonly kind: "known";
  readonly format: ObjectFormat;
  readonly columns: readonly ParquetColumn[];
  readonly rows: number;
}

export type ParquetLayout =
  | KnownLayout
  /** For people, to be read behind the file's name. */
  | { readonly kind: "unknown"; readonly reason: string };

/**
 * Tells the layout of a Parquet file, without reading its rows.
 * @throws what the engine throws at a file that is damaged or encrypted
 */
export async function parquetLayout(
  database: LogDatabase,
  path: string,
  settings: ReadSettings,
): Promise<ParquetLayout> {
  const setting = settings.format;
  const [names = [], types = []] = await database.columns(`DESCRIBE SELECT * FROM ${parquetTable(path)}`);
  const described = names.map((name, index) => ({ name: String(name), type: String(types[index]) }));
  const formats = formatsOf(setting);
  const format = formats.find((each) => each.recognisesFields(described.map(({ name }) => name)));
  if (format === undefined) return { kind: "unknown", reason: whyUnknown(setting, formats, described) };
  const [[rows = 0] = []] = await database.columns(
    `SELECT num_rows::DOUBLE FROM parquet_file_metadata(${sqlText(path)})`,
  );
  const columns = described
    .map((column) => ({ ...column, meanings: format.meaningsOf(column.name) }))
    .filter(({ meanings }) => meanings.some((is) => mayBeKept(is, settings)));
  return { kind: "known", format, columns, rows: Number(rows) };
}

/** Gives what stands for a file in SQL. Some writers do not say that their texts are texts. */
function parquetTable(path: string): string {
  return `read_parquet(${sqlText(path)}, binary_as_string = true, hive_partitioning = false)`;
}

/**
 * Asks for rows as JSON, one text a row: the engine's values turn into ours one by one, which takes longer than reading
 * them as the lines of JSON that the same formats come in.
 */
export function selectParquet(path: string, columns: readonly ParquetColumn[], condition: string | null): string {
  const fields = columns.map(({ name }) => `${sqlName(name)} := ${sqlName(name)}`);
  const where = condition === null ? "" : ` WHERE ${condition}`;
  return `SELECT to_json(struct_pack(${fields.join(", ")}))::VARCHAR FROM ${parquetTable(path)}${where}`;
}

/** Writes a name as SQL does. */
export function sqlName(name: string): string {
  return `"${name.replaceAll('"', '""')}"`;
}

/** What only fills a column that nobody asked for is not read: each value takes time. */
function mayBeKept(is: Meaning, { wanted, trustedProxies }: ReadSettings): boolean {
  if (is === "forwarded-for") return trustedProxies.length > 0;
  const column = typeof is === "string" ? COLUMN_OF[is] : undefined;
  return column === undefined || wanted.includes(column);
}

const COLUMN_OF: Readonly<Partial<Record<Extract<Meaning, string>, number>>> = {
  query: code.TEXT_QUERY,
  referer: code.TEXT_REFERER,
  scheme: code.TEXT_SCHEME,
  "user-agent": code.TEXT_USER_AGENT,
  cache: code.TEXT_CACHE,
  tls: code.TEXT_TLS,
  node: code.TEXT_NODE,
  target: code.TEXT_TARGET,
};

function formatsOf(setting: LogFormatSetting): readonly ObjectFormat[] {
  return setting === "auto" ? OBJECT_FORMATS : OBJECT_FORMATS.filter(({ name }) => name === setting);
}

const NAMES_SHOWN = 5;

function whyUnknown(
  setting: LogFormatSetting,
  formats: readonly ObjectFormat[],
  columns: readonly { readonly name: string }[],
): string {
  if (formats.length === 0) {
    const named = typeof setting === "string" ? setting : "of your own";
    return `is Parquet, and no log in the format ${named} is`;
  }
  const shown = columns.slice(0, NAMES_SHOWN).map(({ name }) => name);
  const more = columns.length > shown.length ? ` and ${columns.length - shown.length} more` : "";
  const whose =
    formats.length === 1 && formats[0] !== undefined ? `not of ${formats[0].title}` : "of no log known here";
  return `is Parquet with columns that are ${whose}: ${shown.join(", ")}${more}`;
}
