import { describe, expect, it } from "@jest/globals";
import type { FieldValue } from "../../../src/logs/formats/format.ts";
import { OBJECT_FORMATS } from "../../../src/logs/formats/object-formats.ts";
import { emptyRecord, type LogRecord } from "../../../src/logs/record.ts";

type Sample = Readonly<Record<string, FieldValue>>;

const NOON_MS = Date.UTC(2026, 9, 1, 12);

const ALB: Sample = {
  type: "https",
  time: "2026-10-01T12:00:00.100000Z",
  elb: "app/shop/50dc6c495c0c9188",
  client_port: "2001:db8:4538:1:bcf4:5264:e01c:f215:50718",
  target_port: "10.0.0.7:8080",
  request_processing_time: "0.001",
  target_processing_time: "0.098",
  response_processing_time: "0.000",
  elb_status_code: "200",
  sent_bytes: "2048",
  request_line: "GET https://Shop.example:443/search?q=a b HTTP/2.0",
  user_agent: "curl/8.5.0",
  ssl_protocol: "TLSv1.3",
  domain_name: "other.example",
  request_creation_time: "2026-10-01T12:00:00.000999Z",
  conn_trace_id: "TID_1",
  ip_address: "192.0.2.57",
};

const WAF: Sample = {
  timestamp: NOON_MS,
  formatVersion: 1,
  webaclId: "arn:aws:wafv2:us-east-1:123456789012:regional/webacl/shop-acl/47634e95",
  action: "BLOCK",
  responseCodeSent: null,
  httpRequest: {
    clientIp: "198.51.100.14",
    country: "DE",
    headers: [
      { name: "host", value: "Shop.example:8443" },
      { name: "User-AGENT", value: "curl/8.5.0" },
      { name: "Referer", value: "REDACTED" },
      { name: "x-forwarded-for", value: "203.0.113.9" },
    ],
    uri: "/login",
    args: "",
    httpMethod: "POST",
  },
};

const CADDY: Sample = {
  level: "info",
  ts: NOON_MS / 1000 + 0.25,
  request: {
    remote_ip: "10.0.0.1",
    client_ip: "198.51.100.14",
    method: "GET",
    host: "shop.example:8080",
    uri: "/a?b=c",
    headers: { "User-Agent": ["curl/8.5.0"], "X-Forwarded-For": ["203.0.113.9", "203.0.113.10"], Referer: [] },
    tls: { resumed: false, version: 772 },
  },
  duration: 0.25,
  size: 2048,
  status: 200,
};

const TRAEFIK: Sample = {
  ClientAddr: "[2001:db8::7]:39496",
  ClientHost: "203.0.113.9, 203.0.113.10",
  DownstreamContentSize: 357,
  DownstreamStatus: 404,
  Duration: 10_158_000,
  OriginDuration: 0,
  RequestAddr: "shop.example",
  RequestHost: "shop.example",
  RequestMethod: "GET",
  RequestPath: "/a?b=c",
  RequestScheme: "https",
  StartUTC: "2026-10-01T12:00:00.759014877Z",
  TLSVersion: "1.3",
  time: "2026-10-01T14:00:00+02:00",
  "request_User-Agent": "curl/8.5.0",
};

const ENVOY: Sample = {
  ":authority": "shop.example",
  bytes_sent: 512,
  downstream_remote_address: "[2001:db8::7]:43000",
  duration: 15,
  method: "GET",
  response_code: 0,
  response_flags: "DC",
  start_time: "2026-10-01T12:00:00.000Z",
  upstream_host: "10.42.0.82:8080",
  "user-agent": "curl/8.5.0",
  "x-envoy-origin-path": "/api?x=1",
  "x-envoy-upstream-service-time": "12",
  "x-forwarded-for": "203.0.113.9",
};

const S3: Sample = {
  bucket_name: "media",
  request_time: "2026-10-01T12:00:00.125Z",
  remote_ip: "198.51.100.14",
  operation: "REST.GET.OBJECT",
  key_name: "a%2520b.jpg",
  request_uri: "GET /media/a%2520b.jpg?versionId=x HTTP/1.1",
  http_status: 206,
  bytes_sent_size: 2048n,
  total_duration: 41,
  turn_around_duration: 12,
  referer: null,
  user_agent: "aws-sdk",
  host_header: "media.s3.amazonaws.com",
  tls_version: "TLSv1.3",
};

const CONNECTION: Sample = {
  time: "2026-10-01T12:00:00.000000Z",
  client_ip: "198.51.100.14",
  client_port: "64326",
  listener_port: "443",
  tls_protocol: "TLSv1.2",
  tls_handshake_latency: "0.337",
  conn_trace_id: "TID_1",
  elb: "app/shop/50dc6c495c0c9188",
};

