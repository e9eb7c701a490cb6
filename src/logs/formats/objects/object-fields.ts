import type { LogRecord } from "../../record.ts";
import type { FieldValue } from "../format.ts";
import type { Escaping, LegsRule, Meaning } from "../line-template.ts";
import { endRecord, startRecord } from "../record-draft.ts";
import { tell } from "../tell-field.ts";

/**
 * What the fields of an object stand for, nested ones as `request.headers.User-Agent`; where several stand for the
 * same, the first that is known counts. Names are compared as `plainName` makes them.
 */
export type FieldMap = readonly (readonly [path: string, is: Meaning])[];

/** How to read the objects of one format. */
export interface FieldRules {
  readonly fields: FieldMap;
  readonly escaping: Escaping;
  readonly legs: Exclude<LegsRule, "nginx">;
}

export type Fields = Readonly<Record<string, FieldValue>>;

/**
 * Makes names alike that mean the same: tables write `cs_user_agent` for `cs(User-Agent)`, and letters of headers
 * are large or small as the client likes.
 */
export function plainName(name: string): string {
  return name
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, "_")
    .replace(/^_|_$/g, "");
}

/** Makes the reader of a format's objects; it goes over each object once, and into those it knows something of. */
export function fieldReader(rules: FieldRules): (object: Fields) => LogRecord | null {
  const { fields } = rules;
  const root = treeOf(fields);
  return (object) => {
    const values = new Array<FieldValue>(fields.length).fill(undefined);
    collect(root, object, values);
    const draft = startRecord(rules);
    fields.forEach(([, is], index) => {
      tell(draft, is, values[index]);
    });
    return endRecord(draft);
  };
}

interface Node {
  /** Which of the map's fields the value is; null where it only holds some. */
  index: number | null;
  readonly children: Map<string, Node>;
  /** Names as they come, so that each is made plain once. */
  readonly seen: Map<string, Node | null>;
}

/** Anybody can send headers with ever new names. */
const MAX_SEEN = 500;

function treeOf(fields: FieldMap): Node {
  const root = newNode();
  fields.forEach(([path], index) => {
    let node = root;
    for (const name of path.split(".").map(plainName)) {
      const child = node.children.get(name) ?? newNode();
      node.children.set(name, child);
      node = child;
    }
    node.index = index;
  });
  return root;
}

function newNode(): Node {
  return { index: null, children: new Map(), seen: new Map() };
}

function childOf(node: Node, name: string): Node | null {
  const known = node.seen.get(name);
  if (known !== undefined) return known;
  const child = node.children.get(plainName(name)) ?? null;
  if (node.seen.size < MAX_SEEN) node.seen.set(name, child);
  return child;
}

function collect(node: Node, object: object, values: FieldValue[]): void {
  for (const name of Object.keys(object)) {
    const child = childOf(node, name);
    if (child !== null) take(child, (object as Readonly<Record<string, unknown>>)[name], values);
  }
}

function take(node: Node, value: unknown, values: FieldValue[]): void {
  if (node.index !== null) values[node.index] ??= scalarOf(value);
  if (node.children.size === 0 || typeof value !== "object" || value === null) return;
  if (Array.isArray(value)) takeHeaders(node, value, values);
  else collect(node, value, values);
}

/** Headers come as `[{"name": "Host", "value": "shop.example"}]`. */
function takeHeaders(node: Node, headers: readonly unknown[], values: FieldValue[]): void {
  for (const header of headers) {
    if (typeof header !== "object" || header === null || !("name" in header) || !("value" in header)) continue;
    const child = typeof header.name === "string" ? childOf(node, header.name) : null;
    if (child === null) continue;
    const before = child.index === null ? undefined : values[child.index];
    if (child.index !== null && typeof before === "string") values[child.index] = scalarOf([before, header.value]);
    else take(child, header.value, values);
  }
}

/** A header that was sent several times is a list, and means the same as one with commas. */
function scalarOf(value: unknown): FieldValue {
  if (!Array.isArray(value)) return value as FieldValue;
  const texts = value.filter((item) => typeof item === "string");
  return texts.length === 0 ? null : texts.join(", ");
}
