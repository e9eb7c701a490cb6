import type { LineTemplate, Meaning } from "../line-template.ts";
import { APACHE_HEADERS, APACHE_LETTERS, APACHE_TIMES, APACHE_UNITS } from "./apache-directives.ts";
import { togetherAt } from "./apache-together.ts";
import { badFormat, compilePieces, type FormatPiece } from "./compiled-format.ts";
import { directiveWords, unquote } from "./format-directive.ts";

const SOURCE = { what: "Apache LogFormat", times: "%t, %{sec}t or %{msec}t" };
/** `%`, statuses it is logged for, first or last of redirects, an argument, and one letter or `^` and two. */
const DIRECTIVE = /%(?:!?\d{3}(?:,\d{3})*)?[<>]?(?:\{([^}]*)\})?([<>]?)(\^[A-Za-z]{2}|[A-Za-z])/y;

interface Directive {
  readonly is: Meaning;
  /** Of several for the same, the one with the least counts. */
  readonly rank: number;
}

/**
 * Makes a template of Apache's own description of its log: of the string of a `LogFormat`, or of the whole directive.
 * Directives that say nothing of the request are let be.
 *
 * @throws {UserError} `bad-log-format`, saying what cannot be read, and what can
 * @source https://httpd.apache.org/docs/current/mod/mod_log_config.html#formats
 *
 * @example
 * compileApacheFormat('%h %l %u %t "%r" %>s %b').escaping; // "apache"
 */
export function compileApacheFormat(format: string): LineTemplate {
  return compilePieces(splitFormat(readDirective(format)), SOURCE, { escaping: "apache", legs: "logged" });
}

function readDirective(text: string): string {
  const isDirective = /^\s*LogFormat\s/i.test(text);
  if (!isDirective && !/^\s*"(?:\\.|[^"\\])*"\s*$/s.test(text)) return unquote(text.trim());
  const words = directiveWords(text);
  return words[isDirective ? 1 : 0] ?? "";
}

function splitFormat(format: string): readonly FormatPiece[] {
  const pieces: FormatPiece[] = [];
  for (let at = 0; at < format.length; ) {
    const next = format.indexOf("%", at);
    const together = togetherAt(format, at);
    if (next !== at) {
      pieces.push({ kind: "text", text: format.slice(at, next === -1 ? undefined : next) });
      at = next === -1 ? format.length : next;
    } else if (format[at + 1] === "%") {
      pieces.push({ kind: "text", text: "%" });
      at += 2;
    } else if (together !== null) {
      pieces.push({ kind: "variable", ...together });
      at += together.source.length;
    } else {
      const { source, made } = directiveAt(format, at);
      pieces.push(...made);
      at += source.length;
    }
  }
  return pieces;
}

function directiveAt(format: string, at: number): { source: string; made: readonly FormatPiece[] } {
  DIRECTIVE.lastIndex = at;
  const [source, argument = null, , letter = ""] = DIRECTIVE.exec(format) ?? [];
  if (source === undefined) {
    throw badFormat(SOURCE, `a % without a letter behind it is at character ${at + 1}: ${format.slice(at, at + 12)}`);
  }
  const isBracketed = letter === "t" && argument === null;
  const field = { kind: "variable" as const, source, ...meaningOf(source, letter, argument) };
  const bracket = (text: string) => (isBracketed ? [{ kind: "text" as const, text }] : []);
  return { source, made: [...bracket("["), field, ...bracket("]")] };
}

function meaningOf(source: string, letter: string, argument: string | null): Directive {
  if (letter === "t") return timeOf(source, argument);
  if (letter === "T") return totalOf(source, argument);
  if (letter === "D") return totalOf(source, "us");
  if (letter === "s") return { is: "status", rank: source.includes(">") ? 0 : 1 };
  if (letter === "i") return { is: APACHE_HEADERS.get((argument ?? "").toLowerCase()) ?? "ignored", rank: 0 };
  if (letter === "x") return { is: argument === "SSL_PROTOCOL" ? "tls" : "ignored", rank: 0 };
  const letters = Object.keys(APACHE_LETTERS);
  const rank = letters.indexOf(letter) + (argument === "c" ? letters.length : 0);
  return { is: APACHE_LETTERS[letter] ?? "ignored", rank };
}

/** Apache logs when a request was received, unless told otherwise. */
function timeOf(source: string, argument: string | null): Directive {
  const [, moment, format = ""] = /^(begin:|end:)?(.*)$/.exec(argument ?? "") ?? [];
  const rank = [...APACHE_TIMES.keys()].indexOf(format);
  const as = APACHE_TIMES.get(format);
  if (as !== undefined) return { is: { time: moment === "end:" ? "completed" : "arrival", as }, rank };
  if (/^(msec|usec)_frac$/.test(format)) return { is: "ignored", rank: 0 };
  const allowed = [...APACHE_TIMES.keys()].map((name) => (name === "" ? "%t" : `%{${name}}t`)).join(", ");
  throw badFormat(SOURCE, `${source} is a time whose zone or layout is not known here; allowed are ${allowed}`);
}

/** The finest unit counts. */
function totalOf(source: string, argument: string | null): Directive {
  const unitSecs = APACHE_UNITS.get(argument ?? "s");
  if (unitSecs === undefined) throw badFormat(SOURCE, `${source} has none of the units s, ms and us`);
  return { is: { secs: "total", unitSecs }, rank: unitSecs };
}
