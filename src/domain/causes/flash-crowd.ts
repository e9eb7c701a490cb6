import type { Cause } from "../finding.ts";
import { formatExcessShare, formatRatio, formatShare, shortenForeign } from "../quantity.ts";
import { sum } from "../robust.ts";
import { leadingSlice } from "../slices.ts";
import type { Dimension, SliceRow } from "../traffic.ts";
import { isAsset, isBrowser, userAgentOf } from "../traits.ts";
import { extraShare } from "./busier.ts";
import { requestsRose, type Scene } from "./scene.ts";
import { asEvidence, ramp, scoreOf, type Weighed } from "./score.ts";
import { wideNetworkOf } from "./wide-network.ts";

const PRIOR = -1.5;
/** With less of the excess left by the guilty clients, there is no crowd to explain. */
const MIN_REST_SHARE = 0.2;
const MIN_REST_RATIO = 1.2;

/**
 * Judges whether what the guilty clients leave is a crowd of people; null where they leave next to nothing.
 *
 * @source Jung, Krishnamurthy, Rabinovich, "Flash crowds and denial of service attacks", WWW 2002: in a flash crowd
 * requests grow with the number of clients, each as busy as ever
 */
export function flashCrowdCause(scene: Scene): Cause | null {
  const { rest } = scene;
  if (rest.excessShare < MIN_REST_SHARE || rest.ratio < MIN_REST_RATIO || !requestsRose(scene)) return null;
  const tells = scene.split?.tellsByAssets === true;
  const evidence = [
    ...growth(scene),
    ...referer(scene),
    ...landing(scene),
    ...(tells ? peopleLike(scene) : [...agents(scene), ...assets(scene)]),
    ...networks(scene),
    ...oneNetwork(scene),
    ...tryingAgain(scene),
  ];
  const score = scoreOf(PRIOR, evidence);
  return {
    kind: "flash-crowd",
    slice: {},
    excessShare: tells ? Math.min(rest.excessShare, peopleShare(scene)) : rest.excessShare,
    score,
    evidence: asEvidence(evidence),
    rivals: [
      {
        kind: "distributed-flood",
        score: 0.8 * (1 - score),
        decidedBy: "whether these clients load what the pages need, and go on to a second page",
      },
      {
        kind: "client-regression",
        score: 0.5 * (1 - score),
        decidedBy: "whether the same client repeats the same request within two seconds",
      },
    ],
  };
}

/** Who came with the spike and behaves like people, and who was there before and came back: their part of the excess. */
function peopleShare({ split, comparison }: Scene): number {
  if (split === null || comparison.excess <= 0) return 0;
  return Math.max(0, (split.people.excess + Math.max(0, split.returningExcess)) / comparison.excess);
}

function peopleLike(scene: Scene): readonly Weighed[] {
  const { split, comparison, rest } = scene;
  if (split === null) return [];
  const { people, programs } = split;
  const share = people.excess / Math.max(1, people.excess + Math.max(0, programs.excess));
  const ofAll = people.excess / Math.max(1, comparison.excess);
  const isMixture = rest.excessShare > 0 && share < 0.5;
  return [
    {
      code: "people",
      value: ofAll,
      statement: `${formatExcessShare(Math.max(0, Math.min(1, ofAll)))} comes from ${people.clients.toLocaleString("en-US")} new clients that load what the pages need`,
      // Beside a flood, people may be the smaller part, and are people all the same.
      weight: isMixture
        ? ramp(ofAll, { at: 0.1, gives: -2.5 }, { at: 0.3, gives: 0.8 })
        : ramp(share, { at: 0.4, gives: -2 }, { at: 0.8, gives: 1.5 }),
    },
    ...(people.browserShare === null
      ? []
      : [
          {
            code: "browsers",
            value: people.browserShare,
            statement: `${formatShare(people.browserShare)} of these have a browser's user agent`,
            weight: ramp(people.browserShare, { at: 0.5, gives: -1.5 }, { at: 0.9, gives: 0.7 }),
          },
        ]),
  ];
}

/** Of a crowd's networks many were there before; of an attack's, hardly any. */
function networks({ split }: Scene): readonly Weighed[] {
  if (split === null || split.people.clients === 0) return [];
  const known = 1 - split.people.newNetShare;
  return [
    {
      code: "known-networks",
      value: known,
      statement: `${formatShare(known)} of the new clients come from networks that were there before`,
      weight: ramp(known, { at: 0.05, gives: -0.6 }, { at: 0.4, gives: 0.7 }),
    },
  ];
}

