import { UserError } from "../../../errors.ts";
import type { LineTemplate, Meaning, Part } from "../line-template.ts";

/** A piece of a format string: text as it is, or a variable of the server. */
export type FormatPiece =
  | { readonly kind: "text"; readonly text: string }
  | {
      readonly kind: "variable";
      /** As written, for messages. */
      readonly source: string;
      readonly is: Meaning;
      /** Of several for the same, the one with the least counts. */
      readonly rank: number;
    };

/** The server that a format string is of, for messages. */
export interface FormatSource {
  /** "nginx log_format". */
  readonly what: string;
  /** What is missing where no time is logged. */
  readonly times: string;
}

/**
 * Makes the template of a format string that was taken apart.
 * @throws {UserError} `bad-log-format` where two variables touch, or where nothing tells of time or request
 */
export function compilePieces(
  pieces: readonly FormatPiece[],
  source: FormatSource,
  rules: Pick<LineTemplate, "escaping" | "legs">,
): LineTemplate {
  const parts: Part[] = [];
  let previous: string | null = null;
  for (const piece of pieces) {
    if (piece.kind === "text") {
      previous = null;
      appendText(parts, piece.text);
      continue;
    }
    if (previous !== null) {
      const both = `${previous} and ${piece.source}`;
      throw badFormat(source, `${both} touch; a character that is in neither must stand between them`);
    }
    previous = piece.source;
    parts.push({ kind: "field", is: isBest(piece, pieces) ? piece.is : "ignored" });
  }
  requireEnough(parts, source);
  return { parts: [...parts, ...openEnd(parts)], ...rules };
}

/** Says of a format string what is wrong with it. */
export function badFormat(source: FormatSource, problem: string): UserError {
  return new UserError("bad-log-format", `The ${source.what} cannot be read: ${problem}.`);
}

function appendText(parts: Part[], text: string): void {
  const last = parts.at(-1);
  if (last?.kind === "literal") parts[parts.length - 1] = { kind: "literal", text: last.text + text };
  else if (text !== "") parts.push({ kind: "literal", text });
}

function isBest(piece: FormatPiece & { kind: "variable" }, pieces: readonly FormatPiece[]): boolean {
  return !pieces.some((other) => other.kind === "variable" && isSame(other.is, piece.is) && other.rank < piece.rank);
}

function isSame(one: Meaning, other: Meaning): boolean {
  if (typeof one === "string" || typeof other === "string") {
    return topicOf(one) === topicOf(other) && one !== "ignored";
  }
  if ("time" in one && "time" in other) return one.time === other.time;
  return "secs" in one && "secs" in other && one.secs === other.secs;
}

function topicOf(is: Meaning): Meaning {
  return is === "client-with-port" ? "client" : is;
}

function requireEnough(parts: readonly Part[], source: FormatSource): void {
  const meanings = parts.flatMap((part) => (part.kind === "field" ? [part.is] : []));
  if (!meanings.some((is) => typeof is === "object" && "time" in is)) {
    throw badFormat(source, `it logs no time; it needs ${source.times}`);
  }
  const tellsRequest: readonly Meaning[] = ["client", "client-with-port", "status", "request", "method", "url", "path"];
  if (!meanings.some((is) => tellsRequest.includes(is))) {
    throw badFormat(source, "it logs nothing of a request; it needs the client, the status or the request");
  }
}

/** People add fields to a format and forget to say so: what follows after a blank is let be where that can be told. */
function openEnd(parts: readonly Part[]): readonly Part[] {
  const last = parts.at(-1);
  const mayGoOn =
    (last?.kind === "field" && !mayHoldBlanks(last.is)) || (last?.kind === "literal" && last.text.endsWith('"'));
  return mayGoOn ? [{ kind: "may-end" }, { kind: "literal", text: " " }, { kind: "rest" }] : [];
}

function mayHoldBlanks(is: Meaning): boolean {
  const texts: readonly Meaning[] = ["request", "url", "path", "query", "user-agent", "referer", "forwarded-for"];
  return texts.includes(is);
}
