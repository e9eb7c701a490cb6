import { parseArgs } from "node:util";
import { UserError } from "../errors.ts";
import { allFormatFacts, type FormatFacts } from "../logs/formats/format-facts.ts";
import { templatePattern } from "../logs/formats/template-pattern.ts";
import { nearest } from "../slack/nearest.ts";
import { cut, printable } from "./printable.ts";
import { fieldList, recordLines } from "./record-lines.ts";

const USAGE = `spillway formats [NAME] [--json]

  Lists the log formats that are read; with a name, shows what one of them looks like and what is read from it.
`;

const OWN_FORMATS = `A log_format or LogFormat of your own is read with --format nginx:LAYOUT or --format apache:LAYOUT.
`;

/** Where the list is written; `process` is one. */
export interface FormatsIo {
  readonly stdout: { write(text: string): unknown };
  readonly stderr: { write(text: string): unknown };
}

/** Runs `spillway formats`; gives the exit status: 0, or 2 for a bad name, with one line on standard error. */
export async function runFormats(argv: readonly string[], io: FormatsIo): Promise<number> {
  try {
    io.stdout.write(formatsText(argv));
    return 0;
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    io.stderr.write(`spillway formats: ${printable(error.message)}\n`);
    return 2;
  }
}

function formatsText(argv: readonly string[]): string {
  const { values, positionals } = parse(argv);
  if (values.help === true) return USAGE;
  const facts = allFormatFacts();
  const [name, ...more] = positionals;
  if (more.length > 0) throw new UserError("bad-option", "Name one format, or none for the list of all.");
  if (name === undefined) return values.json === true ? jsonText(facts.map(factsJson)) : listText(facts);
  const found = facts.find((each) => each.name === name.toLowerCase());
  if (found === undefined) throw unknownFormat(name, facts);
  return values.json === true ? jsonText(factsJson(found)) : detailText(found);
}

function parse(argv: readonly string[]) {
  try {
    return parseArgs({
      args: [...argv],
      allowPositionals: true,
      options: { json: { type: "boolean" }, help: { type: "boolean", short: "h" } },
    });
  } catch (cause) {
    const [first = ""] = (cause as Error).message.split(/\.\s|\n/);
    throw new UserError("bad-option", `${first.replace(/\.$/, "")}; there is --json.`, { cause });
  }
}

function unknownFormat(name: string, facts: readonly FormatFacts[]): UserError {
  const near = nearest(
    name,
    facts.map((each) => each.name),
  );
  const hint = near === null ? "`spillway formats` lists all" : `did you mean ${near}?`;
  return new UserError("format-unknown", `"${cut(name)}" is no format that is read here; ${hint}`);
}

function listText(facts: readonly FormatFacts[]): string {
  const head = ["name", "what it is", "its time", "packed", "never tells"];
  const rows = facts.map((each) => [each.name, each.title, each.clock, each.packings.join(", "), lacksText(each)]);
  const widths = head.map((title, column) => Math.max(title.length, ...rows.map((row) => row[column]?.length ?? 0)));
  const lines = [head, ...rows].map((row) =>
    row
      .map((cell, column) => cell.padEnd(widths[column] ?? 0))
      .join("  ")
      .trimEnd(),
  );
  return `${lines.join("\n")}\n\n${OWN_FORMATS}\`spillway formats NAME\` shows one of them.\n`;
}

/** What it lacks of requests; or that it tells of none. */
export function lacksText({ lacks, holds }: Pick<FormatFacts, "lacks" | "holds">): string {
  return holds === "requests" ? fieldList(lacks) : `requests: it holds ${holds.replace("-", " ")}`;
}

function detailText(facts: FormatFacts): string {
  const { name, title, clock, packings, example, record, template, tells } = facts;
  return [
    `${name}: ${title}`,
    `  its time     ${clock}`,
    `  packed       ${packings.join(", ")}`,
    `  can tell     ${fieldList(tells)}`,
    ...(lacksText(facts) === "" ? [] : [`  never tells  ${lacksText(facts)}`]),
    ...(template === null ? [] : ["", "Layout:", `  ${templatePattern(template)}`]),
    "",
    "An example:",
    ...example.map((line) => `  ${printable(line.replaceAll("\t", "⇥"))}`),
    "",
    "It is read as:",
    ...(record === null ? ["  nothing"] : recordLines(record, "  ")),
    "",
  ].join("\n");
}

function factsJson({ template, ...facts }: FormatFacts): object {
  return { ...facts, layout: template === null ? null : templatePattern(template) };
}

function jsonText(value: object): string {
  return `${JSON.stringify(value)}\n`;
}
