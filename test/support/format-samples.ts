import { REAL_TIME_NAMES, STANDARD_NAMES } from "../../src/logs/formats/aws/cloudfront-fields.ts";
import { createCustomFormat } from "../../src/logs/formats/custom-format.ts";
import { APACHE_TIMES } from "../../src/logs/formats/described/apache-directives.ts";
import { NGINX_TOGETHER, NGINX_VARIABLES } from "../../src/logs/formats/described/nginx-variables.ts";
import type { LineReader, LogFormat } from "../../src/logs/formats/format.ts";
import { formatNamed, OBJECT_FORMATS } from "../../src/logs/formats/index.ts";
import { albLine, combinedLine, s3Line } from "./log-lines.ts";

/** A format with a template, and lines as its server writes them. */
export interface FormatSample {
  readonly name: string;
  readonly format: LogFormat;
  /** What the file begins with, beside its lines. */
  readonly headers: readonly string[];
  readonly lines: readonly string[];
  /** The file of other parsers' cases. */
  readonly conformance?: string;
}

export function openSample({ format, headers, lines }: FormatSample): LineReader {
  return format.open([...headers, ...lines]);
}

const AGENT = "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36";
const CLIENTS = ["198.51.100.14", "2001:db8::7"];
const TIMES = "0.004 0.000 0.001";

function named(name: Parameters<typeof formatNamed>[0], lines: readonly string[], conformance?: string): FormatSample {
  return { name, format: formatNamed(name), headers: [], lines, ...(conformance === undefined ? {} : { conformance }) };
}

const CLB_HEAD =
  "2026-10-01T12:00:00.123456Z web 198.51.100.14:4711 10.0.0.7:80 0.000073 0.001048 0.000057 200 200 0 29";
const NLB_LINE =
  "tls 2.0 2026-10-01T12:00:05 net/web/c6e77e28c25b2234 g3d4b5e8bb8464cd 198.51.100.14:51341 10.0.0.7:443 5 2 98 246 - " +
  "arn:aws:acm:eu-west-1:1:certificate/2a1 - ECDHE-RSA-AES128-SHA tlsv12 - shop.example - - - 2026-10-01T12:00:00";
const ISTIO =
  '[2026-10-01T12:00:00.123Z] "GET /a?b=1 HTTP/1.1" 200 - via_upstream - "-" 0 178 41 40 "198.51.100.14" "curl/8.5.0" ' +
  '"f3b1" "shop.example" "10.0.0.7:8080" outbound|80||shop.svc 10.0.0.2:1 10.0.0.3:80 198.51.100.14:4711 - default';

