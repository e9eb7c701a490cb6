/** The sorts of words that commands take, for the grammar of arguments. */
import { parseNetwork } from "../src/domain/address.ts";
import { parseDuration } from "../src/domain/duration.ts";
import { DIMENSIONS, type Dimension } from "../src/domain/traffic.ts";
import type { WallClock } from "../src/domain/wall-clock.ts";
import { UserError } from "../src/errors.ts";
import type { WordKind } from "../src/slack/argument-slots.ts";
import { DIMENSION_WORDS, dimensionWordOf } from "../src/slack/dimension-words.ts";
import { nearest } from "../src/slack/nearest.ts";
import type { CommandContext } from "./context.ts";
import { readWindow, type WindowRequest } from "./window.ts";

type Words<Value> = WordKind<Value, CommandContext>;

export const serviceWord: Words<string> = {
  name: "service",
  expects: (context) => `a service (${serviceNames(context).join(", ")})`,
  known: serviceNames,
  read: (word, context) => serviceNames(context).find((name) => name === word.toLowerCase()) ?? null,
};

function serviceNames({ config }: CommandContext): readonly string[] {
  return Object.keys(config.services);
}

export const windowWord: Words<WindowRequest> = {
  name: "window",
  expects: () => "a window such as 30m, 2h or 14:00-15:30",
  read: readWindow,
};

export const durationWord: Words<number> = {
  name: "2h",
  expects: () => "a duration such as 30m or 2h",
  read: parseDuration,
};

/** A network in its one spelling; what looks like an address and is none is told so. */
export const addressWord: Words<string> = {
  name: "ADDRESS",
  expects: () => "an address or network such as 198.51.100.7 or 203.0.113.0/24",
  read: (word) => {
    const bare = word.replace(/,$/, "");
    const network = parseNetwork(bare);
    if (network.ok) return network.cidr;
    if (!/^[\d.:/a-f]*[.:][\d.:/a-f]*$/i.test(bare)) return null;
    throw new UserError("address-invalid", `${network.reason}.`);
  },
};

const DIMENSION_CHOICES = DIMENSIONS.map(dimensionWordOf);

export const dimensionWord: Words<Dimension> = {
  name: DIMENSION_CHOICES.join("|"),
  expects: () => `one of ${DIMENSION_CHOICES.join(", ")}`,
  known: () => DIMENSION_CHOICES,
  read: readDimension,
};

function readDimension(word: string): Dimension | null {
  return DIMENSIONS.find((dimension) => DIMENSION_WORDS[dimension].includes(word.toLowerCase())) ?? null;
}

/** Overrides guards where two people may. */
export const breakGlassWord: Words<true> = {
  name: "break-glass",
  expects: () => "`break-glass`, to override a guard",
  read: (word) => (/^break-?glass$/i.test(word) ? true : null),
};

export interface ValueFilter {
  readonly dimension: Dimension;
  readonly value: string;
}

/** `ip=198.51.100.7`. */
export const filterWord: Words<ValueFilter> = {
  name: "k=v",
  expects: () => 'a dimension and its value, such as ip=198.51.100.7 or ua="curl 8"',
  read: (word) => {
    const [, key = "", value = ""] = /^([^=\s]+)=(.+)$/u.exec(word) ?? [];
    if (key === "") return null;
    const dimension = readDimension(key);
    if (dimension !== null) return { dimension, value };
    const meant = nearest(key, DIMENSION_CHOICES);
    throw new UserError(
      "dimension-unknown",
      `"${key}" is no dimension; allowed are ${DIMENSION_CHOICES.join(", ")}.${meant === null ? "" : ` Did you mean \`${meant}=${value}\`?`}`,
    );
  },
};

export interface InstancesRequest {
  readonly kind: "by" | "to";
  readonly instances: number;
}

export const moreInstancesWord: Words<InstancesRequest> = {
  name: "+2",
  expects: () => "how many instances more, such as +2, or `to 8`",
  read: (word) => (/^\+\d{1,4}$/.test(word) ? { kind: "by", instances: Number(word.slice(1)) } : null),
};

export const instancesWord: Words<InstancesRequest> = {
  name: "8",
  expects: () => "a number of instances such as 8",
  read: (word) => (/^\d{1,4}$/.test(word) ? { kind: "to", instances: Number(word) } : null),
};

/** `INC-12`, `#12` or `12`. */
export const incidentWord: Words<number> = {
  name: "incident",
  expects: () => "an incident such as INC-12",
  read: (word) => {
    const [, digits] = /^(?:inc-?|#)?(\d{1,7})$/i.exec(word) ?? [];
    return digits === undefined ? null : Number(digits);
  },
};

/** Where free words may follow, a bare number is one of them. */
export const incidentNameWord: Words<number> = {
  ...incidentWord,
  read: (word, context) => (/^\d/.test(word) ? null : incidentWord.read(word, context)),
};

/** A time of the day, as whoever asks reads it off a clock. */
export interface StartRequest {
  readonly clock: WallClock;
  /** Where UTC was written behind it. */
  readonly isUtc: boolean;
}

/** `20:00`, or `20:00Z` and `20:00UTC` for everybody's. */
export const startWord: Words<StartRequest> = {
  name: "20:00",
  expects: () => "a time of the day such as 20:00, or 19:00Z for UTC",
  read: (word) => {
    const [, hour = "", minute = "", utc] = /^(\d{1,2}):(\d{2})(z|utc)?$/i.exec(word) ?? [];
    if (hour === "" || Number(hour) > 23 || Number(minute) > 59) return null;
    return { clock: { hour: Number(hour), minute: Number(minute) }, isUtc: utc !== undefined };
  },
};

/** `preview`: says which calls would be made, to who asks alone, and proposes nothing. */
export const previewWord: Words<true> = {
  name: "preview",
  expects: () => "`preview`, to see the calls that would be made",
  known: () => ["preview"],
  read: (word) => (word.toLowerCase() === "preview" ? true : null),
};
