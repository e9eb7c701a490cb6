import type { Incident } from "../src/domain/incident.ts";
import { UserError } from "../src/errors.ts";
import type { CommandContext } from "./context.ts";

/**
 * The incident of that number, or without one the newest of the channel.
 *
 * @throws {UserError} `incident-unknown` or `incident-none`
 */
export async function incidentFor(
  number: number | null,
  channelId: string,
  { store }: CommandContext,
): Promise<Incident> {
  if (number === null) {
    const latest = await store.latestIncident(channelId);
    if (latest !== null) return latest;
    throw new UserError("incident-none", "No incident was declared in this channel yet; `/incident list` shows all.");
  }
  const found = await store.incidentByNumber(number);
  if (found !== null) return found;
  throw new UserError("incident-unknown", `There is no INC-${number}; \`/incident list\` shows all.`);
}

/** @throws {UserError} `incident-none-open` */
export async function openIncidentOf(channelId: string, { store }: CommandContext): Promise<Incident> {
  const open = await store.openIncident(channelId);
  if (open !== null) return open;
  throw new UserError(
    "incident-none-open",
    "No incident is open in this channel. Declare one with `/incident declare TITLE`; `/incident list` shows all.",
  );
}

/** The incident that a button is about. */
export async function incidentById(id: string, { store }: CommandContext): Promise<Incident> {
  const found = await store.incident(id);
  if (found !== null) return found;
  throw new UserError("incident-unknown", "This incident is not known any more; `/incident list` shows all.");
}
