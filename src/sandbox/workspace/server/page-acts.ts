import { z } from "zod";
import { click } from "../acts/click.ts";
import { dismissEphemeral } from "../acts/dismiss.ts";
import type { Outcome } from "../acts/interaction.ts";
import { closeModal, submitModal } from "../acts/modal.ts";
import { UnknownThing } from "../acts/named.ts";
import { openApp } from "../acts/open-app.ts";
import { toggleReaction } from "../acts/react.ts";
import { say } from "../acts/say.ts";
import { pickShortcut } from "../acts/shortcut.ts";
import type { JsonObject } from "../json.ts";
import type { WorkspaceParts } from "../parts.ts";

const object = z.custom<JsonObject>((value) => typeof value === "object" && value !== null && !Array.isArray(value));
const place = z.object({ channelId: z.string(), ts: z.string() });
const person = { personId: z.string() };

/** What a person can do on the page: how it is asked for, and who does it. */
const ACTS = {
  say: act(
    z.object({ ...person, channelId: z.string(), threadTs: z.string().nullable(), text: z.string().max(12_000) }),
    say,
  ),
  click: act(
    z.object({
      ...person,
      source: z.discriminatedUnion("kind", [
        z.object({ kind: z.literal("message"), channelId: z.string(), ts: z.string() }),
        z.object({ kind: z.literal("view"), viewId: z.string() }),
      ]),
      action: object,
      values: object,
    }),
    click,
  ),
  "submit-modal": act(z.object({ ...person, viewId: z.string(), values: object }), submitModal),
  "close-modal": act(z.object({ ...person, viewId: z.string(), isCleared: z.boolean() }), closeModal),
  shortcut: act(z.object({ ...person, callbackId: z.string(), message: place.nullable() }), pickShortcut),
  react: act(z.object({ ...person, ...place.shape, name: z.string().max(100) }), toggleReaction),
  "open-app": act(z.object({ ...person, tab: z.enum(["home", "messages"]) }), openApp),
  dismiss: act(z.object({ ...person, ...place.shape }), dismissEphemeral),
} as const;

/** Carries out what the page asks for; null where there is no such act. */
export async function carryOut(name: string, fields: unknown, parts: WorkspaceParts): Promise<Outcome | null> {
  const run = Object.hasOwn(ACTS, name) ? ACTS[name as keyof typeof ACTS] : undefined;
  if (run === undefined) return null;
  try {
    return await run(fields, parts);
  } catch (err) {
    if (err instanceof UnknownThing) return { kind: "refused", reason: err.message };
    if (err instanceof z.ZodError) return { kind: "refused", reason: z.prettifyError(err) };
    throw err;
  }
}

function act<Schema extends z.ZodType>(
  schema: Schema,
  perform: (fields: z.infer<Schema>, parts: WorkspaceParts) => Outcome | Promise<Outcome>,
): (fields: unknown, parts: WorkspaceParts) => Promise<Outcome> {
  return async (fields, parts) => perform(schema.parse(fields), parts);
}
