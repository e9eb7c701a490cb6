import type { JsonObject } from "../json.ts";
import type { WorkspaceParts } from "../parts.ts";
import { withBlockIds } from "./block-ids.ts";
import type { Message } from "./workspace-state.ts";

/** What somebody says; everything else about a message follows. */
export interface Draft {
  readonly channelId: string;
  readonly authorId: string;
  readonly text: string;
  readonly threadTs?: string | null;
  readonly blocks?: readonly JsonObject[];
  readonly metadata?: JsonObject | null;
  readonly fileIds?: readonly string[];
  readonly visibleTo?: string | null;
}

/** Posts a message, which everybody concerned sees at once. */
export function postMessage(parts: Pick<WorkspaceParts, "store" | "nextTs">, draft: Draft): Message {
  const message: Message = {
    channelId: draft.channelId,
    ts: parts.nextTs(),
    threadTs: draft.threadTs ?? null,
    authorId: draft.authorId,
    text: draft.text,
    blocks: withBlockIds(draft.blocks ?? []),
    metadata: draft.metadata ?? null,
    fileIds: draft.fileIds ?? [],
    reactions: [],
    editedTs: null,
    visibleTo: draft.visibleTo ?? null,
  };
  parts.store.apply({ kind: "message-posted", message });
  return message;
}
