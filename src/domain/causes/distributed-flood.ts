import type { Cause } from "../finding.ts";
import { type Arrivals, floodSize, MIN_FLOOD_SIZE } from "../newcomers.ts";
import { formatCount, formatExcessShare, formatShare, shortenForeign } from "../quantity.ts";
import { sum } from "../robust.ts";
import { isAsset } from "../traits.ts";
import { sendingHost } from "./flash-crowd.ts";
import { requestsRose, type Scene } from "./scene.ts";
import { asEvidence, ramp, scoreOf, type Weighed } from "./score.ts";
import { wideNetworkOf } from "./wide-network.ts";

const PRIOR = -1.5;
/** Fewer clients are named one by one. */
const MIN_CLIENTS = 30;

/**
 * Judges whether very many clients that are no people carry the excess; null where too few new ones came.
 *
 * @source Jung, Krishnamurthy, Rabinovich, "Flash crowds and denial of service attacks", WWW 2002: of an attack's
 * networks hardly any was there before
 */
export function distributedFloodCause(scene: Scene): Cause | null {
  const { split, comparison } = scene;
  if (split === null || comparison.excess <= 0 || !requestsRose(scene)) return null;
  const { programs } = split;
  const excessShare = Math.min(programs.excess / comparison.excess, Math.max(scene.rest.excessShare, 0));
  const size = floodSize(programs.excess, comparison);
  if (size < MIN_FLOOD_SIZE || programs.clients < MIN_CLIENTS) return null;

  const evidence = [
    arrivals(scene, programs, { excessShare, size }),
    ...networks(programs),
    ...agent(scene, programs),
    ...browsers(programs),
    ...templates(scene, programs),
    ...refused(programs),
    ...randomQueries(scene),
    ...sent(scene),
    ...oneNetwork(scene),
  ];
  const score = scoreOf(PRIOR, evidence);
  return {
    kind: "distributed-flood",
    slice: signature(scene, programs),
    ...(scene.observations.strangers && { suspects: scene.observations.strangers.map(({ client }) => client) }),
    excessShare,
    score,
    evidence: asEvidence(evidence),
    rivals: [
      {
        kind: "flash-crowd",
        score: 0.8 * (1 - score),
        decidedBy: "whether these clients load what the pages need, and go on to a second page",
      },
    ],
  };
}

function arrivals(
  { split }: Scene,
  programs: Arrivals,
  { excessShare, size }: { excessShare: number; size: number },
): Weighed {
  const tells = split?.tellsByAssets ?? false;
  const what = tells ? " that load nothing of what pages need" : "";
  return {
    code: tells ? "new-programs" : "new-clients",
    value: excessShare,
    statement: `${formatExcessShare(excessShare)} comes from ${formatCount(programs.clients)} new clients${what}`,
    weight: tells
      ? ramp(size, { at: 0.1, gives: -1 }, { at: 0.4, gives: 2.2 })
      : ramp(size, { at: 0.2, gives: -1 }, { at: 0.7, gives: 0.5 }),
  };
}

function networks({ newNetShare }: Arrivals): readonly Weighed[] {
  return [
    {
      code: "new-networks",
      value: newNetShare,
      statement: `of ${formatShare(newNetShare)} of them nobody of the same network was there before`,
      weight: ramp(newNetShare, { at: 0.4, gives: -1 }, { at: 0.8, gives: 1 }),
    },
  ];
}

/** An agent that usual visitors have as often says nothing. */
const ODD_TIMES = 2;

function oddAgent({ breakdown }: Scene, { agent }: Arrivals): Arrivals["agent"] {
  if (agent === null) return null;
  const row = breakdown.by.userAgent?.rows.find(({ value }) => value === agent.value);
  const usual = (row?.baseline.clients ?? 0) / Math.max(1, breakdown.baseline.clients);
  return agent.share >= ODD_TIMES * usual ? agent : null;
}

function agent(scene: Scene, programs: Arrivals): readonly Weighed[] {
  const odd = oddAgent(scene, programs);
  if (odd === null) return [];
  return [
    {
      code: "one-user-agent",
      value: odd.share,
      statement: `${formatShare(odd.share)} of them have the user agent ${shortenForeign(odd.value)}`,
      weight: ramp(odd.share, { at: 0.25, gives: 0 }, { at: 0.7, gives: 1.7 }),
    },
  ];
}

