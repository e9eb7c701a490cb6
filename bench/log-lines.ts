/** Makes log lines for benchmarks: an hour of a shop, the same for the same seed. */
import { hex, type Random, skewed, whole } from "./random.ts";

export type LineMaker = (arrivalMs: number, random: Random) => string;

/** Of each kind of log: its lines, and what stands at the start of each file. */
export interface LogKind {
  readonly name: string;
  readonly header: string;
  createLine(random: Random): LineMaker;
}

const CLIENTS = 20_000;
const AGENTS = 1_800;
const PRODUCTS = 50_000;

/** About 680 bytes a line, as a load balancer writes it. */
export const ALB: LogKind = { name: "ALB", header: "", createLine: (random) => albLine(clientsOf(random), agent) };

/** The same, with a quote in each user agent that the load balancer did not escape. The kernel takes those, too. */
export const QUOTED_ALB: LogKind = {
  name: "ALB, a stray quote in every line",
  header: "",
  createLine: (random) => albLine(clientsOf(random), (each) => agent(each).replace("Windows", 'Win"dows')),
};

/** The same, each line cut short. The kernel takes those, too. */
export const CUT_ALB: LogKind = {
  name: "ALB, every line cut",
  header: "",
  createLine(random) {
    const line = ALB.createLine(random);
    return (arrivalMs, each) => line(arrivalMs, each).slice(0, CUT_CHARS);
  },
};

/** Within the target group, behind all that a verdict asks about but the arrival. */
const CUT_CHARS = 420;

/**
 * The same, three of four lines damaged in the middle: by a quote in the URL that was not escaped, a field that is
 * missing, or one that is not known. The kernel leaves those to the patient reader.
 */
export const DAMAGED_ALB: LogKind = {
  name: "ALB, three of four lines damaged in the middle",
  header: "",
  createLine(random) {
    const line = ALB.createLine(random);
    return (arrivalMs, each) => {
      const damage = DAMAGES[whole(DAMAGES.length, each)];
      return damage?.(line(arrivalMs, each)) ?? "";
    };
  },
};

const DAMAGES: readonly ((line: string) => string)[] = [
  (line) => line,
  (line) => line.replace("?ref=", '?ref="'),
  (line) => line.replace(" 0.000 ", " "),
  (line) => line.replace(' "GET', ' odd "GET'),
];

export const NGINX: LogKind = {
  name: "nginx combined",
  header: "",
  createLine(random) {
    const clients = clientsOf(random);
    return (arrivalMs, each) => {
      const { path, status } = request(each);
      return (
        `${clients[skewed(CLIENTS, each)]} - - [${clf(arrivalMs)}] "GET ${path} HTTP/1.1" ${status} ${whole(60_000, each)} ` +
        `"${referer(each)}" "${agent(each)}"`
      );
    };
  },
};

const CLOUDFRONT_FIELDS =
  "date time x-edge-location sc-bytes c-ip cs-method cs(Host) cs-uri-stem sc-status cs(Referer) cs(User-Agent) cs-uri-query cs(Cookie) x-edge-result-type x-edge-request-id x-host-header cs-protocol cs-bytes time-taken x-forwarded-for ssl-protocol ssl-cipher x-edge-response-result-type cs-protocol-version fle-status fle-encrypted-fields c-port time-to-first-byte x-edge-detailed-result-type sc-content-type sc-content-len sc-range-start sc-range-end";

export const CLOUDFRONT: LogKind = {
  name: "CloudFront",
  header: `#Version: 1.0\n#Fields: ${CLOUDFRONT_FIELDS}\n`,
  createLine(random) {
    const clients = clientsOf(random);
    return (arrivalMs, each) => {
      const { path, status } = request(each);
      const [stem = "", query = "-"] = path.split("?");
      const [date = "", time = ""] = new Date(arrivalMs).toISOString().slice(0, 19).split("T");
      const result = each() < 0.7 ? "Hit" : "Miss";
      const bytes = whole(60_000, each);
      const tookSecs = (each() ** 4).toFixed(3);
      return [
        ...[date, time, `FRA${50 + whole(9, each)}-P2`, bytes, clients[skewed(CLIENTS, each)], "GET"],
        ...["d1example.cloudfront.net", stem, status, referer(each), agent(each).replaceAll(" ", "%20"), query, "-"],
        ...[result, `${hex(40, each)}==`, "www.example.com", "https", 200 + whole(900, each), tookSecs, "-"],
        ...["TLSv1.3", "TLS_AES_128_GCM_SHA256", result, "HTTP/2.0", "-", "-", 1_024 + whole(60_000, each), tookSecs],
        ...[result, "text/html", bytes, "-", "-"],
      ].join("\t");
    };
  },
};

function albLine(clients: readonly string[], agentOf: (random: Random) => string): LineMaker {
  return (arrivalMs, random) => {
    const targetSecs = Math.floor(random() ** 4 * 900) / 1_000;
    const { path, status } = request(random);
    const client = `${clients[skewed(CLIENTS, random)]}:${1_024 + whole(60_000, random)}`;
    const target = `10.0.${whole(4, random)}.${1 + whole(250, random)}:8080`;
    return (
      `https ${micros(arrivalMs + targetSecs * 1_000, random)} app/web-prod/50dc6c495c0c9188 ${client} ${target} ` +
      `0.000 ${targetSecs.toFixed(3)} 0.000 ${status} ${status} ${200 + whole(900, random)} ${whole(60_000, random)} ` +
      `"GET https://www.example.com:443${path} HTTP/2.0" "${agentOf(random)}" ` +
      `ECDHE-RSA-AES128-GCM-SHA256 TLSv1.2 arn:aws:elasticloadbalancing:eu-west-1:123456789012:targetgroup/web-prod/73e2d6bc24d8a067 ` +
      `"Root=1-${hex(8, random)}-${hex(24, random)}" "www.example.com" "session-reused" 1 ${micros(arrivalMs, random)} ` +
      `"waf,forward" "-" "-" "${target}" "${status}" "-" "-" TID_${hex(32, random)} "-" "-" "-"`
    );
  };
}

function request(random: Random): { path: string; status: number } {
  return {
    path: `/products/${skewed(PRODUCTS, random)}/view?ref=${hex(8, random)}&page=${whole(30, random)}`,
    status: random() < 0.95 ? 200 : random() < 0.6 ? 404 : 502,
  };
}

function clientsOf(random: Random): readonly string[] {
  return Array.from({ length: CLIENTS }, () =>
    [1 + whole(222, random), ...[1, 2, 3].map(() => whole(256, random))].join("."),
  );
}

function agent(random: Random): string {
  const version = skewed(AGENTS, random);
  return (
    `Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) ` +
    `Chrome/${60 + (version % 80)}.0.${1_000 + version}.${version % 200} Safari/537.36`
  );
}

function referer(random: Random): string {
  return random() < 0.4 ? "-" : `https://www.example.com/products/${skewed(5_000, random)}/view`;
}

/** With microseconds, as the load balancer writes it. */
function micros(atMs: number, random: Random): string {
  return `${new Date(atMs).toISOString().slice(0, -1)}${String(whole(1_000, random)).padStart(3, "0")}Z`;
}

const MONTHS = "Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec".split(" ");

function clf(atMs: number): string {
  const [date = "", time = ""] = new Date(atMs).toISOString().slice(0, 19).split("T");
  const [year, month, day] = date.split("-");
  return `${day}/${MONTHS[Number(month) - 1]}/${year}:${time} +0000`;
}
