/** What explains a spike, by its first cause: one clause or two, without a full stop. */
import { contains } from "./address.ts";
import { ADDRESS_MEASURES, type AddressMeasure, wordsOf } from "./address-measure.ts";
import { busierClients } from "./causes/busier.ts";
import { carrierText } from "./causes/carried.ts";
import { landingPath, sendingHost } from "./causes/flash-crowd.ts";
import type { Scene } from "./causes/scene.ts";
import { wideNetworkClause, wideNetworkOf } from "./causes/wide-network.ts";
import { crawlerClause } from "./crawlers.ts";
import type { Cause } from "./finding.ts";
import { formatCount, formatExcessShare, formatRate, formatRatio, formatShare, shortenForeign } from "./quantity.ts";
import type { GuiltySlice } from "./slices.ts";
import { minutesIn } from "./time-window.ts";
import { crawlerOf, userAgentOf } from "./traits.ts";
import { formatUtcClock } from "./utc.ts";

/** Says who or what explains the spike. */
export function explain(cause: Cause, scene: Scene): string {
  switch (cause.kind) {
    case "heavy-client":
    case "scanner":
      return heavyClients(cause, scene);
    case "distributed-flood":
      return flood(cause, scene) + whereFrom(scene);
    case "flash-crowd":
      return crowd(scene) + whoseCrowd(scene);
    case "cache-bypass":
      return cacheBypass(cause, scene);
    case "client-regression":
      return regression(cause, scene);
    case "retry-storm":
      return retries(cause);
    case "slow-backend":
      return slow(cause, scene);
    case "unknown":
      return unknown(cause, scene) + whereFrom(scene);
    case "no-anomaly":
      return "No excess is left to explain";
  }
}

function whereFrom(scene: Scene): string {
  const wide = wideNetworkOf(scene);
  return wide === null ? "" : `; ${wideNetworkClause(wide)}`;
}

/** People are not to be blocked, wherever they come from; but a crowd of one network may be none. */
function whoseCrowd(scene: Scene): string {
  const wide = wideNetworkOf(scene);
  return wide === null
    ? ""
    : `, though ${formatExcessShare(wide.excessShare)} is one network, ${wide.network}: see whose it is`;
}

/** Says that another cause is there too. */
export function explainBesides(cause: Cause): string {
  const share = formatShare(Math.min(1, Math.max(0, cause.excessShare)));
  const slice = carrierText(cause.slice);
  switch (cause.kind) {
    case "flash-crowd":
      return `${share} of the excess looks like a crowd of people`;
    case "heavy-client":
      return `beside it, heavy clients such as ${slice}, ${share} of the excess`;
    case "scanner":
      return `beside it, a scanner, ${slice}, ${share} of the excess`;
    case "distributed-flood":
      return `beside it, ${share} of the excess looks like a flood by programs${slice === "" ? "" : ` (${slice})`}`;
    case "cache-bypass":
      return `beside it, requests go past the cache${slice === "" ? "" : ` (${slice})`}`;
    case "client-regression":
      return "beside it, every client sends more than it did";
    case "retry-storm":
      return "beside it, clients ask again after errors";
    case "slow-backend":
      return "beside it, answers take longer";
    case "unknown":
    case "no-anomaly":
      return `${share} of the excess is not explained`;
  }
}

const MAX_NAMED = 3;

function heavyClients(cause: Cause, scene: Scene): string {
  const { guilty, guiltyShare, breakdown } = scene;
  const [first] = guilty;
  if (first === undefined) return costlyClient(cause);
  const missing = cause.evidence.find(({ code }) => code === "not-there");
  const seeks = cause.kind === "scanner" && missing !== undefined ? `; ${missing.statement}` : "";
  if (guilty.length > 1) {
    const named = guilty.slice(0, MAX_NAMED).map((slice) => nameOf(slice, scene));
    const more = guilty.length > MAX_NAMED ? ` and ${guilty.length - MAX_NAMED} more` : "";
    return `${guilty.length} clients explain ${formatExcessShare(guiltyShare)}: ${named.join(", ")}${more}${seeks}; ${rest(scene)}`;
  }
  const who = first.dimension === "ip" ? "One client explains" : "One network explains";
  const userAgent = userAgentOf(first, breakdown);
  const named = userAgent === null ? "" : `, "${shortenForeign(userAgent)}"`;
  const seen = first.row.baseline.requests === 0 ? `, first seen ${formatUtcClock(first.row.firstSeenMs)}` : "";
  const rate = formatRate(first.row.spike.requests / Math.max(1, minutesIn(breakdown.spikeWindow)));
  return `${who} ${formatExcessShare(guiltyShare)}: ${nameOf(first, scene)}${named}${seen}, ${rate}${seeks}; ${rest(scene)}`;
}

function costlyClient(cause: Cause): string {
  const costly = cause.evidence.find(({ code }) => code === "share-of-cost");
  return costly === undefined ? "No client stands out" : capitalised(costly.statement);
}