const BUILT_IN: readonly FormatSample[] = [
  named(
    "alb",
    [albLine(), albLine({ client: "2001:db8::7:4711", request: "GET http://shop.example:80/ HTTP/1.1" })],
    "alb",
  ),
  named(
    "alb-connection",
    [
      '2026-10-01T12:00:00.123456Z 198.51.100.14 4711 443 TLSv1.2 ECDHE-RSA-AES128-GCM-SHA256 0.012 "CN=a,O=b" - 0123 Success TID_1',
    ],
    "alb_conn",
  ),
  named("alb-health-check", [
    "http 2026-10-01T12:00:00.123456Z 0.004 10.0.0.7:80 targetgroup/web/1 PASS 200 - app/web/1 10.0.0.1",
  ]),
  named("clb", [CLB_HEAD, `${CLB_HEAD} "GET http://shop.example:80/a?b HTTP/1.1" "curl/8.5.0" - -`].slice(1), "clb"),
  named("nlb", [NLB_LINE], "nlb"),
  named("s3-access", [s3Line(), s3Line({ client: "2001:db8::7" })], "s3"),
  named(
    "nginx-combined",
    [combinedLine(), combinedLine({ referer: "-", client: "2001:db8::7" })],
    "crowdsec_nginx-logs",
  ),
  named(
    "nginx-combined-xff",
    [`${combinedLine()} "198.51.100.1, 10.0.0.1"`, `${combinedLine()} "-"`],
    "crowdsec_nginx-logs",
  ),
  named("nginx-timing", [
    `${combinedLine()} rt=0.041 uct="0.000" uht="0.040" urt="0.041"`,
    `${combinedLine()} rt=0.041 uct="-" uht="-" urt="-"`,
  ]),
  named("nginx-timing", [`${combinedLine()} "-" rt=0.041 uct="0.000" uht="0.040" urt="0.041"`]),
  named("nginx-timing", [`${combinedLine()} rt=0.041 uct=0.000 uht=0.040 urt=0.041`]),
  named("ingress-nginx", [`${combinedLine()} 512 0.041 [default-web-80] [] 10.0.0.7:80 2048 0.040 200 4f1c`]),
  named(
    "apache-common",
    ['host.example - frank [01/Oct/2026:14:00:00 +0200] "GET /a.gif HTTP/1.0" 200 -'],
    "crowdsec_apache2-logs",
  ),
  named("apache-combined", [combinedLine({ client: "host.example", bytes: "-" })], "crowdsec_apache2-logs"),
  named("apache-vhost-combined", [`shop.example:443 ${combinedLine()}`]),
  named("apache-vhost-combined", [`shop.example ${combinedLine()}`]),
  named("traefik-clf", [`${combinedLine()} 12 "shop@docker" "http://10.0.0.7:80" 41ms`], "crowdsec_traefik-logs"),
  named("envoy", [
    '[2026-10-01T12:00:00.123Z] "POST /api/v1 HTTP/2" 200 - 154 0 226 100 "10.0.35.28" "nsq2http" "cc21" "shop" "tcp://10.0.2.1:80"',
  ]),
  named("envoy", [ISTIO], "crowdsec_envoy-logs"),
];

/** Values as they stand in logs, by the names of columns. */
const CLOUDFRONT_VALUES: Readonly<Record<string, string>> = {
  ...{ date: "2026-10-01", time: "12:00:00", timestamp: "1790856000.123", "timestamp(ms)": "1790856000123" },
  ...{ "x-edge-location": "FRA2-C1", "sc-bytes": "2048", "c-ip": "198.51.100.14", "cs-method": "GET" },
  ...{
    "cs(Host)": "d111.cloudfront.net",
    "cs-host": "d111.cloudfront.net",
    "cs-uri-stem": "/a%20b",
    "sc-status": "200",
  },
  ...{ "cs(Referer)": "https://news.example/", "cs(User-Agent)": "Mozilla/5.0%20(X11)", "cs-user-agent": "a%2520b" },
  ...{ "cs-uri-query": "a=%25C3%25A9", "x-edge-result-type": "Miss", "x-host-header": "shop.example" },
  ...{
    "cs-protocol": "https",
    "cs-bytes": "512",
    "time-taken": "0.041",
    "x-forwarded-for": "198.51.100.1,%2010.0.0.1",
  },
  ...{
    "ssl-protocol": "TLSv1.3",
    "time-to-first-byte": "0.040",
    "origin-lbl": "0.039",
    "cs-protocol-version": "HTTP/2.0",
  },
};

function cloudfront(name: string, names: readonly string[], headers: readonly string[]): FormatSample {
  const line = names.map((column) => CLOUDFRONT_VALUES[column] ?? "-").join("\t");
  const twice = line.replace("Mozilla/5.0%20(X11)", "Mozilla/5.0%2520(X11)");
  return { name, format: formatNamed("cloudfront"), headers, lines: [line, twice], conformance: "cloudfront" };
}

const SELECTED = ["timestamp(ms)", "c-ip", "x-forwarded-for", "sc-status", "x-host-header", "cs-uri-stem", "cs(Host)"];

