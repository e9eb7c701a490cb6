import type { JsonObject } from "../json.ts";
import type { WorkspaceParts } from "../parts.ts";
import type { Args } from "./args.ts";

/**
 * One method of the Web API: gives what stands beside `ok: true`.
 *
 * @throws ApiFailure for what Slack answers with `ok: false`.
 */
export type ApiMethod = (args: Args, parts: WorkspaceParts) => JsonObject;

/** Methods by their names: "chat.postMessage". */
export type MethodFamily = Readonly<Record<string, ApiMethod>>;
