import { playCacheBypass } from "./causes/cache-bypass.ts";
import { playClientRegression } from "./causes/client-regression.ts";
import { playDistributedFlood } from "./causes/distributed-flood.ts";
import { playFlashCrowd } from "./causes/flash-crowd.ts";
import { playHeavyClient } from "./causes/heavy-client.ts";
import { playRetryStorm } from "./causes/retry-storm.ts";
import { playScanner } from "./causes/scanner.ts";
import { playSlowBackend } from "./causes/slow-backend.ts";
import type { PlayedCause, Setting } from "./setting.ts";
import type { TrueKind } from "./truth.ts";

/** How each kind is played. */
export const PLAYED: Readonly<Record<TrueKind, (setting: Setting) => PlayedCause>> = {
  "heavy-client": playHeavyClient,
  scanner: playScanner,
  "distributed-flood": playDistributedFlood,
  "flash-crowd": playFlashCrowd,
  "cache-bypass": playCacheBypass,
  "client-regression": playClientRegression,
  "retry-storm": playRetryStorm,
  "slow-backend": playSlowBackend,
};
