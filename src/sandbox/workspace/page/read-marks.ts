import type { WorkspaceState } from "../state/workspace-state.ts";

/** The newest message somebody has seen, by channel. */
export type ReadMarks = Readonly<Record<string, string>>;

/** Whether others said something in a channel since it was last looked at. */
export function isUnread(channelId: string, state: WorkspaceState, personId: string, marks: ReadMarks): boolean {
  const newest = newestTs(channelId, state, personId);
  return newest !== null && newest > (marks[channelId] ?? "");
}

export function newestTs(channelId: string, state: WorkspaceState, personId: string): string | null {
  const messages = (state.messages[channelId] ?? []).filter(
    ({ threadTs, authorId }) => threadTs === null && authorId !== personId,
  );
  return messages.at(-1)?.ts ?? null;
}