const ALB_NAMES = `type time elb client_port target_port request_processing_time target_processing_time
  response_processing_time elb_status_code target_status_code received_bytes sent_bytes request_line user_agent
  ssl_cipher ssl_protocol target_group_arn trace_id domain_name chosen_cert_arn matched_rule_priority
  request_creation_time`.split(/\s+/);
const ALB_VALUES = [
  "https",
  "2026-10-01T12:00:00.500000Z",
  "app/web/50dc",
  "198.51.100.14:4711",
  "10.0.0.7:80",
  ...TIMES.split(" "),
  "200",
  "200",
  "1",
  "2",
  '"GET https://shop.example:443/a?b HTTP/1.1"',
  '"curl/8.5.0"',
  "-",
  "TLSv1.2",
  "-",
  '"Root=1"',
  '"shop.example"',
  '"-"',
  "1",
  "2026-10-01T12:00:00.400000Z",
];

const TABLES: readonly FormatSample[] = [
  cloudfront("cloudfront with a header", STANDARD_NAMES, ["#Version: 1.0", `#Fields: ${STANDARD_NAMES.join(" ")}`]),
  cloudfront("cloudfront of 2014, without a header", STANDARD_NAMES.slice(0, 19), []),
  cloudfront("cloudfront with selected fields", SELECTED, [`#Fields: ${SELECTED.join(" ")}`]),
  cloudfront("cloudfront in real time", REAL_TIME_NAMES, []),
  ...[" ", "\t"].map((delimiter) => ({
    name: `alb-vended parted by ${JSON.stringify(delimiter)}`,
    format: vendedAlb(),
    headers: [`#Fields: ${ALB_NAMES.join(" ")}`],
    lines: [ALB_VALUES.join(delimiter)],
  })),
];

function vendedAlb(): LogFormat {
  const format = OBJECT_FORMATS.find(({ name }) => name === "alb-vended");
  if (format === undefined) throw new Error("there is no vended format");
  return format;
}

/** Values as nginx and Apache log them. */
const NGINX_VALUES: Readonly<Record<string, string>> = {
  ...{ msec: "1790856000.123", time_iso8601: "2026-10-01T12:00:00", time_local: "01/Oct/2026:14:00:00 +0200" },
  ...{
    request: "GET /a\\xC3\\xA9?b=1 HTTP/1.1",
    request_method: "GET",
    request_uri: "/a?b=1",
    status: "200",
    scheme: "https",
  },
  ...{ body_bytes_sent: "2048", bytes_sent: "2148", request_time: "0.041", upstream_response_time: "0.040" },
  ...{
    upstream_connect_time: "0.001",
    upstream_header_time: "0.030",
    upstream_addr: "10.0.0.7:80",
    http_user_agent: AGENT,
  },
  ...{
    uri: "/a",
    document_uri: "/a",
    args: "b=1",
    query_string: "b=1",
    http_x_forwarded_for: "198.51.100.1, 10.0.0.1",
  },
};

const TOGETHER_VALUES: Readonly<Record<string, string>> = {
  ...{ request: "GET /a?b=1 HTTP/1.1", url: "https://shop.example/a?b=1", host: "shop.example:443" },
  "client-with-port": "2001:db8::7:4711",
};

function nginx(variable: string, escaping: string): FormatSample {
  const together = NGINX_TOGETHER.find(({ source }) => source === variable);
  const source = together === undefined ? `$${variable}` : variable;
  const value = TOGETHER_VALUES[String(together?.is)] ?? NGINX_VALUES[variable] ?? "x.example";
  const time = variable.startsWith("time") || variable === "msec" ? "" : " [$time_local]";
  const line = `${CLIENTS[0]} 404 "${value}"${time === "" ? "" : ` [${NGINX_VALUES["time_local"]}]`} -`;
  const format = createCustomFormat({
    nginx: `log_format own escape=${escaping} '$realip_remote_addr $status "${source}"${time} $hostname';`,
  });
  return { name: `nginx ${escaping} ${source}`, format, headers: [], lines: [line] };
}

