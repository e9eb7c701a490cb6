import type { ClientGroup, ClientGroups, WithoutClients } from "../../src/domain/traffic.ts";
import { type FakeRequest, valueIn } from "./fake-request.ts";

type Requests = readonly FakeRequest[];
type Traits = Pick<
  ClientGroup,
  | "window"
  | "isNew"
  | "isNetNew"
  | "loadsAssets"
  | "staysOnOne"
  | "changesAgent"
  | "isTurnedAway"
  | "userAgent"
  | "landing"
>;

/** Groups clients as the engines do, by plain loops. */
export function groupClients(
  before: Requests,
  during: Requests,
  question: {
    readonly without?: WithoutClients;
    readonly topN: number;
  },
): ClientGroups {
  const isKept = (request: FakeRequest) => request.ip !== undefined && !isLeftOut(request, question.without);
  const windows = { baseline: before.filter(isKept), spike: during.filter(isKept) };
  const clients = [
    ...clientsOf("baseline", windows.baseline, windows.spike),
    ...clientsOf("spike", windows.spike, windows.baseline),
  ];
  const named = merge(clients).sort((a, b) => b.requests - a.requests || b.clients - a.clients);
  return {
    all: merge(clients.map((client) => ({ ...client, userAgent: null, landing: null }))),
    named: named.slice(0, question.topN),
  };
}

function clientsOf(window: "baseline" | "spike", own: Requests, other: Requests): ClientGroup[] {
  const others = new Set(other.map(({ ip }) => ip));
  const otherNets = new Set(other.map((request) => valueIn(request, "net")));
  return [...new Set(own.map(({ ip }) => ip))].map((ip) => {
    const requests = own.filter((request) => request.ip === ip).sort((a, b) => a.atMs - b.atMs);
    const distinct = (dimension: "userAgent" | "pathTemplate") =>
      new Set(requests.flatMap((request) => valueIn(request, dimension) ?? [])).size;
    const first = (dimension: "userAgent" | "pathTemplate") =>
      requests.map((request) => valueIn(request, dimension)).find((value) => value !== null) ?? null;
    const net = valueIn(requests[0] as FakeRequest, "net");
    const assets = requests.filter((request) => valueIn(request, "resource") === "asset").length;
    return {
      window,
      isNew: !others.has(ip),
      isNetNew: net === null || !otherNets.has(net),
      loadsAssets: assets > 0,
      staysOnOne: distinct("pathTemplate") === 1,
      changesAgent: distinct("userAgent") > 1,
      isTurnedAway: requests.every(({ status = 0 }) => status >= 500),
      userAgent: first("userAgent"),
      landing: first("pathTemplate"),
      clients: 1,
      requests: requests.length,
      assets,
      clientErrors: requests.filter(({ status = 0 }) => status >= 400 && status < 500).length,
      errors: requests.filter(({ status = 0 }) => status >= 500).length,
    };
  });
}

function merge(clients: readonly ClientGroup[]): ClientGroup[] {
  const groups = new Map<string, ClientGroup>();
  for (const client of clients) {
    const { clients: _, requests, assets, clientErrors, errors, ...traits } = client;
    const key = JSON.stringify(traits satisfies Traits);
    const known = groups.get(key);
    groups.set(key, {
      ...traits,
      clients: (known?.clients ?? 0) + 1,
      requests: (known?.requests ?? 0) + requests,
      assets: (known?.assets ?? 0) + assets,
      clientErrors: (known?.clientErrors ?? 0) + clientErrors,
      errors: (known?.errors ?? 0) + errors,
    });
  }
  return [...groups.values()];
}

/** Finds new clients that behave like programs, as the engines do. */
export function findStrangers(
  before: Requests,
  during: Requests,
  question: {
    readonly without?: WithoutClients;
    readonly landings: readonly string[];
    readonly loadNothing: boolean;
    readonly topN: number;
  },
): { client: string; requests: number }[] {
  const usual = new Set(before.map(({ ip }) => ip));
  return [...new Set(during.flatMap(({ ip }) => ip ?? []))]
    .map((client) => ({ client, own: during.filter(({ ip }) => ip === client) }))
    .filter(
      ({ client, own }) =>
        !usual.has(client) &&
        !own.some((request) => isLeftOut(request, question.without)) &&
        (!question.loadNothing || own.every((request) => valueIn(request, "resource") !== "asset")) &&
        (question.landings.length === 0 ||
          own.some((request) => question.landings.includes(valueIn(request, "pathTemplate") ?? ""))),
    )
    .map(({ client, own }) => ({ client, requests: own.length, firstMs: Math.min(...own.map(({ atMs }) => atMs)) }))
    .sort((a, b) => b.requests - a.requests || a.firstMs - b.firstMs)
    .slice(0, question.topN)
    .map(({ client, requests }) => ({ client, requests }));
}

function isLeftOut(request: FakeRequest, { ip = [], subnet = [], net = [] }: WithoutClients = {}): boolean {
  return (
    ip.includes(request.ip ?? "") ||
    subnet.includes(valueIn(request, "subnet") ?? "") ||
    net.includes(valueIn(request, "net") ?? "")
  );
}
