/** The process's environment, checked at start. */
import { z } from "zod";
import { checked } from "./checked.ts";

const optionalUrl = z.url().optional();
const BOT_TOKEN = "a bot token that begins with xoxb-";

const variables = z.object({
  SLACK_BOT_TOKEN: z.string(BOT_TOKEN).regex(/^xoxb-/, BOT_TOKEN),
  SLACK_APP_TOKEN: z
    .string()
    .regex(/^xapp-/, "an app-level token that begins with xapp-")
    .optional(),
  SLACK_SIGNING_SECRET: z.string().min(1).optional(),
  SLACK_API_URL: z.url().default("https://slack.com/api/"),
  /** Where Slack's requests are listened for, with SLACK_SIGNING_SECRET. */
  PORT: z
    .string()
    .refine((text) => /^\d{1,5}$/.test(text) && Number(text) <= 65_535, "a port from 0 (any free one) to 65535")
    .transform(Number)
    .prefault("3000"),
  /** On which of this machine's addresses. */
  HOST: z.string().min(1).default("0.0.0.0"),
  AWS_REGION: z.string().min(1).optional(),
  AWS_ENDPOINT_URL: optionalUrl,
  REDIS_URL: optionalUrl,
  DATABASE_URL: optionalUrl,
  /** Where the embedded database and caches live. */
  SPILLWAY_HOME: z.string().min(1).default(".spillway"),
  SPILLWAY_CONFIG: z.string().min(1).default("spillway.yaml"),
  LOG_LEVEL: z.enum(["trace", "debug", "info", "warn", "error", "fatal", "silent"]).default("info"),
});

/** The environment, in the usual names. */
export const Environment = variables.refine(
  (env) => env.SLACK_APP_TOKEN !== undefined || env.SLACK_SIGNING_SECRET !== undefined,
  {
    path: ["SLACK_APP_TOKEN"],
    message: "SLACK_APP_TOKEN (Socket Mode) or SLACK_SIGNING_SECRET (HTTP), one of them",
    when: () => true,
  },
);
export type Environment = z.output<typeof Environment>;

/** What of the environment says where the memory is; all that a command without Slack needs. */
const StoreEnvironment = variables.pick({ DATABASE_URL: true, SPILLWAY_HOME: true, LOG_LEVEL: true });
export type StoreEnvironment = z.output<typeof StoreEnvironment>;

/** @throws {UserError} `env-invalid`, naming every variable that is wrong */
export function readEnvironment(env: Readonly<Record<string, string | undefined>>): Environment {
  return checked(Environment, present(env), "env-invalid", "The environment");
}

/** @throws {UserError} `env-invalid` */
export function readStoreEnvironment(env: Readonly<Record<string, string | undefined>>): StoreEnvironment {
  return checked(StoreEnvironment, present(env), "env-invalid", "The environment");
}

/** A variable that is set to nothing counts as not set. */
function present(env: Readonly<Record<string, string | undefined>>): Readonly<Record<string, string>> {
  return Object.fromEntries(
    Object.entries(env).filter((entry): entry is [string, string] => entry[1] !== undefined && entry[1] !== ""),
  );
}
