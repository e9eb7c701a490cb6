import type { Log } from "../../log.ts";
import type { RateLimiter } from "./api/rate-limit.ts";
import type { AppManifest } from "./manifest.ts";
import type { MisbehaviourPlan } from "./misbehaviour.ts";
import type { ResponseUrls } from "./response-urls.ts";
import type { SocketHub } from "./socket/hub.ts";
import type { WorkspaceStore } from "./state/store.ts";
import type { Triggers } from "./triggers.ts";

/** What the Web API, the socket and people's acts work with. */
export interface WorkspaceParts {
  readonly log: Log;
  readonly store: WorkspaceStore;
  /** The bytes of uploaded files, by id. */
  readonly blobs: Map<string, Uint8Array>;
  readonly hub: SocketHub;
  readonly triggers: Triggers;
  readonly responseUrls: ResponseUrls;
  readonly misbehaviour: MisbehaviourPlan;
  readonly rateLimiter: RateLimiter;
  readonly manifest: AppManifest;
  /** What the page tells a newcomer to type. */
  readonly tryThis: string;
  readonly tokens: { readonly bot: string; readonly app: string };
  /** Where the workspace is served, without a slash at the end. */
  origin(): string;
  nowMs(): number;
  nextTs(): string;
}