const NLB: Sample = {
  type: "tls",
  time: "2026-10-01T12:00:05",
  elb: "net/shop/c6e77e28c25b2234",
  client_port: "198.51.100.14:51341",
  destination_port: "10.0.0.7:443",
  connection_time: "5000",
  sent_bytes: "246",
  tls_protocol_version: "tlsv12",
  domain_name: "shop.example",
  alpn_fe_protocol: "h2",
  tls_connection_creation_time: "2026-10-01T12:00:00",
};

const HEALTH_CHECK: Sample = {
  type: "http",
  time: "2026-10-01T12:00:00.250000Z",
  latency: "0.25",
  target_addr: "10.0.0.7:8080",
  target_group_id: "web/73e2d6bc24d8a067",
  status_code: "-",
  elb: "app/shop/50dc6c495c0c9188",
  ip_address: "192.0.2.57",
};

const SAMPLES: readonly (readonly [name: string, sample: Sample, expected: LogRecord])[] = [
  [
    "alb-vended",
    ALB,
    {
      ...emptyRecord(NOON_MS),
      completedMs: NOON_MS + 100,
      client: "2001:db8:4538:1:bcf4:5264:e01c:f215",
      method: "GET",
      scheme: "https",
      host: "shop.example",
      path: "/search",
      query: "q=a b",
      status: 200,
      bytes: 2048,
      totalSecs: 0.099,
      backendSecs: 0.098,
      connectSecs: 0.001,
      firstByteSecs: 0.098,
      bodySecs: 0,
      userAgent: "curl/8.5.0",
      tls: "TLSv1.3",
      node: "app/shop/50dc6c495c0c9188",
      target: "10.0.0.7:8080",
    },
  ],
  [
    "alb-connection-vended",
    CONNECTION,
    {
      ...emptyRecord(NOON_MS),
      completedMs: NOON_MS,
      client: "198.51.100.14",
      connectSecs: 0.337,
      tls: "TLSv1.2",
      node: "app/shop/50dc6c495c0c9188",
    },
  ],
  [
    "alb-health-check-vended",
    HEALTH_CHECK,
    {
      ...emptyRecord(NOON_MS),
      completedMs: NOON_MS + 250,
      client: "192.0.2.57",
      totalSecs: 0.25,
      node: "app/shop/50dc6c495c0c9188",
      target: "10.0.0.7:8080",
    },
  ],
  [
    "nlb-vended",
    NLB,
    {
      ...emptyRecord(NOON_MS),
      completedMs: NOON_MS + 5000,
      client: "198.51.100.14",
      host: "shop.example",
      bytes: 246,
      totalSecs: 5,
      tls: "tlsv12",
      node: "net/shop/c6e77e28c25b2234",
      target: "10.0.0.7:443",
    },
  ],
  [
    "waf",
    WAF,
    {
      ...emptyRecord(NOON_MS),
      client: "198.51.100.14",
      forwardedFor: "203.0.113.9",
      method: "POST",
      host: "shop.example",
      path: "/login",
      status: 403,
      userAgent: "curl/8.5.0",
      node: "shop-acl",
    },
  ],
  [
    "caddy",
    CADDY,
    {
      ...emptyRecord(NOON_MS),
      completedMs: NOON_MS + 250,
      client: "198.51.100.14",
      forwardedFor: "203.0.113.9, 203.0.113.10",
      method: "GET",
      scheme: "https",
      host: "shop.example",
      path: "/a",
      query: "b=c",
      status: 200,
      bytes: 2048,
      totalSecs: 0.25,
      userAgent: "curl/8.5.0",
      tls: "TLSv1.3",
    },
  ],
  [
    "traefik-json",
    TRAEFIK,
    {
      ...emptyRecord(NOON_MS + 759),
      completedMs: NOON_MS + 769,
      client: "2001:db8::7",
      forwardedFor: "203.0.113.9, 203.0.113.10",
      method: "GET",
      scheme: "https",
      host: "shop.example",
      path: "/a",
      query: "b=c",
      status: 404,
      bytes: 357,
      totalSecs: 0.010158,
      userAgent: "curl/8.5.0",
      tls: "TLSv1.3",
    },
  ],
  [
    "envoy-json",
    ENVOY,
    {
      ...emptyRecord(NOON_MS),
      completedMs: NOON_MS + 15,
      client: "2001:db8::7",
      forwardedFor: "203.0.113.9",
      method: "GET",
      host: "shop.example",
      path: "/api",
      query: "x=1",
      bytes: 512,
      totalSecs: 0.015,
      backendSecs: 0.012,
      userAgent: "curl/8.5.0",
      target: "10.42.0.82:8080",
    },
  ],
  [
    "s3-access-json",
    S3,
    {
      ...emptyRecord(NOON_MS + 125),
      completedMs: NOON_MS + 166,
      client: "198.51.100.14",
      method: "GET",
      host: "media.s3.amazonaws.com",
      path: "/media/a%2520b.jpg",
      query: "versionId=x",
      status: 206,
      bytes: 2048,
      totalSecs: 0.041,
      backendSecs: 0.012,
      userAgent: "aws-sdk",
      tls: "TLSv1.3",
      node: "media",
    },
  ],
];

