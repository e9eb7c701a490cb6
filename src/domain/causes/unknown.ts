import type { Cause } from "../finding.ts";
import { formatExcessShare, formatRatio, formatShare, shortenForeign } from "../quantity.ts";
import { EVERYBODY_SHARE, leadingSlice } from "../slices.ts";
import type { Dimension } from "../traffic.ts";
import type { Scene } from "./scene.ts";
import { asEvidence, type Weighed } from "./score.ts";

/** With less left, the causes found are the story. */
const MIN_UNEXPLAINED = 0.3;

/** Says what is known of an excess that no other cause explains well; null where little is left to explain. */
export function unknownCause(scene: Scene, others: readonly Cause[]): Cause | null {
  const explained = others.some(
    (cause) => cause.kind !== "heavy-client" && cause.kind !== "scanner" && cause.score >= 0.5,
  );
  const left = others.length === 0 ? 1 : scene.rest.excessShare;
  if (explained || left < MIN_UNEXPLAINED) return null;

  const leading = leadingValue(scene);
  const best = others.reduce((score, cause) => Math.max(score, cause.score), 0);
  const isProportional = scene.guilty.length === 0 && leading === null;
  const evidence = [...proportion(isProportional), ...carrier(leading, scene), ...perClient(scene), ...proxy(scene)];
  return {
    kind: "unknown",
    slice: leading === null ? {} : { [leading.dimension]: leading.value },
    excessShare: leading === null ? left : leading.excessShare,
    score: Math.min(isProportional ? 0.8 : 0.5, 1 - 0.5 * best),
    evidence: asEvidence(evidence),
    rivals: rivals(scene, isProportional),
  };
}

/** From what tells most about who sends to what tells least. */
const NAMED: readonly Dimension[] = ["userAgent", "wideNet", "refererHost", "host", "pathTemplate", "status"];
const MIN_LEADING_SHARE = 0.3;

interface Leading {
  readonly dimension: Dimension;
  readonly value: string;
  readonly excessShare: number;
}

/** The most telling value that carries the excess; what the guilty clients may account for is left out. */
function leadingValue(scene: Scene): Leading | null {
  for (const dimension of NAMED) {
    const found = leadingSlice(scene.breakdown, scene.comparison, dimension, scene.guiltyShare + MIN_LEADING_SHARE);
    if (found !== null) return { dimension, value: found.row.value, excessShare: found.excessShare };
  }
  return null;
}

function proportion(isProportional: boolean): readonly Weighed[] {
  if (!isProportional) return [];
  const statement = "no address, network, user agent, path, host or referer grew out of proportion";
  return [{ code: "in-proportion", value: 1, statement, weight: 2 }];
}

const NOUNS: Partial<Record<Dimension, string>> = {
  userAgent: "has the user agent",
  wideNet: "comes from network",
  refererHost: "comes from",
  host: "is for the host",
  pathTemplate: "is for",
  status: "is answered with status",
};

function carrier(leading: Leading | null, scene: Scene): readonly Weighed[] {
  if (leading === null) return [];
  const from = proxy(scene).length === 0 ? ", from many clients" : "";
  const { dimension, value, excessShare } = leading;
  const statement = `${formatExcessShare(excessShare)} ${NOUNS[dimension]} ${shortenForeign(value)}${from}`;
  return [{ code: `leading-${dimension.toLowerCase()}`, value: excessShare, statement, weight: 1 }];
}

function perClient({ rest }: Scene): readonly Weighed[] {
  if (rest.clientsRatio === null || rest.clientsRatio <= 0) return [];
  const each = rest.ratio / rest.clientsRatio;
  const statement = `${formatRatio(rest.clientsRatio)} as many clients a minute, each at ${formatRatio(each)} the usual rate`;
  return [{ code: "requests-per-client", value: each, statement, weight: 0.5 }];
}

/** Where the log holds the address of a proxy for that of its clients, nobody can be told apart by address. */
function proxy({ breakdown: { by, baseline } }: Scene): readonly Weighed[] {
  const one = by.ip?.rows.find((row) => row.baseline.requests > EVERYBODY_SHARE * baseline.requests);
  if (one === undefined) return [];
  const share = one.baseline.requests / baseline.requests;
  const statement = `${one.value} is ${formatShare(share)} of the usual requests too: the log may hold a proxy's address in place of the clients'`;
  return [{ code: "one-address-for-all", value: share, statement, weight: -1.5 }];
}

/** The rivals by how much of the growth is busier clients: a changed client keeps their number. */
function rivals({ rest }: Scene, isProportional: boolean): Cause["rivals"] {
  const clients = rest.clientsRatio ?? 1;
  const isBusier = clients > 0 && rest.ratio / clients >= 1.25 && clients < 1.25;
  return [
    {
      kind: "client-regression",
      score: isBusier ? (isProportional ? 0.6 : 0.4) : 0.1,
      decidedBy: "whether clients repeat the same request within two seconds, and since which release",
    },
    {
      kind: "distributed-flood",
      score: isBusier ? 0.2 : 0.4,
      decidedBy: "whether these clients load what the pages need, and were seen in the weeks before",
    },
  ];
}
