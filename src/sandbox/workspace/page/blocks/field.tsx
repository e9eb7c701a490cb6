import type { Json, JsonObject } from "../../json.ts";
import { plainTextOf } from "./text.tsx";

interface FieldControlProps {
  readonly element: JsonObject;
  readonly current: Json;
  readonly labelId?: string;
  onChange(content: Json): void;
}

const INPUT_TYPES: Readonly<Record<string, string>> = {
  number_input: "number",
  email_text_input: "email",
  url_text_input: "url",
  datepicker: "date",
  timepicker: "time",
  datetimepicker: "datetime-local",
};

/** A field to type in: text, a number, a date. */
export function FieldControl({ element, current, labelId, onChange }: FieldControlProps) {
  const type = INPUT_TYPES[String(element["type"])] ?? "text";
  const placeholder = plainTextOf(element["placeholder"]);
  const maxLength = element["max_length"];
  const shared = {
    className: "field",
    placeholder,
    "aria-labelledby": labelId,
    "aria-label": labelId === undefined ? placeholder || String(element["action_id"]) : undefined,
    autoFocus: element["focus_on_load"] === true,
    "data-action-id": String(element["action_id"]),
    ...(typeof maxLength === "number" ? { maxLength } : {}),
  };
  if (element["multiline"] === true) {
    return (
      <textarea
        {...shared}
        rows={4}
        value={String(current ?? "")}
        onChange={(event) => onChange(event.target.value || null)}
      />
    );
  }
  if (type === "datetime-local") {
    return (
      <input
        {...shared}
        type={type}
        value={typeof current === "number" ? localMinute(current) : ""}
        onChange={(event) => onChange(event.target.value === "" ? null : Date.parse(event.target.value) / 1000)}
      />
    );
  }
  return (
    <input
      {...shared}
      type={type}
      value={String(current ?? "")}
      onChange={(event) => onChange(event.target.value || null)}
    />
  );
}

/** "2026-11-21T14:02" in the zone of whoever looks. */
function localMinute(secs: number): string {
  const date = new Date(secs * 1000);
  return new Date(date.getTime() - date.getTimezoneOffset() * 60_000).toISOString().slice(0, 16);
}