function formatNamed(name: string) {
  const format = OBJECT_FORMATS.find((one) => one.name === name);
  if (format === undefined) throw new Error(`no format ${name}`);
  return format;
}

function toJson(sample: Sample): string {
  return JSON.stringify(sample, (_, value) => (typeof value === "bigint" ? Number(value) : value));
}

describe.each(SAMPLES)("%s", (name, sample, expected) => {
  it("reads every field of an object, and of a line of JSON", () => {
    const line = toJson(sample);

    expect(formatNamed(name).readObject(sample)).toEqual(expected);
    expect(formatNamed(name).open([line]).read(line)).toEqual(expected);
  });

  it("is the only one to recognise its objects", () => {
    const recognising = OBJECT_FORMATS.filter((format) => format.recognises(toJson(sample)));

    expect(recognising.map((format) => format.name)).toEqual([name]);
    expect(OBJECT_FORMATS.filter((format) => format.recognisesFields(Object.keys(sample)))).toEqual(recognising);
  });

  it("keeps the time and the client of a line that is cut behind them, and never throws", () => {
    const line = toJson(sample);
    const { client, arrivalMs, completedMs } = expected;
    const whole = [client ?? "10.0.0.7:8080", timeIn(sample)].map((text) => endOfValue(line, text));

    for (let end = 0; end < line.length; end += 1) {
      const read = formatNamed(name).open([line]).read(line.slice(0, end));
      if (end > Math.max(...whole)) {
        expect(read).toMatchObject({ client });
        expect([arrivalMs, completedMs]).toContain((read as LogRecord).completedMs ?? (read as LogRecord).arrivalMs);
      }
    }
  });
});

