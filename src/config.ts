/** `spillway.yaml`, checked at start: every mistake at once, with key, value and what is allowed. */
import { readFileSync } from "node:fs";
import { parse as parseYaml, YAMLParseError } from "yaml";
import { z } from "zod";
import { approvals } from "./config/approvals.ts";
import { checked } from "./config/checked.ts";
import { guards } from "./config/guards.ts";
import { services } from "./config/services.ts";
import { duration } from "./config/values.ts";
import { UserError } from "./errors.ts";

/** What `spillway.yaml` holds. */
export const Config = z.strictObject({
  services,
  /** A database of autonomous systems on this machine (`GeoLite2-ASN.mmdb`), by which networks have owners. */
  networkOwners: z.string().min(1).optional(),
  /** Whether every change only says which calls it would make, whatever a service says. What holds already still ends. */
  dryRun: z.boolean().default(false),
  approvals,
  blocks: z
    .strictObject({
      defaultSecs: duration.prefault("1h"),
      maxSecs: duration.prefault("7d"),
      maxAddresses: z.number().int().positive().default(100),
      /** How long before its end people are asked whether a block shall go on; not for one that is hardly longer. */
      warnSecs: duration.prefault("10m"),
    })
    .prefault({}),
  guards,
  spike: z
    .strictObject({
      defaultWindowSecs: duration.prefault("1h"),
      maxWindowSecs: duration.prefault("24h"),
      /** How much before the window is read to know the usual level. */
      baselineSecs: duration.prefault("1h"),
    })
    .prefault({}),
  check: z
    .strictObject({
      /** How long after an action the first look is taken, and how often after that. */
      everySecs: duration.prefault("2m"),
      /** Looks at most so often before it says that it cannot tell, or until the window of a limit is over. */
      rounds: z.number().int().min(1).max(20).default(5),
    })
    .prefault({}),
});
export type Config = z.output<typeof Config>;

/** @throws {UserError} `config-missing`, `config-syntax` or `config-invalid`, naming every key that is wrong */
export function readConfig(path: string): Config {
  let text: string;
  try {
    text = readFileSync(path, "utf8");
  } catch (cause) {
    throw new UserError(
      "config-missing",
      `No configuration at ${path}: copy spillway.example.yaml to it, or name another file in SPILLWAY_CONFIG.`,
      { cause },
    );
  }
  return parseConfig(text, path);
}

/** @throws {UserError} `config-syntax` or `config-invalid` */
export function parseConfig(text: string, name: string): Config {
  let raw: unknown;
  try {
    raw = parseYaml(text);
  } catch (cause) {
    const where = cause instanceof YAMLParseError ? cause.message : String(cause);
    throw new UserError("config-syntax", `${name} is not valid YAML: ${where}`, { cause });
  }
  return checked(Config, raw, "config-invalid", name);
}