function browsers({ browserShare, changesAgentShare }: Arrivals): readonly Weighed[] {
  const changing: Weighed[] =
    changesAgentShare < 0.2
      ? []
      : [
          {
            code: "changing-agents",
            value: changesAgentShare,
            statement: `${formatShare(changesAgentShare)} of them change their user agent from request to request`,
            weight: ramp(changesAgentShare, { at: 0.2, gives: 0.3 }, { at: 0.6, gives: 1.5 }),
          },
        ];
  if (browserShare === null) return changing;
  return [
    ...changing,
    {
      code: "no-browsers",
      value: 1 - browserShare,
      statement: `${formatShare(1 - browserShare)} of them do not even say that they are browsers`,
      weight: ramp(1 - browserShare, { at: 0.1, gives: -0.2 }, { at: 0.7, gives: 1.5 }),
    },
  ].filter(({ value }) => value > 0);
}

function templates({ split }: Scene, { oneTemplateShare, landing }: Arrivals): readonly Weighed[] {
  const where = landing === null || landing.share < 0.5 ? "" : `, mostly ${shortenForeign(landing.value)}`;
  const isTelling = split?.tellsByAssets === true || (landing !== null && !isAsset(landing.value));
  if (!isTelling) return [];
  return [
    {
      code: "one-path",
      value: oneTemplateShare,
      statement: `${formatShare(oneTemplateShare)} of them ask for one kind of page and nothing else${where}`,
      weight: ramp(oneTemplateShare, { at: 0.3, gives: -0.5 }, { at: 0.8, gives: 0.8 }),
    },
  ];
}

function refused({ clientErrorShare }: Arrivals): readonly Weighed[] {
  if (clientErrorShare < 0.1) return [];
  return [
    {
      code: "refused",
      value: clientErrorShare,
      statement: `${formatShare(clientErrorShare)} of their requests are answered with 400 to 499`,
      weight: ramp(clientErrorShare, { at: 0.1, gives: 0 }, { at: 0.6, gives: 1 }),
    },
  ];
}

function randomQueries({ carriers }: Scene): readonly Weighed[] {
  const random = carriers.filter(({ values }) => values.queryShape?.includes("{random}"));
  const share = sum(random.map(({ excessShare }) => excessShare));
  if (share < 0.15) return [];
  return [
    {
      code: "random-queries",
      value: share,
      statement: `${formatExcessShare(share)} carries made-up values in its query (${shortenForeign(random[0]?.values.queryShape ?? "")})`,
      weight: 1.2,
    },
  ];
}

function sent(scene: Scene): readonly Weighed[] {
  const sender = scene.split?.tellsByAssets === true ? null : sendingHost(scene);
  if (sender === null) return [];
  return [
    {
      code: "one-referer",
      value: sender.excessShare,
      statement: `${formatExcessShare(sender.excessShare)} names ${shortenForeign(sender.host)} as where it comes from`,
      weight: -1.5,
    },
  ];
}

function oneNetwork(scene: Scene): readonly Weighed[] {
  const wide = wideNetworkOf(scene);
  if (wide === null) return [];
  const statement = `${formatExcessShare(wide.excessShare)} comes from one network, ${wide.network}`;
  return [{ code: "one-wide-network", value: wide.excessShare, statement, weight: 0.5 }];
}

const MIN_CARRIED_SHARE = 0.15;

/** What a rule could tell them by: what carries the excess, or what most of them have in common. */
function signature(scene: Scene, programs: Arrivals): Cause["slice"] {
  const carrier = scene.carriers.find(
    ({ values, excessShare }) =>
      excessShare >= MIN_CARRIED_SHARE &&
      (values.queryShape !== undefined || values.userAgent !== undefined || values.pathTemplate !== undefined),
  );
  if (carrier !== undefined) return carrier.values;
  const odd = oddAgent(scene, programs);
  const { landing } = programs;
  return {
    ...(odd !== null && odd.share >= 0.5 && { userAgent: odd.value }),
    ...(landing !== null && landing.share >= 0.5 && { pathTemplate: landing.value }),
  };
}
