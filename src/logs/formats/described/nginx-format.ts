import type { Escaping, LineTemplate, Meaning } from "../line-template.ts";
import { badFormat, compilePieces, type FormatPiece } from "./compiled-format.ts";
import { directiveWords, unquote } from "./format-directive.ts";
import { NGINX_TOGETHER, NGINX_VARIABLES } from "./nginx-variables.ts";

/** How nginx escapes what it logs: the `escape=` of `log_format`. */
export type NginxEscape = "default" | "json" | "none";

const SOURCE = { what: "nginx log_format", times: "$time_local, $time_iso8601 or $msec" };
const ESCAPING: Readonly<Record<NginxEscape, Escaping>> = { default: "hex", json: "json", none: "none" };
const RANKS = Object.keys(NGINX_VARIABLES);
const VARIABLE = /\$(?:([A-Za-z0-9_]+)|\{([A-Za-z0-9_]+)\})/y;

/**
 * Makes a template of nginx's own description of its log: of what stands between the quotes of a `log_format`, or of
 * the whole directive, whose `escape=` then counts. Variables that say nothing of the request are let be.
 *
 * @throws {UserError} `bad-log-format`, saying what cannot be read, and what can
 * @source https://nginx.org/en/docs/http/ngx_http_log_module.html#log_format
 *
 * @example
 * compileNginxFormat('$remote_addr [$time_local] "$request" $status').legs; // "nginx"
 */
export function compileNginxFormat(format: string, escaping: NginxEscape = "default"): LineTemplate {
  const said = readDirective(format, escaping);
  return compilePieces(splitFormat(said.format), SOURCE, { escaping: ESCAPING[said.escaping], legs: "nginx" });
}

function readDirective(text: string, escaping: NginxEscape): { format: string; escaping: NginxEscape } {
  const isDirective = /^\s*log_format\s/.test(text);
  if (!isDirective && !/^\s*'.*'\s*;?\s*$/s.test(text)) return { format: unquote(text.trim()), escaping };
  const words = directiveWords(text);
  const pieces = isDirective ? words.slice(2) : words;
  const [, named] = /^escape=(.*)$/.exec(pieces[0] ?? "") ?? [];
  if (named === undefined) return { format: pieces.join(""), escaping };
  if (!isEscape(named)) throw badFormat(SOURCE, `escape=${named} is none of default, json and none`);
  return { format: pieces.slice(1).join(""), escaping: named };
}

function isEscape(name: string): name is NginxEscape {
  return Object.hasOwn(ESCAPING, name);
}

function splitFormat(format: string): readonly FormatPiece[] {
  const pieces: FormatPiece[] = [];
  for (let at = 0; at < format.length; ) {
    const piece = togetherAt(format, at) ?? variableAt(format, at) ?? textAt(format, at);
    pieces.push(piece);
    at += piece.kind === "text" ? piece.text.length : piece.source.length;
  }
  return pieces;
}

/** Followed by more of a name, it is another variable: `$argsent`. */
function togetherAt(format: string, at: number): FormatPiece | null {
  const found = NGINX_TOGETHER.find(({ source, before }) => {
    const next = format.charAt(at + source.length);
    return format.startsWith(source, at) && !/\w/.test(next) && (before === undefined || next === before);
  });
  if (found === undefined) return null;
  return { kind: "variable", source: found.source, is: found.is, rank: RANKS.indexOf(found.as) };
}

function variableAt(format: string, at: number): FormatPiece | null {
  if (format[at] !== "$") return null;
  VARIABLE.lastIndex = at;
  const [source, bare, braced] = VARIABLE.exec(format) ?? [];
  const name = bare ?? braced;
  if (source === undefined || name === undefined) {
    throw badFormat(SOURCE, `a $ without a name behind it is at character ${at + 1}: ${format.slice(at, at + 12)}`);
  }
  const is: Meaning = Object.hasOwn(NGINX_VARIABLES, name) ? (NGINX_VARIABLES[name] ?? "ignored") : "ignored";
  return { kind: "variable", source, is, rank: RANKS.indexOf(name) };
}

/** Up to the next variable, or what may begin with one. */
function textAt(format: string, at: number): FormatPiece {
  const end = format.indexOf("$", at);
  return { kind: "text", text: format.slice(at, end === -1 ? undefined : end) };
}
