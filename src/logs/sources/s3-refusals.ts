/** Why a window's logs in S3 are not read, in words for those who can change it. */
import type { TimeWindow } from "../../domain/time-window.ts";
import { formatUtcWindow } from "../../domain/utc.ts";
import { UserError } from "../../errors.ts";
import type { Layout } from "./layouts/layout.ts";

/** Gives the refusal of what is over a limit; null where nothing is. */
export function tooMuch(
  found: { readonly objectsFound: number; readonly bytesFound: number },
  limits: { readonly maxBytes: number; readonly maxObjects: number },
  window: TimeWindow,
): UserError | null {
  const { objectsFound, bytesFound } = found;
  const { maxBytes, maxObjects } = limits;
  if (bytesFound <= maxBytes && objectsFound <= maxObjects) return null;
  const [limit, key] =
    bytesFound > maxBytes ? [formatBytes(maxBytes), "logs.maxBytes"] : [`${maxObjects} objects`, "logs.maxObjects"];
  return new UserError(
    "logs-too-big",
    `The logs of ${formatUtcWindow(window)} are ${objectsFound} objects of ${formatBytes(bytesFound)} together, over the limit of ${limit}. Ask for a shorter window, or raise \`${key}\` in spillway.yaml.`,
  );
}

export function notFound(search: {
  readonly layout: Layout;
  /** As an address: `s3://bucket/folder`. */
  readonly place: string;
  readonly window: TimeWindow;
  readonly isAnyThere: boolean;
}): UserError {
  const { layout, place, window, isAnyThere } = search;
  const { comes, whose, where } = layout.hints;
  const why = isAnyThere
    ? `Either it had no request then, or the files are not there yet (they come ${comes}), or ${whose} in spillway.yaml names another one.`
    : `Nothing at all is there: check \`logs\` in spillway.yaml (${where}), and that these logs are switched on.`;
  return new UserError("logs-not-found", `No ${layout.title} for ${formatUtcWindow(window)} in ${place}. ${why}`);
}

export function noWindow(place: string): UserError {
  const what = `All logs in ${place} may be years; say which part to read, such as the last 30m.`;
  return new UserError("logs-window-missing", what);
}

function formatBytes(bytes: number): string {
  return bytes < 1024 ** 3 ? `${(bytes / 1024 ** 2).toFixed(1)} MiB` : `${(bytes / 1024 ** 3).toFixed(1)} GiB`;
}
