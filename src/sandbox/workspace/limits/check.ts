import { isObject, type Json, type JsonObject, objectsOf } from "../json.ts";

/** One thing that Slack would refuse, where it is, in Slack's own words. */
export interface Problem {
  readonly message: string;
  /** JSON pointer: "/blocks/0/text". */
  readonly pointer: string;
}

/** What a check may ask, and where it tells what it found. */
export interface CheckContext {
  readonly surface: "message" | "modal" | "home";
  hasFile(fileId: string): boolean;
  report(pointer: string, message: string): void;
}

/** Checks one object found at a pointer. */
export type ObjectCheck = (value: JsonObject, pointer: string, context: CheckContext) => void;

export interface TextLimits {
  readonly max: number;
  readonly isRequired?: boolean;
  readonly isPlain?: boolean;
}

/** Checks a text object: its kind, that it says something, and its length in characters. */
export function checkText(value: Json, pointer: string, context: CheckContext, limits: TextLimits): void {
  if (value === undefined || value === null) {
    if (limits.isRequired) context.report(parentOf(pointer), `missing required field: ${nameOf(pointer)}`);
    return;
  }
  if (!isObject(value)) {
    context.report(pointer, "must be an object");
    return;
  }
  const allowed = limits.isPlain ? ["plain_text"] : ["plain_text", "mrkdwn"];
  if (typeof value["type"] !== "string" || !allowed.includes(value["type"])) {
    context.report(`${pointer}/type`, `must be one of: ${allowed.join(", ")}`);
  }
  checkString(value["text"], `${pointer}/text`, context, { max: limits.max, min: 1, isRequired: true });
}

export interface StringLimits {
  readonly max: number;
  readonly min?: number;
  readonly isRequired?: boolean;
}

/** Checks a plain string's length in characters. */
export function checkString(value: Json, pointer: string, context: CheckContext, limits: StringLimits): void {
  if (value === undefined || value === null) {
    if (limits.isRequired) context.report(parentOf(pointer), `missing required field: ${nameOf(pointer)}`);
    return;
  }
  if (typeof value !== "string") {
    context.report(pointer, "must be a string");
    return;
  }
  if (value.length > limits.max) context.report(pointer, `must be less than ${limits.max + 1} characters`);
  if (value.length < (limits.min ?? 0))
    context.report(pointer, `must be more than ${(limits.min ?? 0) - 1} characters`);
}

/** Checks how many items a list has, and each of them. */
export function checkList(
  value: Json,
  pointer: string,
  context: CheckContext,
  rules: { readonly max: number; readonly min?: number; readonly each: ObjectCheck },
): void {
  if (!Array.isArray(value)) {
    context.report(parentOf(pointer), `missing required field: ${nameOf(pointer)}`);
    return;
  }
  if (value.length > rules.max) context.report(pointer, `no more than ${rules.max} items allowed`);
  if (value.length < (rules.min ?? 1)) context.report(pointer, `no fewer than ${rules.min ?? 1} items allowed`);
  for (const [index, item] of objectsOf(value).entries()) rules.each(item, `${pointer}/${index}`, context);
}

/** Checks that an image is somewhere: at an address or among the workspace's files. */
export function checkImage(value: JsonObject, pointer: string, context: CheckContext): void {
  checkString(value["alt_text"], `${pointer}/alt_text`, context, { max: 2000, isRequired: true });
  if (value["image_url"] !== undefined) {
    checkString(value["image_url"], `${pointer}/image_url`, context, { max: 3000, min: 1 });
    return;
  }
  const file = value["slack_file"];
  if (!isObject(file)) {
    context.report(pointer, "must have an image_url or a slack_file");
    return;
  }
  const id = file["id"];
  if (typeof id === "string" ? !context.hasFile(id) : typeof file["url"] !== "string") {
    context.report(`${pointer}/slack_file`, "invalid slack file");
  }
}

function parentOf(pointer: string): string {
  return pointer.slice(0, pointer.lastIndexOf("/"));
}

function nameOf(pointer: string): string {
  return pointer.slice(pointer.lastIndexOf("/") + 1);
}
