import { newId } from "../ids.ts";
import type { JsonObject } from "../json.ts";
import { isSubscribed } from "../manifest.ts";
import type { WorkspaceParts } from "../parts.ts";

/** @source https://docs.slack.dev/apis/events-api#retries */
const RETRY_DELAYS_MS = [0, 60_000, 300_000];

/**
 * Tells the app of an event, if its manifest asks for it, and again while it
 * does not acknowledge. Returns at once.
 */
export function sendEvent(subscription: string, event: JsonObject, parts: WorkspaceParts): void {
  if (!isSubscribed(parts.manifest, subscription)) return;
  const { team, app } = parts.store.read();
  const payload: JsonObject = {
    type: "event_callback",
    token: "sandbox",
    team_id: team.id,
    context_team_id: team.id,
    api_app_id: app.id,
    event: { ...event, event_ts: event["event_ts"] ?? parts.nextTs() },
    event_id: newId("Ev"),
    event_time: Math.floor(parts.nowMs() / 1000),
    authorizations: [{ team_id: team.id, user_id: app.userId, is_bot: true, is_enterprise_install: false }],
    is_ext_shared_channel: false,
  };
  void attempt(payload, 0, parts);
}

async function attempt(payload: JsonObject, count: number, parts: WorkspaceParts): Promise<void> {
  const delivery = await parts.hub.deliver({
    type: "events_api",
    payload,
    acceptsResponse: false,
    ...(count === 0 ? {} : { retry: { attempt: count, reason: "timeout" } }),
  });
  const delayMs = RETRY_DELAYS_MS[count];
  if (delivery.kind !== "timed-out" || delayMs === undefined) return;
  setTimeout(() => void attempt(payload, count + 1, parts), delayMs).unref();
}