/** People who heard of something are of many networks. */
function oneNetwork(scene: Scene): readonly Weighed[] {
  const wide = wideNetworkOf(scene);
  if (wide === null) return [];
  const statement = `${formatExcessShare(wide.excessShare)} comes from one network, ${wide.network}`;
  return [{ code: "one-wide-network", value: wide.excessShare, statement, weight: -2.5 }];
}

/** People whom nothing answers come again: then what failed is the cause, and no crowd. */
function tryingAgain(scene: Scene): readonly Weighed[] {
  const { retries, repeats } = scene.observations;
  const more = (retries?.spike.share ?? 0) - (retries?.baseline.share ?? 0);
  const explained = more / Math.max(0.05, extraShare(scene));
  const repeated = (repeats?.spike.share ?? 0) - (repeats?.baseline.share ?? 0);
  if (explained < 0.2) return repeating(repeated, extraShare(scene));
  return [
    {
      code: "after-failures",
      value: retries?.spike.share ?? 0,
      statement: `${formatShare(retries?.spike.share ?? 0)} of all requests follow a failed one of the same client for the same path`,
      weight: ramp(explained, { at: 0.2, gives: -0.5 }, { at: 0.5, gives: -3 }),
    },
  ];
}

/** A person asks once; what asks twice at once makes many requests of few people. */
function repeating(more: number, extra: number): readonly Weighed[] {
  if (more < 0.05 || more < 0.3 * extra) return [];
  return [
    {
      code: "repeats",
      value: more,
      statement: `${formatShare(more)} more of the requests than usual repeat one of the same client within two seconds`,
      weight: ramp(more / Math.max(0.05, extra), { at: 0.3, gives: -1 }, { at: 0.7, gives: -2.5 }),
    },
  ];
}

/** In nats beyond chance: odds of twenty to one. */
const SURE_GAIN = 3;

/** How much of the growth is more clients rather than busier ones, in logarithms, so that the parts add up. */
function growth({ rest, clientsGain }: Scene): readonly Weighed[] {
  if (rest.clientsRatio === null || rest.clientsRatio <= 0) return [];
  const byClients = Math.log(rest.clientsRatio) / Math.log(rest.ratio);
  const each = rest.ratio / rest.clientsRatio;
  const weight = ramp(byClients, { at: 0.2, gives: -3 }, { at: 0.8, gives: 2.5 });
  const sureness = ramp(clientsGain, { at: 0, gives: 0 }, { at: SURE_GAIN, gives: 1 });
  const chance = sureness === 0 && weight > 0 ? ", which may be chance where there are so few" : "";
  return [
    {
      code: "more-clients",
      value: rest.clientsRatio,
      statement: `${formatRatio(rest.clientsRatio)} as many clients a minute, each at ${formatRatio(each)} the usual rate${chance}`,
      weight: weight > 0 ? sureness * weight : weight,
    },
  ];
}

/** Assets name the site's own pages as referer, so that of a crowd's requests few name the place it comes from. */
const MIN_REFERER_SHARE = 0.03;
/** What was so much of the baseline is the site itself, or where its visitors always come from. */
const USUAL_REFERER_SHARE = 0.1;

/** Gives the foreign host that sends the crowd; null where none stands out. */
export function sendingHost(scene: Scene): { readonly host: string; readonly excessShare: number } | null {
  const leading = leadingSlice(scene.breakdown, scene.comparison, "refererHost", MIN_REFERER_SHARE);
  if (leading === null) return null;
  const { value, baseline } = leading.row;
  const isOwn = scene.breakdown.by.host?.rows.some((row) => row.value === value) ?? false;
  const isUsual = baseline.requests > USUAL_REFERER_SHARE * scene.breakdown.baseline.requests;
  return isOwn || isUsual ? null : { host: value, excessShare: leading.excessShare };
}

function referer(scene: Scene): readonly Weighed[] {
  // Some logs, those of load balancers among them, tell no referer: then its absence says nothing.
  const known = scene.breakdown.by.refererHost?.rows.length ?? 0;
  if (known === 0) return [];
  const sender = sendingHost(scene);
  if (sender === null) {
    return [{ code: "no-referer", value: 0, statement: "no other site sends them", weight: -0.5 }];
  }
  const evidence: Weighed = {
    code: "one-referer",
    value: sender.excessShare,
    statement: `${formatExcessShare(sender.excessShare)} names ${shortenForeign(sender.host)} as where it comes from`,
    weight: ramp(sender.excessShare, { at: MIN_REFERER_SHARE, gives: 0.7 }, { at: 0.2, gives: 1.5 }),
  };
  return [evidence];
}

