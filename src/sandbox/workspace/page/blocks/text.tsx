import { isObject, type Json } from "../../json.ts";
import { Mrkdwn, PlainText } from "../mrkdwn/mrkdwn.tsx";

/** Shows a text object of either kind. */
export function Text({ text }: { readonly text: Json }) {
  if (!isObject(text)) return null;
  const content = String(text["text"] ?? "");
  return text["type"] === "mrkdwn" ? <Mrkdwn text={content} /> : <PlainText text={content} />;
}

export function plainTextOf(text: Json): string {
  return isObject(text) ? String(text["text"] ?? "") : "";
}
