import { formatBytes, formatCount } from "../domain/quantity.ts";
import type { ExplainedLine, Explanation, LeftLine, ToldFormat } from "../logs/explaining/explanation.ts";
import { knownFields } from "../logs/formats/format-facts.ts";
import { templatePattern } from "../logs/formats/template-pattern.ts";
import { cut, printable } from "./printable.ts";
import { fieldList, recordLines } from "./record-lines.ts";

/** Longer lines are cut: it is their layout that is to be seen. */
const MAX_LINE_CHARS = 400;

/** Writes for a terminal how a file is told and read. */
export function explanationText(explanation: Explanation): string {
  const { file, bytes, packing, problem, template, headers, parsed, left } = explanation;
  const parts = [
    [`${printable(file)}: ${packing ?? "not readable"}, ${formatBytes(bytes)}`, ...toldLines(explanation)].join("\n"),
    ...(problem === null ? [] : [`Problem: ${printable(problem)}.`]),
    ...(template === null ? [] : [`Layout:\n  ${printable(templatePattern(template))}`]),
    countsText(explanation),
    ...(headers.length === 0 ? [] : [["Headers:", ...headers.map((line) => `  ${shownLine(line)}`)].join("\n")]),
    ...(parsed.length === 0 ? [] : [["The first lines as parsed:", ...parsed.map(parsedText)].join("\n")]),
    ...(left.length === 0
      ? []
      : [["The first lines that are not as this format has them:", ...left.map(leftText)].join("\n")]),
  ];
  return `${parts.filter((part) => part !== "").join("\n\n")}\n`;
}

function toldLines({ told, runnerUp, prefix, template, isFast }: Explanation): readonly string[] {
  if (told === null) return [];
  const way = isFast
    ? "the kernel, and line by line what is not as the layout says"
    : template === null
      ? "line by line; this format has no one layout"
      : "line by line; only lines that begin as their server wrote them can go to the kernel";
  return [
    `  format     ${toldText(told)}`,
    ...(told.holds === "requests"
      ? []
      : [
          `             it holds ${told.holds.replace("-", " ")}, so it is set aside where other files tell of requests`,
        ]),
    `  runner-up  ${runnerUp === null ? "none: no line fits any other" : toldText(runnerUp)}`,
    ...(prefix === null ? [] : [`  prefix     ${prefix}, taken off`]),
    `  read by    ${way}`,
    ...(logsForwarded(template)
      ? ["  client     who connected; X-Forwarded-For is in each line, and is believed of a --trusted-proxy alone"]
      : []),
  ];
}

/** Where it is logged, people expect to see it used. */
function logsForwarded(template: Explanation["template"]): boolean {
  return template?.parts.some((part) => part.kind === "field" && part.is === "forwarded-for") ?? false;
}

function toldText({ format, because }: ToldFormat): string {
  return `${format}: ${because}`;
}

function countsText({ counts, readBytes }: Explanation): string {
  if (counts === null) return "";
  const { lines, parsed, recovered, unparsed, headers } = counts;
  const ofThem = headers === 0 ? "" : ` (${formatCount(headers)} of them headers)`;
  const part =
    readBytes === null
      ? ""
      : ` Only the first ${Math.round(readBytes / 1024 ** 2)} MiB, unpacked, were read; these counts are of them.`;
  return (
    `${formatCount(lines)} ${lines === 1 ? "line" : "lines"} = ${formatCount(parsed)} parsed${ofThem} + ` +
    `${formatCount(recovered)} recovered + ${formatCount(unparsed)} unparsed.${part}`
  );
}

function parsedText({ line, record }: ExplainedLine): string {
  return [...(line === null ? [] : [`  ${shownLine(line)}`]), ...recordLines(record, "      ")].join("\n");
}

function leftText({ line, record, because }: LeftLine): string {
  const outcome =
    record === null
      ? `unparsed: ${because}`
      : `recovered: ${fieldList(knownFields(record))}\n${recordLines(record, "      ").join("\n")}`;
  return `  ${shownLine(line)}\n    ${outcome}`;
}

function shownLine(line: string): string {
  const more = line.length > MAX_LINE_CHARS ? ` (${formatCount(line.length)} characters)` : "";
  return line === "" ? "(an empty line)" : `${printable(cut(line.replaceAll("\t", "⇥"), MAX_LINE_CHARS))}${more}`;
}

/** The same as an object; lines are cut alike. Its shape is public: fields are added, never changed. */
export function explanationJson({ template, parsed, left, headers, ...rest }: Explanation): object {
  return {
    ...rest,
    layout: template === null ? null : templatePattern(template),
    headers: headers.map((line) => cut(line, MAX_LINE_CHARS)),
    parsed: parsed.map(({ line, record }) => ({ line: line === null ? null : cut(line, MAX_LINE_CHARS), record })),
    left: left.map(({ line, record, because }) => ({
      line: cut(line, MAX_LINE_CHARS),
      outcome: record === null ? "unparsed" : "recovered",
      record,
      because,
    })),
  };
}