/** Most of the newcomers ask for it, and half as many again as would in proportion. Most of all clients, too: where the same clients return, newcomers are too few to judge by. */
const MIN_LANDING_SHARE = 0.5;
const MIN_LANDING_GROWTH = 1.5;

/** Gives the page on which the crowd arrives, by clients, so that one crawler cannot pretend; null where none stands out. */
export function landingPath({
  breakdown,
  comparison,
}: Scene): { readonly path: string; readonly share: number } | null {
  // Distinct clients grow slower than time: a longer spike makes expect no more of them than the baseline had.
  const scale = Math.min(1, comparison.timeFactor);
  const newcomers = ({ baseline, spike }: Windows) => spike.clients - scale * baseline.clients;
  const growth = ({ baseline, spike }: Windows) => spike.clients / Math.max(1, scale * baseline.clients);
  const all = newcomers(breakdown);
  let landing: { path: string; share: number } | null = null;
  for (const row of breakdown.by.pathTemplate?.rows ?? []) {
    const share = newcomers(row) / all;
    const isAhead = all > 0 && growth(row) >= MIN_LANDING_GROWTH * growth(breakdown);
    const isAsked = share >= MIN_LANDING_SHARE && row.spike.clients >= MIN_LANDING_SHARE * breakdown.spike.clients;
    if (isAhead && isAsked && share > (landing?.share ?? 0) && !isAsset(row.value)) {
      landing = { path: row.value, share: Math.min(1, share) };
    }
  }
  return landing;
}

type Windows = Pick<SliceRow, "baseline" | "spike">;

function landing(scene: Scene): readonly Weighed[] {
  const page = landingPath(scene);
  if (page === null) return [];
  const statement = `${formatShare(page.share)} of the additional clients ask for ${shortenForeign(page.path)}`;
  return [{ code: "one-landing-path", value: page.share, statement, weight: 0.5 }];
}

const MIN_ONE_AGENT_SHARE = 0.5;

function agents(scene: Scene): readonly Weighed[] {
  const ofGuilty = scene.guilty.map((client) => userAgentOf(client, scene.breakdown));
  const share = shareOfGrowth(scene, "userAgent", ({ value }) => isBrowser(value) && !ofGuilty.includes(value));
  if (share === null) return [];
  const browsers: Weighed = {
    code: "browsers",
    value: share,
    statement: `${formatShare(share)} of the excess comes with a browser's user agent`,
    weight: ramp(share, { at: 0.5, gives: -2 }, { at: 0.9, gives: 1 }),
  };
  const one = leadingSlice(scene.breakdown, scene.comparison, "userAgent", MIN_ONE_AGENT_SHARE);
  if (one === null || ofGuilty.includes(one.row.value)) return [browsers];
  const statement = `${formatExcessShare(one.excessShare)} has one and the same user agent`;
  return [browsers, { code: "one-user-agent", value: one.excessShare, statement, weight: -2.5 }];
}

/** Sites that serve assets from elsewhere show too few of them here to tell anything. */
const MIN_USUAL_ASSETS = 0.2;

function assets(scene: Scene): readonly Weighed[] {
  const rows = scene.breakdown.by.pathTemplate?.rows ?? [];
  const all = sum(rows.map((row) => row.baseline.requests));
  const usual = sum(rows.filter(({ value }) => isAsset(value)).map((row) => row.baseline.requests)) / Math.max(1, all);
  const share = shareOfGrowth(scene, "pathTemplate", ({ value }) => isAsset(value));
  if (share === null || usual < MIN_USUAL_ASSETS) return [];
  return [
    {
      code: "assets",
      value: share,
      statement: `${formatShare(share)} of the excess is what pages need to be shown, against ${formatShare(usual)} usually`,
      weight: ramp(share / usual, { at: 0.3, gives: -2 }, { at: 0.8, gives: 1 }),
    },
  ];
}

/**
 * The part of the crowd's excess that is in some rows of a dimension; null where the rows show no growth. What guilty
 * clients have in these rows cannot be told apart, and is counted in the crowd's favour.
 */
function shareOfGrowth(
  { breakdown, comparison, rest }: Scene,
  dimension: Dimension,
  isCounted: (row: SliceRow) => boolean,
): number | null {
  const rows = breakdown.by[dimension]?.rows ?? [];
  const grown = (row: SliceRow) => row.spike.requests - comparison.timeFactor * row.baseline.requests;
  const all = sum(rows.map(grown));
  const crowd = Math.min(all, rest.excess);
  return crowd > 0 ? Math.min(1, Math.max(0, sum(rows.filter(isCounted).map(grown)) / crowd)) : null;
}
