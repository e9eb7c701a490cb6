import { formatNetwork } from "../../domain/address.ts";
import { formatRateLimit, measureOf, wordsOf } from "../../domain/address-measure.ts";
import { formatDuration } from "../../domain/duration.ts";
import type { Prediction } from "../../domain/prediction.ts";
import type { BlockChange, Change, ScaleChange } from "../../domain/proposal.ts";
import { scaleEndMs } from "../../domain/scale-span.ts";
import { formatUtc } from "../../domain/utc.ts";
import { bold, code, plain } from "../escape.ts";
import { moment } from "../moment.ts";
import { percent, plural, times, usd } from "./numbers.ts";

/** What a change is, in a few words: "Block 2 addresses on web for 2 h". */
export function changeTitle(change: Change): string {
  return change.dryRun ? `Dry run: ${plainTitle(change)}` : plainTitle(change);
}

function plainTitle(change: Change): string {
  const duration = formatDuration(change.durationSecs);
  switch (change.kind) {
    case "block": {
      const [only] = change.addresses;
      const what =
        change.addresses.length === 1 && only !== undefined
          ? formatNetwork(only)
          : plural(change.addresses.length, "address", "addresses");
      return `${wordsOf(change).verb} ${what} on ${change.service} for ${duration}`;
    }
    case "scale": {
      const start = change.startMs === undefined ? "" : ` at ${formatUtc(change.startMs)}`;
      return `Scale ${change.service} from ${change.fromInstances} to ${plural(change.toInstances, "instance")}${start} for ${duration}`;
    }
  }
}

/** Exactly what will be done: every address, every number. */
export function changeDetail(change: Change): string {
  const until = `until ${formatDuration(change.durationSecs)} after it is applied`;
  switch (change.kind) {
    case "block":
      return `${blockDetail(change, until)}: ${addressList(change.addresses)}${measureNote(change)}${overrideText(change.overrides ?? [])}`;
    case "scale":
      return `Raises minimum and desired capacity of ${bold(change.service)} from ${change.fromInstances} to ${change.toInstances}${raisedMaxText(change)}, ${spanText(change) ?? until}; then puts back what was there before.`;
  }
}

function raisedMaxText({ raisesMaxFrom, toInstances }: ScaleChange): string {
  return raisesMaxFrom === undefined ? "" : `, and ${bold(`its maximum from ${raisesMaxFrom} to ${toInstances}`)}`;
}

function blockDetail({ service, measure, rateLimit }: BlockChange, until: string): string {
  switch (measureOf({ measure })) {
    case "block":
      return `Adds to the firewall of ${bold(service)}, ${until}`;
    case "rate-limit": {
      const limit = rateLimit === undefined ? "the limit of the prepared rule" : formatRateLimit(rateLimit);
      return `Limits each address on ${bold(service)} to ${limit}, ${until}`;
    }
    case "challenge":
      return `Lets only browsers in on ${bold(service)}, ${until}, of`;
  }
}

/**
 * What whoever approves has to know of a milder measure.
 *
 * @source https://docs.aws.amazon.com/waf/latest/developerguide/waf-captcha-and-challenge-how-it-works.html: only a GET
 * of text/html can be answered with the page that solves a challenge
 */
export function measureNote(change: BlockChange): string {
  switch (measureOf(change)) {
    case "block":
      return "";
    case "rate-limit":
      return "\nThe firewall counts roughly and takes up to half a minute to notice, now and then several minutes; who goes on above the limit gets nothing until they slow down.";
    case "challenge":
      return "\n:warning: Only a browser passes, and only on a page (GET of text/html). From these addresses calls to APIs, forms, files and apps without JavaScript fail.";
  }
}

function overrideText(overrides: readonly string[]): string {
  return overrides.length === 0
    ? ""
    : `\n:rotating_light: *Against the guards* ${overrides.map((rule) => code(rule)).join(", ")}`;
}

/** From when until when, where that is known before it is applied. */
function spanText(change: ScaleChange): string | null {
  const { startMs } = change;
  return startMs === undefined ? null : `from ${moment(startMs)} until ${moment(scaleEndMs(change, startMs))}`;
}

/** Every address in code style; a card has to show all of what it asks for. */
export function addressList(addresses: readonly string[]): string {
  return addresses.map((address) => code(formatNetwork(address), 50)).join(" ");
}

/** What a change is expected to do and to harm, as clauses without a full stop. */
export function predictionText(predicted: Prediction, service: string): string {
  const parts: string[] = [];
  if (predicted.excessRemoved !== null) {
    const harm =
      predicted.baselineHarmed === 0
        ? "no request of the time before"
        : `${percent(predicted.baselineHarmed)} of the requests of the time before (${percent(predicted.baselineClientsHarmed)} of its clients)`;
    parts.push(`removes ${percent(predicted.excessRemoved)} of the excess and ${harm}`);
    parts.push(`leaves ${plain(service)} at ${times(predicted.ratioAfter)} its usual requests`);
  } else {
    parts.push("removes no requests; it serves them");
  }
  if (predicted.costPerHourUsd !== null) parts.push(`costs ${usd(predicted.costPerHourUsd)} an hour`);
  return parts.join("; ");
}