const APACHE_VALUES: Readonly<Record<string, string>> = {
  ...{
    "%a": "2001:db8::7",
    "%h": "host.example",
    "%r": "GET /a?b HTTP/1.1",
    "%m": "GET",
    "%U": "/a",
    "%q": "?b=1",
    "%U%q": "/a?b=1",
    "%m %U%q %H": "GET /a?b=1 HTTP/1.1",
    "%v:%p": "shop.example:443",
    "%a:%{remote}p": "2001:db8::7:4711",
  },
  ...{ "%V": "shop.example", "%v": "shop.example", "%b": "2048", "%B": "0", "%O": "2148", "%D": "41000", "%T": "3" },
  ...{
    "%{us}T": "41000",
    "%{ms}T": "41",
    "%{Referer}i": "https://a.example/",
    "%{User-Agent}i": AGENT,
    "%{Host}i": "a.example:80",
  },
  ...{ "%{X-Forwarded-For}i": "198.51.100.1", "%{SSL_PROTOCOL}x": "TLSv1.3", "%s": "200" },
};

const APACHE = Object.entries(APACHE_VALUES).map(([directive, value]) => ({
  name: `apache ${directive}`,
  format: createCustomFormat({ apache: `%>s %t "${directive}" %h` }),
  headers: [],
  lines: [`404 [01/Oct/2026:14:00:00 +0200] "${value}" 198.51.100.14`],
}));

const TIMES_AS: Readonly<Record<string, string>> = {
  "epoch-ms": "1790856000123",
  "epoch-secs": "1790856000",
  iso: "2026-10-01T12:00:00",
};

const APACHE_OF_TIMES = [...APACHE_TIMES]
  .filter(([, as]) => as !== "clf")
  .map(([time, as]) => ({
    name: `apache %{${time}}t`,
    format: createCustomFormat({ apache: `%h "%{${time}}t" %>s` }),
    headers: [],
    // With an offset, it is left to the patient reader.
    lines: [`198.51.100.14 "${TIMES_AS[as] ?? ""}" 200`],
  }));

/** Several fields for the same, and others that touch each other in what they say. */
const TOGETHER: readonly FormatSample[] = [
  [
    '$time_iso8601 "$request" $request_uri $uri "$args" $scheme $host $request_method $remote_addr $status',
    '2026-10-01T12:00:00 "GET /a?b=1 HTTP/1.1" /a?b=1 /a "b=1" https shop.example GET 198.51.100.14 200',
  ],
  [
    "$request_uri|$uri|$request|$scheme|$host|$msec|$http_referer|$http_referer|$host",
    "/a?b|/c|GET https://shop.example/d?e HTTP/1.1|https|shop.example|1790856000.123|-|-|shop.example",
  ],
  [
    '{"at":"$msec","line":"$request_method $request_uri $server_protocol","from":"$remote_addr","took":$request_time}',
    '{"at":"1790856000.123","line":"GET /a?b HTTP/1.1","from":"198.51.100.14","took":0.041}',
  ],
].map(([format = "", line = ""]) => ({
  name: `nginx ${format}`,
  format: createCustomFormat({ nginx: format }),
  headers: [],
  lines: [line],
}));

/** Every format with a template. */
export const FORMAT_SAMPLES: readonly FormatSample[] = [
  ...BUILT_IN,
  ...TABLES,
  ...[...Object.keys(NGINX_VARIABLES), ...NGINX_TOGETHER.map(({ source }) => source)].map((variable) =>
    nginx(variable, "default"),
  ),
  ...["json", "none"].flatMap((escaping) =>
    ["request", "http_user_agent", "args", "request_uri"].map((variable) => nginx(variable, escaping)),
  ),
  ...APACHE,
  ...APACHE_OF_TIMES,
  ...TOGETHER,
];
