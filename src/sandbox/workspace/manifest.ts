import { z } from "zod";

const commandSchema = z.object({
  command: z.string().startsWith("/"),
  description: z.string(),
  usage_hint: z.string().optional(),
  should_escape: z.boolean().optional(),
});

const shortcutSchema = z.object({
  name: z.string(),
  type: z.enum(["message", "global"]),
  callback_id: z.string(),
  description: z.string(),
});

/** The parts of an app's manifest that the workspace acts on, as Slack spells them. */
export const appManifest = z.object({
  display_information: z.object({ name: z.string() }),
  features: z
    .object({
      slash_commands: z.array(commandSchema).optional(),
      shortcuts: z.array(shortcutSchema).optional(),
    })
    .optional(),
  settings: z
    .object({ event_subscriptions: z.object({ bot_events: z.array(z.string()).optional() }).optional() })
    .optional(),
});

export type AppManifest = z.infer<typeof appManifest>;

/** A command as the composer suggests it. */
export interface OfferedCommand {
  /** With the slash. */
  readonly command: string;
  readonly description: string;
  readonly usageHint: string;
}

export interface OfferedShortcut {
  readonly callbackId: string;
  readonly name: string;
  readonly description: string;
  readonly type: "message" | "global";
}

/** What the page offers to type and pick. */
export interface Offers {
  readonly commands: readonly OfferedCommand[];
  readonly shortcuts: readonly OfferedShortcut[];
  /** A whole line that shows something worth seeing. */
  readonly tryThis: string;
}

export function offersOf(manifest: AppManifest, tryThis: string): Offers {
  return {
    tryThis,
    commands: (manifest.features?.slash_commands ?? []).map((command) => ({
      command: command.command,
      description: command.description,
      usageHint: command.usage_hint ?? "",
    })),
    shortcuts: (manifest.features?.shortcuts ?? []).map((shortcut) => ({
      callbackId: shortcut.callback_id,
      name: shortcut.name,
      description: shortcut.description,
      type: shortcut.type,
    })),
  };
}

/**
 * Whether the app asked for an event. A manifest that names no events gets
 * them all, so that a small test needs none.
 */
export function isSubscribed(manifest: AppManifest, eventName: string): boolean {
  const names = manifest.settings?.event_subscriptions?.bot_events;
  return names === undefined || names.includes(eventName);
}
