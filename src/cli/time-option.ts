import { UserError } from "../errors.ts";

const ISO = /^(\d{4}-\d\d-\d\d)(?:[T ](\d\d:\d\d(?::\d\d(?:\.\d{1,9})?)?)(Z|[+-]\d\d:?\d\d)?)?$/;

/**
 * Reads a moment as epoch ms: a day, or a day and a time, in UTC where no zone is given.
 *
 * @throws {UserError} `bad-option`
 */
export function readTime(option: string, text: string): number {
  const [, day = "", time = "00:00", zone = "Z"] = ISO.exec(text) ?? [];
  const timeMs = Date.parse(`${day}T${time}${zone.replace(/^([+-]\d\d)(\d\d)$/, "$1:$2")}`);
  // JavaScript takes 31 February for a day in March.
  const isDay = Number.isFinite(timeMs) && new Date(`${day}T00:00Z`).toISOString().startsWith(day);
  if (!isDay) throw new UserError("bad-option", `${option} ${text} is not a time such as 2026-11-21T14:02:00Z.`);
  return timeMs;
}
