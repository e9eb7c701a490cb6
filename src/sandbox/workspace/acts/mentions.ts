import type { WorkspaceState } from "../state/workspace-state.ts";

/** Slack keeps these three as entities, so that its own <…> tokens stand out. */
export function escapeText(text: string): string {
  return text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;");
}

/** Turns @names and #channels that exist into Slack's tokens. */
export function encodeMentions(text: string, state: WorkspaceState): string {
  const names = [...state.people.map(({ id, realName }) => ({ id, name: realName })), state.app].map((member) =>
    "userId" in member ? { id: member.userId, name: member.name } : member,
  );
  const withPeople = names.reduce((sofar, { id, name }) => sofar.replaceAll(mention("@", name), `<@${id}>`), text);
  return state.channels
    .filter(({ kind }) => kind === "channel")
    .reduce((sofar, { id, name }) => sofar.replaceAll(mention("#", name), `<#${id}|${name}>`), withPeople);
}

function mention(sign: string, name: string): RegExp {
  return new RegExp(`(?<![\\w&])${sign}${name.replaceAll(/[.*+?^${}()|[\]\\]/g, "\\$&")}(?![\\w-])`, "gi");
}