function endOfValue(line: string, text: string): number {
  const end = line.indexOf(text) + text.length;
  return end + line.slice(end).search(/[",]/);
}

/** As it stands in the line. */
function timeIn(sample: Sample): string {
  const time = sample["StartUTC"] ?? sample["time"] ?? sample["request_time"] ?? sample["start_time"];
  return String(time ?? sample["ts"] ?? sample["timestamp"]);
}

describe("the tables that CloudWatch delivers", () => {
  const NAMES = Object.keys(ALB);

  it.each([
    ["tabs", "\t", (text: FieldValue) => String(text)],
    ["bars", "|", (text: FieldValue) => String(text)],
    ["blanks and quotes", " ", (text: FieldValue) => `"${text}"`],
    ["commas and quotes", ",", (text: FieldValue) => `"${text}"`],
  ])("reads rows with %s as objects", (_, delimiter, write) => {
    const header = `#Fields: ${NAMES.join(" ")}`;
    const row = Object.values(ALB).map(write).join(delimiter);
    const format = formatNamed("alb-vended");

    expect(format.recognises(header)).toBe(true);
    expect(format.open([header, row]).read(header)).toBe("header");
    expect(format.open([header, row]).read(row)).toEqual(format.readObject(ALB));
    expect(format.open([header, row]).template).not.toBeNull();
  });

  it("reads rows without names in the documented order", () => {
    const names = ["type", "time", "elb", "client_port", "target_port", "request_processing_time"];
    const more = ["target_processing_time", "response_processing_time", "elb_status_code", "target_status_code"];
    const rest = ["received_bytes", "sent_bytes", "request_line", "user_agent"];
    const row = [...names, ...more, ...rest].map((name) => ALB[name] ?? "-").join("\t");

    expect(formatNamed("alb-vended").open([row]).read(row)).toMatchObject({
      client: "2001:db8:4538:1:bcf4:5264:e01c:f215",
      path: "/search",
      userAgent: "curl/8.5.0",
    });
  });

  it("tells a plain table that anything but blanks parts", () => {
    const cells = ["tls", "2.0", "2026-10-01T12:00:05", ...Array(18).fill("-"), "2026-10-01T12:00:00"];

    expect(formatNamed("nlb-vended").recognises(cells.join("\t"))).toBe(true);
    expect(formatNamed("nlb-vended").recognises(cells.join(" "))).toBe(false);
    expect(formatNamed("alb-vended").recognises(cells.join("\t"))).toBe(false);
  });
});

describe("values as tables store them", () => {
  const s3 = formatNamed("s3-access-json");

  it.each<[FieldValue]>([
    ["2026-10-01T12:00:00.000Z"],
    ["2026-10-01 12:00:00"],
    ["2026-10-01T14:00:00+02:00"],
    [new Date(NOON_MS)],
    [NOON_MS],
    [NOON_MS / 1000],
    [BigInt(NOON_MS) * 1000n],
    [BigInt(NOON_MS) * 1_000_000n],
  ])("reads the time %s", (request_time) => {
    expect(s3.readObject({ ...S3, request_time })).toMatchObject({ arrivalMs: NOON_MS });
  });

  it.each<[FieldValue]>([[null], ["-"], ["2026-13-01T12:00:00Z"], ["yesterday"], [0], [{}], [true]])(
    "gives no record for the time %s",
    (request_time) => {
      expect(s3.readObject({ ...S3, request_time })).toBeNull();
    },
  );

  it("gives no record where only a time is told", () => {
    expect(s3.readObject({ request_time: "2026-10-01T12:00:00Z" })).toBeNull();
  });
});

describe("what is particular to a server", () => {
  it("takes headers that AWS WAF lists again and again for one list", () => {
    const headers = ["9.9.9.9", "203.0.113.9"].map((value) => ({ name: "X-Forwarded-For", value }));
    const sample = { ...WAF, httpRequest: { ...(WAF["httpRequest"] as object), headers } };

    expect(formatNamed("waf").readObject(sample)).toMatchObject({ forwardedFor: "9.9.9.9, 203.0.113.9" });
  });

  it("reads durations and times that Caddy was told to write as texts", () => {
    const sample = { ...CADDY, ts: "2026-10-01T12:00:00.250Z", duration: "1.5ms", status: 0 };

    expect(formatNamed("caddy").readObject(sample)).toMatchObject({
      completedMs: NOON_MS + 250,
      totalSecs: 0.0015,
      status: null,
    });
  });

  it.each([
    ["2026/10/01 12:00:00.250", NOON_MS + 250],
    ["2026/10/01 12:00:00", NOON_MS],
    ["01/Oct/2026:14:00:00 +0200", NOON_MS],
    [NOON_MS + 250, NOON_MS + 250],
    [(NOON_MS + 250) * 1e6, NOON_MS + 250],
  ])("reads Caddy's time %s, as each of its time formats has it", (ts, completedMs) => {
    expect(formatNamed("caddy").readObject({ ...CADDY, ts })).toMatchObject({ completedMs });
  });

  it("does not count a request again that Caddy's error log tells of", () => {
    expect(formatNamed("caddy").readObject({ ...CADDY, logger: "http.log.error.log0" })).toBeNull();
    expect(formatNamed("caddy").readObject({ ...CADDY, logger: "http.log.access.log0" })).not.toBeNull();
  });

  it("takes for Traefik's client who connected, and no header for it where there was none", () => {
    const sample = { ...TRAEFIK, ClientAddr: "192.0.2.1:80", ClientHost: "192.0.2.1" };

    expect(formatNamed("traefik-json").readObject(sample)).toMatchObject({ client: "192.0.2.1", forwardedFor: null });
  });

  it("tells what the server behind Traefik took where one was asked", () => {
    const sample = { ...TRAEFIK, OriginDuration: 823_492, ServiceAddr: "172.16.16.25:8008" };

    expect(formatNamed("traefik-json").readObject(sample)).toMatchObject({
      backendSecs: 0.000823,
      target: "172.16.16.25:8008",
    });
  });

  it("reads Envoy's objects under Istio's names", () => {
    const { ":authority": authority, "x-envoy-origin-path": path, ...rest } = ENVOY;
    const sample = { ...rest, authority, path, upstream_service_time: "7" };

    expect(formatNamed("envoy-json").readObject(sample)).toMatchObject({ host: "shop.example", path: "/api" });
  });

  it("counts no legs for a load balancer's request that was not dispatched", () => {
    const sample = { ...ALB, request_processing_time: "-1", target_processing_time: "-1", target_port: "-" };

    expect(formatNamed("alb-vended").readObject(sample)).toMatchObject({
      totalSecs: null,
      backendSecs: null,
      target: null,
    });
  });

  it("takes the site from the handshake where the request names none", () => {
    expect(formatNamed("alb-vended").readObject({ ...ALB, request_line: "- - - " })).toMatchObject({
      method: null,
      host: "other.example",
    });
  });
});
