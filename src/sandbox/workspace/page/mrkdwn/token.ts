import { decodeEntities } from "./entities.ts";

/** What stands between < and >: somebody, somewhere, everybody, a moment or an address. */
export type Token =
  | { readonly kind: "person"; readonly id: string }
  | { readonly kind: "channel"; readonly id: string; readonly name: string | null }
  | { readonly kind: "everybody"; readonly name: string }
  | { readonly kind: "link"; readonly url: string; readonly label: string }
  | { readonly kind: "date"; readonly atSecs: number; readonly format: string; readonly url: string | null };

/** Reads a token; null where it is none, and then the text stays as it was written. */
export function parseToken(inside: string): Token | null {
  const [target = "", label] = splitLabel(inside);
  if (/^@[UW][A-Z0-9]+$/.test(target)) return { kind: "person", id: target.slice(1) };
  if (/^#C[A-Z0-9]+$/.test(target)) return { kind: "channel", id: target.slice(1), name: label };
  if (/^!(here|channel|everyone)$/.test(target)) return { kind: "everybody", name: target.slice(1) };
  if (target.startsWith("!date^")) return parseDate(target);
  if (/^(https?:\/\/|mailto:)/.test(target)) {
    const url = decodeEntities(target);
    return { kind: "link", url, label: label === null ? url : decodeEntities(label) };
  }
  return null;
}

function parseDate(target: string): Token | null {
  const [, secs = "", format = "", url = null] = target.split("^");
  const atSecs = Number(secs);
  return Number.isFinite(atSecs) && format !== "" ? { kind: "date", atSecs, format, url } : null;
}

function splitLabel(inside: string): readonly [string, string | null] {
  const at = inside.indexOf("|");
  return at === -1 ? [inside, null] : [inside.slice(0, at), inside.slice(at + 1)];
}