/** What is blocked is still logged by what blocks it, so it still stands out, as does what a limit lets through. */
function nameOf(slice: GuiltySlice, scene: Scene): string {
  const address = slice.row.value;
  const isUnder = (measure: AddressMeasure) => scene.standing[measure].some((network) => contains(network, address));
  const measure = ADDRESS_MEASURES.find(isUnder);
  const crawler = crawlerOf(slice, scene);
  const known = [
    ...(measure === undefined ? [] : [`${wordsOf(measure === "block" ? {} : { measure }).past} already`]),
    ...(crawler === null ? [] : [crawlerClause(crawler)]),
  ];
  return `${shortenForeign(address)}${known.length === 0 ? "" : ` (${known.join("; ")})`}`;
}

function rest({ rest }: Scene): string {
  return rest.ratio > 0
    ? `everybody else is at ${formatRatio(rest.ratio)} their usual requests`
    : "nobody else was there before";
}

function flood(cause: Cause, { split }: Scene): string {
  const clients = formatCount(split?.programs.clients ?? 0);
  const which = split?.tellsByAssets === true ? " that load nothing of what pages need" : "";
  const slice = carrierText(cause.slice);
  const share = formatExcessShare(Math.min(1, cause.excessShare));
  return `${clients} new clients${which} carry ${share}${slice === "" ? "" : `, most of them with ${slice}`}: this looks like a flood by programs, not like people`;
}

function crowd(scene: Scene): string {
  const { clientsRatio, ratio } = scene.rest;
  const sender = sendingHost(scene);
  const page = landingPath(scene);
  const growth =
    clientsRatio === null || clientsRatio <= 0
      ? "Many new clients"
      : `${formatRatio(clientsRatio)} as many clients, each at ${formatRatio(ratio / clientsRatio)} the usual rate`;
  const from = sender === null ? "" : `, sent by ${shortenForeign(sender.host)}`;
  const to = page === null ? "" : `, most of them to ${shortenForeign(page.path)}`;
  return `${growth}${from}${to}: this looks like a crowd of people`;
}

function cacheBypass(cause: Cause, { cost, comparison }: Scene): string {
  const slice = carrierText(cause.slice);
  const what =
    slice === ""
      ? "no part of the site alone carries it"
      : `${formatShare(Math.min(1, cause.excessShare))} of the additional time is ${slice}`;
  const times = formatRatio(cost?.ratio ?? 0);
  return `The servers behind work ${times} as long as usual for ${formatRatio(comparison.ratio)} the requests: ${what}, which goes past the cache`;
}

function regression(cause: Cause, scene: Scene): string {
  const { baseline, spike } = scene.breakdown;
  const busier = busierClients(scene);
  const slice = carrierText(cause.slice);
  const repeats = cause.evidence.find(({ code }) => code === "repeats");
  const bytes = spike.bytes / Math.max(1, spike.requests) / (baseline.bytes / Math.max(1, baseline.requests));
  const factors =
    busier === null
      ? ""
      : `: ${formatRatio(busier.clientsRatio)} as many clients, each at ${formatRatio(busier.each)} the usual rate`;
  const weight = Number.isFinite(bytes) && bytes > 0 ? `, ${formatRatio(bytes)} the usual bytes a request` : "";
  const who = slice === "" ? "Nobody is responsible, everything grew in proportion" : `Clients with ${slice} send more`;
  return `${who}${factors}${weight}${repeats === undefined ? "" : `; ${repeats.statement}`}`;
}

function retries(cause: Cause): string {
  const [failing, after] = ["failing", "after-failures"].map((code) =>
    cause.evidence.find((each) => each.code === code),
  );
  return `Clients ask again because they get no good answer: ${[failing, after].flatMap((each) => each?.statement ?? []).join(", and ")}`;
}

function slow(cause: Cause, { comparison }: Scene): string {
  const leg = cause.evidence.find(({ code }) => code.startsWith("leg-"));
  const slower = cause.evidence.find(({ code }) => code === "slower");
  const slice = carrierText(cause.slice);
  const more = ["lost-syns", "stalls"].flatMap(
    (code) => cause.evidence.find((each) => each.code === code)?.statement ?? [],
  );
  const where = slice === "" ? "" : `, most of it ${slice}`;
  const how = [leg?.statement ?? slower?.statement ?? "answers take longer", ...more].join("; ");
  return `No traffic explains it, there are ${formatRatio(comparison.ratio)} the usual requests: ${uncapitalised(how)}${where}`;
}

function unknown(cause: Cause, { rest, guilty }: Scene): string {
  const leading = cause.evidence.find((evidence) => evidence.code.startsWith("leading-"));
  const proxy = cause.evidence.find((evidence) => evidence.code === "one-address-for-all");
  const behind = proxy === undefined ? "" : `; ${proxy.statement}`;
  if (leading !== undefined) return `No single client explains it: ${leading.statement}${behind}`;
  if (proxy !== undefined) return `Who explains it cannot be told${behind}`;
  if (guilty.length > 0) return "The clients that stand out do not explain most of it";
  const growth =
    rest.clientsRatio === null || rest.clientsRatio <= 0
      ? ""
      : `: ${formatRatio(rest.clientsRatio)} as many clients, each at ${formatRatio(rest.ratio / rest.clientsRatio)} the usual rate`;
  return `What explains it cannot be told yet, everything grew in proportion${growth}`;
}

function capitalised(clause: string): string {
  return `${clause.charAt(0).toUpperCase()}${clause.slice(1)}`;
}

function uncapitalised(clause: string): string {
  return `${clause.charAt(0).toLowerCase()}${clause.slice(1)}`;
}
