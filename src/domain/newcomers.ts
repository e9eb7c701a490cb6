import { sum } from "./robust.ts";
import type { ClientGroup, ClientGroups } from "./traffic.ts";
import { isBrowser } from "./traits.ts";

/** Some of the clients that came with a spike, and what they are like. Shares are 0–1 of requests or clients. */
export interface Arrivals {
  /** Requests beyond what clients of the same kind usually send. */
  readonly excess: number;
  readonly clients: number;
  readonly requests: number;
  /** Of the clients, those of whose network nobody was there before. */
  readonly newNetShare: number;
  /** Of the clients, those that ask for one path template and nothing else. */
  readonly oneTemplateShare: number;
  readonly changesAgentShare: number;
  /** Of the clients whose user agent is known, those with a browser's; null where none is known. */
  readonly browserShare: number | null;
  /** Of the requests, those answered with 400 to 499. */
  readonly clientErrorShare: number;
  /** The user agent and the first path template that most of these clients have, and their share of the clients. */
  readonly agent: { readonly value: string; readonly share: number } | null;
  readonly landing: { readonly value: string; readonly share: number } | null;
}

/** Who came with a spike: clients that are not in the baseline, as far as they behave like people or like programs. */
export interface NewcomerSplit {
  /** Whether people can be told from programs by what pages need: usual visitors load it, and it is in the log. */
  readonly tellsByAssets: boolean;
  /** Load what pages need; all newcomers where that tells nothing. */
  readonly people: Arrivals;
  /** Do not; all newcomers where that tells nothing. */
  readonly programs: Arrivals;
  /** Everybody who was there before: their requests beyond the usual. */
  readonly returningExcess: number;
}

/** A site whose pages need nothing from here shows no difference between people and programs. */
const MIN_USUAL_LOADERS = 0.4;

/**
 * Splits who came with the spike; `timeFactor` is the length of the spike over that of the baseline.
 *
 * Whoever was turned away with errors alone may be a person whose page never came: they are left out of both.
 */
export function splitNewcomers(groups: ClientGroups, timeFactor: number): NewcomerSplit {
  const baseline = groups.all.filter(({ window }) => window === "baseline");
  const answered = (group: ClientGroup) => !group.isTurnedAway;
  const loaders = clientsIn(baseline.filter(({ loadsAssets }) => loadsAssets));
  const usual = clientsIn(baseline.filter(answered));
  const tellsByAssets = usual > 0 && loaders / usual >= MIN_USUAL_LOADERS;
  const isPerson = (group: ClientGroup) => answered(group) && (!tellsByAssets || group.loadsAssets);
  const isProgram = (group: ClientGroup) => answered(group) && (!tellsByAssets || !group.loadsAssets);
  const people = arrivals(groups, timeFactor, isPerson);
  const programs = arrivals(groups, timeFactor, isProgram);
  // Of people too, some load nothing: their browser has it. As many as usual are taken for people.
  const perLoader = usualOthersPerLoader(baseline.filter(answered));
  const expected = requestsIn(baseline.filter((group) => group.isNew && isProgram(group))) * timeFactor;
  const hidden = tellsByAssets ? Math.min(programs.excess, Math.max(0, perLoader * people.requests - expected)) : 0;
  const returning = (window: ClientGroup["window"]) =>
    requestsIn(groups.all.filter((group) => group.window === window && !group.isNew));
  return {
    tellsByAssets,
    people: { ...people, excess: people.excess + Math.max(0, hidden) },
    programs: { ...programs, excess: programs.excess - Math.max(0, hidden) },
    returningExcess: returning("spike") - timeFactor * returning("baseline"),
  };
}

/** Requests of new clients that load no assets over those of new clients that do, as it usually is. */
function usualOthersPerLoader(baseline: readonly ClientGroup[]): number {
  const isNew = baseline.filter((group) => group.isNew);
  const loaders = requestsIn(isNew.filter(({ loadsAssets }) => loadsAssets));
  return loaders === 0 ? 0 : requestsIn(isNew.filter(({ loadsAssets }) => !loadsAssets)) / loaders;
}

function arrivals(groups: ClientGroups, timeFactor: number, isCounted: (group: ClientGroup) => boolean): Arrivals {
  const counted = (list: readonly ClientGroup[], window: ClientGroup["window"]) =>
    list.filter((group) => group.window === window && group.isNew && isCounted(group));
  const all = counted(groups.all, "spike");
  const named = counted(groups.named, "spike");
  const clients = clientsIn(all);
  const shareOf = (isOne: (group: ClientGroup) => boolean) =>
    clients === 0 ? 0 : clientsIn(all.filter(isOne)) / clients;
  const known = named.filter(({ userAgent }) => userAgent !== null);
  return {
    excess: requestsIn(all) - timeFactor * requestsIn(counted(groups.all, "baseline")),
    clients,
    requests: requestsIn(all),
    newNetShare: shareOf(({ isNetNew }) => isNetNew),
    oneTemplateShare: shareOf(({ staysOnOne }) => staysOnOne),
    changesAgentShare: shareOf(({ changesAgent }) => changesAgent),
    browserShare:
      known.length === 0
        ? null
        : clientsIn(known.filter(({ userAgent }) => isBrowser(userAgent ?? ""))) / clientsIn(known),
    clientErrorShare: sum(all.map(({ clientErrors }) => clientErrors)) / Math.max(1, requestsIn(all)),
    agent: leading(named, clients, ({ userAgent }) => userAgent),
    landing: leading(named, clients, ({ landing }) => landing),
  };
}

function leading(
  groups: readonly ClientGroup[],
  clients: number,
  textOf: (group: ClientGroup) => string | null,
): { value: string; share: number } | null {
  const byValue = new Map<string, number>();
  for (const group of groups) {
    const value = textOf(group);
    if (value !== null) byValue.set(value, (byValue.get(value) ?? 0) + group.clients);
  }
  let best: { value: string; share: number } | null = null;
  for (const [value, count] of byValue) {
    const share = count / clients;
    if (best === null || share > best.share || (share === best.share && value < best.value)) best = { value, share };
  }
  return best;
}

function clientsIn(groups: readonly ClientGroup[]): number {
  return sum(groups.map(({ clients }) => clients));
}

function requestsIn(groups: readonly ClientGroup[]): number {
  return sum(groups.map(({ requests }) => requests));
}

/** A path that fewer of the programs came to first is where anybody may come. */
const MIN_LANDING_SHARE = 0.05;

/** Gives the path templates that new clients which behave like programs come to first, far more than before. */
export function programLandings(groups: ClientGroups, timeFactor: number): readonly string[] {
  const { programs } = splitNewcomers(groups, timeFactor);
  if (programs.clients === 0) return [];
  const isLike = (group: ClientGroup) => group.isNew && !group.isTurnedAway && !group.loadsAssets;
  const count = (window: ClientGroup["window"], landing: string) =>
    clientsIn(groups.named.filter((group) => group.window === window && isLike(group) && group.landing === landing));
  const landings = [...new Set(groups.named.flatMap(({ landing }) => landing ?? []))];
  return landings.filter((landing) => {
    const now = count("spike", landing);
    return now >= MIN_LANDING_SHARE * programs.clients && now >= 2 * timeFactor * count("baseline", landing);
  });
}
