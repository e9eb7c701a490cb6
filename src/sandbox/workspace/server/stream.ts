import type { ServerResponse } from "node:http";
import { type Offers, offersOf } from "../manifest.ts";
import type { WorkspaceParts } from "../parts.ts";
import type { Change } from "../state/change.ts";
import { isChangeFor, stateFor } from "../state/visibility.ts";
import type { WorkspaceState } from "../state/workspace-state.ts";

/** Keeps proxies and browsers from closing a quiet stream. */
const HEARTBEAT_MS = 15_000;

/** What the page hears: everything once, then each change. */
export type StreamItem =
  | { readonly kind: "snapshot"; readonly state: WorkspaceState; readonly offers: Offers }
  | Change;

/** Streams what one person may see to a page, until the page goes. */
export function streamTo(personId: string, response: ServerResponse, parts: WorkspaceParts): void {
  response.writeHead(200, {
    "content-type": "text/event-stream; charset=utf-8",
    "cache-control": "no-store",
    connection: "keep-alive",
  });
  const send = (item: StreamItem) => response.write(`data: ${JSON.stringify(item)}\n\n`);
  send({
    kind: "snapshot",
    state: stateFor(parts.store.read(), personId),
    offers: offersOf(parts.manifest, parts.tryThis),
  });
  const stopWatching = parts.store.watch((change) => {
    if (isChangeFor(change, personId, parts.store.read())) send(change);
  });
  const heartbeat = setInterval(() => response.write(": still here\n\n"), HEARTBEAT_MS).unref();
  response.on("close", () => {
    stopWatching();
    clearInterval(heartbeat);
  });
}
