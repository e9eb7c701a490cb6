/** Times as Slack writes them, in the zone and language of whoever looks. */

const DAY_MS = 86_400_000;

export function tsToMs(ts: string): number {
  return Number(ts) * 1000;
}

/** "14:02" */
export function clockTime(ms: number): string {
  return format(ms, { hour: "2-digit", minute: "2-digit", hour12: false });
}

/** "Today", "Yesterday", or "Friday, 14 November". */
export function dayName(ms: number, nowMs: number): string {
  return relativeDay(ms, nowMs) ?? format(ms, { weekday: "long", day: "numeric", month: "long" });
}

/** Fills in the braces of Slack's date tokens. */
export function formatDateToken(atSecs: number, template: string, nowMs: number): string {
  const ms = atSecs * 1000;
  const pretty = (full: string) => relativeDay(ms, nowMs)?.toLowerCase() ?? full;
  const long = format(ms, { weekday: "long", day: "numeric", month: "long", year: "numeric" });
  const middle = format(ms, { day: "numeric", month: "long", year: "numeric" });
  const short = format(ms, { day: "numeric", month: "short", year: "numeric" });
  const values: Readonly<Record<string, string>> = {
    date_num: new Date(ms).toISOString().slice(0, 10),
    date: middle,
    date_pretty: pretty(middle),
    date_short: short,
    date_short_pretty: pretty(short),
    date_long: long,
    date_long_pretty: pretty(long),
    time: clockTime(ms),
    time_secs: format(ms, { hour: "2-digit", minute: "2-digit", second: "2-digit", hour12: false }),
    ago: ago(ms, nowMs),
  };
  return template.replaceAll(/\{(\w+)\}/g, (whole, name: string) => values[name] ?? whole);
}

function ago(ms: number, nowMs: number): string {
  const minutes = Math.round((nowMs - ms) / 60_000);
  const [count, unit] =
    Math.abs(minutes) < 60 ? [minutes, "minute" as const] : [Math.round(minutes / 60), "hour" as const];
  return new Intl.RelativeTimeFormat("en", { numeric: "auto" }).format(-count, unit);
}

function relativeDay(ms: number, nowMs: number): string | null {
  const days = Math.round((startOfDay(nowMs) - startOfDay(ms)) / DAY_MS);
  return { 0: "Today", 1: "Yesterday", [-1]: "Tomorrow" }[days] ?? null;
}

function startOfDay(ms: number): number {
  return new Date(ms).setHours(0, 0, 0, 0);
}

function format(ms: number, options: Intl.DateTimeFormatOptions): string {
  return new Intl.DateTimeFormat("en-GB", options).format(ms);
}
