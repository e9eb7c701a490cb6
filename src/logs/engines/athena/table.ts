import { createHash } from "node:crypto";
import { sqlText } from "../../questions/dialect.ts";

/** Where objects lie that one table is made over. */
export interface TablePlace {
  /** The service's name in `spillway.yaml`. */
  readonly service: string;
  /** `s3://bucket/prefix/`, with the slash. */
  readonly location: string;
  /** Whether below it are folders by day, `2026/10/01/`; without them every query reads all there is. */
  readonly isByDay: boolean;
}

export interface LineTable {
  readonly name: string;
  readonly ddl: string;
}

/** Nothing that is looked into is older; days without objects cost nothing. */
const FIRST_DAY = "2015/01/01";

/**
 * Makes the definition of a table with one column, `line`.
 *
 * Columns by a serde's regular expression or of its own would be null for a line that grew a field or broke a rule, and
 * nobody would know: the expression that AWS documents for load balancers gave nulls for every line from 2024 on. Here a
 * line is always there, and what reads it can tell which it could not. Days are projected, so that nobody adds partitions.
 *
 * @source https://docs.aws.amazon.com/athena/latest/ug/partition-projection-supported-types.html
 */
export function lineTable(place: TablePlace): LineTable {
  const { location, isByDay } = place;
  const properties = isByDay
    ? [
        ["projection.enabled", "true"],
        ["projection.day.type", "date"],
        ["projection.day.format", "yyyy/MM/dd"],
        ["projection.day.range", `${FIRST_DAY},NOW`],
        ["projection.day.interval", "1"],
        ["projection.day.interval.unit", "DAYS"],
        ["storage.location.template", `${location}\${day}/`],
      ]
    : [];
  const definition = [
    "(`line` string)",
    ...(isByDay ? ["PARTITIONED BY (`day` string)"] : []),
    "ROW FORMAT SERDE 'org.apache.hadoop.hive.serde2.RegexSerDe'",
    "WITH SERDEPROPERTIES ('input.regex' = '(?s)(.*)')",
    "STORED AS TEXTFILE",
    `LOCATION ${sqlText(location)}`,
    ...(properties.length === 0
      ? []
      : [
          `TBLPROPERTIES (${properties.map((pair) => pair.map((text) => sqlText(text ?? "")).join(" = ")).join(", ")})`,
        ]),
  ].join("\n");
  const name = tableName(place.service, definition);
  return { name, ddl: `CREATE EXTERNAL TABLE IF NOT EXISTS \`${name}\`\n${definition}` };
}

/** Another definition is another table: one that is there is never changed, and never dropped. */
function tableName(service: string, definition: string): string {
  const hash = createHash("sha256").update(definition).digest("hex").slice(0, 8);
  return `spillway_${service.toLowerCase().replaceAll(/[^a-z0-9]/g, "_")}_${hash}`;
}
